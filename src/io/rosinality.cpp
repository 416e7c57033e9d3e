// SPDX-License-Identifier: Apache-2.0
#include "io/rosinality.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/leaky_relu.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/zeros.h>

#include "io/network_reading.h"
#include "io/state_dict.h"

namespace atelier::io {

namespace {

constexpr int largest = 4096; // px

// A network's tensors by name, each taken once.
class Tensors {
public:
    explicit Tensors(NetworkData data) : data_(std::move(data)) {
        for (const NamedTensor& tensor : data_.tensors) {
            // "dwt" and "iwt" are the wavelets between the layers of the swagan variants.
            if (tensor.name.find(".iwt.") != std::string::npos || tensor.name.find(".dwt.") != std::string::npos ||
                tensor.name.starts_with("iwt.") || tensor.name.starts_with("dwt.")) {
                fail("is a model of the swagan variant of rosinality's code (it has {}), and only its plain StyleGAN2 "
                     "models are read",
                     tensor.name);
            }
            index_[tensor.name] = &tensor.value;
        }
    }

    bool has(const std::string& name) const { return index_.contains(name); }

    at::Tensor take(const std::string& name, std::int64_t rank) {
        const auto found = index_.find(name);
        if (found == index_.end()) {
            fail("is a rosinality checkpoint in which the tensor {} is missing, among {} that are there", name,
                 index_.size());
        }
        if (found->second->dim() != rank || found->second->numel() == 0) {
            fail("tensor {}: has {} dimensions, and rosinality's code gives it {}", name, found->second->dim(), rank);
        }
        used_.insert(name);
        return *found->second;
    }

    // Without a first dimension of 1.
    at::Tensor take_first(const std::string& name, std::int64_t rank) {
        const at::Tensor value = take(name, rank);
        if (value.size(0) != 1) {
            fail("tensor {}: its first dimension is {}, and rosinality's code makes it 1", name, value.size(0));
        }
        return value.select(0, 0).contiguous();
    }

    int count(const char* before, const char* behind, int from) const {
        int n = 0;
        while (has(fmt::format("{}{}{}", before, n + from, behind))) {
            ++n;
        }
        return n;
    }

    // One row of the first of these kernels that is there, of unit sum; empty without one.
    std::vector<double> taps(std::initializer_list<const char*> names) const {
        for (const char* name : names) {
            const auto found = index_.find(name);
            if (found == index_.end()) {
                continue;
            }
            const at::Tensor kernel = found->second->to(at::kDouble);
            if (kernel.dim() != 2 || kernel.size(0) != 4 || kernel.size(1) != 4) {
                fail("tensor {}: is no filter of 4 x 4 taps, the only ones that rosinality's models have", name);
            }
            const at::Tensor row = kernel.sum(0).contiguous();
            const double sum = row.sum().item<double>();
            if (!std::isfinite(sum) || std::abs(sum) < 1e-9) {
                fail("tensor {}: its taps sum to {}", name, sum);
            }
            std::vector<double> result;
            for (int i = 0; i < 4; ++i) {
                result.push_back(row.const_data_ptr<double>()[i] / sum * 8);
                const double whole = std::round(result.back());
                result.back() = std::abs(result.back() - whole) < 1e-5 ? whole : result.back();
            }
            return result;
        }
        return {1, 3, 3, 1};
    }

