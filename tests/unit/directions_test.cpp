// SPDX-License-Identifier: Apache-2.0
// Directions against other routes: SeFa's against Jacobi's rotations, PCA's against a singular value decomposition.
#include <cmath>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/log.h"
#include "engine/content_hash.h"
#include "engine/directions.h"
#include "engine/weights.h"
#include "latent/directions.h"
#include "latent/numpy_random.h"
#include "model/config_json.h"
#include "support/model_file.h"
#include "support/scratch.h"

namespace {

using namespace atelier;
using Matrix = std::vector<std::vector<double>>;

constexpr int dim = 24;

model::Generator generator(int c_dim = 0, const char* architecture = "skip") {
    at::manual_seed(5);
    const nlohmann::json kwargs{
        {"z_dim", 16},
        {"w_dim", dim},
        {"c_dim", c_dim},
        {"img_resolution", 32},
        {"img_channels", 3},
        {"mapping_kwargs", {{"num_layers", 2}}},
        {"synthesis_kwargs",
         {{"channel_base", 1024}, {"channel_max", 40}, {"architecture", architecture}, {"num_fp16_res", 0}}}};
    return {model::generator_config_from_kwargs(kwargs, "g"), model::random_source()};
}

// A^T A of unit rows, from the parameters by their names alone.
Matrix gram(const model::Generator& g, const std::vector<std::string>& layers) {
    Matrix sum(dim, std::vector<double>(dim, 0.0));
    for (const std::string& layer : layers) {
        const at::Tensor* weight = g.parameters.find("synthesis." + layer + ".affine.weight");
        EXPECT_NE(weight, nullptr) << layer;
        for (std::int64_t row = 0; row < weight->size(0); ++row) {
            std::vector<double> a;
            double square = 0;
            for (std::int64_t i = 0; i < dim; ++i) {
                a.push_back((*weight)[row][i].item<float>());
                square += a.back() * a.back();
            }
            for (std::size_t i = 0; i < dim; ++i) {
                for (std::size_t j = 0; j < dim; ++j) {
                    sum[i][j] += a[i] * a[j] / square;
                }
            }
        }
    }
    return sum;
}

struct Eigen {
    std::vector<double> values;
    Matrix vectors; // one a row, the largest value first
};

// Cyclic Jacobi rotations (Golub & Van Loan, section 8.5).
Eigen jacobi(Matrix a) {
    Matrix v(dim, std::vector<double>(dim, 0.0));
    for (std::size_t i = 0; i < dim; ++i) {
        v[i][i] = 1;
    }
    for (int sweep = 0; sweep < 30; ++sweep) {
        for (std::size_t p = 0; p < dim; ++p) {
            for (std::size_t q = p + 1; q < dim; ++q) {
                if (a[p][q] == 0) {
                    continue;
                }
                const double tau = (a[q][q] - a[p][p]) / (2 * a[p][q]);
                const double t = (tau >= 0 ? 1 : -1) / (std::abs(tau) + std::sqrt(1 + tau * tau));
                const double c = 1 / std::sqrt(1 + t * t), s = t * c;
                for (std::size_t k = 0; k < dim; ++k) {
                    const double kp = a[k][p], kq = a[k][q];
                    a[k][p] = c * kp - s * kq;
                    a[k][q] = s * kp + c * kq;
                }
                for (std::size_t k = 0; k < dim; ++k) {
                    const double pk = a[p][k], qk = a[q][k], vp = v[p][k], vq = v[q][k];
                    a[p][k] = c * pk - s * qk;
                    a[q][k] = s * pk + c * qk;
                    v[p][k] = c * vp - s * vq;
                    v[q][k] = s * vp + c * vq;
                }
            }
        }
    }
    std::vector<std::size_t> order(dim);
    for (std::size_t i = 0; i < dim; ++i) {
        order[i] = i;
    }
    std::sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) { return a[x][x] > a[y][y]; });
    Eigen result;
    for (const std::size_t i : order) {
        result.values.push_back(a[i][i]);
        result.vectors.push_back(v[i]);
    }
    return result;
}

