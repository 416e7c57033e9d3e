// SPDX-License-Identifier: Apache-2.0
#include "inputs/net/osc_sender.h"

#include <chrono>
#include <optional>

#include "inputs/net/osc_encode.h"

namespace atelier::net {

OscSender::OscSender(const std::string& address, int port, const ParameterMirror& mirror)
    : mirror_(mirror), place_(place_of(address, port)), socket_(udp_to_anywhere(place_)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

OscSender::~OscSender() {
    thread_.request_stop();
}

void OscSender::run(const std::stop_token& stop) {
    ParameterMirror::View last;
    std::uint64_t seen = 0; // mirror's changes; those before any description are none
    while (!stop.stop_requested()) {
        if (mirror_.changes() != seen) {
            ParameterMirror::View now = mirror_.view();
            const bool afresh = now.table != last.table;
            for (std::size_t i = 0; i < now.values.size(); ++i) {
                const MirroredParameter& each = now.table->all()[i];
                if (each.kind == ParameterKind::trigger || (!afresh && now.values[i] == last.values[i]))
                    continue;
                const auto packet = osc_packet_of(each, now.table->path(i), now.values[i]);
                const ssize_t done = sendto(socket_.get(), packet.data(), packet.size(), MSG_DONTWAIT,
                                            reinterpret_cast<const sockaddr*>(&place_.storage), place_.size);
                ++(done < 0 ? failed_ : sent_);
            }
            seen = now.changes;
            last = std::move(now);
        }
        std::unique_lock lock(mutex_);
        waiting_.wait_for(lock, stop, std::chrono::duration<double>(1 / times_a_second), [] { return false; });
    }
}

} // namespace atelier::net
