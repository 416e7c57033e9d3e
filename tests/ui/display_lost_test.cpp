// SPDX-License-Identifier: Apache-2.0
// The X server goes away while the studio trains: what was learnt is saved, and the program ends with a sentence.
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ui/train_window.h"

namespace atelier::testing {
namespace {

// An X server of this test's own, which it may kill.
class XServer {
public:
    XServer() {
        int ends[2];
        if (pipe(ends) != 0)
            return;
        child_ = fork();
        if (child_ == 0) {
            dup2(ends[1], 3); // takes the number of the display that it finds free
            dup2(open("/dev/null", O_WRONLY), 2);
            execlp("Xvfb", "Xvfb", "-displayfd", "3", "-screen", "0", "1600x1000x24", "-nolisten", "tcp", nullptr);
            _exit(127);
        }
        close(ends[1]);
        char c = 0;
        while (read(ends[0], &c, 1) == 1 && c != '\n') {
            number_ += c;
        }
        close(ends[0]);
    }
    ~XServer() { end(); }
    XServer(const XServer&) = delete;
    XServer& operator=(const XServer&) = delete;

    std::string display() const { return number_.empty() ? "" : ":" + number_; }
    void end() {
        if (child_ > 0) {
            kill(child_, SIGKILL);
            waitpid(child_, nullptr, 0);
            child_ = -1;
        }
    }

private:
    pid_t child_ = -1;
    std::string number_;
};

class LostDisplay : public TrainWindow {
public:
    void SetUp() override {
        if (server_.display().empty()) {
            GTEST_SKIP() << "no Xvfb";
        }
        setenv("DISPLAY", server_.display().c_str(), 1); // the program and xdotool inherit it
        TrainWindow::SetUp();
    }

    XServer server_;
};

// What log.txt of the run says that it went on from.
double went_on_from(const fs::path& run) {
    std::ifstream in(run / "log.txt");
    const std::string log{std::istreambuf_iterator<char>(in), {}};
    std::smatch found;
    return std::regex_search(log, found, std::regex("Going on at kimg ([0-9.]+)")) ? std::stod(found[1].str()) : -1;
}

TEST_F(LostDisplay, TrainingIsSavedAndGoesOn) {
    ASSERT_NO_FATAL_FAILURE(start());
    ASSERT_NO_FATAL_FAILURE(expect_kimg_above(0.008)); // more than the checkpoint of before the first step holds
    const double kimg = training()["kimg"];
    const std::string run = training()["run_dir"];
    server_.end();
    EXPECT_EQ(studio_->exit_code(std::chrono::minutes(2)), 1) << studio_->messages();
    EXPECT_THAT(studio_->messages(), ::testing::HasSubstr("training is saved in " + run));

    const std::string length = std::to_string(kimg + 0.02);
    const test::ProgramEnd end = test::run_program({"train", "--resume", run, "--kimg", length, "--threads", "1"});
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_GE(went_on_from(run), kimg - 0.0005) << "the log has three digits";
}

TEST_F(LostDisplay, NothingIsLostWhereNothingTrains) {
    server_.end();
    EXPECT_EQ(studio_->exit_code(std::chrono::minutes(1)), 1) << studio_->messages();
    EXPECT_THAT(studio_->messages(), ::testing::HasSubstr("atelier: the display is gone, so the window is closed\n"));
}

} // namespace
} // namespace atelier::testing
