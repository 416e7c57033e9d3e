// SPDX-License-Identifier: Apache-2.0
// Options of what a command's pictures are written as. No torch.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "media/output.h"

namespace atelier {

struct OutputText {
    std::string out;
    std::string size = "0";
    std::string codec, aspect = "pad", prores = "hq";
    double fps = 30;
    int crf = 16;
    std::string flashes = "warn";
    double flash_limit = FlashLimit().per_second;
};

// --out, --fps, --size, --aspect, --codec, --crf, --prores, --flashes, --flash-limit
void add_output_options(CLI::App& command, OutputText& text);

// Throws Error for names and values that make no sense.
media::OutputOptions output_options(const OutputText& text);

} // namespace atelier
