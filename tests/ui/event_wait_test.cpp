// SPDX-License-Identifier: Apache-2.0
// A window that waits for events is woken by other threads.
#include <chrono>
#include <thread>

#include "support/shared_window.h"

namespace {

using namespace atelier;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

class EventWait : public test::SharedWindow {
protected:
    // Waits until the window's own events, of its opening, are through.
    static void settle() {
        for (auto quiet = Clock::now(); Clock::now() - quiet < 200ms;) {
            window().wait(0.25);
            if (window().take_activity())
                quiet = Clock::now();
        }
    }
    static constexpr double long_time = 60;
    static constexpr auto much_less = 30s;
};

TEST_F(EventWait, AnotherThreadEndsIt) {
    settle();
    const auto start = Clock::now();
    const std::jthread other([] {
        std::this_thread::sleep_for(50ms);
        window().wake();
    });
    window().wait(long_time);
    EXPECT_LT(Clock::now() - start, much_less);
}

TEST_F(EventWait, AWakeThatCameBeforeIsNotLost) {
    settle();
    const auto start = Clock::now();
    std::thread([] {
        window().wake();
        window().wake();
    }).join();
    window().wait(long_time);
    EXPECT_LT(Clock::now() - start, much_less);
}

TEST_F(EventWait, WithoutOneItLastsItsTime) {
    settle();
    const auto start = Clock::now();
    // Something of the desktop's may come in between; not again and again.
    for (int i = 0; i < 100 && Clock::now() - start < 100ms; ++i)
        window().wait(0.1);
    EXPECT_GE(Clock::now() - start, 100ms);
}

} // namespace
