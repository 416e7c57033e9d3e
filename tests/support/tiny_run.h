// SPDX-License-Identifier: Apache-2.0
// A run of atelier train that takes a second, and what it leaves. Needs torch. For tests only.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <ATen/ops/equal.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "io/checkpoint.h"
#include "support/tiny_networks.h"

namespace atelier::test {

inline std::vector<std::string> tiny(const std::filesystem::path& data, const std::filesystem::path& out,
                                     const std::string& kimg) {
    return with_tiny_networks({"train", "--data", data.string(), "--out", out.string(), "--kimg", kimg, "--batch", "4",
                               "--tick", "0.1", "--snap", "1", "--keep", "2", "--mirror", "x"});
}

// What has to be the same after the same number of pictures: everything but times.
inline void expect_same(const std::filesystem::path& a, const std::filesystem::path& b) {
    const io::CheckpointFile x = io::read_checkpoint(a), y = io::read_checkpoint(b);
    std::size_t compared = 0;
    for (const auto& [name, network] : x.networks) {
        const auto& other = y.networks.at(name).tensors;
        ASSERT_EQ(network.tensors.size(), other.size());
        for (std::size_t i = 0; i < other.size(); ++i) {
            EXPECT_TRUE(at::equal(network.tensors[i].value, other[i].value)) << name << " " << other[i].name;
            ++compared;
        }
    }
    ASSERT_EQ(x.trainer.size(), y.trainer.size());
    for (std::size_t i = 0; i < x.trainer.size(); ++i) {
        EXPECT_TRUE(at::equal(x.trainer[i].second, y.trainer[i].second)) << x.trainer[i].first;
        ++compared;
    }
    EXPECT_GT(compared, 200U);
    for (const char* key : {"images", "iterations", "real_signs", "ticks", "batch_gpu"}) {
        EXPECT_EQ(x.metadata["run"][key], y.metadata["run"][key]) << key;
    }
}

inline std::size_t count_lines(const std::filesystem::path& path) {
    std::ifstream in(path);
    std::string line;
    std::size_t count = 0;
    while (std::getline(in, line)) {
        EXPECT_TRUE(nlohmann::json::parse(line, nullptr, false).is_object()) << line;
        ++count;
    }
    return count;
}

} // namespace atelier::test
