// SPDX-License-Identifier: Apache-2.0
// What is computed from features, against the public code's numbers for the same features.
#include "base/error.h"
#include "metrics/distances.h"
#include "reference/golden.h"

namespace {

using namespace atelier;
using namespace atelier::test;
using namespace atelier::metrics;

std::string current_case;

struct MetricsReference : ::testing::Test {
    void SetUp() override {
        if (!have_reference("metrics"))
            GTEST_SKIP();
        tensors = std::make_unique<Golden>(reference_dir() / "metrics" / "metrics.safetensors");
        values = read_json(reference_dir() / "metrics" / "metrics.json");
    }
    void expect_near(double mine, double golden, const std::string& of, double bound = 1e-4) {
        EXPECT_LE(std::abs(mine - golden), bound * std::abs(golden)) << of << ": " << mine << " for " << golden;
    }
    // Calls each with the number of a case that the tree has.
    template <typename Case> void each(const std::string& kind, const Case& of) {
        std::size_t count = 0;
        for (; values.contains(kind + "_" + std::to_string(count)); ++count)
            of(std::to_string(count));
        report_cases(kind, count);
    }
    at::Tensor features(const std::string& number, const char* side) {
        return tensors->at("fid_" + number + "/" + side);
    }

    std::unique_ptr<Golden> tensors;
    nlohmann::json values;
};

TEST_F(MetricsReference, FrechetDistance) {
    each("fid", [&](const std::string& number) {
        const std::string name = "fid_" + number;
        const std::int64_t used = values[name]["num_gen"];
        const Moments real = moments_of(features(number, "real"));
        const Moments made = moments_of(features(number, "gen").slice(0, 0, used));
        current_case = name;
        EXPECT_CLOSE(real.mean, tensors->at(name + "/real_mean"), 1e-10);
        EXPECT_CLOSE(real.covariance, tensors->at(name + "/real_cov"), 1e-10);
        EXPECT_CLOSE(made.covariance, tensors->at(name + "/gen_cov"), 1e-10);
        expect_near(frechet_distance(real, made), values[name]["value"], name);
        EXPECT_NEAR(frechet_distance(real, real), 0, 1e-9);
    });
}

TEST_F(MetricsReference, KernelDistance) {
    each("kid", [&](const std::string& number) {
        const std::string name = "kid_" + number;
        expect_near(kernel_distance(features(number, "real"), features(number, "gen"), tensors->at(name + "/real_idx"),
                                    tensors->at(name + "/gen_idx")),
                    values[name]["value"], name);
    });
}

TEST_F(MetricsReference, PrecisionAndRecall) {
    for (int number = 0; values.contains("pr_" + std::to_string(number) + "_fp32"); ++number) {
        const nlohmann::json golden = values["pr_" + std::to_string(number) + "_fp32"];
        const at::Tensor real = features(std::to_string(number), "real"),
                         made = features(std::to_string(number), "gen");
        const PrecisionRecall mine = precision_recall(real, made, golden["nhood_size"]);
        // A picture may fall to the other side of a border by rounding.
        EXPECT_NEAR(mine.precision, golden["precision"], 1.0 / static_cast<double>(made.size(0)) + 1e-6) << number;
        EXPECT_NEAR(mine.recall, golden["recall"], 1.0 / static_cast<double>(real.size(0)) + 1e-6) << number;
    }
}

TEST_F(MetricsReference, InceptionScore) {
    each("is", [&](const std::string& number) {
        const std::string name = "is_" + number;
        const metrics::InceptionScore mine = inception_score(tensors->at(name + "/probs"), values[name]["num_splits"]);
        expect_near(mine.mean, values[name]["mean"], name);
        expect_near(mine.deviation, values[name]["std"], name);
    });
}

// --- what holds for any numbers

TEST(Metrics, DistanceOfShiftedFeaturesIsTheShiftSquared) {
    const at::Tensor rows = at::randn({300, 6}, at::kDouble);
    const at::Tensor shift = at::tensor({1.0, 0.0, -2.0, 0.0, 0.5, 0.0}, at::kDouble);
    EXPECT_NEAR(frechet_distance(moments_of(rows), moments_of(rows + shift)), 5.25, 1e-9);
}

TEST(Metrics, SubsetsAreTheSameForTheSameSeedAndHaveNoRowTwice) {
    const at::Tensor drawn = drawn_subsets(50, 20, 7, 3);
    EXPECT_TRUE(at::equal(drawn, drawn_subsets(50, 20, 7, 3)));
    EXPECT_FALSE(at::equal(drawn, drawn_subsets(50, 20, 7, 4)));
    for (std::int64_t i = 0; i < drawn.size(0); ++i)
        EXPECT_EQ(std::get<0>(at::_unique(drawn[i])).size(0), 20);
    EXPECT_GE(drawn.min().item<std::int64_t>(), 0);
    EXPECT_EQ(std::get<0>(drawn_subsets(50, 50, 1, 0).sort()).equal(at::arange(50).unsqueeze(0)), true);
}

TEST(Metrics, TooFewPicturesAreRefusedInASentence) {
    const at::Tensor rows = at::randn({3, 4});
    EXPECT_THROW(precision_recall(rows, rows), Error);
    EXPECT_THROW(inception_score(rows.softmax(1), 4), Error);
    EXPECT_THROW(frechet_distance(moments_of(rows), moments_of(at::randn({3, 5}))), Error);
}

} // namespace
