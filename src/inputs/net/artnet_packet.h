// SPDX-License-Identifier: Apache-2.0
// Art-Net 4's packet of a universe's values (ArtDmx). Others of the protocol are nobody's business here.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace atelier::net {

inline constexpr std::uint16_t artnet_port = 6454;
inline constexpr int artnet_channels = 512; // of a universe
inline constexpr int artnet_universes = 32768;

struct ArtDmx {
    int universe = 0;                       // Net, Sub-Net and Universe in one number, 0..32767
    int sequence = 0;                       // 1..255; 0: the sender counts none
    std::span<const std::uint8_t> values{}; // of channels 1.., 1 to 512 of them; they lie in the packet
};

enum class ArtNetKind {
    dmx,
    other,     // another packet of Art-Net, such as a poll
    malformed, // none of Art-Net, or a damaged one
};

// dmx: `read` is filled.
ArtNetKind read_artnet(std::span<const std::uint8_t> packet, ArtDmx& read);

} // namespace atelier::net