    void refuse_the_rest() const {
        std::size_t left = 0;
        std::string first;
        for (const NamedTensor& tensor : data_.tensors) {
            const bool filter = tensor.name.ends_with(".kernel");
            if (!filter && !used_.contains(tensor.name)) {
                first = left++ == 0 ? tensor.name : first;
            }
        }
        if (left > 0) {
            fail("holds {} tensors that a rosinality network of {} has no layer for, the first is {}", left,
                 used_.size(), first);
        }
    }

private:
    NetworkData data_;
    std::unordered_map<std::string, const at::Tensor*> index_;
    std::unordered_set<std::string> used_;
};

class Output {
public:
    void add(std::string name, at::Tensor value) {
        const bool buffer = is_buffer_name(name);
        data.tensors.push_back({std::move(name), std::move(value), buffer});
    }
    NetworkData data;
};

void add_modulation(Tensors& from, const std::string& conv, const std::string& to, Output& out) {
    out.add(to + ".affine.weight", from.take(conv + ".modulation.weight", 2));
    out.add(to + ".affine.bias", from.take(conv + ".modulation.bias", 1));
}

void add_layer(Tensors& from, const std::string& layer, const std::string& to, Output& out) {
    out.add(to + ".weight", from.take_first(layer + ".conv.weight", 5));
    out.add(to + ".noise_strength", from.take_first(layer + ".noise.weight", 1));
    out.add(to + ".bias", from.take(layer + ".activate.bias", 1));
    add_modulation(from, layer + ".conv", to, out);
}

void add_rgb(Tensors& from, const std::string& layer, const std::string& to, Output& out) {
    out.add(to + ".weight", from.take_first(layer + ".conv.weight", 5));
    out.add(to + ".bias", from.take(layer + ".bias", 4).reshape({-1}));
    add_modulation(from, layer + ".conv", to, out);
}

// The mean of what the mapping makes of 4096 z, always the same ones.
at::Tensor mean_w(const Output& network, int layers) {
    constexpr std::int64_t batch = 256, batches = 16, widest = 4096;
    std::vector<std::pair<at::Tensor, at::Tensor>> dense;
    for (int i = 0; i < layers; ++i) {
        const at::Tensor weight = network.data.tensors[static_cast<std::size_t>(2 * i)].value.to(at::kFloat);
        const at::Tensor bias = network.data.tensors[static_cast<std::size_t>(2 * i + 1)].value.to(at::kFloat);
        const bool fits = weight.size(0) == bias.size(0) && (i == 0 || weight.size(1) == dense.back().second.size(0));
        if (!fits || weight.size(0) > widest || weight.size(1) > widest) {
            fail("tensor style.{}.weight: is {} x {} and doesn't fit its neighbours", i + 1, weight.size(0),
                 weight.size(1));
        }
        const double gain = 0.01 / std::sqrt(static_cast<double>(weight.size(1)));
        dense.emplace_back((weight * gain).t(), bias * 0.01);
    }
    at::Generator random = at::detail::createCPUGenerator(0);
    at::Tensor sum = at::zeros({dense.back().second.size(0)}, at::kDouble);
    for (std::int64_t n = 0; n < batches; ++n) {
        at::Tensor x = at::randn({batch, dense.front().first.size(0)}, random, at::kFloat);
        x = x * (x.square().mean(1, true) + 1e-8).rsqrt();
        for (const auto& [weight, bias] : dense) {
            x = at::leaky_relu(at::addmm(bias, x, weight), 0.2) * std::sqrt(2.0);
        }
        sum += x.to(at::kDouble).sum(0);
    }
    return (sum / static_cast<double>(batch * batches)).to(at::kFloat);
}

// A file's own mean w lies beside the networks, or in one that was saved as a whole.
const at::Tensor* stored_mean(const ModelSource& source, at::Tensor& kept) {
    const TreeTensor* best = nullptr;
    for (const TreeTensor& tensor : source.tree.tensors) {
        const std::string& name = tensor.name;
        const bool here = name == "latent_avg" || name.ends_with(".latent_avg");
        if (here && (best == nullptr || name.size() < best->name.size())) {
            best = &tensor;
        }
    }
    if (best == nullptr) {
        return nullptr;
    }
    kept = best->tensor != nullptr ? *best->tensor : source.tensors->read(*best->value, best->name);
    return &kept;
}

void add_mean(const ModelSource& source, int layers, const std::string& name, Output& out,
              std::vector<std::string>& warnings) {
    at::Tensor kept;
    const at::Tensor* stored = stored_mean(source, kept);
    const auto width = out.data.tensors[static_cast<std::size_t>(2 * layers - 1)].value.numel();
    if (stored != nullptr && stored->numel() == width) {
        out.add("mapping.w_avg", stored->reshape({-1}));
        return;
    }
    if (stored != nullptr) {
        warnings.push_back(fmt::format("{}: its latent_avg has {} values in place of {} and is not used", name,
                                       stored->numel(), width));
    }
    out.add("mapping.w_avg", mean_w(out, layers));
    warnings.push_back(
        fmt::format("{}: has no latent_avg, so the mean of 4096 mapped z is what truncation leads to", name));
}

// A stored noise buffer, or one that is the same every time.
bool add_noise(Tensors& from, int index, int height, int width, const std::string& to, Output& out) {
    const std::string name = fmt::format("noises.noise_{}", index);
    if (from.has(name)) {
        out.add(to + ".noise_const", from.take(name, 4).select(0, 0).select(0, 0).contiguous());
        return true;
    }
    at::Generator random = at::detail::createCPUGenerator(static_cast<std::uint64_t>(index));
    out.add(to + ".noise_const", at::randn({height, width}, random, at::kFloat));
    return false;
}

// What the options of a training run claim.
void compare_with_args(const ModelSource& source, const char* option, int actual) {
    const PickleValue* args = source.root == nullptr ? nullptr : find_key(*source.root, "args");
    const PickleValue* state = args == nullptr ? nullptr : attributes_of(*args);
    const PickleValue* value = state == nullptr ? nullptr : find_key(*state, option);
    if (value != nullptr && value->is(PickleKind::integer) && value->integer != actual) {
        fail("its args say {} {} and its tensors {}", option, value->integer, actual);
    }
}

} // namespace

NetworkData convert_rosinality_generator(NetworkData data, const ModelSource& source, const std::string& name,
                                         std::vector<std::string>& warnings) {
    Tensors from(std::move(data));
    Output out;
    from.take("style.1.weight", 2);
    const int layers = from.count("style.", ".weight", 1);
    for (int i = 0; i < layers; ++i) {
        out.add(fmt::format("mapping.fc{}.weight", i), from.take(fmt::format("style.{}.weight", i + 1), 2));
        out.add(fmt::format("mapping.fc{}.bias", i), from.take(fmt::format("style.{}.bias", i + 1), 1));
    }
    const at::Tensor constant = from.take_first("input.input", 4);
    const int convs = from.count("convs.", ".conv.weight", 0), rgbs = from.count("to_rgbs.", ".conv.weight", 0);
    if (convs != 2 * rgbs) {
        fail("holds {} layers convs.* and {} layers to_rgbs.*; there are two of the first for each of the second",
             convs, rgbs);
    }
    if (rgbs > 10 || 4 << rgbs > largest) {
        fail("is a model of {} px; those of at most {} px are read",
             rgbs > 20 ? "millions of" : std::to_string(4 << rgbs), largest);
    }
    compare_with_args(source, "size", 4 << rgbs);
    compare_with_args(source, "n_mlp", layers);
    compare_with_args(source, "latent", static_cast<int>(out.data.tensors[0].value.size(1)));
    const auto height = static_cast<int>(std::min<std::int64_t>(constant.size(1), 64));
    const auto width = static_cast<int>(std::min<std::int64_t>(constant.size(2), 64));
    out.add("synthesis.b4.const", constant);
    add_layer(from, "conv1", "synthesis.b4.conv1", out);
    bool all_noise = add_noise(from, 0, height, width, "synthesis.b4.conv1", out);
    add_rgb(from, "to_rgb1", "synthesis.b4.torgb", out);
    for (int k = 0; k < rgbs; ++k) {
        const std::string block = fmt::format("synthesis.b{}", 8 << k);
        for (int half = 0; half < 2; ++half) {
            const std::string to = fmt::format("{}.conv{}", block, half);
            add_layer(from, fmt::format("convs.{}", 2 * k + half), to, out);
            all_noise &= add_noise(from, 2 * k + 1 + half, height << (k + 1), width << (k + 1), to, out);
        }
        add_rgb(from, fmt::format("to_rgbs.{}", k), block + ".torgb", out);
    }
    if (!all_noise) {
        warnings.push_back(fmt::format("{}: has no noise of its own, so a fixed one takes its place", name));
    }
    from.refuse_the_rest();
    add_mean(source, layers, name, out, warnings);
    out.data.class_name = "Generator";
    out.data.init_kwargs = {
        {"mapping_kwargs", {{"lr_multiplier", 0.01}, {"w_avg_beta", 0.995}}},
        {"synthesis_kwargs",
         {{"architecture", "skip"},
          {"num_fp16_res", 0},
          {"conv_clamp", nullptr},
          {"resample_filter", from.taps({"convs.0.conv.blur.kernel", "to_rgbs.0.upsample.kernel"})}}}};
    out.data.attributes = nlohmann::json::object();
    return std::move(out.data);
}

NetworkData convert_rosinality_discriminator(NetworkData data) {
    Tensors from(std::move(data));
    Output out;
    const int blocks = from.count("convs.", ".conv1.0.weight", 1);
    if (blocks > 10 || blocks < 1 || 4 << blocks > largest) {
        fail("D: holds {} blocks convs.*; 1 to 10 make sense", blocks);
    }
    const int resolution = 4 << blocks;
    out.add(fmt::format("b{}.fromrgb.weight", resolution), from.take("convs.0.0.weight", 4));
    out.add(fmt::format("b{}.fromrgb.bias", resolution), from.take("convs.0.1.bias", 1));
    for (int k = 1; k <= blocks; ++k) {
        const std::string block = fmt::format("b{}", resolution >> (k - 1)), layer = fmt::format("convs.{}", k);
        out.add(block + ".conv0.weight", from.take(layer + ".conv1.0.weight", 4));
        out.add(block + ".conv0.bias", from.take(layer + ".conv1.1.bias", 1));
        out.add(block + ".conv1.weight", from.take(layer + ".conv2.1.weight", 4));
        out.add(block + ".conv1.bias", from.take(layer + ".conv2.2.bias", 1));
        out.add(block + ".skip.weight", from.take(layer + ".skip.1.weight", 4));
    }
    out.add("b4.conv.weight", from.take("final_conv.0.weight", 4));
    out.add("b4.conv.bias", from.take("final_conv.1.bias", 1));
    out.add("b4.fc.weight", from.take("final_linear.0.weight", 2));
    out.add("b4.fc.bias", from.take("final_linear.0.bias", 1));
    out.add("b4.out.weight", from.take("final_linear.1.weight", 2));
    out.add("b4.out.bias", from.take("final_linear.1.bias", 1));
    from.refuse_the_rest();
    out.data.class_name = "Discriminator";
    out.data.init_kwargs = {
        {"architecture", "resnet"},
        {"num_fp16_res", 0},
        {"conv_clamp", nullptr},
        {"block_kwargs", {{"resample_filter", from.taps({"convs.1.conv2.0.kernel", "convs.1.skip.0.kernel"})}}},
        {"epilogue_kwargs", {{"mbstd_group_size", 4}, {"mbstd_num_channels", 1}}}};
    out.data.attributes = nlohmann::json::object();
    return std::move(out.data);
}

bool is_rosinality(const ModelSource& source) {
    return std::any_of(source.found.begin(), source.found.end(), [](const FoundNetwork& network) {
        return !network.name.empty() && (network.kind == NetworkKind::rosinality_generator ||
                                         network.kind == NetworkKind::rosinality_discriminator);
    });
}

void read_rosinality(ModelSource& source, CheckpointFile& into) {
    static constexpr const char* containers[] = {"safetensors", "zip", "legacy", "pickle"};
    into.kind = FileKind::rosinality;
    into.description =
        fmt::format("rosinality StyleGAN2 checkpoint ({})", containers[static_cast<std::size_t>(source.container)]);
    read_found_networks(source, into);
}

} // namespace atelier::io
