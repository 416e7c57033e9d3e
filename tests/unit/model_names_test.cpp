// SPDX-License-Identifier: Apache-2.0
// What a model is called on screen, and in the names of the files that are made with it.
#include <gtest/gtest.h>

#include "base/file_names.h"
#include "support/scratch.h"

namespace atelier {
namespace {

namespace fs = std::filesystem;

TEST(ModelNames, OfARunAreTheRuns) {
    const test::Scratch scratch;
    const fs::path run = scratch / "cats-003";
    fs::create_directories(run);
    for (const char* name : {"checkpoint.safetensors", "snapshot-000050.safetensors", "snapshot-000001.25.safetensors",
                             "snapshot-000000.50.safetensors", "other.safetensors"})
        test::put_bytes(run / name, {1});
    EXPECT_EQ(shown_name_of(run / "checkpoint.safetensors"), "checkpoint.safetensors") << "the folder is no run";
    test::put_bytes(run / "options.json", {1});
    EXPECT_EQ(shown_name_of(run / "checkpoint.safetensors"), "cats-003");
    EXPECT_EQ(shown_name_of(run / "." / "checkpoint.safetensors"), "cats-003");
    EXPECT_EQ(shown_name_of(run / "snapshot-000050.safetensors"), "cats-003 at 50 kimg");
    EXPECT_EQ(shown_name_of(run / "snapshot-000001.25.safetensors"), "cats-003 at 1.25 kimg");
    EXPECT_EQ(shown_name_of(run / "snapshot-000000.50.safetensors"), "cats-003 at 0.50 kimg");
    EXPECT_EQ(shown_name_of(run / "other.safetensors"), "other.safetensors");
    EXPECT_EQ(shown_name_of(scratch / "cats.pkl"), "cats.pkl");
}

TEST(ModelNames, OfFilesAreSane) {
    EXPECT_EQ(file_name_for("cats.v2.pkl"), "cats.v2");
    EXPECT_EQ(file_name_for("cats-003"), "cats-003");
    EXPECT_EQ(file_name_for("cats-003 at 50 kimg"), "cats-003-50kimg");
    EXPECT_EQ(file_name_for("cats-003 in training"), "cats-003") << "where it was is of no use later";
    EXPECT_EQ(file_name_for("a/b\\c:d\n.pkl"), "b-c-d-");
    EXPECT_EQ(file_name_for(".hidden"), "hidden");
    EXPECT_EQ(file_name_for("..."), "");
    EXPECT_EQ(file_name_for("ends. . "), "ends");
    std::string korean;
    for (int i = 0; i < 60; ++i)
        korean += "\xea\xb3\xa0"; // three bytes each
    EXPECT_EQ(file_name_for(korean), korean.substr(0, 78)) << "whole characters";
}

} // namespace
} // namespace atelier