void expect_signs(const at::Tensor& vectors) {
    for (std::int64_t i = 0; i < vectors.size(0); ++i) {
        EXPECT_GT(vectors[i][vectors[i].abs().argmax().item<std::int64_t>()].item<double>(), 0) << i;
        EXPECT_NEAR(vectors[i].norm().item<double>(), 1, 1e-12) << i;
    }
}

void expect_equal(const Components& found, const Eigen& expected) {
    expect_signs(found.vectors);
    for (std::int64_t i = 0; i < found.values.size(0); ++i) {
        const auto n = static_cast<std::size_t>(i);
        EXPECT_NEAR(found.values[i].item<double>(), expected.values[n], 1e-10 * expected.values[0]) << i;
        std::vector<double> vector = expected.vectors[n];
        const auto largest = std::max_element(vector.begin(), vector.end(),
                                              [](double x, double y) { return std::abs(x) < std::abs(y); });
        const double sign = *largest < 0 ? -1 : 1;
        for (std::int64_t j = 0; j < dim; ++j) {
            EXPECT_NEAR(found.vectors[i][j].item<double>(), sign * vector[static_cast<std::size_t>(j)], 1e-8)
                << i << ", " << j;
        }
    }
}

TEST(Directions, SefaEqualsJacobi) {
    const model::Generator g = generator();
    const std::vector<std::string> all{"b4.conv1",  "b4.torgb",  "b8.conv0",  "b8.conv1",  "b8.torgb", "b16.conv0",
                                       "b16.conv1", "b16.torgb", "b32.conv0", "b32.conv1", "b32.torgb"};
    const Components found = sefa(g, 0, 1 << 20, dim);
    ASSERT_EQ(found.vectors.sizes(), (at::IntArrayRef{dim, dim}));
    expect_equal(found, jacobi(gram(g, all)));
    // w 1 goes to b4's ToRGB and b8's first convolution, w 2 to b8's second, w 3 to its ToRGB and b16's first.
    expect_equal(sefa(g, 1, 4, 5), jacobi(gram(g, {"b4.torgb", "b8.conv0", "b8.conv1", "b8.torgb", "b16.conv0"})));
    expect_equal(sefa(g, 7, 8, 3), jacobi(gram(g, {"b32.torgb"})));
    EXPECT_EQ(sefa(g, 0, 8, 1000).values.size(0), dim);
}

TEST(Directions, SefaOfNetworksWithOneToRgb) {
    const model::Generator g = generator(0, "resnet");
    expect_equal(sefa(g, 1, 3, 4), jacobi(gram(g, {"b8.conv0", "b8.conv1"})));
    expect_equal(sefa(g, 6, 8, 4), jacobi(gram(g, {"b32.conv1", "b32.torgb"})));
}

TEST(Directions, SefaIsOfUnitRows) {
    const model::Generator g = generator();
    const Components before = sefa(g, 0, 3, 4);
    const at::NoGradGuard no_grad;
    g.synthesis.blocks[1].conv0->affine.weight[2].mul_(50);
    const Components after = sefa(g, 0, 3, 4);
    EXPECT_LT((before.vectors - after.vectors).abs().max().item<double>(), 1e-6);
    g.synthesis.blocks[1].conv0->affine.weight[2].zero_(); // pruned: it has no say
    EXPECT_TRUE(at::isfinite(sefa(g, 0, 3, 4).vectors).all().item<bool>());
    g.synthesis.blocks[1].conv0->affine.weight[2].fill_(NAN);
    EXPECT_THROW(sefa(g, 0, 3, 4), Error);
    EXPECT_THROW(sefa(g, 5, 5, 4), Error);
    EXPECT_THROW(sefa(g, 8, 12, 4), Error);
}

// w of the samples that pca() states, in one go.
at::Tensor sampled(const model::Generator& g, int samples, std::uint32_t seed) {
    const at::NoGradGuard no_grad;
    std::vector<double> values = NumpyRandom(seed).randn(static_cast<std::size_t>(samples) * 16);
    const at::Tensor z = at::tensor(values, at::kDouble).view({samples, 16});
    at::Tensor c;
    if (g.config.mapping.c_dim > 0) {
        c = at::zeros({samples, g.config.mapping.c_dim});
        for (std::int64_t i = 0; i < samples; ++i) {
            c[i][i % g.config.mapping.c_dim] = 1;
        }
    }
    return g.mapping.forward(z, c).to(at::kDouble);
}

