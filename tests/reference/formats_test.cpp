// SPDX-License-Identifier: Apache-2.0
// Networks from other files: state dicts without options, and StyleGAN2 as the StyleGAN3 code base writes it.
#include <fmt/format.h>

#include "io/checkpoint.h"
#include "model/load.h"
#include "reference/golden.h"
#include "reference/synthesis_options.h"

namespace {

using namespace atelier;
using namespace atelier::test;
using nlohmann::json;

std::string current_case;

// "f16" of "g_ema_f16_legacy.pt"; the files without such a mark hold f32.
std::string kind_of(const std::string& name) {
    for (const char* kind : {"bf16", "f16", "mixed"}) {
        if (name.find(kind) != std::string::npos) {
            return kind;
        }
    }
    return "f32";
}

TEST(Formats, PlainStateDicts) {
    const auto folder = formats_dir() / "plain";
    if (!std::filesystem::exists(folder / "config.json")) {
        GTEST_SKIP() << "no " << folder;
    }
    const at::NoGradGuard no_grad;
    const Golden acts(folder / "acts.safetensors");
    std::size_t count = 0;
    const json config = read_json(folder / "config.json");
    for (const auto& [name, note] : config["files"].items()) {
        current_case = name;
        const io::CheckpointFile file = io::read_checkpoint(folder / name);
        std::vector<std::string> warnings;
        const model::Generator g = model::load_generator(file.networks.at("G_ema"), name, warnings);
        EXPECT_EQ(warnings, std::vector<std::string>()) << name;
        const std::string kind = kind_of(name) + "/";
        const at::Tensor w = g.mapping.forward(acts.at(kind + "z"), {});
        EXPECT_CLOSE(w, acts.at(kind + "w"), 1e-5);
        const at::Tensor ws = g.mapping.truncate(w, 1, -1);
        EXPECT_CLOSE(g.synthesis.forward(ws, fp32(NoiseMode::constant)), acts.at(kind + "img/psi1_const"), 5e-5);
        EXPECT_CLOSE(g.synthesis.forward(ws, fp32(NoiseMode::none)), acts.at(kind + "img/psi1_none"), 5e-5);
        EXPECT_CLOSE(g.synthesis.forward(g.mapping.truncate(w, 0.7, -1), fp32(NoiseMode::constant)),
                     acts.at(kind + "img/psi0.7_const"), 5e-5);
        if (file.networks.contains("D")) {
            const model::Discriminator d = model::load_discriminator(file.networks.at("D"), name, warnings);
            EXPECT_CLOSE(d.forward(acts.at("prefixed/real"), {}), acts.at("prefixed/D/logits_real"), 1e-4);
        }
        ++count;
    }
    report_cases("plain state dicts", count);
}

TEST(Formats, StyleGan2OfTheStyleGan3CodeBase) {
    const auto folder = formats_dir() / "stylegan3_code";
    if (!std::filesystem::is_directory(folder)) {
        GTEST_SKIP() << "no " << folder;
    }
    const at::NoGradGuard no_grad;
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        current_case = entry.path().filename();
        const Golden acts(entry.path() / "acts.safetensors");
        const json effective = read_json(entry.path() / "config.json")["effective"];
        const io::CheckpointFile file = io::read_checkpoint(entry.path() / "network-snapshot-000000.pkl");
        std::vector<std::string> warnings;
        model::Generator g = model::load_generator(file.networks.at("G_ema"), current_case, warnings);
        const model::Discriminator d = model::load_discriminator(file.networks.at("D"), current_case, warnings);
        EXPECT_EQ(g.config.synthesis.conv_clamp.has_value(), effective["conv_clamp"].is_number());
        EXPECT_EQ(g.config.mapping.w_avg_beta.value_or(0), effective["w_avg_beta"].get<double>());
        const at::Tensor c = acts.has("c") ? acts.at("c") : at::Tensor();
        const at::Tensor w = g.mapping.forward(acts.at("z"), c);
        EXPECT_CLOSE(w, acts.at("w"), 1e-5);
        for (const auto& [name, golden] : acts.file.tensors) {
            if (!name.starts_with("img/psi")) {
                continue;
            }
            const at::Tensor ws = g.mapping.truncate(w, std::stod(name.substr(7)), -1);
            const NoiseMode noise = name.ends_with("_none") ? NoiseMode::none : NoiseMode::constant;
            EXPECT_CLOSE(g.synthesis.forward(ws, fp32(noise)), golden, 5e-5) << name;
        }
        model::DiscriminatorOptions options;
        options.force_fp32 = true;
        EXPECT_CLOSE(d.forward(acts.at("real"), c, options), acts.at("D/logits_real"), 1e-4);
        g.mapping.update_w_avg(w);
        EXPECT_CLOSE(g.mapping.w_avg, acts.at("train/w_avg_after"), 1e-5);
        ++count;
    }
    report_cases("StyleGAN2 of the StyleGAN3 code base", count);
}

} // namespace
