// SPDX-License-Identifier: Apache-2.0
#include "io/tensorflow_names.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <ATen/TensorOperators.h>
#include <fmt/ranges.h>

#include "io/state_dict.h"
#include "io/tensorflow_options.h"

namespace atelier::io {

namespace {

constexpr int most_blocks = 11; // 4 to 4096 px

enum class How {
    as_is,
    dense,   // [in, out]
    conv,    // [kh, kw, in, out]
    flipped, // the same, and the kernel turned around: what TensorFlow upsamples with
    bias_up, // plus one
    first,   // without a first dimension of 1
    noise    // [1, 1, h, w]
};

struct Target {
    std::string name;
    How how = How::as_is;
};

std::optional<int> number(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc() && end == text.data() + text.size() && !text.empty();
    return whole && value >= 0 ? std::optional<int>(value) : std::nullopt;
}

struct Size {
    int height = 0, width = 0;
    bool operator<(const Size& other) const { return std::pair(height, width) < std::pair(other.height, other.width); }
};

// "8x8"
std::optional<Size> size_of(std::string_view text) {
    const std::size_t cross = text.find('x');
    if (cross == std::string_view::npos) {
        return std::nullopt;
    }
    const auto height = number(text.substr(0, cross)), width = number(text.substr(cross + 1));
    return height && width ? std::optional<Size>(Size{*height, *width}) : std::nullopt;
}

std::vector<std::string_view> split(std::string_view name) {
    std::vector<std::string_view> parts;
    for (std::size_t slash = 0; slash != std::string_view::npos;) {
        slash = name.find('/');
        parts.push_back(name.substr(0, slash));
        name.remove_prefix(slash == std::string_view::npos ? 0 : slash + 1);
    }
    return parts;
}

// Blocks are told by their sizes; the smallest is b4 whatever its sides are.
class Blocks {
public:
    Blocks(const TensorFlowNetwork& network, std::size_t part) {
        for (const auto& [name, value] : network.variables) {
            const auto parts = split(name);
            const auto size = parts.size() > part ? size_of(parts[part]) : std::nullopt;
            if (size && std::find_if(sizes_.begin(), sizes_.end(), [&](const Size& known) {
                            return !(known < *size) && !(*size < known);
                        }) == sizes_.end()) {
                sizes_.push_back(*size);
            }
            if (sizes_.size() > most_blocks) {
                fail("has more than {} block sizes, the last {}x{}; models of 4 to 4096 px are read", most_blocks,
                     sizes_.back().height, sizes_.back().width);
            }
        }
        std::sort(sizes_.begin(), sizes_.end());
        for (std::size_t i = 1; i < sizes_.size(); ++i) {
            if (sizes_[i].height != 2 * sizes_[i - 1].height || sizes_[i].width != 2 * sizes_[i - 1].width) {
                fail("has blocks of {}x{} and {}x{}, and each should be twice the one before", sizes_[i - 1].height,
                     sizes_[i - 1].width, sizes_[i].height, sizes_[i].width);
            }
        }
        if (sizes_.empty()) {
            fail("has no variable of a block, such as 4x4/Conv/weight");
        }
    }

