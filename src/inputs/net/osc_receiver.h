// SPDX-License-Identifier: Apache-2.0
// OscReceiver: a thread that listens for OSC by UDP and TCP on one address and port, and hands messages to a router
// when their time has come.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "inputs/net/held_messages.h"
#include "inputs/net/osc_router.h"
#include "inputs/net/packets.h"
#include "inputs/net/sockets.h"

namespace atelier::net {

inline constexpr std::size_t most_osc_connections = 8; // by TCP

// Parts a stream into packets: a length ahead of each (OSC 1.0), or SLIP's signs around it (OSC 1.1); the first byte
// tells which.
class OscStream {
public:
    // Calls `each` with every whole packet. False: it isn't OSC, or a packet is too large; the stream is then no good
    // any more.
    bool feed(std::span<const std::uint8_t> bytes, const std::function<void(std::span<const std::uint8_t>)>& each);

private:
    bool feed_slip(std::uint8_t byte, const std::function<void(std::span<const std::uint8_t>)>& each);

    enum class Form { unknown, lengths, slip } form_ = Form::unknown;
    bool escaped_ = false;
    std::vector<std::uint8_t> held_;
};

class OscReceiver {
public:
    // port 0: a free one, the same for both. Throws Error where it can't listen. router has to outlive it.
    OscReceiver(const std::string& address, int port, OscRouter& router, Counts& counts);
    ~OscReceiver(); // the thread has ended; within some ms

    int port() const { return port_; }

private:
    void run(const std::stop_token& stop);
    struct Connection {
        OwnedFd socket;
        OscStream stream;
        std::string from;
    };
    void packet(std::span<const std::uint8_t> bytes, const std::string& from);
    void accept_one();
    bool read_from(Connection& connection); // false: it has ended
    void release_due();

    OscRouter& router_;
    Counts& counts_;
    OwnedFd udp_, tcp_;
    int port_ = 0;
    WakeUp wake_;
    Pace pace_;
    PacketReader packets_;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::vector<TimedMessage> messages_;
    HeldMessages held_;
    std::jthread thread_;
};

} // namespace atelier::net
