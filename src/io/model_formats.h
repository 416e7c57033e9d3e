// SPDX-License-Identifier: Apache-2.0
// The families of model files that are known, each in a file of its own. A new one is one file and one line in
// model_formats.cpp: read_checkpoint, `atelier formats` and the writers find it there.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "io/checkpoint.h"
#include "io/checkpoint_write.h"
#include "io/model_source.h"

namespace atelier::io {

struct ModelFormat {
    std::string_view id;       // one short word in small letters: "rosinality"
    std::string_view name;     // what a person calls it
    std::string_view endings;  // that such files usually have, for people; reading goes by content alone
    std::string_view contents; // what may be in one: "G, D, G_ema with their options"

    // Whether the file is of this family; asked in the order of the list, the first that says yes reads. Null, as is
    // `read`, where a family is only written.
    bool (*sniff)(const ModelSource& source) = nullptr;
    // Fills networks, kind, description and metadata. Throws Error, without a path.
    void (*read)(ModelSource& source, CheckpointFile& into) = nullptr;

    std::string_view written_ending; // ".safetensors"; empty where it isn't written
    // Atomic; throws Error beginning with the path. Null where the family is only read.
    void (*write)(const std::filesystem::path& path, const CheckpointFile& file, const WriteOptions& options) = nullptr;
    bool writes_halves = true; // parameters may be stored in 16 bits
};

std::span<const ModelFormat> model_formats();

// The one of that id, or whose ending the file's name has - the longest that fits, since one may end in another; null:
// none that is written.
const ModelFormat* written_format(std::string_view id);
const ModelFormat* format_written_as(std::string_view file_name);

// "StyleGAN2-ADA pickle, ..., PyTorch state dict": the families that are read, for messages.
std::string names_of_read_formats();

} // namespace atelier::io
