// SPDX-License-Identifier: Apache-2.0
// QueryServer: OSCQuery by HTTP and WebSocket on one port, and a page of all parameters for a browser. A thread of its
// own. Requests are bounded in size, time and number; pages of other sites can neither look nor set.
#pragma once

#include <memory>
#include <string>

#include "inputs/net/osc_router.h"
#include "inputs/net/query_tree.h"

namespace atelier::net {

inline constexpr std::size_t most_query_connections = 32;

class QueryServer {
public:
    // host.own_port and host.may_set are found out here. may_set_here: what comes by WebSocket sets parameters. port 0:
    // a free one. Throws Error where it can't listen. router and mirror have to outlive it.
    QueryServer(const std::string& address, int port, QueryHost host, bool may_set_here, const ParameterMirror& mirror,
                OscRouter& router, Counts& counts);
    ~QueryServer(); // the thread has ended; within some ms

    int port() const;
    std::size_t connections() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// Whether a request's Host and Origin are of someone who means this server: programs send no Origin, this server's own
// page its own. Names of other sites that lead here are refused. Pure.
bool means_this_server(std::string_view host, std::string_view origin);

} // namespace atelier::net