    std::optional<int> resolution(std::string_view part) const {
        const auto size = size_of(part);
        for (std::size_t i = 0; size && i < sizes_.size(); ++i) {
            if (!(sizes_[i] < *size) && !(*size < sizes_[i])) {
                return 4 << i;
            }
        }
        return std::nullopt;
    }
    std::string first_part() const { return fmt::format("{}x{}", sizes_.front().height, sizes_.front().width); }
    int largest() const { return 4 << (sizes_.size() - 1); }
    const Size& picture() const { return sizes_.back(); }

private:
    std::vector<Size> sizes_;
};

std::optional<Target> dense(const std::string& layer, std::string_view variable) {
    if (variable == "weight") {
        return Target{layer + ".weight", How::dense};
    }
    return variable == "bias" ? std::optional<Target>(Target{layer + ".bias"}) : std::nullopt;
}

std::optional<Target> conv(const std::string& layer, std::string_view variable, How how) {
    if (variable == "weight") {
        return Target{layer + ".weight", how};
    }
    if (variable == "mod_weight") {
        return Target{layer + ".affine.weight", How::dense};
    }
    if (variable == "mod_bias") {
        return Target{layer + ".affine.bias", How::bias_up};
    }
    if (variable == "bias" || variable == "noise_strength") {
        return Target{layer + "." + std::string(variable)};
    }
    return std::nullopt;
}

// "Dense3" -> 3 for the word "Dense"
std::optional<int> numbered(std::string_view text, std::string_view word) {
    return text.starts_with(word) ? number(text.substr(word.size())) : std::nullopt;
}

std::optional<Target> noise_target(int index) {
    if (index == 0) {
        return Target{"synthesis.b4.conv1.noise_const", How::noise};
    }
    const int block = (index + 1) / 2; // 1 is 8 px
    return block < most_blocks
               ? std::optional<Target>(Target{
                     fmt::format("synthesis.b{}.conv{}.noise_const", 4 << block, index % 2 == 1 ? 0 : 1), How::noise})
               : std::nullopt;
}

std::optional<Target> generator_target(std::string_view name, const Blocks& blocks) {
    const auto parts = split(name);
    if (name == "dlatent_avg") {
        return Target{"mapping.w_avg"};
    }
    if (parts.size() == 3 && parts[0] == "mapping") {
        if (const auto layer = numbered(parts[1], "Dense")) {
            return dense(fmt::format("mapping.fc{}", *layer), parts[2]);
        }
        return parts[1] == "LabelEmbed" ? dense("mapping.embed", parts[2]) : std::nullopt;
    }
    if (parts.size() == 2 && parts[0] == "synthesis") {
        const auto index = numbered(parts[1], "noise");
        return index ? noise_target(*index) : std::nullopt;
    }
    if (parts.size() == 3 && parts[0] == "synthesis" && parts[1].starts_with("ToRGB_lod")) {
        const auto lod = numbered(parts[1], "ToRGB_lod");
        return lod && *lod < 10 && blocks.largest() >> *lod >= 4
                   ? conv(fmt::format("synthesis.b{}.torgb", blocks.largest() >> *lod), parts[2], How::conv)
                   : std::nullopt;
    }
    if (parts.size() != 4 || parts[0] != "synthesis") {
        return std::nullopt;
    }
    const auto resolution = blocks.resolution(parts[1]);
    if (!resolution) {
        return std::nullopt;
    }
    const std::string block = fmt::format("synthesis.b{}", *resolution);
    const std::string_view layer = parts[2], variable = parts[3];
    if (layer == "Const") {
        return variable == "const" ? std::optional<Target>(Target{block + ".const", How::first}) : std::nullopt;
    }
    if (layer == "Conv0_up") {
        return conv(block + ".conv0", variable, How::flipped);
    }
    if (layer == "Conv" || layer == "Conv1") {
        return conv(block + ".conv1", variable, How::conv);
    }
    if (layer == "ToRGB") {
        return conv(block + ".torgb", variable, How::conv);
    }
    return layer == "Skip" && variable == "weight" ? std::optional<Target>(Target{block + ".skip.weight", How::flipped})
                                                   : std::nullopt;
}

std::optional<Target> discriminator_target(std::string_view name, const Blocks& blocks) {
    const auto parts = split(name);
    if (parts.size() == 2) {
        if (const auto layer = numbered(parts[0], "Mapping")) {
            return dense(fmt::format("mapping.fc{}", *layer), parts[1]);
        }
        if (const auto lod = numbered(parts[0], "FromRGB_lod"); lod && *lod < 10 && blocks.largest() >> *lod >= 4) {
            return conv(fmt::format("b{}.fromrgb", blocks.largest() >> *lod), parts[1], How::conv);
        }
        return parts[0] == "LabelEmbed" ? dense("mapping.embed", parts[1])
               : parts[0] == "Output"   ? dense("b4.out", parts[1])
                                        : std::nullopt;
    }
    const auto resolution = parts.size() == 3 ? blocks.resolution(parts[0]) : std::nullopt;
    if (!resolution) {
        return std::nullopt;
    }
    const std::string block = fmt::format("b{}", *resolution);
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> convs{
        {{"FromRGB", "fromrgb"}, {"Conv0", "conv0"}, {"Conv1_down", "conv1"}, {"Skip", "skip"}, {"Conv", "conv"}}};
    for (const auto& [theirs, ours] : convs) {
        if (parts[1] == theirs && (parts[2] == "weight" || parts[2] == "bias")) {
            return conv(fmt::format("{}.{}", block, ours), parts[2], How::conv);
        }
    }
    return parts[1] == "Dense0" ? dense(block + ".fc", parts[2]) : std::nullopt;
}

void need_rank(const at::Tensor& value, std::int64_t rank) {
    if (value.dim() != rank) {
        fail("its shape is [{}], and it should have {} dimensions", fmt::join(value.sizes(), ", "), rank);
    }
}

void need_ones(const at::Tensor& value, std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
        if (value.size(i) != 1) {
            fail("its shape is [{}], and dimension {} should be 1", fmt::join(value.sizes(), ", "), i);
        }
    }
}

at::Tensor convert(const at::Tensor& value, How how) {
    if (!value.is_floating_point()) {
        fail("holds whole numbers in place of floating-point ones");
    }
    switch (how) {
    case How::as_is: return value;
    case How::dense: need_rank(value, 2); return value.t().contiguous();
    case How::conv: need_rank(value, 4); return value.permute({3, 2, 0, 1}).contiguous();
    case How::flipped: need_rank(value, 4); return value.flip({0, 1}).permute({3, 2, 0, 1}).contiguous();
    case How::bias_up: need_rank(value, 1); return value + 1;
    case How::first:
        need_rank(value, 4);
        need_ones(value, 1);
        return value.select(0, 0).contiguous();
    case How::noise:
        need_rank(value, 4);
        need_ones(value, 2);
        return value.select(0, 0).select(0, 0).contiguous();
    }
    return value;
}

template <typename Find>
NetworkData convert_all(const TensorFlowNetwork& network, std::vector<std::string>& left_out, const Find& find) {
    NetworkData data;
    for (const auto& [name, value] : network.variables) {
        const std::optional<Target> target = find(std::string_view(name));
        if (!target && (value.numel() == 1 || !value.is_floating_point())) {
            left_out.push_back(name); // a counter of the training run: layers hold other numbers than whole ones
            continue;
        }
        try {
            if (!target) {
                fail("no layer of a StyleGAN2 network has it; the file holds {} variables", network.variables.size());
            }
            data.tensors.push_back({target->name, convert(value, target->how), is_buffer_name(target->name)});
        } catch (const Error& error) {
            fail("variable {}: {}", name, error.what());
        }
    }
    data.attributes = nlohmann::json::object();
    return data;
}

bool has_part(const TensorFlowNetwork& network, std::string_view start) {
    const auto found = network.variables.lower_bound(std::string(start));
    return found != network.variables.end() && found->first.starts_with(start);
}

// The TensorFlow code chooses the width of the last hidden layer for itself, that of small networks wider than before.
void need_one_width(const TensorFlowNetwork& network, const std::string& block) {
    const auto dense = network.variables.find(block + "/Dense0/weight"),
               conv = network.variables.find(block + "/Conv/weight");
    if (dense == network.variables.end() || conv == network.variables.end() || dense->second.dim() != 2 ||
        conv->second.dim() != 4) {
        return; // said where they are needed
    }
    const std::int64_t features = dense->second.size(1), channels = conv->second.size(3);
    if (features != channels) {
        fail("its {0}/Dense0 makes {1} features and its {0}/Conv {2} channels; of discriminators that are trained on "
             "here both make as many. The generator plays without it",
             block, features, channels);
    }
}

} // namespace

