// SPDX-License-Identifier: Apache-2.0
#include "studio/app/end_signals.h"

#include <atomic>
#include <csignal>
#include <iterator>

namespace atelier::studio {
namespace {

constexpr int numbers[] = {SIGINT, SIGTERM, SIGHUP};
std::atomic<bool> end_asked = false;

} // namespace

EndSignals::EndSignals() {
    static_assert(std::size(numbers) == count);
    end_asked = false;
    for (std::size_t i = 0; i < std::size(numbers); ++i) {
        before_[i] = std::signal(numbers[i], [](int) { end_asked = true; });
        if (numbers[i] == SIGHUP && before_[i] == SIG_IGN) // by nohup
            std::signal(SIGHUP, SIG_IGN);
    }
    // A terminal or a display that is gone must not end the program before it has saved.
    std::signal(SIGPIPE, SIG_IGN);
}

EndSignals::~EndSignals() {
    for (std::size_t i = 0; i < std::size(numbers); ++i) {
        std::signal(numbers[i], before_[i]);
    }
}

bool EndSignals::asked() {
    return end_asked;
}

} // namespace atelier::studio
