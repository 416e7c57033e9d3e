// SPDX-License-Identifier: Apache-2.0
// Model files that no command should take, handed to the program itself: exit code 2, one sentence that names the
// file, nothing else printed and nothing left behind.
#include <csignal>
#include <fstream>

#include <ATen/Functions.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "io/checkpoint.h"
#include "io/checkpoint_write.h"
#include "io/image.h"
#include "support/paths.h"
#include "support/program.h"
#include "support/scratch.h"

namespace atelier {
namespace {

using test::bytes_of;
using test::ProgramEnd;
using test::run_program;
using testing::HasSubstr;
using testing::StartsWith;

// A sound pickle: the sample model, or the first network of the reference tree.
std::filesystem::path sound_pickle() {
    const auto sample = test::shared_dir() / "models" / "emoji64.pkl";
    if (std::filesystem::exists(sample)) {
        return sample;
    }
    if (std::filesystem::is_directory(test::reference_dir() / "networks")) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(test::reference_dir() / "networks")) {
            if (entry.path().extension() == ".pkl") {
                return entry.path();
            }
        }
    }
    return {};
}

class BadModel : public testing::Test {
protected:
    void SetUp() override {
        if (sound_pickle().empty()) {
            GTEST_SKIP() << "no model in " << test::shared_dir() << " or " << test::reference_dir();
        }
    }

    ProgramEnd info(const std::filesystem::path& path) {
        test::ProgramSettings settings;
        settings.folder = empty_.path();
        ProgramEnd end = run_program({"info", path.string()}, settings);
        EXPECT_TRUE(empty_.files().empty()) << "left behind: " << empty_.files().front();
        return end;
    }

    // Returns the sentence after "atelier: <path>: ".
    std::string refusal(const std::filesystem::path& path) {
        const ProgramEnd end = info(path);
        EXPECT_EQ(end.signal, 0) << path;
        EXPECT_EQ(end.exit_code, 2) << path << ": " << end.err;
        EXPECT_EQ(end.out, "") << path;
        EXPECT_EQ(std::count(end.err.begin(), end.err.end(), '\n'), 1) << end.err;
        EXPECT_THAT(end.err, StartsWith("atelier: " + path.string()));
        return end.err.substr(std::min(end.err.size(), path.string().size() + 9));
    }
    std::string refusal_of(const std::string& name, const std::vector<std::uint8_t>& content) {
        test::put_bytes(scratch_ / name, content);
        return refusal(scratch_ / name);
    }

    test::Scratch scratch_;
    test::Scratch empty_;
};

TEST_F(BadModel, ASoundModelIsTaken) {
    const ProgramEnd end = info(sound_pickle());
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_EQ(end.err, "");
    EXPECT_THAT(end.out, HasSubstr("Parameters"));
}

TEST_F(BadModel, WhatIsNoModelAtAll) {
    EXPECT_THAT(refusal(scratch_ / "missing.pkl"), HasSubstr("no such file"));
    EXPECT_THAT(refusal(scratch_.path()), HasSubstr("is a folder"));
    EXPECT_THAT(refusal_of("empty.pkl", {}), HasSubstr("empty file"));
    EXPECT_THAT(refusal_of("one.safetensors", {'{'}), HasSubstr("too short"));
    EXPECT_THAT(refusal_of("text.pkl", bytes_of("hello there, this is a text")), HasSubstr("not a model file"));
    EXPECT_THAT(refusal_of("page.pkl", bytes_of("<!DOCTYPE html><html></html>")), HasSubstr("web page"));
    EXPECT_THAT(refusal_of("lfs.pkl", bytes_of("version https://git-lfs.github.com/spec/v1\noid sha256:0\n")),
                HasSubstr("git-lfs"));
    io::write_png(scratch_ / "a.png", {.width = 2, .height = 2, .channels = 1, .pixels = {1, 2, 3, 4}});
    EXPECT_THAT(refusal_of("picture.pkl", test::file_bytes(scratch_ / "a.png")), HasSubstr("PNG picture"));
}

TEST_F(BadModel, ACutPickle) {
    const auto whole = test::file_bytes(sound_pickle());
    constexpr int places = 8; // tests/fuzz cuts at 200; here each one starts the program
    for (int i = 0; i < places; ++i) {
        const std::size_t size = i == 0   ? 1
                                 : i == 1 ? whole.size() - 1
                                          : whole.size() * static_cast<std::size_t>(i) / places;
        const std::vector<std::uint8_t> part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_THAT(refusal_of("cut.pkl", part), HasSubstr("ends too early"));
    }
}

