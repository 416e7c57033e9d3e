// SPDX-License-Identifier: Apache-2.0
// Datagrams in batches, with their senders; what the system has dropped meanwhile is counted.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "inputs/net/counts.h"
#include "inputs/net/sockets.h"

namespace atelier::net {

// How many messages a thread takes in a while: what comes faster waits in the socket's buffer, and what finds no room
// there is dropped by the system. So a flood costs a bounded part of the machine.
class Pace {
public:
    static constexpr double slice = 0.01;            // seconds
    static constexpr std::size_t most_a_slice = 500; // 50,000 a second

    // Whether another may be taken now.
    bool may(double now) {
        if (now - began_ >= slice) {
            began_ = now;
            used_ = 0;
        }
        return used_ < most_a_slice;
    }
    void use(std::size_t messages) { used_ += messages; }
    double rest(double now) const { return began_ + slice - now; } // of the slice, seconds

private:
    double began_ = -1e9;
    std::size_t used_ = 0;
};

class PacketReader {
public:
    static constexpr std::size_t batch = 16;

    PacketReader();
    // Reads what lies there, a batch at most; counts what was dropped. The packets are good until the next call.
    struct Packet {
        std::span<const std::uint8_t> bytes;
        std::string from; // its address
    };
    const std::vector<Packet>& read(const OwnedFd& socket, Counts& counts);

private:
    std::vector<std::uint8_t> room_;
    std::vector<Packet> packets_;
    std::uint32_t dropped_ = 0; // by the system, since the socket was opened
};

} // namespace atelier::net
