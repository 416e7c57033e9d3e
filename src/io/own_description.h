// SPDX-License-Identifier: Apache-2.0
// The entry "atelier" that our writers leave in files of other families: what those can't hold themselves.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "io/checkpoint.h"

namespace atelier::io {

inline constexpr int own_format = 1; // that is written and read

// One network's class and options, as our files describe it, into `network`; what isn't told stays as it is. The names
// of its buffers. Throws Error, without a path, for what is of the wrong type.
std::set<std::string> read_network_description(const nlohmann::json& described, const std::string& name,
                                               NetworkData& network);

// Takes class, options and buffers over into the networks that were read and are described, and everything else into
// the metadata. Throws Error, without a path, for text that is no such description.
void apply_description(std::string_view text, CheckpointFile& into);

} // namespace atelier::io
