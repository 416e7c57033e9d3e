// SPDX-License-Identifier: Apache-2.0
// Run folders of earlier versions go on: tests/data/runs holds one of each as its version wrote it.
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/paths.h"
#include "support/program.h"
#include "support/scratch.h"

namespace {

namespace fs = std::filesystem;
using atelier::test::ProgramEnd;
using atelier::test::run_program;
using nlohmann::json;
using testing::HasSubstr;

std::vector<std::string> lines_of(const fs::path& file) {
    std::ifstream in(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

class OldRun : public testing::Test {
protected:
    void SetUp() override { fs::copy(old_, run_, fs::copy_options::recursive); }

    ProgramEnd go_on(const std::string& kimg) const {
        return run_program({"train", "--resume", run_.string(), "--data", (run_ / "pictures").string(), "--kimg", kimg,
                            "--threads", "1"});
    }
    // In the header of the checkpoint, which keeps its length.
    void replace_in_checkpoint(const std::string& before, const std::string& after) const {
        const fs::path file = run_ / "checkpoint.safetensors";
        const auto read = atelier::test::file_bytes(file);
        std::string bytes(read.begin(), read.end());
        ASSERT_EQ(before.size(), after.size());
        const std::size_t at = bytes.find(before);
        ASSERT_NE(at, std::string::npos);
        bytes.replace(at, before.size(), after);
        std::ofstream(file, std::ios::binary) << bytes;
    }

    atelier::test::Scratch folder_;
    fs::path old_ = atelier::test::source_dir() / "tests/data/runs/v1";
    fs::path run_ = folder_ / "run";
};

TEST_F(OldRun, GoesOnWhereItStood) {
    const auto end = go_on("0.024");
    ASSERT_EQ(end.exit_code, 0) << end.err;
    const auto before = lines_of(old_ / "stats.jsonl"), now = lines_of(run_ / "stats.jsonl");
    ASSERT_EQ(before.size(), 3U);
    ASSERT_EQ(now.size(), 4U);
    EXPECT_TRUE(std::equal(before.begin(), before.end(), now.begin()));
    EXPECT_DOUBLE_EQ(json::parse(now.back())["Progress/kimg"]["mean"], 0.024);
    const json options = json::parse(std::ifstream(run_ / "options.json"));
    EXPECT_EQ(options["options"]["channel_base"], 32);
    EXPECT_EQ(options["options"]["mirror_x"], true);
}

TEST_F(OldRun, SaysWhichOptionsItKeeps) {
    const auto end = run_program({"train", "--resume", run_.string(), "--data", (run_ / "pictures").string(), "--kimg",
                                  "0.02", "--gamma", "3", "--mirror", "x", "--batch", "8"});
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_THAT(end.err, HasSubstr("--batch, --gamma stay as the run was begun with"));
}

TEST_F(OldRun, WithoutItsPicturesSaysWhichAreMissing) {
    const auto end = run_program({"train", "--resume", run_.string(), "--kimg", "0.02"});
    EXPECT_EQ(end.exit_code, 2);
    EXPECT_THAT(end.err, HasSubstr("/pictures: the training set of this run is not there"));
}

TEST_F(OldRun, OneThatIsFinishedStaysAsItIs) {
    const auto end = go_on("0.016");
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_EQ(lines_of(run_ / "stats.jsonl"), lines_of(old_ / "stats.jsonl"));
}

TEST_F(OldRun, ItsCheckpointPlays) {
    const auto end = run_program({"render", (run_ / "checkpoint.safetensors").string(), "--seeds", "1", "--out",
                                  (folder_ / "one.png").string()});
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_TRUE(fs::exists(folder_ / "one.png"));
}

TEST_F(OldRun, ANewerOneIsRefusedByName) {
    replace_in_checkpoint(R"(\"format\":1,)", R"(\"format\":2,)");
    const auto end = go_on("0.024");
    EXPECT_EQ(end.exit_code, 2);
    EXPECT_THAT(end.err, HasSubstr("checkpoint.safetensors"));
    EXPECT_THAT(end.err, HasSubstr("newer"));
    EXPECT_EQ(lines_of(run_ / "stats.jsonl"), lines_of(old_ / "stats.jsonl"));
}

} // namespace
