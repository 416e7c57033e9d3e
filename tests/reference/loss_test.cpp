// SPDX-License-Identifier: Apache-2.0
// The four phases' losses and all parameter gradients against reference/loss.
#include <map>

#include "model/config_json.h"
#include "reference/golden.h"
#include "train/loss.h"

namespace atelier::test {
namespace {

using namespace atelier::train;

model::TensorSource from_state(const Golden& golden, const std::string& prefix) {
    return [&golden, prefix](const std::string& name, at::IntArrayRef shape, bool buffer, const model::Init&) {
        const at::Tensor value = golden.at(prefix + name);
        EXPECT_EQ(value.sizes(), shape) << prefix + name;
        return model::Parameter{name, value.clone(), buffer};
    };
}

struct Case {
    Case(const std::filesystem::path& stem, bool channels_last)
        : info(read_json(stem.string() + ".json")), golden(stem.string() + ".safetensors"),
          g(model::generator_config_from_kwargs(info["G_init_kwargs"], "G"), from_state(golden, "state/G.")),
          d(model::discriminator_config_from_kwargs(info["D_init_kwargs"], "D"), from_state(golden, "state/D.")) {
        if (!info["augment"].is_null()) {
            pipe.emplace(augment_strengths_from_json(info["augment"]["kwargs"], "case"));
        }
        const auto& k = info["loss_kwargs"];
        LossOptions options;
        options.style_mixing_prob = k["style_mixing_prob"];
        options.r1_gamma = k["r1_gamma"];
        options.pl_batch_shrink = k["pl_batch_shrink"];
        options.pl_decay = k["pl_decay"];
        options.pl_weight = k["pl_weight"];
        options.noise = NoiseMode::constant;
        options.channels_last = channels_last;
        loss = std::make_unique<Loss>(g, d, pipe ? &*pipe : nullptr, options);
        if (pipe) {
            if (info["augment"]["mode"] == "debug") {
                loss->debug_percentile = info["augment"]["value"].get<double>();
            } else {
                loss->p = info["augment"]["value"].get<double>();
            }
        }
    }
    nlohmann::json info;
    Golden golden;
    model::Generator g;
    model::Discriminator d;
    std::optional<AugmentPipe> pipe;
    std::unique_ptr<Loss> loss;
};

// Per parameter |a-b| <= 1e-3 |b| + 1e-6 of the largest |b| of all parameters, in the 2-norm: with another processor's
// convolutions an activation at the kink of leaky ReLU may change side, which moves one pixel's share of a gradient. A
// wrong formula moves all of it. Zero where golden is zero.
void compare_gradients(const model::Parameters& parameters, const Golden& golden, const std::string& prefix,
                       const std::string& current_case) {
    double largest = 0;
    for (const model::Parameter& p : parameters.all()) {
        if (!p.buffer) {
            largest = std::max(largest, golden.at(prefix + p.name).norm().item<double>());
        }
    }
    for (const model::Parameter& p : parameters.all()) {
        if (p.buffer) {
            continue;
        }
        const at::Tensor b = golden.at(prefix + p.name);
        ASSERT_TRUE(p.value.grad().defined()) << current_case << ": no gradient of " << p.name;
        const at::Tensor difference = p.value.grad() - b;
        const double scale = b.norm().item<double>();
        if (scale == 0) {
            EXPECT_LE(difference.abs().max().item<double>(), 1e-6) << current_case << ": gradient of " << p.name;
        } else {
            EXPECT_LE(difference.norm().item<double>(), 1e-3 * scale + 1e-6 * largest)
                << current_case << ": gradient of " << p.name;
        }
    }
}

void run_phase(Case& c, const std::string& phase) {
    const std::string current_case = c.info["name"].get<std::string>() + "/" + phase;
    const Golden& golden = c.golden;
    const auto& info = c.info["phases"][phase];
    const bool generator = phase.starts_with("G");
    const model::Parameters& parameters = generator ? c.g.parameters : c.d.parameters;
    for (const model::Parameter& p : parameters.all()) {
        at::Tensor value = p.value;
        value.mutable_grad().reset();
        value.requires_grad_(!p.buffer);
    }
    {
        const at::NoGradGuard no_grad;
        c.loss->pl_mean = golden.at(phase + "/in/pl_mean_before").clone();
        if (c.g.mapping.w_avg.defined()) {
            c.g.mapping.w_avg.copy_(golden.at("state/G.mapping.w_avg"));
        }
    }
    std::map<std::string, at::Tensor> seen;
    c.loss->probe = [&](const std::string& name, const at::Tensor& value) { seen[name] = value; };
    const std::string in = phase + "/in/";
    const LossInput input{golden.at(in + "real_img"), golden.at(in + "real_c"), golden.at(in + "gen_z"),
                          golden.at(in + "gen_c")};
    SeededRandom random(info["torch_manual_seed"].get<std::uint64_t>());
    Statistics report;
    const double gain = info["gain"];
    if (phase == "Gmain") {
        c.loss->generator_main(input, gain, random, report);
    } else if (phase == "Greg") {
        c.loss->generator_regularize(input, gain, random, report);
    } else {
        c.loss->discriminator(input, gain, phase == "Dmain", phase == "Dreg", random, report);
    }
    std::size_t compared = 0;
    for (const auto& [name, value] : seen) {
        const std::string key = phase + "/out/" + name;
        if (golden.has(key)) {
            EXPECT_LE(relative_error(value.reshape_as(golden.at(key)), golden.at(key)), 1e-4)
                << "for " << name << " of case " << current_case;
            ++compared;
        }
    }
    EXPECT_GE(compared, 3U) << current_case;
    EXPECT_LE(relative_error(c.loss->pl_mean, golden.at(phase + "/out/pl_mean_after")), 1e-4) << current_case;
    EXPECT_LE(relative_error(c.g.mapping.w_avg, golden.at(phase + "/out/w_avg_after")), 1e-4) << current_case;
    // Reports hold means of what the reference reported.
    std::size_t reports = 0;
    for (const auto& [name, value] : golden.file.tensors) {
        const std::string prefix = phase + "/out/report/";
        if (name.starts_with(prefix)) {
            std::string key = name.substr(prefix.size());
            std::replace(key.begin(), key.end(), '.', '/');
            const double expected = value.to(at::kDouble).mean().item<double>();
            EXPECT_EQ(report.get(key).num, value.numel()) << current_case << " " << key;
            EXPECT_NEAR(report.get(key).mean(), expected,
                        1e-4 * std::max(value.abs().max().item<double>(), 1e-9) + 1e-9)
                << current_case << " " << key;
            ++reports;
        }
    }
    EXPECT_GT(reports, 0U) << current_case;
    compare_gradients(parameters, golden, phase + "/grad/", current_case);
    for (const model::Parameter& p : parameters.all()) {
        at::Tensor value = p.value;
        value.requires_grad_(false);
    }
}

TEST(Loss, FourPhases) {
    if (!have_reference("loss")) {
        GTEST_SKIP();
    }
    std::size_t cases = 0;
    for (const auto& entry : std::filesystem::directory_iterator(reference_dir() / "loss")) {
        if (entry.path().extension() != ".json") {
            continue;
        }
        for (const bool channels_last : {false, true}) { // as on a GPU, and as on the CPU
            Case c(entry.path().parent_path() / entry.path().stem(), channels_last);
            for (const auto& [phase, unused] : c.info["phases"].items()) {
                run_phase(c, phase);
                ++cases;
            }
        }
    }
    report_cases("loss phases", cases);
}

} // namespace
} // namespace atelier::test
