// SPDX-License-Identifier: Apache-2.0
// Model files cut at many places and with random bits flipped: every one ends in one sentence or a loaded network.
// ATELIER_FUZZ_ROUNDS sets the number of random variants of each file (default 200).
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "fuzz/child.h"
#include "io/checkpoint.h"
#include "support/paths.h"
#include "support/scratch.h"

namespace atelier {
namespace {

using Data = std::vector<std::uint8_t>;

int rounds() {
    const char* text = std::getenv("ATELIER_FUZZ_ROUNDS");
    return text == nullptr ? 200 : std::max(1, std::atoi(text));
}

// Small files of every container and family, and two larger pickles.
std::vector<std::filesystem::path> models() {
    std::vector<std::filesystem::path> result;
    for (const auto& folder :
         {test::formats_dir() / "hostile" / "control", test::formats_dir() / "plain", test::formats_dir() / "tf",
          test::formats_dir() / "rosinality", test::reference_dir() / "networks"}) {
        if (!std::filesystem::is_directory(folder)) {
            continue;
        }
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
            const auto name = entry.path().filename().string();
            const bool model = name.ends_with(".pkl") || name.ends_with(".pt") || name.ends_with("_f32.safetensors") ||
                               name == "control_safetensors.safetensors";
            if (model) {
                result.push_back(entry.path());
            }
        }
    }
    std::sort(result.begin(), result.end());
    int large = 0;
    std::erase_if(result, [&](const auto& path) { return std::filesystem::file_size(path) > 200'000 && ++large > 2; });
    return result;
}

enum class End { loaded, refused, broken };

End read(const std::filesystem::path& path, std::string& message) {
    try {
        io::read_checkpoint(path);
        return End::loaded;
    } catch (const Error& error) {
        message = error.what();
        const bool sentence = message.starts_with(path.string() + ": ") && message.find('\n') == std::string::npos;
        return sentence ? End::refused : End::broken;
    }
}

// Runs `variant(i)` for i below `count`, each written to a file and read, all in one child; reports which one broke it.
struct Sweep {
    int loaded = 0;
    int refused = 0;
    std::string trouble;
};

Sweep sweep(const std::string& name, int count, const std::function<Data(int)>& variant) {
    const test::Scratch scratch;
    const auto path = scratch / name;
    const auto progress = scratch / "progress";
    const auto end = test::in_child(
        [&](std::string& message) {
            int loaded = 0;
            for (int i = 0; i < count; ++i) {
                test::put_bytes(path, variant(i));
                test::put_bytes(progress, test::bytes_of(std::to_string(i)));
                std::string text;
                const End result = read(path, text);
                if (result == End::broken) {
                    message = "variant " + std::to_string(i) + ": " + text;
                    return 1;
                }
                loaded += result == End::loaded ? 1 : 0;
            }
            message = std::to_string(loaded);
            return 0;
        },
        300);
    Sweep result;
    if (end.exit_code == 0) {
        result.loaded = std::stoi(end.output);
        result.refused = count - result.loaded;
    } else {
        const auto at = test::file_bytes(progress);
        result.trouble = "signal " + std::to_string(end.signal) + ", " + end.output + " at variant " +
                         std::string(at.begin(), at.end());
    }
    EXPECT_LT(end.peak_bytes, 1L << 30);
    return result;
}

class Damage : public testing::Test {
protected:
    void SetUp() override {
        if (models().empty()) {
            GTEST_SKIP() << "no model files in " << test::formats_dir() << " or " << test::reference_dir();
        }
    }
};

TEST_F(Damage, ReadsTheUndamagedFiles) {
    for (const auto& path : models()) {
        const auto end =
            test::in_child([&](std::string& message) { return read(path, message) == End::loaded ? 0 : 1; });
        EXPECT_EQ(end.exit_code, 0) << path << ": " << end.output;
    }
}

TEST_F(Damage, CutAtTwoHundredPlaces) {
    int cuts = 0;
    for (const auto& path : models()) {
        const Data whole = test::file_bytes(path);
        constexpr int places = 200;
        const auto result = sweep(path.filename().string(), places, [&](int i) {
            // The first bytes one by one, the rest evenly, the last byte too.
            const std::size_t at = i < 20    ? static_cast<std::size_t>(i)
                                   : i == 20 ? whole.size() - 1
                                             : whole.size() * static_cast<std::size_t>(i - 20) / (places - 20);
            Data part = whole;
            part.resize(std::min(at, whole.size() - 1));
            return part;
        });
        EXPECT_EQ(result.trouble, "") << path;
        EXPECT_EQ(result.loaded, 0) << path << ": a cut file was taken for a whole one";
        cuts += places;
    }
    std::cout << "cut files read: " << cuts << "\n";
}

TEST_F(Damage, RandomBitsFlipped) {
    int flipped = 0;
    int loaded = 0;
    for (const auto& path : models()) {
        const Data whole = test::file_bytes(path);
        const int count = rounds();
        const auto result = sweep(path.filename().string(), count, [&](int i) {
            std::mt19937 random(static_cast<unsigned>(i) * 7919U + static_cast<unsigned>(whole.size()));
            Data damaged = whole;
            for (int k = 0; k < 1 + i % 8; ++k) {
                // Half of the flips hit the front, where the structure is densest.
                const std::size_t range = k % 2 == 0 ? whole.size() : std::min<std::size_t>(whole.size(), 4096);
                damaged[random() % range] ^= static_cast<std::uint8_t>(1U << (random() % 8));
            }
            return damaged;
        });
        EXPECT_EQ(result.trouble, "") << path;
        flipped += count;
        loaded += result.loaded;
    }
    std::cout << "flipped files read: " << flipped << ", of which " << loaded << " load\n";
}

// Opcodes at random behind a protocol number: most end at once, some build strange things.
TEST(Noise, RandomPickles) {
    static const std::string ops =
        std::string("(.01 2NKMJG}])tlsaeubRQchjqr") +
        "\x81\x82\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\x97";
    const int count = rounds() * 50;
    const auto result = sweep("noise.pkl", count, [&](int i) {
        std::mt19937 random(static_cast<unsigned>(i));
        Data data{0x80, 4};
        for (int k = 0; k < 60; ++k) {
            data.push_back(static_cast<std::uint8_t>(ops[random() % ops.size()]));
            if (random() % 3 == 0) {
                data.push_back(static_cast<std::uint8_t>(random() % 8));
            }
        }
        data.push_back('.');
        return data;
    });
    EXPECT_EQ(result.trouble, "");
    EXPECT_EQ(result.loaded, 0);
}

// A pickle that would run a command: refused by name, and the command has not run.
TEST(Attack, SystemCallIsNamedAndNotRun) {
    const test::Scratch scratch;
    const auto marker = scratch / "marker";
    for (const std::string module : {"os", "posix"}) {
        const auto path = scratch / "attack.pkl";
        const std::string command = "touch " + marker.string();
        std::string stream = "\x80\x02" + ("c" + module) + "\nsystem\nX";
        stream += static_cast<char>(command.size());
        stream += std::string(3, '\0') + command + "\x85R.";
        test::put_bytes(path, test::bytes_of(stream));
        const std::string message = test::message_from<Error>([&] { io::read_checkpoint(path); });
        EXPECT_EQ(message, path.string() + ": calls the global " + module +
                               ".system, which no model needs; refused, nothing was run");
        EXPECT_FALSE(std::filesystem::exists(marker));
    }
}

} // namespace
} // namespace atelier
