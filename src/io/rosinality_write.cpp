// SPDX-License-Identifier: Apache-2.0
#include "io/rosinality_write.h"

#include <unordered_map>

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "base/error.h"
#include "io/named_error.h"
#include "io/torch_write.h"

namespace atelier::io {

namespace {

constexpr double up_gain = 4; // that code keeps the gain of doubling a picture in its filters

// The tensors of one network, each asked for once.
class Names {
public:
    explicit Names(const NetworkData& network) {
        for (const NamedTensor& tensor : network.tensors) {
            index_[tensor.name] = &tensor;
        }
    }
    bool has(const std::string& name) const { return index_.contains(name); }
    const NamedTensor& at(const std::string& name) const {
        const auto found = index_.find(name);
        if (found == index_.end()) {
            fail("can't be written for that code: the tensor {} is missing", name);
        }
        return *found->second;
    }

private:
    std::unordered_map<std::string, const NamedTensor*> index_;
};

class RosinalityWriter {
public:
    RosinalityWriter(TorchFileWriter& out, const WriteOptions& options) : out_(out), options_(options) {}

    void generator(const NetworkData& network) {
        check_generator(network.init_kwargs);
        const Names names(network);
        out_.pickle().ordered_dict();
        for (int i = 0; names.has(fmt::format("mapping.fc{}.weight", i)); ++i) { // 0 is the normalisation
            pair(names, fmt::format("mapping.fc{}", i), fmt::format("style.{}", i + 1), "bias");
        }
        put("input.input", stored(names.at("synthesis.b4.const")).unsqueeze(0));
        layer(names, "synthesis.b4.conv1", "conv1");
        to_rgb(names, 4, "to_rgb1");
        const int last = network.init_kwargs.at("img_resolution").get<int>();
        for (int res = 8, k = 0; res <= last; res *= 2, ++k) {
            layer(names, fmt::format("synthesis.b{}.conv0", res), fmt::format("convs.{}", 2 * k));
            layer(names, fmt::format("synthesis.b{}.conv1", res), fmt::format("convs.{}", 2 * k + 1));
        }
        for (int res = 8, k = 0; res <= last; res *= 2, ++k) {
            to_rgb(names, res, fmt::format("to_rgbs.{}", k));
        }
        noise(names, "synthesis.b4.conv1", 0);
        for (int res = 8, i = 1; res <= last; res *= 2, i += 2) {
            noise(names, fmt::format("synthesis.b{}.conv0", res), i);
            noise(names, fmt::format("synthesis.b{}.conv1", res), i + 1);
        }
    }

    void discriminator(const NetworkData& network) {
        check_discriminator(network.init_kwargs);
        const Names names(network);
        const int first = network.init_kwargs.at("img_resolution").get<int>();
        out_.pickle().ordered_dict();
        convolution(names, fmt::format("b{}.fromrgb", first), "convs.0", 0);
        for (int res = first, k = 1; res > 4; res /= 2, ++k) {
            const std::string block = fmt::format("b{}.", res), there = fmt::format("convs.{}.", k);
            convolution(names, block + "conv0", there + "conv1", 0);
            put(there + "conv2.0.kernel", filter(names, block + "conv1"));
            convolution(names, block + "conv1", there + "conv2", 1);
            put(there + "skip.0.kernel", filter(names, block + "skip"));
            put(there + "skip.1.weight", stored(names.at(block + "skip.weight")));
        }
        convolution(names, "b4.conv", "final_conv", 0);
        pair(names, "b4.fc", "final_linear.0", "bias");
        pair(names, "b4.out", "final_linear.1", "bias");
    }

private:
    static void need(bool holds, const char* what) {
        if (!holds) {
            fail("can't be written for rosinality's code, which has only {}; another format holds this model", what);
        }
    }
    static void check_common(const nlohmann::json& kwargs) {
        need(!kwargs.contains("init_res"), "squares that grow from 4 x 4");
        need(kwargs.at("c_dim") == 0, "models without classes");
        need(kwargs.at("img_channels") == 3, "pictures of three channels");
        need(kwargs.at("mapping_kwargs").at("activation") == "lrelu" &&
                 kwargs.at("mapping_kwargs").at("lr_multiplier") == 0.01,
             "mapping networks with lrelu and the learning rate multiplier 0.01");
    }
    static void check_generator(const nlohmann::json& kwargs) {
        check_common(kwargs);
        const nlohmann::json& synthesis = kwargs.at("synthesis_kwargs");
        need(kwargs.at("z_dim") == kwargs.at("w_dim"), "z and w of one size");
        need(synthesis.at("architecture") == "skip", "generators with skip connections");
        need(synthesis.at("activation") == "lrelu", "the activation lrelu");
        need(synthesis.at("use_noise") == true, "generators with noise");
    }
    static void check_discriminator(const nlohmann::json& kwargs) {
        check_common(kwargs);
        need(kwargs.at("architecture") == "resnet", "residual discriminators (leave D out with --only-g-ema)");
        need(kwargs.at("block_kwargs").at("activation") == "lrelu" &&
                 kwargs.at("epilogue_kwargs").at("activation") == "lrelu" &&
                 kwargs.at("epilogue_kwargs").at("mbstd_num_channels") == 1,
             "discriminators with lrelu and one channel of statistics (leave D out with --only-g-ema)");
    }

