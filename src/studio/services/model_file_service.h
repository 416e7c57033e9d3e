// SPDX-License-Identifier: Apache-2.0
// ModelFileService: what the studio needs to write the model that plays as other kinds of files.
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace atelier::studio {

struct ModelFileKind {
    std::string id;       // a short word
    std::string name;     // what a person calls it
    std::string contents; // what may be in one
    std::string ending;   // ".safetensors"; one may be the end of another, as ".pt" of ".rosinality.pt"
    bool halves = true;   // its numbers may be written in 16 bits
};

enum class StoredNumbers { f32, f16, bf16 };

// A model's file, and what is to be written of it.
struct ModelCopy {
    std::filesystem::path model, file;
    std::string kind; // ModelFileKind::id
    StoredNumbers numbers = StoredNumbers::f32;
    bool only_g_ema = false;     // enough to play, not to train on
    std::string license, origin; // as they go into the file; empty: it says nothing of it
};

struct ModelCopyProgress {
    int done = 0, steps = 0; // 0 steps: not known yet
    std::string doing;       // "Reading"
};

struct ModelCopied {
    bool stopped = false;              // and nothing was written
    std::vector<std::string> warnings; // whole sentences
};

class ModelFileService {
public:
    virtual ~ModelFileService() = default;
    virtual const std::vector<ModelFileKind>& kinds() const = 0; // that can be written; always the same
    // Runs on the asker's thread, which may wait. The file is there in whole or not at all; it can't be stopped any
    // more once it is being written. Throws Error.
    virtual ModelCopied write(const ModelCopy& copy, const std::function<void(const ModelCopyProgress&)>& progress,
                              const std::stop_token& stop) = 0;
};

} // namespace atelier::studio