TEST(Directions, PcaEqualsSingularVectors) {
    for (const int c_dim : {0, 3}) {
        const model::Generator g = generator(c_dim);
        constexpr int samples = 1500;
        std::vector<std::int64_t> steps;
        const auto found = pca(g, samples, 77, 6, [&](std::int64_t done, std::int64_t total) {
            EXPECT_EQ(total, samples);
            steps.push_back(done);
        });
        ASSERT_TRUE(found);
        EXPECT_TRUE(std::is_sorted(steps.begin(), steps.end()));
        EXPECT_EQ(steps.back(), samples);
        expect_signs(found->vectors);
        const at::Tensor w = sampled(g, samples, 77);
        const auto [u, s, vh] = at::linalg_svd(w - w.mean(0), false);
        const at::Tensor variance = s.square() / (samples - 1);
        for (std::int64_t i = 0; i < 6; ++i) {
            EXPECT_NEAR(found->values[i].item<double>() / variance[i].item<double>(), 1, 1e-5) << i;
            EXPECT_NEAR(std::abs(found->vectors[i].dot(vh[i]).item<double>()), 1, 1e-6) << i;
        }
        // The standard deviation is that of the samples along the vector.
        const at::Tensor along = w.mv(found->vectors[0]);
        EXPECT_NEAR(along.std().item<double>() / std::sqrt(found->values[0].item<double>()), 1, 1e-5);
    }
}

TEST(Directions, PcaIsTheSameEveryTime) {
    const model::Generator g = generator();
    const auto once = pca(g, 700, 1, 4), again = pca(g, 700, 1, 4), other = pca(g, 700, 2, 4);
    EXPECT_TRUE(at::equal(once->vectors, again->vectors));
    EXPECT_TRUE(at::equal(once->values, again->values));
    EXPECT_FALSE(at::equal(once->values, other->values));
    EXPECT_THROW(pca(g, 1, 1, 4), Error);
}

TEST(Directions, PcaStops) {
    const model::Generator g = generator();
    std::stop_source stop;
    int calls = 0;
    const auto found = pca(
        g, 100000, 0, 4,
        [&](std::int64_t, std::int64_t) {
            ++calls;
            stop.request_stop();
        },
        stop.get_token());
    EXPECT_FALSE(found);
    EXPECT_EQ(calls, 1);
}

TEST(Directions, TheHashIsOfNamesShapesAndNumbers) {
    const at::NoGradGuard no_grad;
    const auto one = make_loaded_model(generator(), "one", 1), same = make_loaded_model(generator(), "other name", 2);
    EXPECT_EQ(content_hash(*one), content_hash(*same));
    EXPECT_EQ(content_hash(*one).size(), 64U);
    const model::Generator g = generator();
    g.parameters.all().back().value.flatten()[0].add_(1e-6);
    EXPECT_NE(content_hash(*make_loaded_model(g, "one", 1)), content_hash(*one));
}

// A small model as if it came from a file.
class KeptDirections : public testing::Test {
protected:
    KeptDirections() {
        const auto made = make_loaded_model(generator(), "g", 0);
        ModelInfo info = made->info();
        info.path = "/somewhere/g.safetensors";
        model_ =
            std::make_shared<LoadedModel>(info, std::shared_ptr<const LoadedModel::Weights>(made, &made->weights()));
        request_.method = DirectionMethod::pca;
        request_.samples = 600;
        request_.count = 7;
        request_.folder = scratch_ / "directions";
    }
    // Whether it was sampled, not read.
    bool find(DirectionSet& out) {
        bool sampled = false;
        out = *pca_directions(*model_, request_, [&](std::int64_t, std::int64_t) { sampled = true; });
        return sampled;
    }

    test::Scratch scratch_;
    std::shared_ptr<const LoadedModel> model_;
    DirectionRequest request_;
};

