// SPDX-License-Identifier: Apache-2.0
// Every augmentation at fixed percentiles with first and second gradients, and with recorded random draws.
#include <torch/csrc/autograd/autograd.h>

#include "base/error.h"
#include "reference/golden.h"
#include "reference/replayed_random.h"
#include "train/augment.h"

namespace {

using namespace atelier;
using namespace atelier::test;
using nlohmann::json;

std::string current_case;

double bound_of(const train::AugmentStrengths& s) {
    const bool geometry =
        s.xflip > 0 || s.rotate90 > 0 || s.xint > 0 || s.scale > 0 || s.rotate > 0 || s.aniso > 0 || s.xfrac > 0;
    return geometry ? 1e-4 : 1e-5;
}

// At a debug percentile all draws but the image of the noise are ignored.
class NoiseOnly final : public train::Random {
public:
    explicit NoiseOnly(at::Tensor noise) : noise_(std::move(noise)) {}
    at::Tensor uniform(at::IntArrayRef shape) override { return at::full(shape, 0.5); }
    at::Tensor normal(at::IntArrayRef shape) override {
        return noise_.defined() && noise_.sizes() == shape ? noise_ : at::ones(shape);
    }
    std::int64_t integer(std::int64_t, std::int64_t) override { return 0; }

private:
    at::Tensor noise_;
};

void compare_gradients(const Golden& golden, const at::Tensor& x, const at::Tensor& out, double bound) {
    const std::string p = current_case + "/";
    const at::Tensor gy = golden.at(p + "gy").clone().requires_grad_(true);
    const at::Tensor gx = torch::autograd::grad({out}, {x}, {gy}, true, true)[0];
    EXPECT_CLOSE(gx, golden.at(p + "gx"), bound);
    const at::Tensor ggy = torch::autograd::grad({gx}, {gy}, {golden.at(p + "v")})[0];
    EXPECT_CLOSE(ggy, golden.at(p + "ggy"), bound);
}

void run_percentiles(const std::string& kind) {
    if (!have_reference("augment")) {
        GTEST_SKIP();
    }
    const auto folder = reference_dir() / "augment";
    const Golden inputs(folder / "inputs.safetensors"), golden(folder / (kind + ".safetensors"));
    std::size_t count = 0, with_gradients = 0;
    for (const json& entry : read_json(folder / (kind + ".json"))) {
        current_case = entry["name"];
        const auto strengths = train::augment_strengths_from_json(entry["kwargs"], current_case);
        const bool grads = entry.value("grads", false);
        const std::string gauss = current_case + "/gauss";
        NoiseOnly random(golden.has(gauss) ? golden.at(gauss) : at::Tensor());
        const at::Tensor x = inputs.at(entry["input"]).clone().requires_grad_(grads);
        const at::Tensor out =
            train::AugmentPipe(strengths).forward(x, 0, random, entry["debug_percentile"].get<double>());
        EXPECT_CLOSE(out, golden.at(current_case + "/out"), bound_of(strengths));
        if (grads) {
            compare_gradients(golden, x, out, bound_of(strengths));
            ++with_gradients;
        }
        ++count;
    }
    report_cases("augment/" + kind, count);
    std::cout << "[reference] augment/" << kind << ": " << with_gradients << " of them with gradients" << std::endl;
}

TEST(Augment, Filters) {
    if (!have_reference("augment")) {
        GTEST_SKIP();
    }
    current_case = "filters";
    const Golden golden(reference_dir() / "augment" / "filters.safetensors");
    const train::AugmentPipe pipe({});
    EXPECT_CLOSE(pipe.geometry_filter(), golden.at("Hz_geom"), 1e-6);
    EXPECT_CLOSE(pipe.filter_bank(), golden.at("Hz_fbank"), 1e-6);
    report_cases("augment/filters", 2);
}

TEST(Augment, Singles) {
    run_percentiles("singles");
}

TEST(Augment, Parameters) {
    run_percentiles("params");
}

TEST(Augment, Presets) {
    run_percentiles("presets");
}

// The part before the first slash of a case's name is that of the preset, if it is one.
TEST(Augment, PresetNames) {
    if (!have_reference("augment")) {
        GTEST_SKIP();
    }
    std::size_t count = 0;
    for (const json& entry : read_json(reference_dir() / "augment" / "presets.json")) {
        current_case = entry["name"];
        std::optional<train::AugmentStrengths> preset;
        try {
            preset = train::augment_preset(current_case.substr(0, current_case.find('/')));
        } catch (const Error&) {
            continue;
        }
        EXPECT_EQ(*preset, train::augment_strengths_from_json(entry["kwargs"], current_case)) << current_case;
        ++count;
    }
    report_cases("augment/presets by name", count);
}

TEST(Augment, RecordedDraws) {
    if (!have_reference("augment")) {
        GTEST_SKIP();
    }
    const auto folder = reference_dir() / "augment";
    const Golden inputs(folder / "inputs.safetensors"), golden(folder / "random.safetensors");
    const at::NoGradGuard no_grad;
    std::size_t count = 0;
    for (const json& entry : read_json(folder / "random.json")) {
        current_case = entry["name"];
        const auto strengths = train::augment_strengths_from_json(entry["kwargs"], current_case);
        const train::AugmentPipe pipe(strengths);
        const at::Tensor x = inputs.at(entry["input"]);
        const at::Tensor expected = golden.at(current_case + "/out");
        ReplayedRandom replayed(golden, current_case + "/draw/");
        const at::Tensor out = pipe.forward(x, entry["p"].get<double>(), replayed);
        EXPECT_CLOSE(out, expected, bound_of(strengths));
        EXPECT_EQ(replayed.used(), entry["draws"].size()) << current_case;
        // The same from the seed: torch's own generator.
        ComparedRandom seeded(entry["torch_manual_seed"].get<std::uint64_t>(), golden, current_case + "/draw/");
        const at::Tensor from_seed = pipe.forward(x, entry["p"].get<double>(), seeded);
        EXPECT_CLOSE(from_seed, expected, bound_of(strengths));
        if (seeded.same_bits()) {
            EXPECT_TRUE(at::equal(from_seed, out)) << current_case;
        }
        ++count;
    }
    report_cases("augment/random", count);
}

} // namespace