TEST_F(BadModel, AnAttackIsNamedAndNotRun) {
    const auto marker = scratch_ / "marker";
    const std::string command = "touch " + marker.string();
    const std::string stream = "\x80\x02" + std::string("cposix\nsystem\nX") + static_cast<char>(command.size()) +
                               std::string(3, '\0') + command + "\x85R.";
    EXPECT_EQ(refusal_of("attack.pkl", bytes_of(stream)),
              ": calls the global posix.system, which no model needs; refused, nothing was run\n");
    EXPECT_FALSE(std::filesystem::exists(marker));
}

// The sound model with one thing changed, as a file of our own format.
class ChangedModel : public BadModel {
protected:
    void SetUp() override {
        BadModel::SetUp();
        if (!IsSkipped()) {
            file_ = io::read_checkpoint(sound_pickle());
            file_.networks.erase("G");
            file_.networks.erase("D");
            file_.networks.erase("augment_pipe");
        }
    }
    at::Tensor& tensor(const std::string& name) {
        for (auto& entry : file_.networks.at("G_ema").tensors) {
            if (entry.name == name) {
                return entry.value;
            }
        }
        throw std::runtime_error("no tensor " + name);
    }
    std::filesystem::path write() {
        io::write_checkpoint(scratch_ / "changed.safetensors", file_);
        return scratch_ / "changed.safetensors";
    }

    io::CheckpointFile file_;
};

TEST_F(ChangedModel, Unchanged) {
    const ProgramEnd end = info(write());
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_EQ(end.err, "");
}

TEST_F(ChangedModel, WrongShapes) {
    const at::Tensor weight = tensor("mapping.fc1.weight").clone();
    for (const at::Tensor& wrong : {weight.narrow(1, 0, weight.size(1) - 1), weight.flatten(), weight.unsqueeze(0),
                                    at::empty({0, weight.size(1)}), at::ones({})}) {
        tensor("mapping.fc1.weight") = wrong;
        EXPECT_THAT(refusal(write()), HasSubstr("mapping.fc1.weight"));
    }
    tensor("mapping.fc1.weight") = weight;
    tensor("synthesis.b4.conv1.bias") = at::zeros({1000});
    EXPECT_THAT(refusal(write()), HasSubstr("synthesis.b4.conv1.bias"));
}

TEST_F(ChangedModel, MissingTensors) {
    for (const std::string name : {"mapping.fc1.bias", "synthesis.b4.const", "synthesis.b8.conv0.affine.weight"}) {
        io::CheckpointFile before = file_;
        std::erase_if(file_.networks.at("G_ema").tensors, [&](const auto& entry) { return entry.name == name; });
        EXPECT_THAT(refusal(write()), HasSubstr(name));
        file_ = std::move(before);
    }
    file_.networks.at("G_ema").tensors.clear();
    refusal(write());
}

TEST_F(ChangedModel, ValuesThatAreNotFiniteAreAWarning) {
    at::Tensor& weight = tensor("synthesis.b8.conv0.weight");
    weight = weight.clone(at::MemoryFormat::Contiguous);
    weight.view(-1)[3] = std::nan("");
    const auto path = write();
    const ProgramEnd end = info(path);
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_THAT(end.err, HasSubstr("G_ema.synthesis.b8.conv0.weight holds values that are not finite"));
    EXPECT_EQ(std::count(end.err.begin(), end.err.end(), '\n'), 1) << end.err;
    const ProgramEnd render =
        run_program({"render", path.string(), "--seeds", "1", "--out", (scratch_ / "a.png").string()});
    EXPECT_EQ(render.exit_code, 0) << render.err;
    EXPECT_TRUE(std::filesystem::exists(scratch_ / "a.png"));
}

// Storages with offsets or sizes beyond their bytes, wrong shapes, missing tensors: those of the hostile collection
// that end in an Error at the network's level too. tests/fuzz reads all of them; here the program does.
TEST_F(BadModel, HostileTensorsAndShapes) {
    const auto folder = test::formats_dir() / "hostile";
    if (!std::filesystem::exists(folder / "manifest.json")) {
        GTEST_SKIP() << "no folder " << folder;
    }
    std::ifstream in(folder / "manifest.json");
    const auto manifest = nlohmann::json::parse(in);
    int run = 0;
    for (const auto& entry : manifest["files"]) {
        const std::string name = entry["file"];
        if (entry["expect"] == "refuse" && (name.starts_with("tensor/") || name.starts_with("semantic/shape") ||
                                            name.starts_with("semantic/missing") || name.starts_with("exec/obj"))) {
            SCOPED_TRACE(name);
            refusal(folder / name);
            ++run;
        }
    }
    EXPECT_GT(run, 0);
}

} // namespace
} // namespace atelier
