// SPDX-License-Identifier: Apache-2.0
#include "train/grid.h"

#include <algorithm>

#include "base/unsquash.h"
#include "latent/latent_ops.h"

namespace atelier::train {

namespace {

// Of planes of bytes, one a channel.
PixelBuffer picture_of(const std::uint8_t* planes, std::int64_t channels, int height, int width, PictureRatio ratio) {
    PixelBuffer picture{width, height, {}, ratio};
    const std::size_t size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    picture.rgba.assign(size * 4, 255);
    picture.alpha = channels % 2 == 0;
    for (std::size_t c = 0; c < (picture.alpha ? 4 : 3); ++c) {
        const std::int64_t from = c == 3 ? channels - 1 : channels < 3 ? 0 : static_cast<std::int64_t>(c);
        const std::uint8_t* plane = planes + static_cast<std::size_t>(from) * size;
        for (std::size_t i = 0; i < size; ++i) {
            picture.rgba[i * 4 + c] = plane[i];
        }
    }
    return picture;
}

} // namespace

SheetSize sheet_size(std::pair<int, int> sides) {
    const int times = (std::max({1, sides.first, sides.second}) + 1023) / 1024;
    return {12 / times, 8 / times};
}

io::Image8 sheet(const at::Tensor& pictures, int columns, PictureRatio ratio) {
    const at::Tensor bytes = pictures.to(at::kCPU).contiguous();
    const auto n = bytes.size(0), channels = bytes.size(1), height = bytes.size(2), width = bytes.size(3);
    const std::int64_t rows = (n + columns - 1) / columns;
    const auto [cell_width, cell_height] = shown_size(static_cast<int>(width), static_cast<int>(height), ratio);
    const auto samples = static_cast<std::size_t>(channels), colours = samples - (samples % 2 == 0 ? 1 : 0);
    io::Image8 image{cell_width * columns, cell_height * static_cast<int>(rows), static_cast<int>(channels), {}};
    image.pixels.assign(static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) * samples, 0);
    PixelBuffer shown;
    for (std::int64_t i = 0; i < n; ++i) {
        unsquash(picture_of(bytes.const_data_ptr<std::uint8_t>() + i * channels * height * width, channels,
                            static_cast<int>(height), static_cast<int>(width), ratio),
                 shown);
        for (int y = 0; y < cell_height; ++y) {
            const std::int64_t row = i / columns * cell_height + y, column = i % columns * cell_width;
            std::uint8_t* to = &image.pixels[static_cast<std::size_t>(row * image.width + column) * samples];
            const std::uint8_t* from = &shown.rgba[static_cast<std::size_t>(y * cell_width) * 4];
            for (int x = 0; x < cell_width; ++x) {
                to = std::copy_n(from + std::ptrdiff_t{x} * 4, colours, to);
                if (colours < samples) {
                    *to++ = from[std::ptrdiff_t{x} * 4 + 3];
                }
            }
        }
    }
    return image;
}

std::shared_ptr<const PixelBuffer> to_picture(const io::Image8& image) {
    auto buffer = std::make_shared<PixelBuffer>();
    buffer->width = image.width;
    buffer->height = image.height;
    const std::size_t count = static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
    buffer->rgba.resize(count * 4);
    const auto channels = static_cast<std::size_t>(image.channels);
    buffer->alpha = channels % 2 == 0;
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t c = 0; c < 3; ++c) {
            buffer->rgba[i * 4 + c] = image.pixels[i * channels + (channels < 3 ? 0 : c)];
        }
        buffer->rgba[i * 4 + 3] = buffer->alpha ? image.pixels[(i + 1) * channels - 1] : std::uint8_t{255};
    }
    return buffer;
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
    const auto device = generator.parameters.device();
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
    for (int first = 0; first < count; first += pictures_at_once) {
        const int n = std::min(pictures_at_once, count - first);
        const at::Tensor theirs = labels.defined() ? labels.slice(0, first, first + n) : labels;
        made.push_back(to_bytes(made_by_seeds(generator, first, n, theirs)));
    }
    return at::cat(made);
}

} // namespace atelier::train
