// SPDX-License-Identifier: Apache-2.0
#include "io/onnx_write.h"

#include <cmath>
#include <optional>
#include <unordered_map>

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "base/error.h"
#include "io/atomic_file.h"
#include "io/named_error.h"
#include "io/onnx_graph.h"

namespace atelier::io {

namespace {

using Ints = std::vector<std::int64_t>;

// A picture's values on their way: their name and shape without the batch.
struct Picture {
    std::string name;
    std::int64_t channels = 0, height = 0, width = 0;
};

class OnnxGenerator {
public:
    OnnxGenerator(OnnxGraph& graph, const NetworkData& network) : g_(graph) {
        for (const NamedTensor& tensor : network.tensors) {
            tensors_[tensor.name] = tensor.value.to(at::kCPU, at::kFloat);
        }
        const nlohmann::json& kwargs = network.init_kwargs;
        const nlohmann::json& synthesis = kwargs.at("synthesis_kwargs");
        const nlohmann::json& mapping = kwargs.at("mapping_kwargs");
        activation_ = synthesis.at("activation").get<std::string>();
        if (synthesis.at("conv_clamp").is_number()) {
            clamp_ = synthesis.at("conv_clamp").get<double>();
        }
        mapping_activation_ = mapping.at("activation").get<std::string>();
        lr_multiplier_ = mapping.at("lr_multiplier").get<double>();
        z_dim_ = kwargs.at("z_dim").get<std::int64_t>();
        c_dim_ = kwargs.at("c_dim").get<std::int64_t>();
    }

    bool has_psi() const { return has("mapping.w_avg"); }
    std::int64_t classes() const { return c_dim_; }

    void build() {
        const std::string w = truncated(mapping());
        std::optional<Picture> x, img;
        for (int res = 4; has(fmt::format("synthesis.b{}.conv1.weight", res)); res *= 2) {
            const std::string block = fmt::format("synthesis.b{}.", res);
            if (res == 4) {
                const at::Tensor& start = get(block + "const");
                x = Picture{g_.constant(block + "const", start.unsqueeze(0)), start.size(0), start.size(1),
                            start.size(2)};
                x = layer(*x, block + "conv1", w, 1, 1);
            } else if (has(block + "skip.weight")) {
                const Picture residual = upsampled(skip(*x, block + "skip"), get(block + "skip.resample_filter"));
                x = layer(layer(*x, block + "conv0", w, 2, 1), block + "conv1", w, 1, std::sqrt(0.5));
                x->name = g_.node("Add", {residual.name, x->name});
            } else {
                x = layer(layer(*x, block + "conv0", w, 2, 1), block + "conv1", w, 1, 1);
            }
            if (img) {
                img = upsampled(*img, get(block + "resample_filter"));
            }
            if (has(block + "torgb.weight")) {
                Picture y = to_rgb(*x, block + "torgb", w);
                y.name = img ? g_.node("Add", {img->name, y.name}) : y.name;
                img = y;
            }
        }
        if (!img) {
            fail("the generator gives no picture");
        }
        g_.node("Identity", {img->name}, {}, "image");
        g_.output("image", {onnx_batch, img->channels, img->height, img->width});
    }

private:
    bool has(const std::string& name) const { return tensors_.contains(name); }
    const at::Tensor& get(const std::string& name) const {
        const auto found = tensors_.find(name);
        if (found == tensors_.end()) {
            fail("the generator lacks the tensor {}", name);
        }
        return found->second;
    }
    std::string mul(const std::string& a, const std::string& b) { return g_.node("Mul", {a, b}); }
    std::string add(const std::string& a, const std::string& b) { return g_.node("Add", {a, b}); }

    // x / sqrt(mean(x^2) + 1e-8) of each row.
    std::string normalized(const std::string& x) {
        const std::string mean = g_.node("ReduceMean", {mul(x, x)}, {{"axes", Ints{1}}, {"keepdims", std::int64_t{1}}});
        return g_.node("Div", {x, g_.node("Sqrt", {add(mean, g_.constant(1e-8F))})});
    }

    // gain: of the weight, with what the learning rate is equalised by; bias_gain: of the bias.
    std::string connected(const std::string& x, const std::string& layer, double gain, double bias_gain) {
        const at::Tensor& weight = get(layer + ".weight");
        const double scale = gain / std::sqrt(static_cast<double>(weight.size(1)));
        std::vector<std::string> inputs{x, g_.constant(layer + ".weight", weight * scale)};
        if (has(layer + ".bias")) {
            inputs.push_back(g_.constant(layer + ".bias", get(layer + ".bias") * bias_gain));
        }
        return g_.node("Gemm", inputs, {{"transB", std::int64_t{1}}});
    }

