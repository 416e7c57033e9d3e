// SPDX-License-Identifier: Apache-2.0
// A day with models of other programs, as a person has it: looked at, walked, mixed, converted and fine-tuned for a few
// steps. Which families there are is what lies in the folder of formats.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/loaded_model.h"
#include "support/model_file.h"
#include "support/paths.h"
#include "support/program.h"
#include "support/scratch.h"
#include "support/tensorflow_file.h"
#include "support/training_pictures.h"

namespace {

using namespace atelier;
namespace fs = std::filesystem;

std::string said(const test::ProgramEnd& end) {
    return end.out + end.err;
}

class ForeignDay : public testing::Test {
protected:
    void SetUp() override {
        if (test::program().empty()) {
            GTEST_SKIP() << "the program is not built";
        }
    }
    void works(std::vector<std::string> words) {
        const test::ProgramEnd end = test::run_program(std::move(words));
        ASSERT_EQ(end.exit_code, 0) << said(end);
    }
    // What is written as `ending` gives the picture of the model.
    void comes_back(const std::string& model, const test::Scratch& scratch, const std::string& ending) {
        SCOPED_TRACE(ending);
        const std::string written = (scratch / ("written" + ending)).string();
        works({"convert", model, "--out", written});
        works({"render", written, "--seeds", "85", "--psi", "0.6", "--out", (scratch / "back.png").string()});
        EXPECT_EQ(test::file_bytes(scratch / "back.png"), test::file_bytes(scratch / "model.png"));
    }
    void a_day_with(const fs::path& file, const std::vector<std::string>& endings) {
        SCOPED_TRACE(file.string());
        const test::Scratch scratch;
        const auto in = [&](const char* name) { return (scratch / name).string(); };
        const std::string model = file.string();
        const auto info = load_model(file, "cpu")->info();
        works({"info", model});
        works({"render", model, "--seeds", "0-3", "--psi", "0.7", "--grid", "--out", in("sheet.png")});
        works({"walk", model, "--seeds", "1,2", "--seconds-per-step", "0.2", "--fps", "10", "--out", in("walk.mkv")});
        works({"mix", model, "--rows", "1", "--cols", "2,3", "--layers", "0-1", "--out", in("mix.png")});
        works({"render", model, "--seeds", "85", "--psi", "0.6", "--out", in("model.png")});
        for (const std::string& ending : endings) {
            comes_back(model, scratch, ending);
        }
        test::write_pictures(scratch / "set", 8, info.resolution);
        works({"train", "--data", in("set"), "--out", in("run"), "--resume", model, "--kimg", "0.008", "--batch", "4",
               "--threads", "1"});
        works({"render", in("run/snapshot-000000.safetensors"), "--seeds", "1", "--out", in("trained.png")});
    }
    static std::vector<fs::path> models_in(const char* family) {
        std::vector<fs::path> files;
        const fs::path folder = test::formats_dir() / family;
        if (!fs::is_directory(folder)) {
            return files;
        }
        for (const auto& each : fs::recursive_directory_iterator(folder)) {
            const std::string ending = each.path().extension().string();
            if (ending == ".pkl" || ending == ".pt") {
                files.push_back(each.path());
            }
        }
        return files;
    }
    void all_of(const char* family, const std::vector<std::string>& endings = {".safetensors", ".pt", ".pkl"}) {
        const auto files = models_in(family);
        ASSERT_FALSE(files.empty());
        for (const fs::path& each : files) {
            a_day_with(each, endings);
        }
    }
};

TEST_F(ForeignDay, TensorFlow) {
    all_of("tf");
}

// As forks publish it: the pickle of Gs without the tuple around it. In protocol 3 that is the file without its last
// instruction but one, which makes the tuple.
TEST_F(ForeignDay, TensorFlowGsAlone) {
    int tried = 0;
    for (const fs::path& file : models_in("tf")) {
        if (file.string().find("_p3_") == std::string::npos) {
            continue;
        }
        const test::Scratch scratch;
        std::vector<std::uint8_t> bytes = test::file_bytes(file);
        const auto tuple = std::find(bytes.rbegin(), bytes.rend(), std::uint8_t{0x87});
        ASSERT_LT(tuple - bytes.rbegin(), 16);
        bytes.erase(tuple.base() - 1, bytes.end());
        bytes.push_back('.');
        test::put_bytes(scratch / "gs.pkl", bytes);
        const std::string alone = (scratch / "gs.pkl").string();
        for (const auto& [from, to] : {std::pair{file.string(), "all.png"}, {alone, "gs.png"}}) {
            works({"render", from, "--seeds", "85", "--psi", "0.6", "--out", (scratch / to).string()});
        }
        EXPECT_EQ(test::file_bytes(scratch / "gs.png"), test::file_bytes(scratch / "all.png"));
        a_day_with(alone, {".safetensors"}); // with a discriminator made anew
        ++tried;
    }
    EXPECT_GT(tried, 0);
}

// Forks count their training in a variable, here in one of Python's own.
TEST_F(ForeignDay, TensorFlowThatCountsEpochs) {
    const test::Scratch scratch;
    test::TensorFlowParts g = test::tensorflow_generator(1), gs = test::tensorflow_generator(2),
                          d = test::tensorflow_discriminator();
    for (test::TensorFlowParts* each : {&g, &d, &gs}) {
        each->own.push_back({"epochs", {}, 12, {}});
    }
    test::TensorFlowPickle::write(scratch / "fork.pkl", g, d, gs);
    a_day_with(scratch / "fork.pkl", {".safetensors", ".pt", ".pkl"});
}

// It is left out by name; pictures are made and training goes on without it.
TEST_F(ForeignDay, TensorFlowWithAWiderDiscriminator) {
    const test::Scratch scratch;
    const std::string model = (scratch / "wide.pkl").string();
    test::TensorFlowPickle::write(model, test::tensorflow_generator(1), test::tensorflow_discriminator(16),
                                  test::tensorflow_generator(2));
    const test::ProgramEnd info = test::run_program({"info", model});
    EXPECT_EQ(info.exit_code, 0) << said(info);
    EXPECT_THAT(said(info), testing::HasSubstr("left out: network D: its 4x4/Dense0 makes 16 features"));
    a_day_with(model, {".safetensors"});
}

TEST_F(ForeignDay, Rosinality) {
    all_of("rosinality", {".safetensors", ".pt", ".pkl", ".rosinality.pt"});
}

TEST_F(ForeignDay, StyleGan2OfTheStyleGan3Code) {
    all_of("stylegan3_code");
}

} // namespace
