// SPDX-License-Identifier: Apache-2.0
// Everything in a model file that could be a tensor, under one flat list of names: through dictionaries, lists, and
// the modules that torch.save and the public code write, whatever their classes are. Nothing is read here.
#pragma once

#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "io/pickle_value.h"

namespace atelier::io {

struct TreeTensor {
    std::string name;                   // "state_dict.G_ema.synthesis.b4.const"
    const PickleValue* value = nullptr; // described by a pickle, or
    const at::Tensor* tensor = nullptr; // there already
};

struct TreeValue {
    std::string path; // without a dot at its end; empty for the root
    const PickleValue* value = nullptr;
};

struct NetworkTree {
    std::vector<TreeTensor> tensors; // in the file's order
    std::vector<TreeValue> modules;  // parents before their children
    std::vector<TreeValue> others;   // lists, calls, ... where there is no tensor: numbers, texts and None are left out
};

// Throws Error when it describes more than any model does; what is nested deeper than any model is passed over.
NetworkTree flatten(const PickleValue& root);
NetworkTree flatten(const std::vector<std::pair<std::string, at::Tensor>>& tensors);

// True for an object of the public code's saved classes (torch_utils.persistence).
bool is_persistent_object(const PickleValue& value);
// The dictionary with _parameters, _buffers and _modules of a saved module of any class, or null.
const PickleValue* module_state(const PickleValue& value);
// "Generator", "pg_modules.discriminator.ProjectedDiscriminator"; empty when it can't be told.
std::string class_of_module(const PickleValue& value);

} // namespace atelier::io
