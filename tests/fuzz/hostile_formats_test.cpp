// SPDX-License-Identifier: Apache-2.0
// Every file of the hostile collection, and its truncated and bit-flipped variants, read and made into networks in a
// child process of its own: each must end in one sentence or in networks, within the manifest's time and memory.
#include <fstream>
#include <iostream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "fuzz/child.h"
#include "io/checkpoint.h"
#include "model/load.h"
#include "support/paths.h"
#include "support/scratch.h"

namespace atelier {
namespace {

constexpr int loaded = 0;
constexpr int refused = 2;
constexpr int broken = 3; // an exception that is no Error, or a message that is no sentence about the file

// As the programs do: every network is built; its warnings go to `message`.
void load_networks(const std::filesystem::path& path, std::string& message) {
    const auto file = io::read_checkpoint(path);
    std::vector<std::string> warnings = file.warnings;
    for (const auto& [name, data] : file.networks) {
        const std::string what = path.string() + ": " + name;
        if (name == "D") {
            model::load_discriminator(data, what, warnings);
        } else if (name != "augment_pipe") {
            model::load_generator(data, what, warnings);
        }
    }
    for (const auto& warning : warnings) {
        message += warning + "; ";
    }
}

class HostileFormats : public testing::Test {
protected:
    void SetUp() override {
        folder_ = test::formats_dir() / "hostile";
        if (!std::filesystem::exists(folder_ / "manifest.json")) {
            GTEST_SKIP() << "no folder " << folder_;
        }
        std::ifstream in(folder_ / "manifest.json");
        manifest_ = nlohmann::json::parse(in);
        seconds_ = manifest_["limits"]["seconds"];
        peak_ = manifest_["limits"]["peak_memory_bytes"];
    }

    // Reads `path` in a child whose current folder is an empty one, and checks the limits.
    test::ChildEnd read(const std::filesystem::path& path) {
        const test::Scratch scratch;
        const auto end = test::in_child(
            [&](std::string& message) {
                if (chdir(scratch.path().c_str()) != 0) {
                    return 98;
                }
                try {
                    load_networks(path, message);
                    return loaded;
                } catch (const Error& error) {
                    message = error.what();
                    const bool sentence = message.starts_with(path.string() + ": ") && message.size() < 2000 &&
                                          message.find('\n') == std::string::npos;
                    return sentence ? refused : broken;
                }
            },
            seconds_);
        EXPECT_EQ(end.signal, 0) << "killed; " << end.output;
        EXPECT_TRUE(end.exit_code == loaded || end.exit_code == refused) << end.exit_code << ": " << end.output;
        EXPECT_LT(end.seconds, seconds_);
        EXPECT_LT(end.peak_bytes, peak_);
        EXPECT_TRUE(scratch.files().empty()) << "left behind: " << scratch.files().front();
        return end;
    }

    std::filesystem::path folder_;
    nlohmann::json manifest_;
    double seconds_ = 0;
    long peak_ = 0;
};

bool has_hint(const nlohmann::json& hints, std::string message) {
    const auto lower = [](std::string text) {
        std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
        return text;
    };
    message = lower(message);
    return hints.empty() || std::any_of(hints.begin(), hints.end(), [&](const nlohmann::json& hint) {
               return message.find(lower(hint.get<std::string>())) != std::string::npos;
           });
}

TEST_F(HostileFormats, StoredFiles) {
    int run = 0;
    int without_hint = 0;
    for (const auto& entry : manifest_["files"]) {
        const std::string name = entry["file"];
        SCOPED_TRACE(name);
        const std::string expect = entry["expect"];
        const auto end = read(folder_ / name);
        ++run;
        const std::string message = end.output.substr(std::min(end.output.size(), (folder_ / name).string().size()));
        if (expect == "load") {
            EXPECT_EQ(end.exit_code, loaded) << end.output;
            EXPECT_EQ(end.output, "");
        } else if (expect == "refuse") {
            EXPECT_EQ(end.exit_code, refused) << end.output;
            if (!has_hint(entry["message_hints"], message)) {
                std::cout << "no hinted word: " << name << message << "\n";
                ++without_hint;
            }
        } else if (expect == "refuse_or_report") {
            EXPECT_TRUE(end.exit_code == refused || message.find("not finite") != std::string::npos) << end.output;
        } else if (expect == "refuse_or_actual_shapes") {
            EXPECT_TRUE(end.exit_code == refused || has_hint(entry["message_hints"], message)) << end.output;
        }
    }
    std::cout << "hostile files read: " << run << " from " << folder_.string()
              << ", messages without a hinted word: " << without_hint << "\n";
    EXPECT_EQ(without_hint, 0);
    EXPECT_GT(run, 0);
}

TEST_F(HostileFormats, TruncatedAndFlipped) {
    const test::Scratch scratch;
    int run = 0;
    int survived = 0;
    for (const auto& entry : manifest_["generated"]) {
        const std::string name = entry["name"];
        SCOPED_TRACE(name);
        auto bytes = test::file_bytes(folder_ / entry["base"].get<std::string>());
        if (entry["kind"] == "truncate") {
            bytes.resize(entry["length"].get<std::size_t>());
        } else {
            for (const auto& flip : entry["flips"]) {
                bytes.at(flip[0].get<std::size_t>()) ^= static_cast<std::uint8_t>(1U << flip[1].get<unsigned>());
            }
        }
        test::put_bytes(scratch / name, bytes);
        const auto end = read(scratch / name);
        std::filesystem::remove(scratch / name);
        if (entry["expect"] == "refuse") {
            EXPECT_EQ(end.exit_code, refused) << end.output;
        }
        survived += end.exit_code == loaded ? 1 : 0;
        ++run;
    }
    std::cout << "damaged variants read: " << run << " from " << folder_.string() << ", of which " << survived
              << " still load\n";
    EXPECT_GT(run, 0);
}

} // namespace
} // namespace atelier
