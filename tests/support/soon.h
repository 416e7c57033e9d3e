// SPDX-License-Identifier: Apache-2.0
// Waiting for what another thread does: polled, with a limit far beyond any machine's slowness.
#pragma once

#include <chrono>
#include <thread>

namespace atelier::test {

// The first answer of `ask` that counts as true, or the last one after two minutes.
template <typename Ask> auto soon(Ask ask) {
    auto answer = ask();
    for (int i = 0; i < 24000 && !answer; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        answer = ask();
    }
    return answer;
}

} // namespace atelier::test
