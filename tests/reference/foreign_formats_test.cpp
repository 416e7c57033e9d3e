// SPDX-License-Identifier: Apache-2.0
// Networks of other programs, converted: every tensor bit for bit, and what the networks make of them.
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

std::vector<std::filesystem::path> cases_of(const char* family) {
    std::vector<std::filesystem::path> result;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(formats_dir() / family, none)) {
        result.push_back(entry.path());
    }
    std::sort(result.begin(), result.end());
    return result;
}

// Every golden tensor "<network>.<name>" is in `parameters`, bit for bit, and there are no others but those left out.
void expect_same_tensors(const Golden& golden, const std::string& network, const model::Parameters& parameters,
                         const std::vector<std::string>& left_out = {}) {
    std::size_t compared = 0;
    for (const auto& [full, value] : golden.file.tensors) {
        if (!full.starts_with(network + ".")) {
            continue;
        }
        const std::string name = full.substr(network.size() + 1);
        const at::Tensor* mine = parameters.find(name);
        ASSERT_NE(mine, nullptr) << current_case << ": " << full;
        EXPECT_TRUE(mine->sizes() == value.sizes() && at::equal(*mine, value)) << current_case << ": " << full;
        ++compared;
    }
    std::size_t expected = 0;
    for (const model::Parameter& parameter : parameters.all()) {
        const bool out = std::any_of(left_out.begin(), left_out.end(),
                                     [&](const std::string& end) { return parameter.name.ends_with(end); });
        expected += out ? 0 : 1;
    }
    EXPECT_EQ(compared, expected) << current_case << ": " << network;
}

struct Loaded {
    explicit Loaded(const std::filesystem::path& path) : file(io::read_checkpoint(path)) {}
    model::Generator generator(const char* name) {
        return model::load_generator(file.networks.at(name), name, warnings);
    }
    model::Discriminator discriminator() { return model::load_discriminator(file.networks.at("D"), "D", warnings); }
    io::CheckpointFile file;
    std::vector<std::string> warnings;
};

at::Tensor logits(const model::Discriminator& d, const at::Tensor& pictures, const at::Tensor& c = {}) {
    model::DiscriminatorOptions options;
    options.force_fp32 = true;
    return d.forward(pictures, c, options);
}

TEST(ForeignFormats, TensorFlow) {
    const at::NoGradGuard no_grad;
    const auto cases = cases_of("tf");
    if (cases.empty()) {
        GTEST_SKIP() << "no " << formats_dir() / "tf";
    }
    for (const auto& folder : cases) {
        current_case = folder.filename();
        const Golden state(folder / "state.safetensors"), acts(folder / "acts.safetensors");
        Loaded model(folder / "network.pkl");
        EXPECT_EQ(model.file.warnings, std::vector<std::string>()) << current_case;
        const model::Generator g = model.generator("G_ema"), raw = model.generator("G");
        const model::Discriminator d = model.discriminator();
        EXPECT_EQ(model.warnings, std::vector<std::string>()) << current_case;
        expect_same_tensors(state, "G_ema", g.parameters);
        expect_same_tensors(state, "G", raw.parameters);
        expect_same_tensors(state, "D", d.parameters);
        const at::Tensor c = acts.has("c") ? acts.at("c") : at::Tensor();
        const at::Tensor w = g.mapping.forward(acts.at("z"), c);
        EXPECT_CLOSE(w, acts.at("w"), 1e-5);
        EXPECT_TRUE(at::equal(g.mapping.w_avg, acts.at("w_avg")));
        EXPECT_CLOSE(g.mapping.truncate(w, 1, -1), acts.at("ws/psi1"), 1e-5);
        EXPECT_CLOSE(g.mapping.truncate(w, 0.7, -1), acts.at("ws/psi0.7"), 1e-5);
        EXPECT_CLOSE(g.mapping.truncate(w, 0.5, 3), acts.at("ws/psi0.5_cutoff3"), 1e-5);
        for (const auto& [name, golden] : acts.file.tensors) {
            if (name.starts_with("img/psi")) {
                const at::Tensor ws = g.mapping.truncate(w, std::stod(name.substr(7)), -1);
                const NoiseMode noise = name.ends_with("_none") ? NoiseMode::none : NoiseMode::constant;
                EXPECT_CLOSE(g.synthesis.forward(ws, fp32(noise)), golden, 5e-5) << name;
            }
        }
        const at::Tensor raw_w = raw.mapping.forward(acts.at("z"), c).slice(0, 0, 1);
        EXPECT_CLOSE(raw.synthesis.forward(raw.mapping.truncate(raw_w, 1, -1), fp32(NoiseMode::constant)),
                     acts.at("rawG/img/psi1_const"), 5e-5);
        EXPECT_CLOSE(logits(d, acts.at("real"), c), acts.at("D/logits_real"), 1e-4);
        EXPECT_CLOSE(logits(d, acts.at("fake_in"), c), acts.at("D/logits_fake"), 1e-4);
    }
    report_cases("TensorFlow", cases.size());
}