    std::string activated(std::string x, const std::string& activation, double gain) {
        const auto plain = [&](const char* op) { return g_.node(op, {x}); };
        if (activation == "lrelu") {
            x = g_.node("LeakyRelu", {x}, {{"alpha", 0.2F}});
        } else if (activation == "relu") {
            x = plain("Relu");
        } else if (activation == "tanh") {
            x = plain("Tanh");
        } else if (activation == "sigmoid") {
            x = plain("Sigmoid");
        } else if (activation == "elu") {
            x = plain("Elu");
        } else if (activation == "selu") {
            x = plain("Selu");
        } else if (activation == "softplus") {
            x = plain("Softplus");
        } else if (activation == "swish") {
            x = mul(x, plain("Sigmoid"));
        } else if (activation != "linear") {
            fail("the activation {} is not known", activation);
        }
        const bool root = activation == "lrelu" || activation == "relu" || activation == "swish";
        const double all = gain * (root ? std::sqrt(2.0) : 1.0);
        return all == 1 ? x : mul(x, g_.constant(static_cast<float>(all)));
    }

    std::string clamped(const std::string& x, double gain) {
        if (!clamp_) {
            return x;
        }
        const auto limit = static_cast<float>(*clamp_ * gain);
        const auto scalar = [&](float value) {
            return g_.constant(fmt::format("limit {}", value), at::full({}, value, at::kFloat));
        };
        return g_.node("Clip", {x, scalar(-limit), scalar(limit)});
    }

    std::string mapping() {
        g_.input("z", {onnx_batch, z_dim_});
        std::string x = normalized("z");
        if (c_dim_ > 0) {
            g_.input("class", {onnx_batch, c_dim_});
            const std::string y = normalized(connected("class", "mapping.embed", 1, 1));
            x = g_.node("Concat", {x, y}, {{"axis", std::int64_t{1}}});
        }
        for (int i = 0; has(fmt::format("mapping.fc{}.weight", i)); ++i) {
            x = connected(x, fmt::format("mapping.fc{}", i), lr_multiplier_, lr_multiplier_);
            x = activated(x, mapping_activation_, 1);
        }
        return x;
    }

    std::string truncated(const std::string& w) {
        if (!has_psi()) {
            return w;
        }
        g_.input("psi", {1});
        const std::string mean = g_.constant("mapping.w_avg", get("mapping.w_avg").unsqueeze(0));
        return add(mean, mul("psi", g_.node("Sub", {w, mean})));
    }

    // [batch,n] -> [batch,n,1,1]
    std::string as_picture(const std::string& x) { return g_.node("Unsqueeze", {x, g_.constant(Ints{2, 3})}); }

    // Filters in both directions, whatever the file stores.
    static at::Tensor square(const at::Tensor& filter) {
        return filter.dim() == 1 ? at::outer(filter, filter) : filter;
    }

    // Each channel by itself, so that one small kernel serves all: batch and channels become one.
    Picture by_channel(const Picture& x, const char* op, const at::Tensor& kernel,
                       const std::vector<OnnxAttribute>& attributes, std::int64_t height, std::int64_t width) {
        const std::string flat = g_.node("Reshape", {x.name, g_.constant(Ints{-1, 1, x.height, x.width})});
        const std::string name = fmt::format("{} filter {}", op, kernel.size(0));
        const std::string known = same_filter(name, kernel);
        const std::string done = g_.node(op, {flat, known}, attributes);
        return {g_.node("Reshape", {done, g_.constant(Ints{-1, x.channels, height, width})}), x.channels, height,
                width};
    }

    // Nearly always all filters of a network are one.
    std::string same_filter(const std::string& name, const at::Tensor& kernel) {
        std::string full = name;
        for (int i = 1; filters_.contains(full) && !at::equal(filters_.at(full), kernel); ++i) {
            full = fmt::format("{} {}", name, i);
        }
        filters_.emplace(full, kernel);
        return g_.constant(full, kernel.unsqueeze(0).unsqueeze(0));
    }

    // Twice the size: zeros between, then the filter with gain 4.
    Picture upsampled(const Picture& x, const at::Tensor& stored) {
        const at::Tensor filter = square(stored);
        const auto before = [](std::int64_t taps) { return taps - 1 - (taps + 1) / 2; };
        const std::int64_t h = filter.size(0), w = filter.size(1);
        require_taps(h, w);
        return by_channel(
            x, "ConvTranspose", filter * 4,
            {{"strides", Ints{2, 2}}, {"pads", Ints{before(h), before(w), h - 2 - before(h), w - 2 - before(w)}}},
            2 * x.height, 2 * x.width);
    }

    static void require_taps(std::int64_t h, std::int64_t w) {
        if (h < 2 || w < 2) {
            fail("filters of one tap aren't written");
        }
    }

