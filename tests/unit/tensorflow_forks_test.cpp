// SPDX-License-Identifier: Apache-2.0
// TensorFlow pickles as forks of the code write them, on small files made here: what counts the training in them, and
// discriminators that no other program has.
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "io/checkpoint.h"
#include "model/load.h"
#include "support/scratch.h"
#include "support/tensorflow_file.h"

namespace atelier {
namespace {

using test::message_from;
using test::TensorFlowParts;
using test::TensorFlowVariable;
using testing::HasSubstr;

at::Tensor number(double value, at::ScalarType type) {
    return at::full({}, value, at::TensorOptions().dtype(type));
}

class TensorFlowForks : public testing::Test {
protected:
    io::CheckpointFile read() {
        test::TensorFlowPickle::write(scratch_ / "fork.pkl", g_, d_, gs_);
        return io::read_checkpoint(scratch_ / "fork.pkl");
    }
    // Into each network, as forks have it that train by a variable.
    void count(const TensorFlowVariable& variable) {
        g_.own.push_back(variable);
        d_.own.push_back(variable);
        gs_.own.push_back(variable);
    }
    static void same(const io::NetworkData& one, const io::NetworkData& other) {
        ASSERT_EQ(one.tensors.size(), other.tensors.size());
        for (std::size_t i = 0; i < one.tensors.size(); ++i) {
            EXPECT_EQ(one.tensors[i].name, other.tensors[i].name);
            EXPECT_TRUE(at::equal(one.tensors[i].value, other.tensors[i].value)) << one.tensors[i].name;
        }
    }

    test::Scratch scratch_;
    TensorFlowParts g_ = test::tensorflow_generator(1), gs_ = test::tensorflow_generator(2);
    TensorFlowParts d_ = test::tensorflow_discriminator();
};

TEST_F(TensorFlowForks, APlainFileIsWhole) {
    const io::CheckpointFile file = read();
    EXPECT_EQ(file.warnings, std::vector<std::string>());
    std::vector<std::string> warnings;
    const auto generator = model::load_generator(file.networks.at("G_ema"), "G_ema", warnings);
    EXPECT_EQ(generator.config.synthesis.img_resolution, 8);
    EXPECT_EQ(model::load_discriminator(file, "file", warnings).config.channels.at(4), test::tensorflow_channels);
    EXPECT_EQ(warnings, std::vector<std::string>());
}

// However the count was written down: TensorFlow's number, numpy's arrays, or a number of Python's own.
TEST_F(TensorFlowForks, WhatCountsTheTrainingIsLeftOutByName) {
    const io::CheckpointFile plain = read();
    const TensorFlowParts g = g_, d = d_, gs = gs_;
    const std::vector<TensorFlowVariable> counters{
        {"epochs", number(12, at::kFloat), {}, {}},
        {"epochs", number(12.5, at::kDouble), {}, {}},
        {"epochs", number(12, at::kInt), {}, {}},
        {"epochs", number(12, at::kLong), {}, {}},
        {"epochs", number(12, at::kInt), {}, "u4"},
        {"epochs", number(12, at::kLong), {}, "u8"},
        {"epochs", number(12, at::kShort), {}, "u2"},
        {"epochs", at::full({1}, 12.0), {}, {}},
        {"epochs", at::full({8}, 12, at::kLong), {}, {}}, // one for each device
        {"epochs", {}, 12, {}},
        {"epochs", {}, 12.5, {}},
        {"epochs", {}, true, {}},
    };
    for (std::size_t i = 0; i < counters.size(); ++i) {
        SCOPED_TRACE(i);
        g_ = g, d_ = d, gs_ = gs;
        count(counters[i]);
        const io::CheckpointFile file = read();
        for (const char* name : {"G", "D", "G_ema"}) {
            same(file.networks.at(name), plain.networks.at(name));
        }
        EXPECT_THAT(file.warnings,
                    testing::ElementsAre(HasSubstr("G: left out, because a picture doesn't need it: epochs"),
                                         HasSubstr("D: left out, because a picture doesn't need it: epochs"),
                                         HasSubstr("G_ema: left out, because a picture doesn't need it: epochs")));
    }
}

TEST_F(TensorFlowForks, CountersInsidePartsAreLeftOutToo) {
    for (TensorFlowParts* each : {&g_, &gs_}) {
        each->synthesis.push_back({"8x8/epochs", number(3, at::kLong), {}, {}});
        each->mapping.push_back({"epoch", {}, 3, {}});
    }
    const io::CheckpointFile file = read();
    EXPECT_THAT(file.warnings, testing::Contains(HasSubstr("G_ema: left out, because a picture doesn't need it: "
                                                           "mapping/epoch, synthesis/8x8/epochs")));
    std::vector<std::string> warnings;
    model::load_generator(file.networks.at("G_ema"), "G_ema", warnings);
}

TEST_F(TensorFlowForks, UnknownNumbersThatPicturesMayNeedAreRefused) {
    gs_.synthesis.push_back({"8x8/Gain", at::randn({8}), {}, {}});
    EXPECT_THAT(message_from<Error>([&] { read(); }), HasSubstr("synthesis/8x8/Gain"));
    gs_ = test::tensorflow_generator(2);
    gs_.synthesis.front().plain = 7; // a layer's own, as no array
    EXPECT_THAT(message_from<Error>([&] { read(); }), HasSubstr("synthesis/noise0"));
}

TEST_F(TensorFlowForks, ADiscriminatorOfAnotherShapeDoesNotKeepPicturesAway) {
    d_ = test::tensorflow_discriminator(2 * test::tensorflow_channels);
    const io::CheckpointFile file = read();
    EXPECT_FALSE(file.networks.contains("D"));
    ASSERT_EQ(file.warnings.size(), 1U);
    EXPECT_THAT(file.warnings[0],
                testing::AllOf(HasSubstr("left out: network D: "), HasSubstr("4x4/Dense0 makes 16 features"),
                               HasSubstr("4x4/Conv 8 channels"),
                               HasSubstr("both make as many. The generator plays without it")));
    std::vector<std::string> warnings;
    model::load_generator(file.networks.at("G_ema"), "G_ema", warnings);
    EXPECT_EQ(warnings, std::vector<std::string>());
}

} // namespace
} // namespace atelier
