// SPDX-License-Identifier: Apache-2.0
#include "train/grid.h"

#include <algorithm>

#include "latent/latent_ops.h"

namespace atelier::train {

io::Image8 sheet(const at::Tensor& pictures, int columns) {
    const at::Tensor bytes = pictures.to(at::kCPU).contiguous();
    const auto n = bytes.size(0), channels = bytes.size(1), height = bytes.size(2), width = bytes.size(3);
    const auto rows = (n + columns - 1) / columns;
    io::Image8 image;
    image.width = static_cast<int>(width * columns);
    image.height = static_cast<int>(height * rows);
    image.channels = static_cast<int>(channels);
    image.pixels.assign(static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) *
                            static_cast<std::size_t>(channels),
                        0);
    const std::uint8_t* in = bytes.const_data_ptr<std::uint8_t>();
    for (std::int64_t i = 0; i < n; ++i) {
        for (std::int64_t c = 0; c < channels; ++c) {
            for (std::int64_t y = 0; y < height; ++y) {
                const std::int64_t row = i / columns * height + y;
                for (std::int64_t x = 0; x < width; ++x) {
                    const std::int64_t column = i % columns * width + x;
                    image.pixels[static_cast<std::size_t>((row * image.width + column) * channels + c)] = *in++;
                }
            }
        }
    }
    return image;
}

at::Tensor to_floats(const at::Tensor& pictures) {
    return pictures.to(at::kFloat) / 127.5 - 1;
}

at::Tensor to_bytes(const at::Tensor& pictures) {
    return ((pictures.detach().to(at::kCPU, at::kFloat) + 1) * 127.5).round().clamp(0, 255).to(at::kByte);
}

at::Tensor seed_latents(int first, int count, int z_dim) {
    std::vector<at::Tensor> z;
    for (int i = 0; i < count; ++i) {
        z.push_back(z_of_seed(static_cast<std::uint32_t>(first + i), z_dim));
    }
    return at::cat(z).to(at::kFloat);
}

at::Tensor made_by_seeds(const model::Generator& generator, int first, int count, const at::Tensor& labels) {
    const at::NoGradGuard no_grad;
    const auto device = generator.parameters.all().front().value.device();
    const at::Tensor z = seed_latents(first, count, generator.config.mapping.z_dim);
    const at::Tensor c = labels.defined() && labels.size(1) > 0
                             ? labels.to(device)
                             : at::zeros({count, generator.config.mapping.c_dim}, at::TensorOptions(device));
    model::SynthesisOptions how;
    how.force_fp32 = true;
    const at::Tensor ws = generator.mapping.truncate(generator.mapping.forward(z.to(device), c), 1, -1);
    return generator.synthesis.forward(ws, how);
}

at::Tensor seed_pictures(const model::Generator& generator, int count, const at::Tensor& labels) {
    std::vector<at::Tensor> made;
    constexpr int at_once = 8; // bounds the memory
    for (int first = 0; first < count; first += at_once) {
        const int n = std::min(at_once, count - first);
        const at::Tensor theirs = labels.defined() ? labels.slice(0, first, first + n) : labels;
        made.push_back(to_bytes(made_by_seeds(generator, first, n, theirs)));
    }
    return at::cat(made);
}

} // namespace atelier::train