bool is_discriminator(const TensorFlowNetwork& network) {
    return has_part(network, "Output/");
}

NetworkData convert_generator(const TensorFlowNetwork& network, std::vector<std::string>& left_out) {
    const Blocks blocks(network, 1);
    NetworkData data =
        convert_all(network, left_out, [&](std::string_view name) { return generator_target(name, blocks); });
    data.class_name = "Generator";
    data.init_kwargs = generator_kwargs(network);
    check_picture_size(network, blocks.picture().height, blocks.picture().width);
    data.init_kwargs["img_resolution"] = blocks.largest();
    if (has_part(network, "synthesis/ToRGB_lod")) {
        data.init_kwargs["synthesis_kwargs"]["architecture"] = "orig";
    }
    return data;
}

NetworkData convert_discriminator(const TensorFlowNetwork& network, std::vector<std::string>& left_out) {
    const Blocks blocks(network, 0);
    need_one_width(network, blocks.first_part());
    NetworkData data =
        convert_all(network, left_out, [&](std::string_view name) { return discriminator_target(name, blocks); });
    data.class_name = "Discriminator";
    data.init_kwargs = discriminator_kwargs(network);
    check_picture_size(network, blocks.picture().height, blocks.picture().width);
    data.init_kwargs["img_resolution"] = blocks.largest();
    if (has_part(network, "FromRGB_lod")) {
        data.init_kwargs["architecture"] = "orig";
    }
    return data;
}

} // namespace atelier::io
