// SPDX-License-Identifier: Apache-2.0
#include "inputs/net/artnet_receiver.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <poll.h>

#include "base/clock.h"

namespace atelier::net {
namespace {

// Packets that overtook each other on their way: the number goes from 1 to 255 and begins again.
bool is_older(int sequence, int than) {
    return sequence != 0 && than != 0 && sequence != than && ((than - sequence) & 0xFF) < 0x40;
}

} // namespace

void ArtNetRouter::take(std::span<const std::uint8_t> packet, std::string_view from) {
    ArtDmx dmx;
    switch (read_artnet(packet, dmx)) {
    case ArtNetKind::malformed: return counts_.add(Refusal::malformed);
    case ArtNetKind::other: return;
    case ArtNetKind::dmx: break;
    }
    counts_.add_message();
    if (dmx.universe < first_ || dmx.universe >= first_ + count_)
        return traffic_.note(fmt::format("artnet/{}", dmx.universe), from, TrafficKind::refused, "", steady_seconds());
    Universe& universe = universes_[dmx.universe];
    if (is_older(dmx.sequence, universe.sequence))
        return;
    universe.sequence = dmx.sequence;
    for (std::size_t i = 0; i < dmx.values.size(); ++i) {
        if (universe.values[i] == dmx.values[i])
            continue;
        universe.values[i] = dmx.values[i];
        const std::string name = fmt::format("artnet/{}/{}", dmx.universe, i + 1);
        if (sink_.set)
            sink_.set(name, dmx.values[i] / 255.0);
        traffic_.note(name, from, TrafficKind::source, std::to_string(dmx.values[i]), steady_seconds());
    }
}

ArtNetReceiver::ArtNetReceiver(const std::string& address, int port, ArtNetRouter router, Counts& counts)
    : router_(std::move(router)), counts_(counts), udp_(listen_udp(address, port, "Art-Net")),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

ArtNetReceiver::~ArtNetReceiver() {
    thread_.request_stop();
    wake_.wake();
}

void ArtNetReceiver::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        const double now = steady_seconds();
        const bool may = pace_.may(now);
        pollfd polled[] = {{wake_.fd(), POLLIN, 0}, {udp_.get(), POLLIN, 0}};
        poll(polled, may ? 2 : 1, may ? -1 : static_cast<int>(std::ceil(std::max(0.0, pace_.rest(now)) * 1000)));
        if (polled[0].revents != 0)
            wake_.clear();
        if (!may || polled[1].revents == 0)
            continue;
        pace_.use(1);
        for (const PacketReader::Packet& each : packets_.read(udp_, counts_)) {
            router_.take(each.bytes, each.from);
            pace_.use(16); // each may change hundreds of values
        }
    }
}

} // namespace atelier::net
