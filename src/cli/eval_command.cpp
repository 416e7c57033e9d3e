// SPDX-License-Identifier: Apache-2.0
// atelier eval: raw tensors in, raw tensors out, for people who compare or script.
#include <cmath>
#include <memory>

#include <c10/core/InferenceMode.h>
#include <fmt/format.h>

#include "base/error.h"
#include "base/log.h"
#include "cli/commands.h"
#include "io/checkpoint.h"
#include "io/safetensors.h"
#include "model/load.h"
#include "ops/threads.h"

namespace atelier {
namespace {

struct EvalOptions {
    std::string model, in, out, net = "G_ema", noise = "const";
    double psi = 1;
    int cutoff = -1, threads = 0;
    bool fp32 = false, blocks = false;
};

using Outputs = std::vector<std::pair<std::string, at::Tensor>>;

at::Tensor input(const io::Safetensors& file, const char* name) {
    const at::Tensor* found = file.find(name);
    if (found == nullptr) {
        return {};
    }
    if (!at::isFloatingType(found->scalar_type())) {
        fail("The input '{}' holds whole numbers; it has to be of a floating-point type.", name);
    }
    return *found;
}

void eval_generator(const model::Generator& g, const io::Safetensors& in, const EvalOptions& options, Outputs& out) {
    at::Tensor ws = input(in, "ws");
    if (!ws.defined()) {
        const at::Tensor z = input(in, "z");
        if (!z.defined() && g.config.mapping.z_dim > 0) {
            fail("{} holds neither z [N,{}] nor ws [N,{},{}].", options.in, g.config.mapping.z_dim,
                 g.config.mapping.num_ws, g.config.mapping.w_dim);
        }
        if (options.cutoff > g.config.mapping.num_ws) {
            fail("--cutoff is {}; this model has {} w layers.", options.cutoff, g.config.mapping.num_ws);
        }
        ws = g.mapping.truncate(g.mapping.forward(z, input(in, "c")), options.psi, options.cutoff);
    }
    out.emplace_back("w", ws.to(at::kFloat));
    model::SynthesisOptions synthesis;
    synthesis.noise = options.noise == "const" ? NoiseMode::constant : NoiseMode::none;
    synthesis.force_fp32 = options.fp32;
    if (options.blocks) {
        synthesis.on_block = [&](int resolution, const at::Tensor& x, const at::Tensor& img) {
            out.emplace_back(fmt::format("G_block/{}/b{}/x", options.noise, resolution), x);
            if (img.defined()) {
                out.emplace_back(fmt::format("G_block/{}/b{}/img", options.noise, resolution), img);
            }
        };
    }
    out.emplace_back("img", g.synthesis.forward(ws, synthesis));
}

void eval_discriminator(const model::Discriminator& d, const io::Safetensors& in, const EvalOptions& options,
                        Outputs& out) {
    const at::Tensor img = input(in, "img");
    if (!img.defined()) {
        fail("{} holds no img [N,{},{},{}].", options.in, d.config.img_channels, d.config.height(), d.config.width());
    }
    model::DiscriminatorOptions discriminator;
    discriminator.force_fp32 = options.fp32;
    if (options.blocks) {
        discriminator.on_block = [&](int resolution, const at::Tensor& x, const at::Tensor& picture) {
            out.emplace_back(fmt::format("D_block/real/b{}/x", resolution), x);
            if (picture.defined()) {
                out.emplace_back(fmt::format("D_block/real/b{}/img", resolution), picture);
            }
        };
    }
    out.emplace_back("logits", d.forward(img.to(at::kFloat), input(in, "c"), discriminator));
}

void run_eval(const EvalOptions& options) {
    if (options.net != "G_ema" && options.net != "G" && options.net != "D") {
        fail("--net is '{}'; it has to be one of G_ema, G, D.", options.net);
    }
    if (!options.out.ends_with(".safetensors")) {
        fail("--out is {}; it has to be the name of a .safetensors file, which is what is written.", options.out);
    }
    if (options.noise != "const" && options.noise != "none") {
        fail("--noise is '{}'; it has to be const or none.", options.noise);
    }
    if (!std::isfinite(options.psi)) {
        fail("--psi is {}; it has to be a number.", options.psi);
    }
    set_operation_threads(options.threads);
    const c10::InferenceMode inference;
    const io::Safetensors in = io::read_safetensors(options.in);
    const io::CheckpointFile file = io::read_checkpoint(options.model);
    if (!file.networks.contains(options.net)) {
        fail("{} holds no {}.", options.model, options.net);
    }
    std::vector<std::string> warnings = file.warnings;
    const std::string what = fmt::format("{}: {}", options.model, options.net);
    const io::NetworkData& data = file.networks.at(options.net);
    Outputs out;
    if (options.net == "D") {
        eval_discriminator(model::load_discriminator(file, options.model, warnings), in, options, out);
    } else {
        eval_generator(model::load_generator(data, what, warnings), in, options, out);
    }
    for (const std::string& warning : warnings) {
        log_warning("{}", warning);
    }
    io::write_safetensors(options.out, out);
}

} // namespace

void add_eval_command(CLI::App& app) {
    auto options = std::make_shared<EvalOptions>();
    CLI::App* command = app.add_subcommand("eval", "Run a network on raw tensors");
    command->add_option("model", options->model, "Model file")->required();
    command
        ->add_option("--in", options->in,
                     "Safetensors with z [N,z_dim] or ws [N,num_ws,w_dim], c [N,c_dim]; img [N,C,H,W] for D")
        ->required();
    command->add_option("--out", options->out, "Safetensors to write: w, img; logits for D")->required();
    command->add_option("--net", options->net, "G_ema, G or D")->capture_default_str();
    command->add_option("--psi", options->psi, "Truncation")->capture_default_str();
    command->add_option("--cutoff", options->cutoff, "Truncate only the w layers below this one; -1: all")
        ->capture_default_str();
    command->add_option("--noise", options->noise, "const or none")->capture_default_str();
    command->add_flag("--fp32", options->fp32, "Ignore the model's half-precision resolutions");
    command->add_flag("--blocks", options->blocks, "Also write each block's x and img");
    command->add_option("--threads", options->threads, "Cores to use; 0: all")->capture_default_str();
    command->callback([options] { run_eval(*options); });
}

} // namespace atelier
