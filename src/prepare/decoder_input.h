// SPDX-License-Identifier: Apache-2.0
// DecoderInput: a stranger's file, before anything looks into it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace atelier::io {
class InputFile;
}

namespace atelier::prepare {

// One of the two: a file, or the bytes of one that is no file of its own.
struct DecoderInput {
    std::shared_ptr<const io::InputFile> file;
    std::vector<std::uint8_t> bytes;
};

} // namespace atelier::prepare