    at::Tensor stored(const NamedTensor& tensor) const { return stored_value(tensor, options_); }

    void put(const std::string& name, const at::Tensor& value) {
        out_.pickle().text(name);
        out_.add(value);
        out_.pickle().set_item();
    }

    void pair(const Names& names, const std::string& ours, const std::string& theirs, const char* bias) {
        put(theirs + ".weight", stored(names.at(ours + ".weight")));
        put(theirs + "." + bias, stored(names.at(ours + ".bias")));
    }

    static at::Tensor filter(const Names& names, const std::string& module) {
        const at::Tensor& value = names.at(module + ".resample_filter").value;
        return value.dim() == 1 ? at::outer(value, value) : value;
    }

    // A sequence of modules: the weight in one, the bias in the next.
    void convolution(const Names& names, const std::string& ours, const std::string& theirs, int at) {
        put(fmt::format("{}.{}.weight", theirs, at), stored(names.at(ours + ".weight")));
        put(fmt::format("{}.{}.bias", theirs, at + 1), stored(names.at(ours + ".bias")));
    }

    void layer(const Names& names, const std::string& ours, const std::string& theirs) {
        put(theirs + ".conv.weight", stored(names.at(ours + ".weight")).unsqueeze(0));
        if (ours.ends_with("conv0")) {
            put(theirs + ".conv.blur.kernel", filter(names, ours) * up_gain);
        }
        pair(names, ours + ".affine", theirs + ".conv.modulation", "bias");
        put(theirs + ".noise.weight", stored(names.at(ours + ".noise_strength")).reshape({1}));
        put(theirs + ".activate.bias", stored(names.at(ours + ".bias")));
    }

    void to_rgb(const Names& names, int res, const std::string& theirs) {
        const std::string ours = fmt::format("synthesis.b{}.torgb", res);
        put(theirs + ".bias", stored(names.at(ours + ".bias")).reshape({1, -1, 1, 1}));
        if (res > 4) {
            put(theirs + ".upsample.kernel", filter(names, fmt::format("synthesis.b{}", res)) * up_gain);
        }
        put(theirs + ".conv.weight", stored(names.at(ours + ".weight")).unsqueeze(0));
        pair(names, ours + ".affine", theirs + ".conv.modulation", "bias");
    }

    void noise(const Names& names, const std::string& ours, int number) {
        put(fmt::format("noises.noise_{}", number), names.at(ours + ".noise_const").value.unsqueeze(0).unsqueeze(0));
    }

    TorchFileWriter& out_;
    const WriteOptions& options_;
};

void fill(TorchFileWriter& out, const CheckpointFile& file, const WriteOptions& options) {
    RosinalityWriter writer(out, options);
    PickleWriter& p = out.pickle();
    p.empty_dict();
    for (const auto& [ours, theirs] : {std::pair("G_ema", "g_ema"), {"G", "g"}, {"D", "d"}}) {
        if (const auto found = file.networks.find(ours); found != file.networks.end()) {
            p.text(theirs);
            std::string_view(ours) == "D" ? writer.discriminator(found->second) : writer.generator(found->second);
            p.set_item();
        }
    }
    const auto g_ema = file.networks.find("G_ema");
    if (g_ema != file.networks.end() && Names(g_ema->second).has("mapping.w_avg")) {
        p.text("latent_avg");
        out.add(Names(g_ema->second).at("mapping.w_avg").value);
        p.set_item();
    }
    p.text("atelier");
    p.text(description_text(file));
    p.set_item();
}

} // namespace

void write_rosinality(const std::filesystem::path& path, const CheckpointFile& file, const WriteOptions& options) {
    with_name(path, [&] {
        try {
            TorchFileWriter out;
            fill(out, file, options);
            out.write(path);
        } catch (const nlohmann::json::exception& error) {
            fail("the networks' options are incomplete ({})", error.what());
        }
    });
}

} // namespace atelier::io
