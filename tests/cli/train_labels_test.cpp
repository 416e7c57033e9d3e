// SPDX-License-Identifier: Apache-2.0
// Training with labels as a person runs it: what is said of them, and models with other classes to start from.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/checkpoint.h"
#include "support/paths.h"
#include "support/program.h"
#include "support/scratch.h"

namespace {

using namespace atelier;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

class TrainLabels : public testing::Test {
protected:
    void SetUp() override {
        if (test::program().empty()) {
            GTEST_SKIP() << "the program is not built";
        }
    }
    test::ProgramEnd train(const fs::path& data, const std::string& name, const std::vector<std::string>& more) const {
        std::vector<std::string> words{"train",  "--data", data.string(), "--out", (scratch_ / name).string(),
                                       "--kimg", "0.01",   "--batch",     "4",     "--threads",
                                       "1"};
        words.insert(words.end(), more.begin(), more.end());
        return test::run_program(std::move(words));
    }
    static std::vector<std::string> small(std::vector<std::string> more = {}) {
        more.insert(more.end(), {"--channel-base", "128", "--channel-max", "8", "--map-depth", "2", "--z-dim", "16"});
        return more;
    }
    fs::path snapshot(const std::string& name) const { return scratch_ / name / "snapshot-000000.safetensors"; }

