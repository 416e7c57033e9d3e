// SPDX-License-Identifier: Apache-2.0
// What Worker and serve() agree on. Used by these two alone.
#pragma once

#include <cstdint>

namespace atelier::sandbox {

inline constexpr int socket_fd = 3, memory_fd = 4; // in the decoder's process

// The first byte of what a decoder sends.
enum class Tag : std::uint8_t {
    jailed = 1, // the first message: ready, and it can do no harm
    free = 2,   // the first message: there is no jail here; why
    answer = 3,
    memory = 4, // it wanted more than it may have, and ends
};

} // namespace atelier::sandbox
