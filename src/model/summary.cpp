// SPDX-License-Identifier: Apache-2.0
#include "model/summary.h"

#include <fmt/format.h>

namespace atelier::model {
namespace {

using Shape = std::vector<std::int64_t>;

class Table {
public:
    explicit Table(const Parameters& parameters) : parameters_(parameters), taken_(parameters.all().size(), false) {
        summary_.parameters = parameters.count(false);
        summary_.buffers = parameters.count(true);
    }

    // Counts every tensor under `layer` that no earlier row has counted: children come before their parents.
    void row(const std::string& layer, const std::string& prefix, Shape output, bool half = false) {
        SummaryRow made{layer, 0, 0, std::move(output), half ? "float16" : "float32"};
        for (std::size_t i = 0; i < taken_.size(); ++i) {
            const Parameter& parameter = parameters_.all()[i];
            if (!taken_[i] && parameter.name.starts_with(prefix)) {
                taken_[i] = true;
                (parameter.buffer ? made.buffers : made.parameters) += parameter.value.numel();
            }
        }
        summary_.rows.push_back(std::move(made));
    }

    void layer(const std::string& name, Shape output, bool half = false) {
        row(name, name + ".", std::move(output), half);
    }

    Summary take() { return std::move(summary_); }

private:
    const Parameters& parameters_;
    std::vector<bool> taken_;
    Summary summary_;
};

void mapping_rows(Table& table, int c_dim, int embed, int hidden, int out, int layers, std::int64_t batch) {
    if (c_dim > 0) {
        table.layer("mapping.embed", {batch, embed > 0 ? embed : out});
    }
    for (int i = 0; i < layers; ++i) {
        table.layer(fmt::format("mapping.fc{}", i), {batch, i + 1 < layers && hidden > 0 ? hidden : out});
    }
}

} // namespace

Summary summarize(const GeneratorConfig& config, const Parameters& parameters, int batch) {
    Table table(parameters);
    const std::int64_t n = batch;
    const MappingConfig& m = config.mapping;
    const SynthesisConfig& s = config.synthesis;
    mapping_rows(table, m.c_dim, m.embed_features, m.layer_features, m.w_dim, m.num_layers, n);
    table.layer("mapping", {n, num_ws_of(s.img_resolution), m.w_dim});
    for (const int res : block_resolutions(s.img_resolution)) {
        const bool half = s.num_fp16_res > 0 && res >= fp16_resolution(s.img_resolution, s.num_fp16_res);
        const std::string name = fmt::format("synthesis.b{}", res);
        const std::int64_t height = s.first_block.height_at(res), width = s.first_block.width_at(res);
        const Shape x{n, s.channels.at(res), height, width};
        const bool rgb = res == s.img_resolution || s.architecture == Architecture::skip;
        if (res > 4 && s.architecture == Architecture::resnet) {
            table.layer(name + ".skip", x, half);
        }
        if (res > 4) {
            table.layer(name + ".conv0", x, half);
        }
        table.layer(name + ".conv1", x, half);
        if (rgb) {
            table.layer(name + ".torgb", {n, s.img_channels, height, width}, half);
            table.row(name + ":0", name + ".", x, half);
            table.row(name + ":1", name + ".", x, false);
        } else {
            table.layer(name, x, half);
        }
    }
    return table.take();
}

Summary summarize(const DiscriminatorConfig& config, const Parameters& parameters, int batch) {
    Table table(parameters);
    const std::int64_t n = batch;
    const bool skip_rgb = config.architecture == Architecture::skip;
    for (int res = config.img_resolution; res > 4; res /= 2) {
        const bool half = config.num_fp16_res > 0 && res >= fp16_resolution(config.img_resolution, config.num_fp16_res);
        const std::string name = fmt::format("b{}", res);
        const FirstBlock& first = config.first_block;
        const Shape wide{n, config.channels.at(res), first.height_at(res), first.width_at(res)};
        const Shape out{n, config.channels.at(res / 2), first.height_at(res / 2), first.width_at(res / 2)};
        if (res == config.img_resolution || skip_rgb) {
            table.layer(name + ".fromrgb", wide, half);
        }
        if (config.architecture == Architecture::resnet) {
            table.layer(name + ".skip", out, half);
        }
        table.layer(name + ".conv0", wide, half);
        table.layer(name + ".conv1", out, half);
        if (skip_rgb) {
            table.row(name + ":0", name + ".", out, half);
            table.row(name + ":1", name + ".", out, half);
        } else {
            table.layer(name, out, half);
        }
    }
    const int cmap = config.effective_cmap_dim();
    if (config.c_dim > 0) {
        mapping_rows(table, config.c_dim, config.mapping_embed_features, config.mapping_layer_features, cmap,
                     config.mapping_layers, n);
    }
    const int in = config.channels.at(4);
    const std::int64_t height = config.first_block.height, width = config.first_block.width;
    if (skip_rgb) {
        table.layer("b4.fromrgb", {n, in, height, width});
    }
    if (config.mbstd_num_channels > 0) {
        table.layer("b4.mbstd", {n, in + config.mbstd_num_channels, height, width});
    }
    table.layer("b4.conv", {n, in, height, width});
    table.layer("b4.fc", {n, in});
    table.layer("b4.out", {n, config.c_dim > 0 ? cmap : 1});
    if (config.c_dim > 0) {
        table.layer("b4", {n, 1});
    }
    return table.take();
}

} // namespace atelier::model
