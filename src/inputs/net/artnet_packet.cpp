// SPDX-License-Identifier: Apache-2.0
#include "inputs/net/artnet_packet.h"

#include <cstring>

namespace atelier::net {
namespace {

constexpr char sign[] = "Art-Net"; // with its closing zero
constexpr std::size_t header = 18;
constexpr int op_dmx = 0x5000;
constexpr int least_version = 14;

} // namespace

ArtNetKind read_artnet(std::span<const std::uint8_t> packet, ArtDmx& read) {
    if (packet.size() < sizeof sign + 2 || std::memcmp(packet.data(), sign, sizeof sign) != 0)
        return ArtNetKind::malformed;
    if ((packet[9] << 8 | packet[8]) != op_dmx) // the low byte comes first
        return ArtNetKind::other;
    if (packet.size() < header || (packet[10] << 8 | packet[11]) < least_version || packet[15] > 127)
        return ArtNetKind::malformed;
    const int length = packet[16] << 8 | packet[17];
    // An odd number is against the rules, and yet sent by some.
    if (length < 1 || length > artnet_channels || packet.size() < header + static_cast<std::size_t>(length))
        return ArtNetKind::malformed;
    read.sequence = packet[12];
    read.universe = packet[15] << 8 | packet[14];
    read.values = packet.subspan(header, static_cast<std::size_t>(length));
    return ArtNetKind::dmx;
}

} // namespace atelier::net
