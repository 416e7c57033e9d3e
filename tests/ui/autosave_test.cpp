// SPDX-License-Identifier: Apache-2.0
// What is not saved is autosaved, once a minute and only when it has changed; without a window.
#include <chrono>
#include <thread>

#include <unistd.h>

#include <gtest/gtest.h>

#include "studio/state/session.h"
#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

namespace fs = std::filesystem;
using namespace studio;

class Autosave : public ::testing::Test {
protected:
    void pass(double seconds) {
        constexpr double frame = 0.25;
        for (double past = 0; past < seconds; past += frame)
            stage_.frame(frame);
    }
    // Within some seconds: another thread writes it, and looks for what has changed once a second.
    bool written() {
        for (int i = 0; i < 20 && !fs::exists(file_); ++i) {
            pass(0.25);
            std::this_thread::sleep_for(std::chrono::milliseconds(30));
        }
        return fs::exists(file_);
    }
    bool left_alone() {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        return !fs::exists(file_);
    }

    test::Scratch scratch_;
    fs::path file_ = scratch_ / ("autosave-" + std::to_string(getpid()) + ".atelier");
    Stage stage_{64, 10, {scratch_ / "studio.json", 85}};
};

TEST_F(Autosave, EachMinuteOfWhatHasChanged) {
    stage_.studio->playback.go_to_seed(12);
    stage_.settle();
    stage_.letter('k');
    stage_.state().truncation.psi = 0.375;
    pass(50);
    ASSERT_TRUE(left_alone()) << "not before a minute is over";
    pass(10);
    ASSERT_TRUE(written());
    const Session now = stage_.studio->document.session();
    const Session kept = load_session(file_);
    EXPECT_EQ(kept.state, now.state);
    EXPECT_EQ(kept.model, "/models/test.pkl");
    EXPECT_EQ(kept.state.truncation.psi, 0.375);
    EXPECT_EQ(kept.state.timeline.curve.keyframes.size(), 1U);

    fs::remove(file_);
    pass(130);
    EXPECT_TRUE(left_alone()) << "nothing has changed";

    stage_.state().truncation.psi = 0.5;
    ASSERT_TRUE(written()) << "the last time is more than a minute ago";
    EXPECT_EQ(load_session(file_).state.truncation.psi, 0.5);

    fs::remove(file_);
    stage_.state().truncation.psi = 0.625;
    pass(50);
    EXPECT_TRUE(left_alone()) << "a minute has to pass again";
    pass(10);
    ASSERT_TRUE(written());
    EXPECT_EQ(load_session(file_).state.truncation.psi, 0.625);
}

} // namespace
} // namespace atelier::testing