    test::Scratch scratch_;
    fs::path reports_ = test::reports_dir();
    std::string cond5_ = (reports_ / "19-cond-transfer" / "cond5.pkl").string();
};

TEST_F(TrainLabels, UnusedLabelsAreTold) {
    const test::ProgramEnd end = train(reports_ / "12-labels-json" / "from1", "run", small());
    ASSERT_EQ(end.exit_code, 0) << end.err;
    EXPECT_THAT(end.err, HasSubstr("has labels of 3 classes, which are not used; --cond learns them."));
    const test::ProgramEnd broken = train(reports_ / "12-labels-json" / "trailing-comma", "broken", small());
    EXPECT_EQ(broken.exit_code, 0) << broken.err;
    EXPECT_THAT(broken.err, AllOf(HasSubstr("line 1, column 372: a comma stands before ]"),
                                  HasSubstr("Without --cond they are not needed.")));
}

TEST_F(TrainLabels, AClassWithoutPicturesIsTold) {
    const test::ProgramEnd end = train(reports_ / "12-labels-json" / "from1", "run", small({"--cond"}));
    ASSERT_EQ(end.exit_code, 0) << end.err;
    EXPECT_THAT(end.err, HasSubstr("no picture is of class 0: the model will have 3 classes, from 0 on, and not know "
                                   "that one"));
    const io::CheckpointFile file = io::read_checkpoint(snapshot("run"));
    EXPECT_EQ(file.metadata.at("class_pictures"), nlohmann::json({0, 6, 6}));
    const io::CheckpointFile checkpoint = io::read_checkpoint(scratch_ / "run" / "checkpoint.safetensors");
    EXPECT_EQ(checkpoint.metadata.at("class_pictures"), nlohmann::json({0, 6, 6}));
    const auto render = [&](const std::string& of_class) {
        return test::run_program({"render", snapshot("run").string(), "--seeds", "1", "--class", of_class, "--out",
                                  (scratch_ / "c.png").string(), "--threads", "1"});
    };
    EXPECT_THAT(render("0").err,
                HasSubstr("never saw a picture of class 0, which is shown unless another one is chosen"));
    EXPECT_EQ(render("1").exit_code, 0);
}

TEST_F(TrainLabels, MissingOnesAreLedTo) {
    const test::ProgramEnd nested = train(reports_ / "12-labels-json" / "nested.zip", "run", small({"--cond"}));
    EXPECT_EQ(nested.exit_code, 2);
    EXPECT_THAT(nested.err, HasSubstr("--cond asks for labels, but "));
    EXPECT_THAT(nested.err, HasSubstr("keeps its labels in mydata/dataset.json"));
}

TEST_F(TrainLabels, NamesOfClassFoldersComeIntoTheModel) {
    const std::string set = (scratch_ / "digits.zip").string();
    const test::ProgramEnd made =
        test::run_program({"dataset", "prepare", (reports_ / "40-class-folders" / "digits").string(), "--out", set,
                           "--plain", "--size", "64", "--labels"});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    EXPECT_THAT(made.err, HasSubstr("Classes: 0 = 0, 1 = 1, 2 = 2, 3 = 3, 4 = 4, 5 = 5, 6 = 6, 7 = 7, 8 = 8, 9 = 9, "
                                    "10 = 10, 11 = 11."));
    const test::ProgramEnd check = test::run_program({"dataset", "check", set});
    EXPECT_THAT(check.out, AllOf(HasSubstr("labels: 24 pictures in 12 classes\n"), HasSubstr("class 10 (10): 2\n")));
    const test::ProgramEnd end = train(set, "run", small({"--cond"}));
    ASSERT_EQ(end.exit_code, 0) << end.err;
    EXPECT_EQ(io::read_checkpoint(snapshot("run")).metadata.at("classes"),
              nlohmann::json({"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}));
}

TEST_F(TrainLabels, OddClassFoldersKeepTheirNames) {
    const std::string set = (scratch_ / "odd.zip").string();
    const test::ProgramEnd made =
        test::run_program({"dataset", "prepare", (reports_ / "40-class-folders" / "odd").string(), "--out", set,
                           "--plain", "--size", "64", "--labels"});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    EXPECT_THAT(made.err, AllOf(HasSubstr("Classes: 0 = B, 1 = a, 2 = ä ö."), HasSubstr("1 no label")));
}

TEST_F(TrainLabels, AnotherNumberOfClassesIsANewEmbedding) {
    const test::ProgramEnd fewer =
        train(reports_ / "12-labels-json" / "from1", "fewer", {"--cond", "--resume", cond5_});
    ASSERT_EQ(fewer.exit_code, 0) << fewer.err;
    EXPECT_THAT(fewer.err,
                HasSubstr("The model was made with 5 classes and the training set is used with 3 classes, so a "
                          "new embedding of them is made"));
    const test::ProgramEnd none = train(reports_ / "12-labels-json" / "from1", "none", {"--resume", cond5_});
    ASSERT_EQ(none.exit_code, 0) << none.err;
    EXPECT_THAT(none.err, HasSubstr("used without labels, so the embedding of its labels is left out"));
    // A set of vectors, on what has just been trained without labels.
    const test::ProgramEnd vectors =
        train(reports_ / "14-multi-label" / "vectors", "vectors",
              {"--cond", "--resume", (scratch_ / "none" / "checkpoint.safetensors").string()});
    ASSERT_EQ(vectors.exit_code, 0) << vectors.err;
    EXPECT_THAT(vectors.err, AllOf(HasSubstr("made without labels and the training set is used with 4"),
                                   HasSubstr("its pictures are the same for all at first")));
    EXPECT_THAT(vectors.err, HasSubstr("To go on with the run that wrote it, with its optimizer, counters and options: "
                                       "--resume "));
    const test::ProgramEnd on =
        test::run_program({"train", "--resume", (scratch_ / "vectors").string(), "--kimg", "0.02"});
    EXPECT_EQ(on.exit_code, 0) << on.err;
}

TEST_F(TrainLabels, WhatIsTakenFromACheckpointIsTold) {
    const fs::path data = reports_ / "12-labels-json" / "from1";
    const test::ProgramEnd first = train(data, "first", {"--resume", cond5_, "--cond", "--initstrength", "0.3"});
    ASSERT_EQ(first.exit_code, 0) << first.err;
    EXPECT_THAT(first.err, HasSubstr("begins at kimg 0 with p 0.3, as --initstrength says"));
    const std::string checkpoint = (scratch_ / "first" / "checkpoint.safetensors").string();
    const test::ProgramEnd second = train(data, "second", {"--resume", checkpoint, "--cond"});
    ASSERT_EQ(second.exit_code, 0) << second.err;
    EXPECT_THAT(second.err,
                AllOf(HasSubstr("The weights of " + checkpoint +
                                " are taken over, nothing else: this run "
                                "begins at kimg 0"),
                      HasSubstr("with p 0; that of the file is 0.3, and --initstrength " + checkpoint + " takes it"),
                      HasSubstr("--resume " + (scratch_ / "first").string() + ".")));
    const test::ProgramEnd third =
        train(data, "third", {"--resume", checkpoint, "--cond", "--initstrength", checkpoint});
    EXPECT_THAT(third.err, HasSubstr("with p 0.3, as --initstrength says"));
}

TEST_F(TrainLabels, AGraySetOnAModelInColourIsToldWhatItIs) {
    const test::ProgramEnd end = train(reports_ / "20-resolution" / "gray32", "run", {"--resume", cond5_});
    EXPECT_EQ(end.exit_code, 2);
    EXPECT_THAT(end.err,
                AllOf(HasSubstr("makes pictures that are in colour and those of the training set are gray; save "
                                "them as RGB"),
                      Not(HasSubstr("32"))));
}

} // namespace
