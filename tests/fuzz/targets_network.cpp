// SPDX-License-Identifier: Apache-2.0
// What comes by the network. The first byte chooses the way: an OSC datagram, a TCP stream of OSC in parts, an OSCQuery
// request, a WebSocket's text, an Art-Net packet.
#include <cstdio>
#include <cstdlib>

#include "fuzz/targets.h"
#include "inputs/net/artnet_receiver.h"
#include "inputs/net/osc_receiver.h"
#include "inputs/net/query_server.h"
#include "inputs/net/query_tree.h"

namespace atelier::fuzz {
namespace {

using namespace net;

[[noreturn]] void broken(const char* what) {
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}

struct Studio {
    ParameterMirror mirror;
    Traffic traffic;
    Counts counts;
    SourceSink sink{[](const std::string& name, double value) { check(name, value); },
                    [](const std::string& name, double strength) { check(name, strength); }};
    OscRouter router{mirror, traffic, counts, sink};

    Studio() {
        mirror.describe({{.id = "light.amount", .min = -1, .max = 2},
                         {.id = "light.layers", .max = 8, .kind = ParameterKind::whole},
                         {.id = "light.order", .kind = ParameterKind::choice, .names = {"forward", "backward"}},
                         {.id = "light.on", .kind = ParameterKind::toggle},
                         {.id = "transport.go", .kind = ParameterKind::trigger},
                         {.id = "turn.a:1#2.amount", .unit = "steps", .max = 5, .open = false}});
    }
    static void check(const std::string& name, double value) {
        if (name.empty() || !(value >= 0 && value <= 1))
            broken("a source is outside of 0..1");
    }
    // Whatever came in, the studio is asked for nothing that a hand couldn't set.
    void check_asked() {
        const auto table = mirror.table();
        for (const RemoteChange& each : mirror.take()) {
            const auto index = table->find("/" + each.id);
            if (!index)
                broken("a parameter that isn't there is set");
            const MirroredParameter& what = table->all()[*index];
            if (!what.open || !(each.value >= what.min && each.value <= what.max) || each.pulls > most_pulls)
                broken("a parameter is set outside of its range");
        }
        if (traffic.rows(0).size() > Traffic::most_rows)
            broken("the list grows");
    }
    void osc(io::Bytes packet) {
        std::vector<TimedMessage> messages;
        if (!read_osc(packet, messages))
            return;
        for (const TimedMessage& each : messages) {
            if (!is_osc_address(each.message.address) || each.message.values.size() > most_osc_values)
                broken("a message is outside of the bounds");
            router.take(each.message, "10.0.0.1");
        }
    }
};

} // namespace

void network(io::Bytes data) {
    if (data.empty())
        return;
    Studio studio;
    const io::Bytes rest = data.subspan(1);
    switch (data[0] % 5) {
    case 0: studio.osc(rest); break;
    case 1: {
        OscStream stream;
        for (std::size_t at = 0; at < rest.size(); at += 7) { // in parts, as a network does it
            if (!stream.feed(rest.subspan(at, std::min<std::size_t>(7, rest.size() - at)),
                             [&](io::Bytes packet) { studio.osc(packet); }))
                break;
        }
        break;
    }
    case 2: {
        const QueryAnswer answer = answer_query(studio.mirror.view(), {.own_port = 1}, io::as_text(rest));
        if ((answer.status == 200) == answer.body.empty())
            broken("an answer without a text, or the other way round");
        const std::string text(io::as_text(rest));
        means_this_server(text, text);
        break;
    }
    case 3: read_listen_command(io::as_text(rest)); break;
    default: ArtNetRouter(0, 4, studio.sink, studio.traffic, studio.counts).take(rest, "10.0.0.1");
    }
    studio.check_asked();
}

} // namespace atelier::fuzz
