// SPDX-License-Identifier: Apache-2.0
#include "io/nvidia_modules.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/error.h"

namespace atelier::io {

namespace {

using nlohmann::json;

NvidiaModule& child_of(NvidiaModule& parent, const std::string& name) {
    for (NvidiaModule& child : parent.children) {
        if (child.name == name) {
            return child;
        }
    }
    return parent.children.emplace_back(NvidiaModule{name, {}, {}, {}, {}});
}

std::string last_of(const std::string& name) {
    return name.substr(name.rfind('.') + 1);
}

// Its own tensor of that name; null if there is none.
const at::Tensor* find(const NvidiaModule& module, const char* name) {
    for (const NamedTensor* tensor : module.tensors) {
        if (last_of(tensor->name) == name) {
            return &tensor->value;
        }
    }
    return nullptr;
}

// A number behind a letter: "b64" -> 64.
std::optional<int> number_behind(const std::string& text, const std::string& start) {
    if (!text.starts_with(start) || text.size() == start.size() || text.size() > start.size() + 5 ||
        !std::all_of(text.begin() + static_cast<std::ptrdiff_t>(start.size()), text.end(),
                     [](char c) { return c >= '0' && c <= '9'; })) {
        return std::nullopt;
    }
    return std::stoi(text.substr(start.size()));
}

bool has_gain(const std::string& activation) {
    return activation == "lrelu" || activation == "relu" || activation == "swish";
}

// Fills the modules of one network from its options.
class Describer {
public:
    explicit Describer(const NetworkData& network) : kwargs_(network.init_kwargs) {
        generator_ = network.class_name == "Generator";
        if (!generator_ && network.class_name != "Discriminator") {
            fail("a network of class {} is none of the public code's", network.class_name);
        }
        const json& sizes = kwargs_;
        if (sizes.contains("init_res")) {
            fail("can't be written for the public code, whose networks make squares that grow from 4 x 4");
        }
        resolution_ = sizes.at("img_resolution").get<int>();
        channels_ = sizes.at("img_channels").get<int>();
        const json& options = generator_ ? sizes.at("synthesis_kwargs") : sizes;
        const json& blocks = generator_ ? options : sizes.at("block_kwargs");
        architecture_ = options.at("architecture").get<std::string>();
        activation_ = blocks.at("activation").get<std::string>();
        clamp_ = options.at("conv_clamp");
        fp16_ = options.at("num_fp16_res").get<int>();
        channels_last_ = blocks.at("fp16_channels_last").get<bool>();
        log2_ = static_cast<int>(std::lround(std::log2(resolution_)));
    }

    void describe(NvidiaModule& root) {
        root.class_name = generator_ ? "Generator" : "Discriminator";
        root.attributes = {
            {"c_dim", kwargs_.at("c_dim")}, {"img_resolution", resolution_}, {"img_channels", channels_}};
        if (generator_) {
            root.attributes["z_dim"] = kwargs_.at("z_dim");
            root.attributes["w_dim"] = kwargs_.at("w_dim");
            root.attributes["num_ws"] = num_ws();
        } else {
            sizes(root.attributes);
        }
        for (NvidiaModule& child : root.children) {
            if (child.name == "mapping") {
                mapping(child);
            } else if (generator_ && child.name == "synthesis") {
                synthesis(child);
            } else if (const auto res = number_behind(child.name, "b"); res && !generator_) {
                *res == 4 ? epilogue(child) : discriminator_block(child, *res);
            } else {
                unknown(child);
            }
        }
    }

private:
    [[noreturn]] static void unknown(const NvidiaModule& module) {
        fail("the public code has no module {} there", module.name);
    }

    int num_ws() const { return 2 * log2_ - 2; }
    bool half(int res) const { return fp16_ > 0 && res >= std::max(1 << (log2_ + 1 - fp16_), 8); }
    void sizes(nlohmann::ordered_json& into) const {
        json resolutions = json::array();
        for (int i = 0; i + 2 <= log2_; ++i) {
            resolutions.push_back(1 << (generator_ ? i + 2 : log2_ - i));
        }
        if (!generator_) {
            resolutions.erase(resolutions.size() - 1); // 4 is the epilogue's
        }
        into["img_resolution"] = resolution_;
        into["img_resolution_log2"] = log2_;
        into["img_channels"] = channels_;
        into["block_resolutions"] = resolutions;
    }

    // in, out: of the weight; gain: what the learning rate is multiplied by.
    static void connected(NvidiaModule& module, const std::string& activation, double gain) {
        const at::Tensor* weight = find(module, "weight");
        if (weight == nullptr || weight->dim() != 2) {
            unknown(module);
        }
        module.class_name = "FullyConnectedLayer";
        module.attributes = {{"in_features", weight->size(1)},
                             {"out_features", weight->size(0)},
                             {"activation", activation},
                             {"weight_gain", gain / std::sqrt(static_cast<double>(weight->size(1)))},
                             {"bias_gain", gain}};
        if (find(module, "bias") == nullptr) {
            module.attributes["bias"] = nullptr;
        }
    }

