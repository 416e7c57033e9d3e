// SPDX-License-Identifier: Apache-2.0
// Every file of the hostile collection, and its truncated and bit-flipped variants, in a child process of its own:
// each must end in one sentence or a loaded network, within the time and memory that the manifest allows.
#include <fstream>
#include <iostream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "fuzz/child.h"
#include "io/checkpoint.h"
#include "support/paths.h"
#include "support/scratch.h"

namespace atelier {
namespace {

constexpr int loaded = 0;
constexpr int refused = 2;
constexpr int broken = 3; // an exception that is no Error, or a message that is no sentence about the file

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
                    const auto file = io::read_checkpoint(path);
                    for (const auto& warning : file.warnings) {
                        message += "warning: " + warning + "; ";
                    }
                    return file.networks.empty() ? broken : loaded;
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
        const std::string category = name.substr(0, name.find('/'));
        // Conversion from TensorFlow is not read at all: refusing those by name is a test of its own.
        const std::string expect = name == "control/control_tf_pickle.pkl" ? "refuse" : entry["expect"];
        const auto end = read(folder_ / name);
        ++run;
        const std::string message = end.output.substr(std::min(end.output.size(), (folder_ / name).string().size()));
        if (expect == "load") {
            EXPECT_EQ(end.exit_code, loaded) << end.output;
            EXPECT_EQ(end.output, "");
        } else if (expect == "refuse" && category != "semantic") {
            EXPECT_EQ(end.exit_code, refused) << end.output;
            if (category != "tf" && name != "control/control_tf_pickle.pkl" &&
                !has_hint(entry["message_hints"], message)) {
                std::cout << "no hint word: " << name << message << "\n";
                ++without_hint;
            }
        } else if (expect == "refuse_or_report") {
            EXPECT_TRUE(end.exit_code == refused || end.output.find("not finite") != std::string::npos) << end.output;
        } else if (category == "semantic" && end.exit_code == loaded) {
            std::cout << "left to the network's own checks (" << expect << "): " << name << "\n";
        }
    }
    std::cout << "hostile files read: " << run << ", messages without a hinted word: " << without_hint << "\n";
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
    std::cout << "damaged variants read: " << run << ", of which " << survived << " still load\n";
    EXPECT_GT(run, 0);
}

} // namespace
} // namespace atelier
