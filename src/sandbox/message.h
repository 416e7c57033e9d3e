// SPDX-License-Identifier: Apache-2.0
// One message over a socket of packets, with at most one file descriptor beside it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/owned_fd.h"

namespace atelier::sandbox {

inline constexpr std::size_t most_message = 16384; // bytes

struct Message {
    std::vector<std::uint8_t> bytes;
    OwnedFd fd; // empty: none came
};

// fd: -1: none. False: the other end is gone, or the message is too long.
bool send_message(int socket, std::span<const std::uint8_t> bytes, int fd = -1);

// Waits. Empty: the other end is gone, or what it sent is too long.
std::optional<Message> receive_message(int socket);

} // namespace atelier::sandbox
