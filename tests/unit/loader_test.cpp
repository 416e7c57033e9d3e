// SPDX-License-Identifier: Apache-2.0
// The loader: one order whatever the threads, going on anywhere, errors in their place, a prompt end.
#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "base/error.h"
#include "io/image.h"
#include "support/scratch.h"
#include "train/loader.h"

namespace {

using namespace atelier;
using namespace atelier::test;
using train::Batch;
using train::Dataset;
using train::Loader;

constexpr int pictures = 11, batch = 4;

// Picture i is all of value i, with label i; so a batch shows what it is made of.
class LoaderTest : public testing::Test {
protected:
    LoaderTest() {
        std::string labels;
        for (int i = 0; i < pictures; ++i) {
            const std::string name = fmt::format("{:02}.png", i);
            io::write_png(scratch_ / name, {8, 8, 1, std::vector<std::uint8_t>(64, static_cast<std::uint8_t>(i))});
            labels += fmt::format("{}[\"{}\", [{}, 1]]", i == 0 ? "" : ", ", name, i);
        }
        put_bytes(scratch_ / "dataset.json", bytes_of("{\"labels\": [" + labels + "]}"));
    }
    std::shared_ptr<const Dataset> open() const {
        train::DatasetOptions options;
        options.use_labels = true;
        return std::make_shared<const Dataset>(scratch_.path(), options);
    }
    static std::vector<int> order_of(Loader& loader, int batches) {
        std::vector<int> order;
        for (int i = 0; i < batches; ++i) {
            const Batch made = loader.next();
            EXPECT_EQ(made.images.sizes(), (std::vector<std::int64_t>{batch, 1, 8, 8}));
            EXPECT_EQ(made.labels.sizes(), (std::vector<std::int64_t>{batch, 2}));
            EXPECT_TRUE(at::equal(made.images.amin({1, 2, 3}), made.images.amax({1, 2, 3})));
            EXPECT_TRUE(at::equal(made.images.amax({1, 2, 3}).to(at::kFloat), made.labels.select(1, 0)));
            for (int row = 0; row < batch; ++row) {
                order.push_back(made.images[row].max().item<int>());
            }
        }
        return order;
    }

    Scratch scratch_;
};

TEST_F(LoaderTest, FollowsTheSamplerWithAnyNumberOfThreads) {
    train::Sampler sampler(pictures, 7);
    std::vector<int> expected(60 * batch);
    std::generate(expected.begin(), expected.end(), [&] { return sampler.next(); });
    for (const int threads : {1, 2, 5}) {
        Loader loader(open(), batch, 7, 0, threads);
        EXPECT_EQ(order_of(loader, 60), expected) << threads << " threads";
    }
    Loader later(open(), batch, 7, std::int64_t{10} * batch, 2);
    EXPECT_EQ(order_of(later, 50), std::vector<int>(expected.begin() + 10 * batch, expected.end()));
}

TEST_F(LoaderTest, APictureThatVanishesIsOneErrorInItsPlace) {
    const auto data = open();
    std::filesystem::remove(scratch_ / "03.png");
    train::Sampler sampler(pictures, 1);
    Loader loader(data, batch, 1, 0, 3);
    int errors = 0;
    for (int i = 0; i < 30; ++i) {
        bool gone = false;
        for (int row = 0; row < batch; ++row) {
            gone = sampler.next() == 3 || gone;
        }
        const std::string message = message_from<Error>([&] { loader.next(); });
        EXPECT_EQ(!message.empty(), gone) << "batch " << i << ": " << message;
        EXPECT_TRUE(message.empty() || message.find("03.png") != std::string::npos) << message;
        errors += gone ? 1 : 0;
    }
    EXPECT_GT(errors, 3);
}

TEST_F(LoaderTest, EndsAtOnce) {
    const auto data = open();
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 50; ++i) {
        const Loader idle(data, batch, 1, 0, 4);
    }
    {
        const Loader busy(data, 1'000'000, 1, 0, 2); // 64 MB a batch, several in the making
    }
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
}

} // namespace
