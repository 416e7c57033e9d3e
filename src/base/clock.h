// SPDX-License-Identifier: Apache-2.0
// The time that progress, recordings and estimates count by.
#pragma once

#include <chrono>

namespace atelier {

// Seconds on the steady clock; only differences mean anything.
inline double steady_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

} // namespace atelier
