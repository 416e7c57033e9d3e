// SPDX-License-Identifier: Apache-2.0
// Network: all of OSC, OSCQuery and Art-Net as one thing that is switched on and off. The studio's thread owns it; what
// comes in goes to the mirror and to the sink. Nothing listens until options say so.
#pragma once

#include <memory>
#include <string>

#include "base/network_options.h"
#include "inputs/net/counts.h"
#include "inputs/net/osc_router.h"
#include "inputs/net/parameter_mirror.h"
#include "inputs/net/traffic.h"

namespace atelier::net {

// Of one of the four.
struct PartStatus {
    bool on = false;          // it works
    int port = 0;             // of those that listen
    std::string problem = ""; // why it doesn't although it should, one sentence
};

class Network {
public:
    // sink: called from the network's threads.
    explicit Network(SourceSink sink);
    ~Network();
    Network(const Network&) = delete;
    Network& operator=(const Network&) = delete;

    // Starts and stops what has changed; takes some ms. What can't be started says why in its status.
    void apply(const NetworkOptions& options);
    const NetworkOptions& options() const { return options_; }
    bool listens() const; // anything of it

    PartStatus osc() const;
    PartStatus query() const;
    PartStatus artnet() const;
    PartStatus out() const;
    std::size_t query_connections() const;
    std::uint64_t sent() const; // messages

    ParameterMirror mirror;
    Traffic traffic;
    Counts counts;

private:
    struct Parts;
    NetworkOptions options_;
    SourceSink sink_;
    OscRouter router_;
    std::unique_ptr<Parts> parts_;
};

} // namespace atelier::net
