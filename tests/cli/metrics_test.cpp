// SPDX-License-Identifier: Apache-2.0
// `atelier metrics`: a set that the model drew itself is near it, another one is not, and several processes give the
// same numbers as one.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/model_file.h"
#include "support/mpi_run.h"
#include "support/program.h"
#include "support/scratch.h"

namespace atelier {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::ProgramEnd;
using test::run_program;
using ::testing::HasSubstr;

class MetricsCommand : public ::testing::Test {
protected:
    void SetUp() override {
        if (!fs::exists(test::source_dir() / ".deps/features"))
            GTEST_SKIP() << "no weights in .deps/features; scripts/setup.sh fetches them";
    }
    std::vector<std::string> words(const fs::path& set, std::vector<std::string> more) const {
        std::vector<std::string> all{"metrics", model_.string(), "--data", set.string(), "--pictures", "48"};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    json measured(const fs::path& set, const std::vector<std::string>& more = {}) const {
        const ProgramEnd end = run_program(words(set, [&] {
            std::vector<std::string> all{"--json"};
            all.insert(all.end(), more.begin(), more.end());
            return all;
        }()));
        EXPECT_EQ(end.exit_code, 0) << end.err;
        return json::parse(end.out, nullptr, false);
    }
    // Seeds that the measured pictures don't have.
    fs::path drawn_by_the_model() const {
        const fs::path set = scratch_ / "own";
        const ProgramEnd end = run_program({"render", model_.string(), "--seeds", "1000-1063", "--out", set.string()});
        EXPECT_EQ(end.exit_code, 0) << end.err;
        return set;
    }
    void expect_refused(const std::vector<std::string>& words, const std::string& sentence) const {
        const ProgramEnd end = run_program(words);
        EXPECT_EQ(end.exit_code, 2) << end.err;
        EXPECT_EQ(end.out, "");
        EXPECT_THAT(end.err, HasSubstr(sentence));
    }

    fs::path model_ = test::bundled_model();
    fs::path other_ = test::source_dir() / "assets" / "tour-64.zip";
    test::Scratch scratch_;
};

TEST_F(MetricsCommand, TellsTheModelsOwnPicturesFromOthers) {
    const json own = measured(drawn_by_the_model()), other = measured(other_);
    EXPECT_LT(own["fd_lite0"], 0.5 * other["fd_lite0"].get<double>()) << own << other;
    EXPECT_LT(std::abs(own["kd_lite0"].get<double>()), 0.1 * other["kd_lite0"].get<double>()) << own << other;
    EXPECT_GT(own["precision"], 0.5) << own;
    EXPECT_GT(own["recall"], 0.5) << own;
    EXPECT_LT(other["precision"].get<double>() + other["recall"].get<double>(), own["precision"].get<double>());
    EXPECT_EQ(own["pictures"], 48);
    EXPECT_EQ(own["reals"], 64);
    EXPECT_EQ(measured(other_), other) << "twice is the same";
    EXPECT_NE(measured(other_, {"--seed", "48"})["fd_lite0"], other["fd_lite0"]);
    EXPECT_EQ(measured(other_, {"--reals", "20"})["reals"], 20);
}

TEST_F(MetricsCommand, SaysWhatTheNumbersMean) {
    const ProgramEnd end = run_program(words(other_, {}));
    EXPECT_EQ(end.exit_code, 0) << end.err;
    for (const char* word : {"FD-lite0", "KD-lite0", "precision", "recall", "lower"})
        EXPECT_THAT(end.out, HasSubstr(word));
    EXPECT_THAT(end.out, ::testing::Not(HasSubstr("FID"))) << "it is not what is called so";
}

TEST_F(MetricsCommand, SeveralProcessesGiveTheSameNumbers) {
    if (!test::have_mpi())
        GTEST_SKIP() << "no mpirun, or built without MPI";
    const json alone = measured(other_, {"--threads", "1"});
    const ProgramEnd end = test::run_ranks(3, words(other_, {"--json", "--threads", "1"}));
    ASSERT_EQ(end.exit_code, 0) << end.err;
    EXPECT_EQ(json::parse(end.out, nullptr, false), alone) << "and one of them says them";
}

TEST_F(MetricsCommand, AProcessThatCannotDoItsPartEndsAllInASentence) {
    if (!test::have_mpi())
        GTEST_SKIP() << "no mpirun, or built without MPI";
    fs::create_directory(scratch_ / "set");
    for (int i = 0; i < 20; ++i) // the first process looks at 16
        fs::copy_file(test::source_dir() / "docs" / "bundled-model-seeds.png",
                      scratch_ / "set" / fmt::format("{:02}.png", i));
    // The header is read by all, the picture by the second.
    fs::resize_file(scratch_ / "set" / "17.png", fs::file_size(scratch_ / "set" / "17.png") / 2);
    const ProgramEnd end = test::run_ranks(3, words(scratch_ / "set", {}));
    EXPECT_EQ(end.exit_code, 2) << end.err;
    EXPECT_EQ(end.out, "");
    EXPECT_THAT(end.err, HasSubstr("17.png"));
    EXPECT_EQ(end.err.find("17.png"), end.err.rfind("17.png")) << "once\n" << end.err;
}

TEST_F(MetricsCommand, WhatCannotBeMeasuredIsSaidInASentence) {
    expect_refused(words("/nowhere", {}), "/nowhere");
    expect_refused({"metrics", model_.string(), "--data", other_.string(), "--pictures", "3"},
                   "--pictures is 3; it has to be from 10");
    expect_refused(words(other_, {"--reals", "-1"}), "--reals is -1");
    expect_refused(words(other_, {"--features", model_.string()}), "torch.save");
    expect_refused(words(other_, {"--features", "/nowhere.pth"}), "/nowhere.pth");
    expect_refused({"metrics", "/nowhere.pkl", "--data", other_.string()}, "/nowhere.pkl");
}

} // namespace
} // namespace atelier
