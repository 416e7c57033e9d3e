// SPDX-License-Identifier: Apache-2.0
// ArtNetReceiver: a thread that listens for Art-Net and gives the channels of a few universes as sources,
// "artnet/UNIVERSE/CHANNEL", universes from 0 and channels from 1, values 0..1.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <thread>

#include "inputs/net/artnet_packet.h"
#include "inputs/net/osc_router.h"
#include "inputs/net/packets.h"
#include "inputs/net/sockets.h"

namespace atelier::net {

inline constexpr int most_universes = 16; // that are listened to

// What packets mean. One thread.
class ArtNetRouter {
public:
    // Universes first..first+count-1 are taken.
    ArtNetRouter(int first, int count, SourceSink sink, Traffic& traffic, Counts& counts)
        : first_(first), count_(count), sink_(std::move(sink)), traffic_(traffic), counts_(counts) {}
    // Only channels that have changed are handed on; at the beginning all are 0.
    void take(std::span<const std::uint8_t> packet, std::string_view from);

private:
    int first_, count_;
    SourceSink sink_;
    Traffic& traffic_;
    Counts& counts_;
    struct Universe {
        std::array<std::uint8_t, artnet_channels> values{};
        int sequence = 0;
    };
    std::map<int, Universe> universes_; // at most count_
};

class ArtNetReceiver {
public:
    // Throws Error where it can't listen. traffic and counts have to outlive it.
    ArtNetReceiver(const std::string& address, int port, ArtNetRouter router, Counts& counts);
    ~ArtNetReceiver();

    int port() const { return port_of(udp_); }

private:
    void run(const std::stop_token& stop);

    ArtNetRouter router_;
    Counts& counts_;
    OwnedFd udp_;
    WakeUp wake_;
    Pace pace_;
    PacketReader packets_;
    std::jthread thread_;
};

} // namespace atelier::net