TEST_F(KeptDirections, AreReadAgain) {
    DirectionSet first, again;
    EXPECT_TRUE(find(first));
    EXPECT_EQ(first.method, "pca");
    EXPECT_EQ(first.samples, 600);
    EXPECT_EQ(first.vectors.size(), 7U);
    EXPECT_NEAR(first.sigma[0], std::sqrt(first.eigenvalues[0]), 1e-6);
    EXPECT_TRUE(std::filesystem::exists(request_.folder / (content_hash(*model_) + "-pca.safetensors")));
    EXPECT_FALSE(find(again));
    EXPECT_EQ(again, first);
    request_.count = 3;
    EXPECT_FALSE(find(again));
    ASSERT_EQ(again.vectors.size(), 3U);
    EXPECT_EQ(again.vectors[2], first.vectors[2]);
    request_.count = 8;
    EXPECT_TRUE(find(again));
    request_.seed = 1;
    EXPECT_TRUE(find(again));
    request_.folder.clear();
    EXPECT_TRUE(find(again));
}

TEST_F(KeptDirections, ModelsInMemoryLeaveNoFiles) {
    const auto made = make_loaded_model(generator(), "g", 3);
    EXPECT_TRUE(pca_directions(*made, request_));
    EXPECT_FALSE(std::filesystem::exists(request_.folder));
}

TEST_F(KeptDirections, DamagedFilesAreFoundAnew) {
    DirectionSet set;
    find(set);
    set_console_level(LogLevel::error); // each file is a warning
    const auto path = request_.folder / (content_hash(*model_) + "-pca.safetensors");
    const auto whole = test::file_bytes(path);
    for (std::size_t length = 0; length < whole.size(); length += 13) {
        test::put_bytes(path, {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)});
        EXPECT_FALSE(load_directions(request_.folder, set.model_hash)) << length;
    }
    auto bent = whole;
    for (int i = 1; i <= 4; ++i) { // the last numbers are no numbers, or not of length 1
        bent[bent.size() - static_cast<std::size_t>(i)] = 0xFF;
    }
    test::put_bytes(path, bent);
    EXPECT_FALSE(load_directions(request_.folder, set.model_hash));
    test::put_bytes(path, whole);
    EXPECT_EQ(load_directions(request_.folder, set.model_hash), set);
    const std::string other(64, 'b');
    std::filesystem::copy(path, request_.folder / (other + "-pca.safetensors"));
    EXPECT_FALSE(load_directions(request_.folder, other)) << "of another model";
    test::put_bytes(path, {1, 2, 3});
    EXPECT_TRUE(find(set));
    EXPECT_EQ(load_directions(request_.folder, set.model_hash), set) << "written again";
}

TEST_F(KeptDirections, AnUnwritableFolderIsNoFailure) {
    test::put_bytes(scratch_ / "file", {1});
    request_.folder = scratch_ / "file";
    DirectionSet set;
    EXPECT_TRUE(find(set));
    EXPECT_THROW(save_directions(request_.folder, set), Error);
    request_.samples = 1;
    EXPECT_THROW(pca_directions(*model_, request_), Error);
    request_.count = 0;
    EXPECT_THROW(sefa_directions(*model_, request_), Error);
}

TEST_F(KeptDirections, SefaAsPlainValues) {
    request_.first = 2;
    request_.count = 4;
    const DirectionSet set = sefa_directions(*model_, request_);
    EXPECT_EQ(set.method, "sefa");
    EXPECT_EQ(set.first, 2);
    EXPECT_EQ(set.last, 8);
    EXPECT_EQ(set.sigma, std::vector<float>(4, 1.0F));
    const Components direct = sefa(model_->weights().generator, 2, 8, 4);
    for (std::size_t i = 0; i < 4; ++i) {
        const auto n = static_cast<std::int64_t>(i);
        EXPECT_EQ(set.eigenvalues[i], direct.values[n].item<double>());
        EXPECT_EQ(set.vectors[i]->values[5], direct.vectors[n][5].item<float>());
    }
}

} // namespace
