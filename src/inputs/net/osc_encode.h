// SPDX-License-Identifier: Apache-2.0
// A parameter's value as an OSC packet, and what type it has there. By liblo.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "inputs/net/parameter_mirror.h"

namespace atelier::net {

// "f", "i" ("h" where the range needs more than 32 bits, as seeds do), "s" of a choice, "T" of a switch (F when it is
// off), "I" of a trigger.
char osc_type_of(const MirroredParameter& parameter);

// The message, ready to be sent. A choice is sent by its name.
std::vector<std::uint8_t> osc_packet_of(const MirroredParameter& parameter, const std::string& path, double value);

} // namespace atelier::net
