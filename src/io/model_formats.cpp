// SPDX-License-Identifier: Apache-2.0
#include "io/model_formats.h"

#include <algorithm>
#include <array>

#include "io/nvidia_pickle.h"
#include "io/nvidia_write.h"
#include "io/onnx_write.h"
#include "io/own_format.h"
#include "io/rosinality.h"
#include "io/rosinality_write.h"
#include "io/state_dict.h"
#include "io/tensorflow_pickle.h"
#include "io/torch_write.h"

namespace atelier::io {

std::span<const ModelFormat> model_formats() {
    // What is told apart by a name of its own comes before what is told by its tensors' names.
    static constexpr std::array formats{
        ModelFormat{"atelier", "Atelier safetensors", ".safetensors", "G, D, G_ema, options, licence, a training run",
                    is_own_safetensors, read_own_safetensors, ".safetensors", write_checkpoint},
        ModelFormat{"tensorflow",
                    "TensorFlow StyleGAN2 and StyleGAN2-ADA pickle",
                    ".pkl",
                    "G, D, Gs with their options",
                    is_tensorflow_pickle,
                    read_tensorflow_pickle,
                    {},
                    nullptr},
        ModelFormat{"nvidia", "StyleGAN2-ADA pickle, and StyleGAN2 of the StyleGAN3 code", ".pkl, .pt",
                    "G, D, G_ema with their options", is_nvidia_pickle, read_nvidia_pickle, ".pkl", write_nvidia_pickle,
                    false},
        ModelFormat{"rosinality", "rosinality StyleGAN2 checkpoint", ".pt", "g_ema, g, d, latent_avg", is_rosinality,
                    read_rosinality, ".rosinality.pt", write_rosinality},
        ModelFormat{"safetensors",
                    "safetensors state dict",
                    ".safetensors",
                    "tensors of G_ema, G, D",
                    is_plain_safetensors,
                    read_plain_safetensors,
                    {},
                    nullptr},
        ModelFormat{"torch", "PyTorch state dict", ".pt, .pth, .ckpt", "tensors of G_ema, G, D", is_state_dict,
                    read_state_dict, ".pt", write_torch_checkpoint},
        ModelFormat{"onnx", "ONNX graph", ".onnx", "mapping and synthesis of G_ema, to play elsewhere", nullptr,
                    nullptr, ".onnx", write_onnx, false},
    };
    return formats;
}

const ModelFormat* written_format(std::string_view id) {
    const auto formats = model_formats();
    const auto found = std::ranges::find_if(
        formats, [&](const ModelFormat& format) { return format.write != nullptr && format.id == id; });
    return found == formats.end() ? nullptr : &*found;
}

const ModelFormat* format_written_as(std::string_view file_name) {
    const ModelFormat* best = nullptr;
    for (const ModelFormat& format : model_formats()) {
        if (format.write != nullptr && file_name.ends_with(format.written_ending) &&
            (best == nullptr || best->written_ending.size() < format.written_ending.size())) {
            best = &format;
        }
    }
    return best;
}

std::string names_of_read_formats() {
    std::string names;
    for (const ModelFormat& format : model_formats()) {
        if (format.read != nullptr) {
            names += (names.empty() ? "" : ", ") + std::string(format.name);
        }
    }
    return names;
}

} // namespace atelier::io