    // A convolution of 3x3 that doubles the size, as transposed one and filter.
    Picture convolved_up(const Picture& x, const std::string& name, const at::Tensor& weight,
                         const at::Tensor& stored) {
        const at::Tensor filter = square(stored);
        const std::int64_t h = filter.size(0), w = filter.size(1);
        require_taps(h, w);
        const std::string up = g_.node("ConvTranspose", {x.name, g_.constant(name + ".weight", weight.transpose(0, 1))},
                                       {{"strides", Ints{2, 2}}});
        const Picture larger{up, weight.size(0), 2 * x.height + 1, 2 * x.width + 1};
        const auto before = [](std::int64_t taps) { return (taps + 1) / 2 - 1; };
        const auto behind = [](std::int64_t taps) { return (taps - 2) / 2; };
        return by_channel(larger, "Conv", filter.flip({0, 1}) * 4,
                          {{"pads", Ints{before(h), before(w), behind(h), behind(w)}}}, 2 * x.height, 2 * x.width);
    }

    // Modulated convolution, noise, bias, activation. The styles scale what goes in, their norms what comes out.
    Picture layer(const Picture& x, const std::string& name, const std::string& w, int up, double gain) {
        const at::Tensor& weight = get(name + ".weight");
        const std::string styles = connected(w, name + ".affine", 1, 1);
        Picture y = x;
        y.name = mul(x.name, as_picture(styles));
        if (up == 2) {
            y = convolved_up(y, name, weight, get(name + ".resample_filter"));
        } else {
            y.name = g_.node("Conv", {y.name, g_.constant(name + ".weight", weight)}, {{"pads", Ints{1, 1, 1, 1}}});
            y.channels = weight.size(0);
        }
        const std::string squares =
            g_.constant(name + ".squares", weight.square().sum(at::IntArrayRef{2, 3}).transpose(0, 1));
        const std::string norm =
            g_.node("Sqrt", {add(g_.node("MatMul", {mul(styles, styles), squares}), g_.constant(1e-8F))});
        y.name = g_.node("Div", {y.name, as_picture(norm)});
        if (has(name + ".noise_const")) {
            const at::Tensor noise = get(name + ".noise_const") * get(name + ".noise_strength");
            y.name = add(y.name, g_.constant(name + ".noise", noise.unsqueeze(0).unsqueeze(0)));
        }
        y.name = add(y.name, g_.constant(name + ".bias", get(name + ".bias").reshape({1, -1, 1, 1})));
        y.name = clamped(activated(y.name, activation_, gain), gain);
        return y;
    }

    Picture skip(const Picture& x, const std::string& name) {
        const at::Tensor& weight = get(name + ".weight");
        const double scale = std::sqrt(0.5) / std::sqrt(static_cast<double>(weight.size(1)));
        return {g_.node("Conv", {x.name, g_.constant(name + ".weight", weight * scale)}), weight.size(0), x.height,
                x.width};
    }

    Picture to_rgb(const Picture& x, const std::string& name, const std::string& w) {
        const at::Tensor& weight = get(name + ".weight");
        const double scale = 1 / std::sqrt(static_cast<double>(weight.size(1)));
        Picture y = x;
        y.name = mul(x.name, as_picture(connected(w, name + ".affine", scale, scale)));
        y.name = g_.node("Conv", {y.name, g_.constant(name + ".weight", weight)});
        y.name = add(y.name, g_.constant(name + ".bias", get(name + ".bias").reshape({1, -1, 1, 1})));
        y.name = clamped(y.name, 1);
        y.channels = weight.size(0);
        return y;
    }

    OnnxGraph& g_;
    std::unordered_map<std::string, at::Tensor> tensors_, filters_;
    std::string activation_, mapping_activation_;
    std::optional<double> clamp_;
    double lr_multiplier_ = 0.01;
    std::int64_t z_dim_ = 0, c_dim_ = 0;
};

std::string onnx_model(const CheckpointFile& file) {
    const auto found = file.networks.contains("G_ema") ? file.networks.find("G_ema") : file.networks.find("G");
    if (found == file.networks.end()) {
        fail("can't be written: there is no generator to play");
    }
    OnnxGraph graph;
    OnnxGenerator generator(graph, found->second);
    generator.build();
    std::string about = "StyleGAN2-ADA generator. z: normal random numbers, a row a picture.";
    about += generator.has_psi() ? " psi: truncation, 1 is none." : "";
    about += generator.classes() > 0 ? " class: 1 at the wanted class, 0 elsewhere; other numbers mix." : "";
    about += " image: -1 is black, 1 white; values beyond are to be clamped.";
    std::vector<std::pair<std::string, std::string>> notes;
    for (const auto& [key, value] : file.metadata.items()) {
        notes.emplace_back(key, value.is_string() ? value.get<std::string>() : value.dump());
    }
    return graph.finish("generator", about, notes);
}

} // namespace

void write_onnx(const std::filesystem::path& path, const CheckpointFile& file, const WriteOptions& options) {
    with_name(path, [&] {
        try {
            if (options.stored != Stored::f32) {
                fail(
                    "can't be written in 16 bits: the graph computes in float32; programs that play it may convert it");
            }
            write_file(path, onnx_model(file));
        } catch (const nlohmann::json::exception& error) {
            fail("the generator's options are incomplete ({})", error.what());
        }
    });
}

} // namespace atelier::io
