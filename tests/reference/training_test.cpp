// SPDX-License-Identifier: Apache-2.0
// Whole iterations of the training loop, ADA, EMA and statistics against reference/training.
#include <deque>

#include <fmt/format.h>

#include "model/config_json.h"
#include "reference/golden.h"
#include "train/trainer.h"

namespace atelier::test {
namespace {

using namespace atelier::train;

// Hands out what a trace recorded for one phase after the other; augmentation draws are free under a percentile.
class Replay final : public Random {
public:
    void add_call(const at::Tensor& cutoff, const at::Tensor& mix_z) { calls_.push_back({cutoff, mix_z}); }
    void add_noise(const at::Tensor& pl_randn) { noises_.push_back(pl_randn); }
    bool empty() const { return calls_.empty() && noises_.empty(); }

    std::int64_t integer(std::int64_t, std::int64_t) override {
        if (calls_.empty()) {
            ADD_FAILURE() << "more mixing draws than recorded";
            return 1;
        }
        return calls_.front().first.item<std::int64_t>();
    }
    // The recorded cutoff is the one in effect, so mixing always "happens".
    at::Tensor uniform(at::IntArrayRef shape) override { return shape.empty() ? at::zeros({}) : free_.uniform(shape); }
    at::Tensor normal(at::IntArrayRef shape) override {
        if (!calls_.empty() && calls_.front().second.sizes() == shape) {
            const at::Tensor z = calls_.front().second;
            calls_.pop_front();
            return z;
        }
        if (!noises_.empty() && noises_.front().sizes() == shape) {
            const at::Tensor noise = noises_.front();
            noises_.pop_front();
            return noise;
        }
        return free_.normal(shape);
    }

private:
    std::deque<std::pair<at::Tensor, at::Tensor>> calls_;
    std::deque<at::Tensor> noises_;
    SeededRandom free_{0};
};

model::TensorSource from_init(const Golden& golden, const std::string& prefix) {
    return [&golden, prefix](const std::string& name, at::IntArrayRef, bool buffer, const model::Init&) {
        return model::Parameter{name, golden.at("init/" + prefix + name).clone(), buffer};
    };
}

template <typename T> std::optional<T> maybe(const nlohmann::json& value) {
    return value.is_null() ? std::nullopt : std::optional<T>(value.get<T>());
}

TrainerSettings settings_of(const nlohmann::json& info) {
    TrainerSettings s;
    s.batch = info["batch"];
    s.batch_gpu = info["bgpu"];
    s.g_reg_interval = maybe<int>(info["gi"]);
    s.d_reg_interval = maybe<int>(info["di"]);
    s.g_adam = {info["lr"], info["adam"]["betas"][0], info["adam"]["betas"][1], info["adam"]["eps"]};
    s.d_adam = s.g_adam;
    s.ema_kimg = info["ema"];
    s.ema_rampup = maybe<double>(info["ramp"]);
    s.loss.r1_gamma = info["gamma"];
    s.loss.noise = NoiseMode::constant;
    s.ada = {info["ada"][0].get<double>(), info["ada"][1].get<int>(), info["ada"][2].get<double>(),
             std::numeric_limits<double>::infinity()};
    s.p = info["augment_p0"];
    s.debug_percentile = maybe<double>(info["aug"]);
    s.augment = augment_strengths_from_json(info["augment_kwargs"], "case");
    return s;
}

// 1e-2 of the update from the start plus two units in the last place.
void compare_update(const at::Tensor& a, const at::Tensor& b, const at::Tensor& init, const std::string& what) {
    const double update = (b - init).abs().max().item<double>();
    const double ulp = std::ldexp(std::max(b.abs().max().item<double>(), 1e-30), -23);
    EXPECT_LE((a - b).abs().max().item<double>(), 1e-2 * update + 2 * ulp) << what;
}

void replay_iteration(const Golden& golden, const std::string& iter, Replay& replay) {
    // Phases in the order of the loop; round and call order inside.
    for (const char* phase : {"Gmain", "Greg", "Gboth", "Dmain", "Dreg", "Dboth"}) {
        for (int round = 0;; ++round) {
            const std::string at = fmt::format("{}/{}/round{}/", iter, phase, round);
            int call = 0;
            for (; golden.has(fmt::format("{}run_G{}/cutoff", at, call)); ++call) {
                const std::string run = fmt::format("{}run_G{}/", at, call);
                replay.add_call(golden.at(run + "cutoff"), golden.at(run + "mix_z"));
            }
            if (golden.has(at + "pl_randn")) {
                replay.add_noise(golden.at(at + "pl_randn"));
            }
            if (call == 0) {
                break;
            }
        }
    }
}

void run_trace(const std::filesystem::path& stem, bool channels_last) {
    const nlohmann::json info = read_json(stem.string() + ".json");
    const Golden golden(stem.string() + ".safetensors");
    const std::string name = info["name"];
    TrainerSettings settings = settings_of(info);
    settings.loss.channels_last = channels_last;
    if (!settings.debug_percentile) {
        // The published loop makes p move even without a pipe to use it.
        settings.augment.reset();
    }
    const auto g_config = model::generator_config_from_kwargs(info["G_init_kwargs"], "G");
    const auto d_config = model::discriminator_config_from_kwargs(info["D_init_kwargs"], "D");
    Trainer trainer({model::Generator(g_config, from_init(golden, "G.")),
                     model::Generator(g_config, from_init(golden, "G.")),
                     model::Discriminator(d_config, from_init(golden, "D."))},
                    settings, 0);
    const int iterations = info["it"];
    for (int i = 0; i < iterations; ++i) {
        const std::string iter = fmt::format("iter{}", i);
        Replay replay;
        replay_iteration(golden, iter, replay);
        trainer.iterate({golden.at(iter + "/in/real_u8"), golden.at(iter + "/in/real_c"),
                         golden.at(iter + "/in/all_gen_z"), golden.at(iter + "/in/all_gen_c")},
                        &replay);
        EXPECT_TRUE(replay.empty()) << name << " " << iter << ": draws are left over";
        std::size_t compared = 0;
        const auto compare = [&](const model::Parameters& parameters, const std::string& out, const std::string& init) {
            for (const model::Parameter& p : parameters.all()) {
                const std::string key = iter + "/out/" + out + p.name;
                if (golden.has(key)) {
                    compare_update(p.value, golden.at(key), golden.at("init/" + init + p.name), name + " " + key);
                    ++compared;
                }
            }
        };
        compare(trainer.networks.g.parameters, "G.", "G.");
        compare(trainer.networks.d.parameters, "D.", "D.");
        compare(trainer.networks.g_ema.parameters, "G_ema.", "G.");
        EXPECT_GT(compared, 50U);
        EXPECT_NEAR(trainer.loss->pl_mean.item<double>(), golden.at(iter + "/out/pl_mean").item<double>(),
                    1e-4 * std::abs(golden.at(iter + "/out/pl_mean").item<double>()) + 1e-6);
        EXPECT_NEAR(trainer.p, golden.at(iter + "/out/augment_p").item<double>(), 1e-6) << name << " " << iter;
        EXPECT_NEAR(trainer.last_beta, golden.at(iter + "/out/ema_beta").item<double>(), 1e-12) << name << " " << iter;
    }
    for (const auto& [key, stored] : info["stats"].items()) {
        const Moments moments = trainer.statistics.get(key);
        EXPECT_EQ(moments.num, stored["num"].get<std::int64_t>()) << name << " " << key;
        EXPECT_NEAR(moments.mean(), stored["mean"].get<double>(), 1e-3 * std::abs(stored["mean"].get<double>()) + 1e-4)
            << name << " " << key;
    }
}

TEST(TrainingController, Traces) {
    if (!have_reference("training")) {
        GTEST_SKIP();
    }
    std::size_t cases = 0;
    for (const auto& entry : std::filesystem::directory_iterator(reference_dir() / "training")) {
        if (entry.path().extension() == ".json" && entry.path().stem().string().starts_with("trace_")) {
            for (const bool channels_last : {false, true}) {
                run_trace(entry.path().parent_path() / entry.path().stem(), channels_last);
                ++cases;
            }
        }
    }
    report_cases("training traces", cases);
}

TEST(TrainingController, AdaAndEma) {
    const auto folder = reference_dir() / "training";
    if (!std::filesystem::is_regular_file(folder / "ada_ema.json")) {
        GTEST_SKIP();
    }
    const Golden golden(folder / "ada_ema.safetensors");
    std::size_t ada = 0, ema = 0;
    for (const auto& info : read_json(folder / "ada_ema.json")) {
        const std::string name = info["name"];
        const int iterations = info["iterations"], batch = info["batch_size"];
        if (info.contains("ada_kimg")) {
            const AdaOptions options{info["ada_target"].get<double>(), info["ada_interval"].get<int>(),
                                     info["ada_kimg"].get<double>(), std::numeric_limits<double>::infinity()};
            float p = info["augment_p0"].get<float>();
            Moments signs;
            int adjustments = 0;
            for (int i = 0; i < iterations; ++i) {
                signs.add({golden.at(name + "/count")[i].item<std::int64_t>(),
                           golden.at(name + "/sum_sign")[i].item<double>(), 0});
                if ((i + 1) % options.interval == 0) {
                    EXPECT_NEAR(signs.mean(), golden.at(name + "/rt")[adjustments++].item<double>(), 1e-9) << name;
                    p = adjust_p(p, signs.mean(), batch, options).p;
                    signs = {};
                }
                EXPECT_NEAR(p, golden.at(name + "/p")[i].item<double>(), 1e-6) << name << " iteration " << i;
            }
            ++ada;
        } else {
            const auto ramp = maybe<double>(info["ema_rampup"]);
            at::Tensor average = golden.at(name + "/ema_init");
            for (int i = 0; i < iterations; ++i) {
                const double beta =
                    ema_beta(static_cast<double>(i) * batch, batch, info["ema_kimg"].get<double>(), ramp);
                EXPECT_NEAR(beta, golden.at(name + "/beta")[i].item<double>(), 1e-12) << name;
                average = golden.at(name + "/param")[i].lerp(average, beta);
                EXPECT_LE((average - golden.at(name + "/ema")[i]).abs().max().item<double>(), 1e-6) << name;
            }
            ++ema;
        }
    }
    report_cases("ADA runs", ada);
    report_cases("EMA runs", ema);
}

TEST(TrainingController, AdaBoundActsAndSaysSo) {
    AdaOptions options{0.6, 4, 1, 1};
    AdaStep step = adjust_p(0.999F, 0.9, 32, options);
    EXPECT_EQ(step.p, 1.0F);
    EXPECT_TRUE(step.clamped);
    step = adjust_p(1.0F, 0.1, 32, options);
    EXPECT_LT(step.p, 1.0F);
    EXPECT_FALSE(step.clamped);
}

TEST(TrainingController, Statistics) {
    const auto file = reference_dir() / "training" / "stats.safetensors";
    if (!std::filesystem::is_regular_file(file)) {
        GTEST_SKIP();
    }
    const Golden golden(file);
    std::size_t cases = 0;
    for (const auto& [name, value] : golden.file.tensors) {
        const auto at = name.find("_values");
        if (at == std::string::npos) {
            continue;
        }
        train::Statistics statistics;
        statistics.report("x", value);
        const at::Tensor expected = golden.at(name.substr(0, at) + "_num_mean_std");
        EXPECT_EQ(static_cast<double>(statistics.get("x").num), expected[0].item<double>());
        EXPECT_NEAR(statistics.get("x").mean(), expected[1].item<double>(), 1e-6);
        EXPECT_NEAR(statistics.get("x").std(), expected[2].item<double>(), 1e-6);
        ++cases;
    }
    report_cases("statistics", cases);
}

} // namespace
} // namespace atelier::test
