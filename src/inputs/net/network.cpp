// SPDX-License-Identifier: Apache-2.0
#include "inputs/net/network.h"

#include <algorithm>

#include "base/error.h"
#include "inputs/net/artnet_receiver.h"
#include "inputs/net/osc_receiver.h"
#include "inputs/net/osc_sender.h"
#include "inputs/net/query_server.h"

namespace atelier::net {
namespace {

// A part that runs, or why it doesn't.
template <class Part> struct Slot {
    std::unique_ptr<Part> part;
    std::string problem;

    // The old one ends first, so that the new one can have its port.
    template <class Make> void restart(bool wanted, Make make) {
        part.reset();
        problem.clear();
        if (!wanted)
            return;
        try {
            part = make();
        } catch (const std::exception& error) {
            problem = message_of(error);
        }
    }
};

template <class Part> PartStatus status_of(const Slot<Part>& slot) {
    PartStatus status{slot.part != nullptr, 0, slot.problem};
    if constexpr (requires(Part & part) { part.port(); })
        status.port = slot.part ? slot.part->port() : 0;
    return status;
}

bool same_osc(const NetworkOptions& a, const NetworkOptions& b) {
    return a.osc == b.osc && a.osc_address == b.osc_address && a.osc_port == b.osc_port;
}
bool same_query(const NetworkOptions& a, const NetworkOptions& b) {
    return a.query == b.query && a.query_address == b.query_address && a.query_port == b.query_port &&
           a.query_may_set == b.query_may_set;
}
bool same_artnet(const NetworkOptions& a, const NetworkOptions& b) {
    return a.artnet == b.artnet && a.artnet_address == b.artnet_address && a.artnet_port == b.artnet_port &&
           a.artnet_universe == b.artnet_universe && a.artnet_universes == b.artnet_universes;
}
bool same_out(const NetworkOptions& a, const NetworkOptions& b) {
    return a.out == b.out && a.out_address == b.out_address && a.out_port == b.out_port;
}

} // namespace

struct Network::Parts {
    Slot<OscReceiver> osc;
    Slot<QueryServer> query;
    Slot<ArtNetReceiver> artnet;
    Slot<OscSender> out;
};

Network::Network(SourceSink sink)
    : sink_(std::move(sink)), router_(mirror, traffic, counts, sink_), parts_(std::make_unique<Parts>()) {}

Network::~Network() = default;

void Network::apply(const NetworkOptions& options) {
    const NetworkOptions before = std::exchange(options_, options);
    const bool osc_stays = same_osc(before, options);
    if (!osc_stays)
        parts_->osc.restart(options.osc, [&] {
            return std::make_unique<OscReceiver>(options.osc_address, options.osc_port, router_, counts);
        });
    // It tells where OSC is.
    if (!osc_stays || !same_query(before, options))
        parts_->query.restart(options.query, [&] {
            QueryHost host;
            host.osc_port = osc().port;
            if (options.osc_address != "0.0.0.0" && options.osc_address != "::")
                host.osc_address = options.osc_address;
            host.may_set = options.query_may_set || osc().on;
            return std::make_unique<QueryServer>(options.query_address, options.query_port, host, options.query_may_set,
                                                 mirror, router_, counts);
        });
    if (!same_artnet(before, options))
        parts_->artnet.restart(options.artnet, [&] {
            const int count = std::clamp(options.artnet_universes, 1, most_universes);
            return std::make_unique<ArtNetReceiver>(
                options.artnet_address, options.artnet_port,
                ArtNetRouter(options.artnet_universe, count, sink_, traffic, counts), counts);
        });
    if (!same_out(before, options))
        parts_->out.restart(options.out, [&] {
            if (options.out_port == 0)
                fail("Nothing is sent to port 0; ports go from 1 to 65535.");
            return std::make_unique<OscSender>(options.out_address, options.out_port, mirror);
        });
}

bool Network::listens() const {
    return parts_->osc.part || parts_->query.part || parts_->artnet.part;
}

PartStatus Network::osc() const {
    return status_of(parts_->osc);
}

PartStatus Network::query() const {
    return status_of(parts_->query);
}

PartStatus Network::artnet() const {
    return status_of(parts_->artnet);
}

PartStatus Network::out() const {
    return status_of(parts_->out);
}

std::size_t Network::query_connections() const {
    return parts_->query.part ? parts_->query.part->connections() : 0;
}

std::uint64_t Network::sent() const {
    return parts_->out.part ? parts_->out.part->sent() : 0;
}

} // namespace atelier::net
