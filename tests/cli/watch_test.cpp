// SPDX-License-Identifier: Apache-2.0
// atelier watch without a display: it follows a run of another process, asks it for a snapshot and to stop, and says
// when the run is dead.
#include <csignal>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/program.h"
#include "support/scratch.h"
#include "support/soon.h"
#include "support/tiny_networks.h"
#include "support/training_pictures.h"

namespace {

using namespace atelier;
using test::ProgramEnd;
using test::soon;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

class Watch : public ::testing::Test {
protected:
    void SetUp() override {
        if (test::program().empty()) {
            GTEST_SKIP() << "the program is not built";
        }
        test::write_pictures(folder_ / "data", 24);
    }
    std::vector<std::string> training(const std::string& kimg, const std::string& snap) const {
        return test::with_tiny_networks({"train", "--data", (folder_ / "data").string(), "--out", run().string(),
                                         "--kimg", kimg, "--batch", "4", "--tick", "0.1", "--snap", snap});
    }
    fs::path run() const { return folder_ / "run"; }
    static ProgramEnd watch(const std::vector<std::string>& more, const std::string& interrupt_after = {}) {
        std::vector<std::string> words{"watch"};
        words.insert(words.end(), more.begin(), more.end());
        test::ProgramSettings settings;
        settings.without = {"DISPLAY", "WAYLAND_DISPLAY"};
        settings.interrupt_after = interrupt_after;
        return test::run_program(std::move(words), settings);
    }
    bool has_begun() const {
        return soon([&] { return fs::exists(run() / "status.json") && fs::exists(run() / "log.txt"); });
    }
    test::Scratch folder_;
};

TEST_F(Watch, FollowsARunOfAnotherProcessAndStopsIt) {
    const test::RunningProgram training(this->training("1000", "0"));
    ASSERT_TRUE(has_begun());
    const ProgramEnd asked = watch({run().string(), "--snapshot"});
    EXPECT_EQ(asked.exit_code, 0) << asked.err;
    EXPECT_THAT(asked.err, AllOf(HasSubstr("snapshot-"), HasSubstr(".safetensors is written.")));
    int snapshots = 0;
    for (const auto& entry : fs::directory_iterator(run())) {
        const bool is_one =
            entry.path().filename().string().starts_with("snapshot-") && entry.path().extension() == ".safetensors";
        snapshots += is_one ? 1 : 0;
    }
    EXPECT_EQ(snapshots, 1);
    ProgramEnd end;
    std::thread follower([&] { end = watch({run().string()}); }); // one that only looks on
    const ProgramEnd stopped = watch({run().string(), "--stop"});
    follower.join();
    EXPECT_EQ(stopped.exit_code, 0) << stopped.err;
    EXPECT_THAT(stopped.err, AllOf(HasSubstr("Stopped at"), HasSubstr("saved in " + run().string())));
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_THAT(end.out, HasSubstr("sec/kimg"));
    EXPECT_THAT(end.err, HasSubstr("Stopped at"));
    EXPECT_FALSE(fs::exists(run() / "request-stop"));

    const ProgramEnd late = watch({run().string(), "--stop"});
    EXPECT_EQ(late.exit_code, 2);
    EXPECT_THAT(late.err, HasSubstr("the run has ended, so it can't be asked"));
    EXPECT_EQ(watch({run().string()}).exit_code, 0) << "of a run that has ended the end is told";
}

TEST_F(Watch, FollowsToTheLengthOfTheRun) {
    const test::RunningProgram training(this->training("0.6", "2"));
    ASSERT_TRUE(has_begun());
    const ProgramEnd end = watch({run().string(), "--lines"});
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_THAT(end.err, HasSubstr("Finished at 0.60 kimg"));
}

TEST_F(Watch, ARunThatWasKilledIsSaidToBeDead) {
    test::RunningProgram training(this->training("1000", "0"));
    ASSERT_TRUE(has_begun());
    training.kill();
    const ProgramEnd end = watch({run().string(), "--patience", "2"});
    EXPECT_EQ(end.exit_code, 2);
    EXPECT_THAT(end.err, AllOf(HasSubstr("no sign of life"), HasSubstr("atelier train --resume " + run().string())));
}

TEST_F(Watch, WhatIsNoRunIsRefused) {
    const ProgramEnd end = watch({(folder_ / "data").string()});
    EXPECT_EQ(end.exit_code, 2);
    EXPECT_THAT(end.err, AllOf(HasSubstr("no run has begun in it"), Not(HasSubstr("display"))));
}

} // namespace
