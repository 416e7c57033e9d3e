// SPDX-License-Identifier: Apache-2.0
// A model file as inert data: named tensors and the options stored beside them, before anything is made of them.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>
#include <nlohmann/json.hpp>

namespace atelier::io {

struct NamedTensor {
    std::string name; // as in the public PyTorch checkpoints: "synthesis.b64.conv1.weight"
    at::Tensor value; // own memory, contiguous unless the file stored channels-last strides; dtype as in the file
    bool buffer = false;
};

struct NetworkData {
    std::string class_name;           // "Generator", "Discriminator"; empty for plain state dicts
    nlohmann::json init_kwargs;       // constructor arguments as stored (object; empty when the format has none)
    nlohmann::json attributes;        // "<module path>" (root: "") -> its plain scalars (conv_clamp, use_fp16, ...)
    std::vector<NamedTensor> tensors; // in the file's order, names unique
    // False for Atelier's own files, whose older versions wrote channel_base and channel_max without meaning them.
    bool channels_are_claims = true;
};

enum class FileKind {
    nvidia_pickle, // whole modules of the public code, in a pickle or by torch.save
    atelier_safetensors,
    plain_safetensors,
    plain_pt,
    tensorflow_pickle,
    rosinality
};

struct CheckpointFile {
    FileKind kind = FileKind::nvidia_pickle;
    std::string description;                     // "StyleGAN2-ADA pickle (protocol 4)"
    std::map<std::string, NetworkData> networks; // "G", "D", "G_ema", "augment_pipe": those that are there
    // {"training_set_kwargs": ...} of a pickle; license, dataset, training, ... of Atelier's own files; the plain
    // string metadata of other safetensors files. Always an object.
    nlohmann::json metadata;
    // What a training run keeps beside its networks, in Atelier's own files only ("trainer.<name>" in the file).
    std::vector<std::pair<std::string, at::Tensor>> trainer;
    std::vector<std::string> warnings; // whole sentences beginning with the path: values that are not finite, ...
};

// Content decides, not the extension. Nothing in the file is ever called; every size, offset, stride and depth is
// checked before use. Throws Error with one sentence that begins with the path.
CheckpointFile read_checkpoint(const std::filesystem::path& path);

} // namespace atelier::io
