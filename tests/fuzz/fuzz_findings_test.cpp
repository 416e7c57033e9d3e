// SPDX-License-Identifier: Apache-2.0
// The fuzzers' targets on small files, whole and cut short: each returns, soon and without much memory. The files
// are those of tests/data/fuzz, among them what once broke a reader, and valid ones of the same kind.
#include <algorithm>
#include <array>

#include <gtest/gtest.h>

#include "fuzz/child.h"
#include "fuzz/targets.h"
#include "support/paths.h"
#include "support/scratch.h"

namespace atelier {
namespace {

struct Seeds {
    const char* target;
    const char* folder; // below tests/data
    const char* ending;
};

constexpr std::array<Seeds, 12> seeds{{{"model", "formats/hostile/control", ""},
                                       {"pickle", "formats/hostile/control", ".pkl"},
                                       {"zip", "formats/hostile/control", ".pt"},
                                       {"safetensors", "formats/hostile/control", ".safetensors"},
                                       {"npy", "fuzz/npy", ".npy"},
                                       {"picture", "fuzz/picture", ".png"},
                                       {"session", "studio", ".atelier"},
                                       {"performance", "studio", ".jsonl"},
                                       {"dataset_json", "studio", ".json"},
                                       {"network", "fuzz/network", ""},
                                       {"midi", "fuzz/midi", ""},
                                       {"sound", "fuzz/sound", ""}}};

void add_files(const std::filesystem::path& folder, const std::string& ending,
               std::vector<std::filesystem::path>& files) {
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
        if (entry.is_regular_file() && entry.path().filename().string().ends_with(ending)) {
            files.push_back(entry.path());
        }
    }
}

class FuzzFindings : public testing::TestWithParam<fuzz::Target> {};

TEST_P(FuzzFindings, AreReadOrRefused) {
    const fuzz::Target& target = GetParam();
    std::vector<std::filesystem::path> files;
    add_files(test::own_data_dir() / "fuzz" / target.name, "", files);
    for (const Seeds& each : seeds) {
        if (std::string(each.target) == target.name) {
            add_files(test::own_data_dir() / each.folder, each.ending, files);
        }
    }
    std::ranges::sort(files);
    ASSERT_FALSE(files.empty()) << "tests/data has nothing for " << target.name;
    for (const auto& file : files) {
        const auto data = test::file_bytes(file);
        const auto end = test::in_child(
            [&](std::string&) {
                target.run(data);
                // Every length of a small file, 64 of a larger one.
                const std::size_t step = std::max<std::size_t>(1, data.size() / 64);
                for (std::size_t size = 0; size < data.size(); size += step) {
                    target.run(io::Bytes(data).first(size));
                }
                return 0;
            },
            60);
        EXPECT_EQ(end.exit_code, 0) << file << ": signal " << end.signal << ", " << end.output;
        EXPECT_LT(end.peak_bytes, 1L << 30) << file;
    }
}

INSTANTIATE_TEST_SUITE_P(Targets, FuzzFindings, testing::ValuesIn(fuzz::targets),
                         [](const auto& info) { return std::string(info.param.name); });

} // namespace
} // namespace atelier
