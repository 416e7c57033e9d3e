// SPDX-License-Identifier: Apache-2.0
// OSC over the loopback with liblo's client at the other side: by UDP and TCP, bundles at their time, and back again.
#include <map>
#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lo/lo.h>

#include "base/clock.h"
#include "base/error.h"
#include "inputs/net/network.h"
#include "inputs/net/osc_receiver.h"
#include "inputs/net/packets.h"
#include "net_client.h"
#include "support/soon.h"

namespace {

using namespace atelier;
using namespace atelier::net;
using test::soon;

class Osc : public testing::Test {
protected:
    Osc() {
        network.mirror.describe(
            {{.id = "light.amount", .min = -1, .max = 2, .standard = 0.5},
             {.id = "light.layers", .min = 0, .max = 8, .kind = ParameterKind::whole},
             {.id = "light.order", .min = 0, .max = 1, .kind = ParameterKind::choice, .names = {"forward", "backward"}},
             {.id = "light.on", .kind = ParameterKind::toggle},
             {.id = "transport.go", .kind = ParameterKind::trigger},
             {.id = "atelier.beat", .fact = true},
             {.id = "walk.seed", .max = 4294967295, .kind = ParameterKind::whole}});
    }

    void listen() {
        network.apply({.osc = true, .osc_port = 0});
        ASSERT_TRUE(network.osc().on) << network.osc().problem;
        ASSERT_GT(network.osc().port, 0);
    }
    // A client of liblo's.
    struct Client {
        Client(int port, int protocol)
            : address(lo_address_new_with_proto(protocol, "127.0.0.1", std::to_string(port).c_str())) {}
        ~Client() { lo_address_free(address); }
        Client(const Client&) = delete;
        Client& operator=(const Client&) = delete;
        lo_address address;
    };
    bool source_is(const std::string& name, double value) {
        return soon([&] {
            const std::lock_guard lock(mutex);
            const auto found = sources.find(name);
            return found != sources.end() && found->second == value;
        });
    }
    // The next change of that parameter; others are dropped.
    std::optional<double> changed(const std::string& id) {
        std::optional<double> out;
        soon([&] {
            for (const RemoteChange& each : network.mirror.take()) {
                if (each.id == id)
                    out = each.pulls > 0 ? each.pulls : each.value;
            }
            return out.has_value();
        });
        return out;
    }

