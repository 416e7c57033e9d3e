// SPDX-License-Identifier: Apache-2.0
// OSCQuery's answers: the tree of parameters as JSON, as ossia, Chataigne and TouchOSC read it. Pure.
#pragma once

#include <string>
#include <string_view>

#include "inputs/net/parameter_mirror.h"

namespace atelier::net {

struct QueryHost {
    std::string osc_address{}; // where OSC is listened to; empty: where the question came to
    int osc_port = 0;          // 0: it isn't
    int own_port = 0;          // of this server
    bool may_set = false;      // by OSC or by this server; says what ACCESS tells
};

struct QueryAnswer {
    int status = 200;   // of HTTP
    std::string body{}; // JSON, or nothing
};

// target: as HTTP has it, "/truncation/psi?VALUE". 404: there is no such node; 204: it has no such attribute; 400: no
// attribute is called that.
QueryAnswer answer_query(const ParameterMirror::View& view, const QueryHost& host, std::string_view target);

// "%41" -> "A"; what is no such sign stays.
std::string percent_decoded(std::string_view text);

struct ListenCommand {
    enum class Kind { listen, ignore, other } kind = Kind::other;
    std::string path{};
};
// A WebSocket's text: {"COMMAND": "LISTEN", "DATA": "/truncation/psi"}; whatever else it is becomes `other`.
ListenCommand read_listen_command(std::string_view text);

inline constexpr std::size_t longest_target = 2048;
inline constexpr std::size_t longest_command = 16384;

} // namespace atelier::net
