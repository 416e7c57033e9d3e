// SPDX-License-Identifier: Apache-2.0
// A set that the program prepared and a run that it trained on it, for tests of what its commands make of them.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "io/image.h"
#include "support/program.h"
#include "support/scratch.h"

namespace atelier::test {

using Size = std::pair<int, int>; // width and height, px

inline Size size_of(const std::string& file) {
    const io::Image8 image = io::read_image(file);
    return {image.width, image.height};
}

inline ProgramEnd run_ok(std::vector<std::string> words) {
    const std::string command = words.front();
    const ProgramEnd end = run_program(std::move(words));
    EXPECT_EQ(end.exit_code, 0) << command << ": " << end.err;
    return end;
}

// One set and one run for all tests of the suite: they only read them. Suite::prepare() makes in/ and set.zip in the
// folder, and the run of 0.008 kimg lies in run/.
template <typename Suite> class RunCommands : public testing::Test {
protected:
    static void SetUpTestSuite() {
        if (program().empty()) {
            return;
        }
        folder_ = new Scratch;
        std::filesystem::create_directories(path("in"));
        prepared_ = Suite::prepare();
        trained_ = run_ok(train_words("set.zip", "run", "0.008"));
    }
    static void TearDownTestSuite() {
        delete folder_;
        folder_ = nullptr;
    }
    void SetUp() override {
        if (program().empty()) {
            GTEST_SKIP() << "needs the atelier program (ATELIER_PROGRAM)";
        }
        ASSERT_TRUE(std::filesystem::exists(snapshot())) << prepared_.err << trained_.err;
    }

    static std::string path(const std::string& name) { return (*folder_ / name).string(); }

    // Small networks, a snapshot at each of their ticks.
    static std::vector<std::string> train_words(const std::string& data, const std::string& run, const char* kimg) {
        return {"train", "--data",         path(data), "--out",         path(run), "--kimg",    kimg, "--batch",
                "4",     "--tick",         "0.004",    "--snap",        "1",       "--z-dim",   "16", "--map-depth",
                "2",     "--channel-base", "64",       "--channel-max", "8",       "--threads", "2"};
    }
    // The newest of the run; empty: there is none.
    static std::filesystem::path snapshot(const std::string& run = "run") {
        std::filesystem::path newest;
        std::error_code none;
        for (const auto& entry : std::filesystem::directory_iterator(path(run), none)) {
            if (entry.path().filename().string().starts_with("snapshot-") && newest < entry.path()) {
                newest = entry.path();
            }
        }
        return newest;
    }

    static inline Scratch* folder_ = nullptr;
    static inline ProgramEnd prepared_, trained_;
};

} // namespace atelier::test
