// SPDX-License-Identifier: Apache-2.0
// InterruptGuard: lets a long command end in its own time on Ctrl-C.
#pragma once

#include <csignal>
#include <initializer_list>
#include <utility>
#include <vector>

namespace atelier {

// While it lives, a first Ctrl-C is only noted; a second one, by the default handler, ends the program. So are other
// signals that are named.
class InterruptGuard {
public:
    explicit InterruptGuard(std::initializer_list<int> others = {}) {
        std::vector<int> signals(others);
        signals.push_back(SIGINT);
        for (const int signal : signals) {
            before_.emplace_back(signal, std::signal(signal, note));
        }
    }
    ~InterruptGuard() {
        for (const auto& [signal, handler] : before_) {
            std::signal(signal, handler);
        }
    }
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;

    bool interrupted() const { return interrupted_ != 0; }

private:
    static void note(int signal) {
        interrupted_ = 1;
        std::signal(signal, SIG_DFL);
    }
    inline static volatile std::sig_atomic_t interrupted_ = 0;
    std::vector<std::pair<int, void (*)(int)>> before_;
};

} // namespace atelier