    static void affine_of(NvidiaModule& module) {
        for (NvidiaModule& child : module.children) {
            child.name == "affine" ? connected(child, "linear", 1) : unknown(child);
        }
    }

    // The weight of a convolution: [out, in, k, k].
    static const at::Tensor& kernel_of(const NvidiaModule& module) {
        const at::Tensor* weight = find(module, "weight");
        if (weight == nullptr || weight->dim() != 4) {
            unknown(module);
        }
        return *weight;
    }

    // Equalised learning rate: 1 / sqrt(in k k).
    static double gain_of(const at::Tensor& kernel) {
        return 1 / std::sqrt(static_cast<double>(kernel.size(1) * kernel.size(2) * kernel.size(3)));
    }

    void convolution(NvidiaModule& module, const std::string& activation, int up, int down, const json& clamp) const {
        const at::Tensor& weight = kernel_of(module);
        module.class_name = "Conv2dLayer";
        module.attributes = {{"in_channels", weight.size(1)},
                             {"out_channels", weight.size(0)},
                             {"activation", activation},
                             {"up", up},
                             {"down", down},
                             {"conv_clamp", clamp},
                             {"padding", weight.size(3) / 2},
                             {"weight_gain", gain_of(weight)},
                             {"act_gain", has_gain(activation) ? json(std::sqrt(2.0)) : json(1)}};
        if (find(module, "bias") == nullptr) {
            module.attributes["bias"] = nullptr;
        }
    }

    void mapping(NvidiaModule& module) const {
        const json& options = kwargs_.at("mapping_kwargs");
        const json none;
        const at::Tensor* first = nullptr;
        std::int64_t w_dim = 0;
        int layers = 0;
        for (NvidiaModule& child : module.children) {
            if (child.name == "embed") {
                connected(child, "linear", 1);
            } else if (number_behind(child.name, "fc")) {
                connected(child, options.at("activation").get<std::string>(),
                          options.at("lr_multiplier").get<double>());
                first = first == nullptr ? find(child, "weight") : first;
                ++layers;
            } else {
                unknown(child);
            }
            w_dim = find(child, "weight")->size(0);
        }
        module.class_name = "MappingNetwork";
        module.attributes = {{"z_dim", generator_ ? kwargs_.at("z_dim") : json(0)},
                             {"c_dim", kwargs_.at("c_dim")},
                             {"w_dim", w_dim},
                             {"num_ws", generator_ ? json(num_ws()) : none},
                             {"num_layers", layers},
                             {"w_avg_beta", generator_ ? options.at("w_avg_beta") : none}};
    }

    void synthesis(NvidiaModule& module) const {
        const json& w_dim = kwargs_.at("w_dim");
        module.class_name = "SynthesisNetwork";
        sizes(module.attributes);
        module.attributes["w_dim"] = w_dim;
        module.attributes["num_ws"] = num_ws();
        module.attributes["num_fp16_res"] = fp16_;
        for (NvidiaModule& block : module.children) {
            const auto res = number_behind(block.name, "b");
            if (!res) {
                unknown(block);
            }
            int convolutions = 0, pictures = 0;
            std::int64_t in = 0;
            for (NvidiaModule& child : block.children) {
                if (child.name == "conv0" || child.name == "conv1") {
                    const at::Tensor& weight = kernel_of(child);
                    in = child.name == "conv0" ? weight.size(1) : in;
                    layer(child, *res, child.name == "conv0" ? 2 : 1, w_dim);
                    ++convolutions;
                } else if (child.name == "torgb") {
                    to_rgb(child, w_dim);
                    ++pictures;
                } else if (child.name == "skip") {
                    convolution(child, "linear", 2, 1, nullptr);
                } else {
                    unknown(child);
                }
            }
            block.class_name = "SynthesisBlock";
            block.attributes = {{"in_channels", in},
                                {"w_dim", w_dim},
                                {"resolution", *res},
                                {"img_channels", channels_},
                                {"is_last", *res == resolution_},
                                {"architecture", architecture_},
                                {"use_fp16", half(*res)},
                                {"channels_last", half(*res) && channels_last_},
                                {"fused_modconv_default", "inference_only"},
                                {"num_conv", convolutions},
                                {"num_torgb", pictures}};
        }
    }