TEST(ForeignFormats, Rosinality) {
    const at::NoGradGuard no_grad;
    const auto cases = cases_of("rosinality");
    if (cases.empty()) {
        GTEST_SKIP() << "no " << formats_dir() / "rosinality";
    }
    for (const auto& folder : cases) {
        current_case = folder.filename();
        const Golden state(folder / "state_nvidia_names.safetensors"), acts(folder / "acts.safetensors");
        Loaded model(folder / "checkpoint.pt");
        model::Generator g = model.generator("G_ema");
        EXPECT_EQ(model.warnings, std::vector<std::string>()) << current_case;
        const bool stored_mean = state.has("G_ema.mapping.w_avg");
        std::vector<std::string> left_out{"resample_filter"};
        if (!stored_mean) {
            left_out.emplace_back("mapping.w_avg");
        }
        expect_same_tensors(state, "G_ema", g.parameters, left_out);
        if (state.has("G.synthesis.b4.const")) {
            expect_same_tensors(state, "G", model.generator("G").parameters, left_out);
        }
        // What training leaves in the file and no network needs is named once; a mean w that was made, too.
        const json keys = read_json(folder / "config.json")["top_level_keys"];
        const bool training = std::find(keys.begin(), keys.end(), "g_optim") != keys.end();
        std::string said;
        for (const std::string& warning : model.file.warnings) {
            said += warning + "\n";
        }
        EXPECT_EQ(said.find("g_optim") != std::string::npos, training) << said;
        EXPECT_EQ(said.find("no latent_avg") != std::string::npos, !stored_mean) << said;

        const at::Tensor w = g.mapping.forward(acts.at("z"), {});
        EXPECT_CLOSE(w, acts.at("w"), 1e-5);
        if (!stored_mean) { // two means of the mapping, a few standard errors from each other
            const at::Tensor other = g.mapping.forward(at::randn({4096, g.config.mapping.z_dim}), {});
            const at::Tensor bound = other.std(at::IntArrayRef{0}) * (8 / std::sqrt(4096.0));
            const at::Tensor off = (g.mapping.w_avg - other.mean(at::IntArrayRef{0})).abs();
            EXPECT_TRUE(off.le(bound).all().item<bool>()) << current_case << off << bound;
        }
        g.mapping.w_avg.copy_(acts.at("latent_avg"));
        const auto picture = [&](const at::Tensor& ws, NoiseMode noise) {
            return g.synthesis.forward(ws, fp32(noise));
        };
        for (const char* psi : {"1", "0.5"}) {
            const at::Tensor ws = g.mapping.truncate(w, std::stod(psi), -1);
            EXPECT_CLOSE(ws, acts.at(fmt::format("ws/psi{}", psi)), 1e-5);
            EXPECT_CLOSE(picture(ws, NoiseMode::constant), acts.at(fmt::format("img/psi{}_const", psi)), 5e-5);
            EXPECT_CLOSE(picture(ws, NoiseMode::none), acts.at(fmt::format("img/psi{}_zero", psi)), 5e-5);
        }
        EXPECT_CLOSE(picture(acts.at("ws/mix"), NoiseMode::constant), acts.at("img/mix_const"), 5e-5);
        EXPECT_CLOSE(picture(acts.at("ws/plus"), NoiseMode::constant), acts.at("img/plus_const"), 5e-5);
        if (acts.has("D/logits_real")) {
            const model::Discriminator d = model.discriminator();
            expect_same_tensors(state, "D", d.parameters, {"resample_filter"});
            EXPECT_CLOSE(logits(d, acts.at("real")), acts.at("D/logits_real"), 1e-4);
            const at::Tensor made = acts.at("img/psi1_const");
            EXPECT_CLOSE(logits(d, made / made.std() * 0.5), acts.at("D/logits_fake"), 1e-4);
        }
    }
    report_cases("rosinality", cases.size());
}

} // namespace
