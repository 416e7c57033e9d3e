// SPDX-License-Identifier: Apache-2.0
// atelier dataset prepare on a terminal, where it asks what nobody told it.
#include <csignal>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/zip_file.h"
#include "support/program.h"
#include "support/scratch.h"

namespace atelier {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Talk {
    int exit_code = -1;
    std::string said;
};

// The program in a terminal of its own; `answer` is typed once it has asked.
Talk talk(std::vector<std::string> words, const std::string& answer) {
    words.insert(words.begin(), test::program().string());
    std::vector<char*> argv;
    for (std::string& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    int terminal = -1;
    const pid_t child = forkpty(&terminal, nullptr, nullptr, nullptr);
    if (child == 0) {
        alarm(300);
        execv(argv[0], argv.data());
        _exit(127);
    }
    Talk talk;
    bool answered = false;
    char bytes[4096];
    for (ssize_t count; (count = read(terminal, bytes, sizeof bytes)) > 0;) { // fails when the other end is closed
        talk.said.append(bytes, static_cast<std::size_t>(count));
        if (!answered && talk.said.find("as they are: ") != std::string::npos) {
            answered = write(terminal, answer.data(), answer.size()) == static_cast<ssize_t>(answer.size());
            EXPECT_TRUE(answered);
        }
    }
    int status = 0;
    waitpid(child, &status, 0);
    close(terminal);
    talk.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return talk;
}

class DatasetQuestion : public testing::Test {
protected:
    void SetUp() override {
        if (test::program().empty())
            GTEST_SKIP() << "needs the atelier program (ATELIER_PROGRAM)";
        int terminal = -1, other_end = -1;
        if (openpty(&terminal, &other_end, nullptr, nullptr, nullptr) != 0)
            GTEST_SKIP() << "this system hands out no terminals (is /dev/pts mounted?): nothing can be asked";
        close(terminal);
        close(other_end);
        std::filesystem::create_directories(scratch_.path() / "in");
        cv::Mat image(80, 100, CV_8UC3);
        cv::RNG(1).fill(image, cv::RNG::UNIFORM, 0, 255);
        cv::imwrite((scratch_.path() / "in" / "a.png").string(), image);
    }
    Talk prepare(const std::string& answer) const {
        return talk({"dataset", "prepare", (scratch_.path() / "in").string(), "--out", set().string(), "--size", "64"},
                    answer);
    }
    std::filesystem::path set() const { return scratch_.path() / "set.zip"; }
    test::Scratch scratch_;
};

TEST_F(DatasetQuestion, PTakesThePicturesAsTheyAre) {
    const Talk said = prepare("p\n");
    EXPECT_EQ(said.exit_code, 0) << said.said;
    EXPECT_THAT(said.said, HasSubstr("Shall faces be cut out and aligned? Answer f for faces, p to take"));
    const io::ZipFile zip(set());
    const auto bytes = zip.extract("dataset.json", 1U << 20);
    EXPECT_EQ(nlohmann::json::parse(bytes.begin(), bytes.end())["atelier"]["faces"], false);
}

TEST_F(DatasetQuestion, FLooksForFaces) {
    const Talk said = prepare("f\n");
    EXPECT_THAT(said.said, HasSubstr("1 no face"));
    EXPECT_FALSE(std::filesystem::exists(set()));
}

TEST_F(DatasetQuestion, AnotherAnswerAndNoneAreRefused) {
    for (const char* answer : {"yes\n", "\n", "\x04"}) {
        const Talk said = prepare(answer);
        EXPECT_EQ(said.exit_code, 2) << said.said;
        EXPECT_THAT(said.said, HasSubstr("The answer has to be f or p; --faces or --plain say it beforehand."));
        EXPECT_FALSE(std::filesystem::exists(set()));
    }
}

TEST_F(DatasetQuestion, NothingIsAskedWhereItIsSaid) {
    const Talk said = talk(
        {"dataset", "prepare", (scratch_.path() / "in").string(), "--out", set().string(), "--size", "64", "--plain"},
        "");
    EXPECT_EQ(said.exit_code, 0) << said.said;
    EXPECT_THAT(said.said, Not(HasSubstr("Shall faces")));
}

} // namespace
} // namespace atelier
