// SPDX-License-Identifier: Apache-2.0
#include "inputs/net/osc_receiver.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>

#include <poll.h>

#include "base/clock.h"
#include "base/error.h"

namespace atelier::net {
namespace {

namespace slip {
constexpr std::uint8_t end = 0xC0, escape = 0xDB, escaped_end = 0xDC, escaped_escape = 0xDD;
}

constexpr double longest_wait = 1; // seconds: the system's clock, which bundles go by, may be set anew

using Each = std::function<void(std::span<const std::uint8_t>)>;

} // namespace

bool OscStream::feed_slip(std::uint8_t byte, const Each& each) {
    if (byte == slip::end) {
        if (!held_.empty())
            each(held_);
        held_.clear();
        return !std::exchange(escaped_, false);
    }
    if (std::exchange(escaped_, false)) {
        if (byte != slip::escaped_end && byte != slip::escaped_escape)
            return false;
        byte = byte == slip::escaped_end ? slip::end : slip::escape;
    } else if (byte == slip::escape) {
        escaped_ = true;
        return true;
    }
    held_.push_back(byte);
    return held_.size() <= largest_osc_packet;
}

bool OscStream::feed(std::span<const std::uint8_t> bytes, const Each& each) {
    if (bytes.empty())
        return true;
    // Some leave SLIP's first sign out; a length that began with one of these would be far too large.
    if (form_ == Form::unknown)
        form_ = bytes[0] == slip::end || bytes[0] == '/' || bytes[0] == '#' ? Form::slip : Form::lengths;
    if (form_ == Form::slip)
        return std::ranges::all_of(bytes, [&](std::uint8_t byte) { return feed_slip(byte, each); });
    while (!bytes.empty()) {
        // First the four bytes of the length, then the packet: nothing is kept that isn't wanted.
        const std::size_t wanted =
            held_.size() < 4
                ? 4
                : 4 + (static_cast<std::size_t>(held_[0]) << 24 | static_cast<std::size_t>(held_[1]) << 16 |
                       static_cast<std::size_t>(held_[2]) << 8 | static_cast<std::size_t>(held_[3]));
        if (wanted > 4 + largest_osc_packet)
            return false;
        const std::size_t some = std::min(wanted - held_.size(), bytes.size());
        held_.insert(held_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(some));
        bytes = bytes.subspan(some);
        if (held_.size() == 4 && wanted == 4) {
            if (std::ranges::all_of(held_, [](std::uint8_t byte) { return byte == 0; }))
                return false; // a packet of no bytes is none
        } else if (held_.size() == wanted) {
            each(std::span<const std::uint8_t>(held_).subspan(4));
            held_.clear();
        }
    }
    return true;
}

OscReceiver::OscReceiver(const std::string& address, int port, OscRouter& router, Counts& counts)
    : router_(router), counts_(counts) {
    // A port that is free for one may be taken for the other.
    for (int attempt = 0;; ++attempt) {
        udp_ = listen_udp(address, port, "OSC");
        port_ = port_of(udp_);
        try {
            tcp_ = listen_tcp(address, port_, "OSC");
            break;
        } catch (const Error&) {
            if (port != 0 || attempt == 20)
                throw;
            udp_ = OwnedFd();
        }
    }
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

OscReceiver::~OscReceiver() {
    thread_.request_stop();
    wake_.wake();
}

void OscReceiver::packet(std::span<const std::uint8_t> bytes, const std::string& from) {
    if (!read_osc(bytes, messages_)) {
        counts_.add(Refusal::malformed);
        pace_.use(1);
        return;
    }
    pace_.use(std::max<std::size_t>(1, messages_.size()));
    const OscNow now = osc_now();
    for (TimedMessage& each : messages_) {
        if (each.time <= now.wall)
            router_.take(each.message, from);
        else if (!held_.hold(each.time, now, {std::move(each.message), from}))
            counts_.add(Refusal::too_far_ahead);
    }
}

void OscReceiver::release_due() {
    const OscNow now = osc_now();
    while (const auto due = held_.due(now))
        router_.take(due->message, due->from);
}

void OscReceiver::accept_one() {
    pace_.use(1);
    sockaddr_storage sender{};
    socklen_t size = sizeof sender;
    OwnedFd socket(accept4(tcp_.get(), reinterpret_cast<sockaddr*>(&sender), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket)
        return;
    if (connections_.size() >= most_osc_connections) {
        counts_.add(Refusal::connection);
        return;
    }
    connections_.push_back(std::make_unique<Connection>(Connection{std::move(socket), {}, address_text(sender)}));
}

bool OscReceiver::read_from(Connection& connection) {
    std::array<std::uint8_t, 8192> bytes;
    const ssize_t count = recv(connection.socket.get(), bytes.data(), bytes.size(), 0);
    if (count < 0)
        return errno == EAGAIN || errno == EINTR;
    if (count == 0)
        return false;
    const bool good =
        connection.stream.feed(std::span<const std::uint8_t>(bytes).first(static_cast<std::size_t>(count)),
                               [&](std::span<const std::uint8_t> each) { packet(each, connection.from); });
    if (!good)
        counts_.add(Refusal::malformed);
    return good;
}

void OscReceiver::run(const std::stop_token& stop) {
    std::vector<pollfd> polled;
    while (!stop.stop_requested()) {
        release_due();
        const double now = steady_seconds();
        const bool may = pace_.may(now);
        // While the pace is held, only the wake-up is listened to.
        polled.assign(1, {wake_.fd(), POLLIN, 0});
        if (may) {
            polled.push_back({udp_.get(), POLLIN, 0});
            polled.push_back({tcp_.get(), POLLIN, 0});
            for (const auto& each : connections_)
                polled.push_back({each->socket.get(), POLLIN, 0});
        }
        double wait = may ? longest_wait : std::max(0.0, pace_.rest(now));
        if (const auto held = held_.wait(osc_now()))
            wait = std::min(wait, *held);
        poll(polled.data(), polled.size(), static_cast<int>(std::ceil(wait * 1000)));
        if (polled[0].revents != 0)
            wake_.clear();
        if (!may)
            continue;
        if (polled[1].revents != 0) {
            pace_.use(1);
            for (const PacketReader::Packet& each : packets_.read(udp_, counts_))
                packet(each.bytes, each.from);
        }
        // From the back, since those that end are taken out.
        for (std::size_t i = connections_.size(); i-- > 0;) {
            if (polled[3 + i].revents != 0 && !read_from(*connections_[i]))
                connections_.erase(connections_.begin() + static_cast<std::ptrdiff_t>(i));
        }
        if (polled[2].revents != 0)
            accept_one();
    }
}

} // namespace atelier::net