    void layer(NvidiaModule& module, int res, int up, const json& w_dim) const {
        const at::Tensor& weight = kernel_of(module);
        module.class_name = "SynthesisLayer";
        module.attributes = {{"in_channels", weight.size(1)},
                             {"out_channels", weight.size(0)},
                             {"w_dim", w_dim},
                             {"resolution", res},
                             {"up", up},
                             {"use_noise", find(module, "noise_const") != nullptr},
                             {"activation", activation_},
                             {"conv_clamp", clamp_},
                             {"padding", weight.size(3) / 2},
                             {"act_gain", has_gain(activation_) ? json(std::sqrt(2.0)) : json(1)}};
        affine_of(module);
    }

    void to_rgb(NvidiaModule& module, const json& w_dim) const {
        const at::Tensor& weight = kernel_of(module);
        module.class_name = "ToRGBLayer";
        module.attributes = {{"in_channels", weight.size(1)},
                             {"out_channels", weight.size(0)},
                             {"w_dim", w_dim},
                             {"conv_clamp", clamp_},
                             {"weight_gain", gain_of(weight)}};
        affine_of(module);
    }

    // Layers are counted from the picture inwards, for Freeze-D.
    int first_layer(int res) const {
        int first = 0;
        for (int r = resolution_; r > res; r /= 2) {
            first += layers_of(r);
        }
        return first;
    }
    int layers_of(int res) const {
        return 2 + (res == resolution_ || architecture_ == "skip" ? 1 : 0) + (architecture_ == "resnet" ? 1 : 0);
    }

    void discriminator_block(NvidiaModule& module, int res) const {
        std::int64_t in = 0;
        for (NvidiaModule& child : module.children) {
            if (child.name == "fromrgb") {
                convolution(child, activation_, 1, 1, clamp_);
            } else if (child.name == "conv0") {
                in = kernel_of(child).size(1);
                convolution(child, activation_, 1, 1, clamp_);
            } else if (child.name == "conv1") {
                convolution(child, activation_, 1, 2, clamp_);
            } else if (child.name == "skip") {
                convolution(child, "linear", 1, 2, nullptr);
            } else {
                unknown(child);
            }
        }
        module.class_name = "DiscriminatorBlock";
        module.attributes = {{"in_channels", res == resolution_ ? 0 : in},
                             {"resolution", res},
                             {"img_channels", channels_},
                             {"first_layer_idx", first_layer(res)},
                             {"architecture", architecture_},
                             {"use_fp16", half(res)},
                             {"channels_last", half(res) && channels_last_},
                             {"num_layers", layers_of(res)}};
    }

    void epilogue(NvidiaModule& module) const {
        const json& options = kwargs_.at("epilogue_kwargs");
        const auto activation = options.at("activation").get<std::string>();
        std::int64_t in = 0, out = 0;
        for (NvidiaModule& child : module.children) {
            if (child.name == "fromrgb") {
                convolution(child, activation, 1, 1, nullptr);
            } else if (child.name == "conv") {
                in = kernel_of(child).size(0);
                convolution(child, activation, 1, 1, clamp_);
            } else if (child.name == "fc") {
                connected(child, activation, 1);
            } else if (child.name == "out") {
                connected(child, "linear", 1);
                out = find(child, "weight")->size(0);
            } else {
                unknown(child);
            }
        }
        const int statistics = options.at("mbstd_num_channels").get<int>();
        module.class_name = "DiscriminatorEpilogue";
        module.attributes = {{"in_channels", in},
                             {"cmap_dim", kwargs_.at("c_dim") == 0 ? 0 : out},
                             {"resolution", 4},
                             {"img_channels", channels_},
                             {"architecture", architecture_}};
        if (statistics > 0) {
            module.children.push_back({"mbstd",
                                       "MinibatchStdLayer",
                                       {{"group_size", options.at("mbstd_group_size")}, {"num_channels", statistics}},
                                       {},
                                       {}});
        } else {
            module.attributes["mbstd"] = nullptr;
        }
    }

    const json& kwargs_;
    bool generator_ = true, channels_last_ = false;
    int resolution_ = 0, channels_ = 0, log2_ = 0, fp16_ = 0;
    std::string architecture_, activation_;
    json clamp_;
};

} // namespace

NvidiaModule nvidia_modules(const NetworkData& network) {
    NvidiaModule root;
    for (const NamedTensor& tensor : network.tensors) {
        NvidiaModule* module = &root;
        std::size_t start = 0;
        for (std::size_t dot = 0; (dot = tensor.name.find('.', start)) != std::string::npos; start = dot + 1) {
            module = &child_of(*module, tensor.name.substr(start, dot - start));
        }
        module->tensors.push_back(&tensor);
    }
    try {
        Describer(network).describe(root);
    } catch (const json::exception& error) {
        fail("the options of a {} are incomplete ({})", network.class_name, error.what());
    }
    return root;
}

} // namespace atelier::io
