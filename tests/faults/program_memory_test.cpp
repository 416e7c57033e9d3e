// SPDX-License-Identifier: Apache-2.0
// The program itself without memory at some call, from when it opens its first file: it ends with a sentence and the
// code 1 or 2, and leaves nothing half written.
#include <cstdlib>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/model_file.h"
#include "support/program.h"
#include "support/scratch.h"

namespace atelier::faults {
namespace {

namespace fs = std::filesystem;
using ::testing::AnyOf;

constexpr const char* large = "4096"; // bytes; what is smaller the kernel gives as long as it gives anything

struct Command {
    const char* name;
    std::vector<std::string> words; // MODEL, OUT and PICTURES stand for files
    const char* made;               // what it writes, in the folder
    const char* from;               // the end of the name of the file with which it begins
};

// What is said of it, one way or another.
bool is_of_memory(const std::string& said) {
    return said.find("emory") != std::string::npos;
}

class ProgramWithoutMemory : public ::testing::TestWithParam<Command> {
protected:
    void SetUp() override {
        if (!fs::exists(test::program()) || !fs::exists(ATELIER_FAILING_MEMORY))
            GTEST_SKIP() << "no program";
        fs::create_directory(scratch_ / "in");
        fs::copy_file(test::bundled_model(), scratch_ / "in/model.safetensors");
        fs::copy(test::own_data_dir() / "data" / "emoji-portraits", scratch_ / "in/pictures");
    }
    test::ProgramEnd run(std::size_t nth) {
        fs::remove_all(scratch_ / "out");
        fs::create_directory(scratch_ / "out");
        return run_again(nth);
    }
    // Over what the last run has left.
    test::ProgramEnd run_again(std::size_t nth) {
        std::vector<std::string> words = GetParam().words;
        for (std::string& each : words) {
            if (each == "MODEL")
                each = (scratch_ / "in/model.safetensors").string();
            else if (each == "PICTURES")
                each = (scratch_ / "in/pictures").string();
            else if (each == "OUT")
                each = (scratch_ / "out" / GetParam().made).string();
        }
        fs::remove_all(scratch_ / "home");
        fs::create_directory(scratch_ / "home");
        for (const char* each : {"XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"})
            setenv(each, (scratch_ / "home").c_str(), 1);
        setenv("LD_PRELOAD", ATELIER_FAILING_MEMORY, 1);
        setenv("ATELIER_FAILING_FROM", GetParam().from, 1);
        setenv("ATELIER_FAILING_BYTES", large, 1);
        setenv("ATELIER_FAILING_ALLOCATION", std::to_string(nth).c_str(), 1);
        setenv("ATELIER_FAILING_COUNT", count_file().c_str(), 1);
        test::ProgramEnd end = test::run_program(words);
        unsetenv("LD_PRELOAD");
        return end;
    }
    fs::path count_file() const { return scratch_ / "count"; }
    std::size_t count() const {
        std::ifstream in(count_file());
        std::size_t all = 0;
        in >> all;
        return all;
    }
    // But for a set's work folder, which is there for going on and may outlast a run without memory.
    std::set<std::string> made() const {
        std::set<std::string> names = all_made();
        names.erase(GetParam().made + std::string(".work"));
        return names;
    }
    std::set<std::string> all_made() const {
        std::set<std::string> names;
        for (const auto& each : fs::directory_iterator(scratch_ / "out"))
            names.insert(each.path().filename().string());
        return names;
    }

    test::Scratch scratch_;
};

TEST_P(ProgramWithoutMemory, EndsWithASentence) {
    const test::ProgramEnd whole = run(0);
    ASSERT_EQ(whole.exit_code, 0) << whole.err;
    const std::size_t all = count();
    const std::set<std::string> names = all_made();
    ASSERT_GE(all, 20U);
    constexpr std::size_t tries = 10;
    int felt = 0;
    for (std::size_t i = 0; i < tries; ++i) {
        // Half of them are the first ones, the others lie between those and the end.
        const std::size_t nth =
            i < tries / 2 ? i + 1 : tries / 2 + (i - tries / 2 + 1) * (all - tries / 2) / (tries / 2);
        const test::ProgramEnd end = run(nth);
        SCOPED_TRACE("allocation " + std::to_string(nth) + " of " + std::to_string(all) + ": " + end.err);
        EXPECT_EQ(end.signal, 0);
        EXPECT_THAT(end.exit_code, AnyOf(0, 1, 2));
        felt += is_of_memory(end.err) ? 1 : 0; // a picture of a set may be left out for it
        if (end.exit_code == 0) {
            EXPECT_EQ(made(), names);
            continue;
        }
        EXPECT_TRUE(is_of_memory(end.err));
        for (const std::string& each : made())
            EXPECT_EQ(each.find(".part"), std::string::npos) << each;
        EXPECT_FALSE(made().contains(GetParam().made)) << "nothing stands there that isn't whole";
        EXPECT_EQ(run_again(0).exit_code, 0) << "once there is memory";
        EXPECT_EQ(all_made(), names);
    }
    EXPECT_GT(felt, 3);
}

INSTANTIATE_TEST_SUITE_P(
    Memory, ProgramWithoutMemory,
    ::testing::Values(
        Command{"Render", {"render", "MODEL", "--seeds", "1", "--out", "OUT"}, "one.png", "model.safetensors"},
        Command{"Walk",
                {"walk", "MODEL", "--seeds", "1,2", "--seconds-per-step", "0.3", "--fps", "10", "--out", "OUT"},
                "walk.mp4",
                "model.safetensors"},
        Command{"Convert", {"convert", "MODEL", "OUT"}, "copy.pt", "model.safetensors"},
        Command{"Prepare",
                {"dataset", "prepare", "PICTURES", "--plain", "--size", "64", "--out", "OUT"},
                "set.zip",
                ".png"}),
    [](const auto& info) { return std::string(info.param.name); });

} // namespace
} // namespace atelier::faults