    std::mutex mutex;
    std::map<std::string, double> sources;
    Network network{SourceSink{[this](const std::string& name, double value) {
                                   const std::lock_guard lock(mutex);
                                   sources[name] = value;
                               },
                               {}}};
};

TEST_F(Osc, NothingListensUntilItIsSwitchedOn) {
    EXPECT_FALSE(network.listens());
    network.apply({});
    EXPECT_FALSE(network.listens());
    listen();
    const int port = network.osc().port;
    EXPECT_TRUE(network.listens());
    network.apply({});
    EXPECT_FALSE(network.listens());
    EXPECT_THROW(test::TcpClient{port}, std::runtime_error) << "the port is closed again";
}

TEST_F(Osc, SetsParametersByUdpAndTcp) {
    listen();
    for (const int protocol : {LO_UDP, LO_TCP}) {
        const Client client(network.osc().port, protocol);
        ASSERT_GT(lo_send(client.address, "/light/amount", "f", 1.5f), 0);
        EXPECT_EQ(changed("light.amount"), 1.5);
        ASSERT_GT(lo_send(client.address, "/light/amount", "d", -70.0), 0);
        EXPECT_EQ(changed("light.amount"), -1);
        ASSERT_GT(lo_send(client.address, "/light/layers", "i", 3), 0);
        EXPECT_EQ(changed("light.layers"), 3);
        ASSERT_GT(lo_send(client.address, "/light/order", "s", "backward"), 0);
        EXPECT_EQ(changed("light.order"), 1);
        ASSERT_GT(lo_send(client.address, "/light/on", "T"), 0);
        EXPECT_EQ(changed("light.on"), 1);
        ASSERT_GT(lo_send(client.address, "/atelier/go", ""), 0);
        EXPECT_EQ(changed("transport.go"), 1);
        ASSERT_GT(lo_send(client.address, protocol == LO_UDP ? "/udp" : "/tcp", "ff", 0.25f, 0.75f), 0);
        EXPECT_TRUE(source_is(protocol == LO_UDP ? "osc/udp" : "osc/tcp", 0.25));
        EXPECT_TRUE(source_is(protocol == LO_UDP ? "osc/udp#2" : "osc/tcp#2", 0.75));
    }
    EXPECT_EQ(network.counts.of(Refusal::clamped), 2u);
    EXPECT_EQ(network.counts.of(Refusal::malformed), 0u);
    const auto rows = network.traffic.rows(steady_seconds());
    EXPECT_TRUE(std::ranges::any_of(rows, [](const TrafficRow& row) {
        return row.address == "/udp" && row.from == "127.0.0.1" && row.kind == TrafficKind::source;
    }));
}

TEST_F(Osc, TakesSlipByTcp) {
    listen();
    const Client client(network.osc().port, LO_TCP);
    ASSERT_EQ(lo_address_set_stream_slip(client.address, 1), 0);
    ASSERT_GT(lo_send(client.address, "/light/amount", "f", 1.5f), 0);
    EXPECT_EQ(changed("light.amount"), 1.5);
    ASSERT_GT(lo_send(client.address, "/light/amount", "f", 0.25f), 0);
    EXPECT_EQ(changed("light.amount"), 0.25);
}

TEST_F(Osc, BundlesActAtTheirTime) {
    listen();
    const Client client(network.osc().port, LO_UDP);
    const auto send_at = [&](lo_timetag time, float value) {
        lo_message message = lo_message_new();
        lo_message_add_float(message, value);
        lo_bundle bundle = lo_bundle_new(time);
        lo_bundle_add_message(bundle, "/light/amount", message);
        ASSERT_GT(lo_send_bundle(client.address, bundle), 0);
        lo_bundle_free_recursive(bundle);
    };
    lo_timetag now;
    lo_timetag_now(&now);
    send_at(LO_TT_IMMEDIATE, 0.25f);
    EXPECT_EQ(changed("light.amount"), 0.25);
    send_at({now.sec - 100, 0}, 0.5f);
    EXPECT_EQ(changed("light.amount"), 0.5) << "a late one is for at once";
    send_at({now.sec + 3000, 0}, 1);
    EXPECT_TRUE(soon([&] { return network.counts.of(Refusal::too_far_ahead) == 1; }));
    lo_timetag_now(&now);
    send_at({now.sec + 1, now.frac}, 2);
    EXPECT_EQ(changed("light.amount"), 2);
    lo_timetag after;
    lo_timetag_now(&after);
    EXPECT_GE(lo_timetag_diff(after, now), 1) << "it waited for its time";
}

TEST_F(Osc, WhatIsNoOscIsCountedAndHarmless) {
    listen();
    const OwnedFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const Place place = place_of("127.0.0.1", network.osc().port);
    for (const std::string_view bytes : {"", "x", "/a", "#bundle\0", "GET / HTTP/1.1\r\n\r\n"})
        sendto(socket.get(), bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&place.storage),
               place.size);
    EXPECT_TRUE(soon([&] { return network.counts.of(Refusal::malformed) == 5; }));
    const test::TcpClient web(network.osc().port);
    web.send("GET / HTTP/1.1\r\n\r\n");
    EXPECT_EQ(web.receive_to_end(), "") << "it is shown the door";
    EXPECT_EQ(network.counts.of(Refusal::malformed), 6u);
    const Client client(network.osc().port, LO_UDP);
    ASSERT_GT(lo_send(client.address, "/light/amount", "f", 1.5f), 0);
    EXPECT_EQ(changed("light.amount"), 1.5);
}

TEST_F(Osc, OnlySoManyConnectionsAreKept) {
    listen();
    std::vector<std::unique_ptr<test::TcpClient>> clients;
    for (std::size_t i = 0; i < most_osc_connections + 3; ++i)
        clients.push_back(std::make_unique<test::TcpClient>(network.osc().port));
    EXPECT_TRUE(soon([&] { return network.counts.of(Refusal::connection) == 3; }));
    clients.clear();
    // Those that have gone make room again.
    EXPECT_TRUE(soon([&] {
        const Client client(network.osc().port, LO_TCP);
        lo_send(client.address, "/light/amount", "f", 1.5f);
        const double end = steady_seconds() + 0.05;
        while (steady_seconds() < end) {
            if (!network.mirror.take().empty())
                return true;
        }
        return false;
    }));
}

