// SPDX-License-Identifier: Apache-2.0
// A model file taken out of its container: what it describes as inert values, before it is known whose model it is.
#pragma once

#include <memory>

#include "io/input_file.h"
#include "io/network_finder.h"
#include "io/pickle_value.h"
#include "io/safetensors.h"
#include "io/torch_tensor.h"

namespace atelier::io {

enum class ModelContainer {
    safetensors,
    zip,    // torch.save since 1.6
    legacy, // torch.save before
    pickle
};

struct ModelSource {
    explicit ModelSource(const InputFile& input) : file(input) {}
    virtual ~ModelSource() = default;
    ModelSource(const ModelSource&) = delete;
    ModelSource& operator=(const ModelSource&) = delete;

    const InputFile& file;
    ModelContainer container = ModelContainer::pickle;
    // Pickles and what torch.save writes; null for safetensors.
    const PickleValue* root = nullptr;
    TensorReader* tensors = nullptr; // reads what `root` describes
    int protocol = 0;
    std::size_t bytes_behind = 0; // after the end of the pickle, belonging to nothing
    Safetensors safetensors;      // of that container alone
    // What it holds by names. A TensorFlow pickle's tree is empty; its variables have names of their own.
    NetworkTree tree;
    std::vector<FoundNetwork> found;
};

// Content decides, not the ending. Everything is checked before it is used, nothing is ever called. Throws Error,
// mostly without a path, for what is no model's container, for damage, and for names that no model needs.
std::unique_ptr<ModelSource> open_model_source(const InputFile& file);

} // namespace atelier::io