TEST_F(Osc, SaysWhyItCantListen) {
    listen();
    Network second{SourceSink{}};
    second.apply({.osc = true, .osc_port = network.osc().port});
    EXPECT_FALSE(second.osc().on);
    EXPECT_THAT(second.osc().problem, testing::HasSubstr("another program has it"));
    second.apply({.osc = true, .osc_address = "203.0.113.1", .osc_port = 0});
    EXPECT_THAT(second.osc().problem, testing::HasSubstr("this machine hasn't that address"));
    second.apply({.osc = true, .osc_address = "somewhere.example", .osc_port = 0});
    EXPECT_THAT(second.osc().problem, testing::HasSubstr("is no address"));
    second.apply({.artnet = true, .artnet_address = "", .artnet_port = 0});
    EXPECT_THAT(second.artnet().problem, testing::HasSubstr("is no address"));
    second.apply({.out = true, .out_address = "127.0.0.1", .out_port = 0});
    EXPECT_THAT(second.out().problem, testing::HasSubstr("port 0"));
}

// What liblo's server hears of it.
TEST_F(Osc, TellsWhatHasChanged) {
    struct Heard {
        std::mutex mutex;
        std::map<std::string, std::string> last; // path -> types and value
        std::map<std::string, int> count;
    } heard;
    const lo_server_thread server = lo_server_thread_new(nullptr, nullptr);
    ASSERT_NE(server, nullptr);
    lo_server_thread_add_method(
        server, nullptr, nullptr,
        [](const char* path, const char* types, lo_arg** argv, int, lo_message, void* user) {
            auto& to = *static_cast<Heard*>(user);
            const std::lock_guard lock(to.mutex);
            const std::string value = types[0] == 'f'   ? std::to_string(argv[0]->f)
                                      : types[0] == 'i' ? std::to_string(argv[0]->i)
                                      : types[0] == 'h' ? std::to_string(argv[0]->h)
                                      : types[0] == 's' ? std::string(&argv[0]->s)
                                                        : std::string();
            to.last[path] = types + value;
            ++to.count[path];
            return 0;
        },
        &heard);
    lo_server_thread_start(server);
    const auto said = [&](const std::string& path, const std::string& what) {
        return soon([&] {
            const std::lock_guard lock(heard.mutex);
            return heard.last[path] == what;
        });
    };
    network.mirror.tell(std::vector<double>{1.5, 3, 1, 0, 0, 7, 4e9});
    network.apply({.out = true, .out_port = lo_server_thread_get_port(server)});
    ASSERT_TRUE(network.out().on) << network.out().problem;
    EXPECT_TRUE(said("/light/amount", "f1.500000")) << "all of them at the beginning";
    EXPECT_TRUE(said("/light/layers", "i3"));
    EXPECT_TRUE(said("/light/order", "sbackward"));
    EXPECT_TRUE(said("/light/on", "F"));
    EXPECT_TRUE(said("/atelier/beat", "f7.000000"));
    EXPECT_TRUE(said("/walk/seed", "h4000000000"));
    // Thousands of changes: the last one comes, and not each of them.
    for (int i = 0; i <= 20000; ++i)
        network.mirror.tell(std::vector<double>{i / 20000.0, 3, 1, 1, 0, 7, 4e9});
    EXPECT_TRUE(said("/light/amount", "f1.000000"));
    EXPECT_TRUE(said("/light/on", "T"));
    lo_server_thread_free(server);
    EXPECT_LT(heard.count["/light/amount"], 2000);
    EXPECT_EQ(heard.count["/light/layers"], 1) << "what stays is told once";
    EXPECT_EQ(heard.count.count("/transport/go"), 0u);
    EXPECT_GE(network.sent(), 7u);
}

TEST_F(Osc, ArtNetIsASource) {
    network.apply({.artnet = true, .artnet_port = 0, .artnet_universe = 3});
    ASSERT_TRUE(network.artnet().on) << network.artnet().problem;
    const OwnedFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const Place place = place_of("127.0.0.1", network.artnet().port);
    std::vector<std::uint8_t> packet{'A', 'r', 't', '-', 'N', 'e', 't', 0, 0x00, 0x50, 0, 14, 1, 0, 3, 0, 2, 0};
    packet.resize(18 + 512);
    packet[18 + 11] = 255;
    sendto(socket.get(), packet.data(), packet.size(), 0, reinterpret_cast<const sockaddr*>(&place.storage),
           place.size);
    EXPECT_TRUE(source_is("artnet/3/12", 1));
    EXPECT_EQ(sources.size(), 1u) << "channels that stay at 0 say nothing";
}

} // namespace
