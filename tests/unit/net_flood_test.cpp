// SPDX-License-Identifier: Apache-2.0
// Floods over the loopback: 100,000 messages as fast as they go, of all kinds. What is kept stays small, and what comes
// afterwards is still heard.
#include <cmath>
#include <fstream>
#include <random>

#include <gtest/gtest.h>
#include <lo/lo.h>

#include "base/clock.h"
#include "inputs/input_hub.h"
#include "inputs/net/network.h"
#include "inputs/net/osc_receiver.h"
#include "net_client.h"
#include "support/soon.h"

namespace {

using namespace atelier;
using namespace atelier::net;
using test::soon;

constexpr int flood = 100000;

double megabytes_used() {
    std::ifstream file("/proc/self/statm");
    long all = 0, resident = 0;
    file >> all >> resident;
    return static_cast<double>(resident) * 4096 / 1e6;
}

std::string message(const std::string& address, float value) {
    lo_message made = lo_message_new();
    lo_message_add_float(made, value);
    std::string out(lo_message_length(made, address.c_str()), '\0');
    lo_message_serialise(made, address.c_str(), out.data(), nullptr);
    lo_message_free(made);
    return out;
}

class Flood : public testing::Test {
protected:
    Flood() {
        network.mirror.describe({{.id = "light.amount"}, {.id = "transport.go", .kind = ParameterKind::trigger}});
        network.apply({.osc = true, .osc_port = 0, .artnet = true, .artnet_port = 0});
    }
    void send(int port, const std::string& bytes) const {
        const Place place = place_of("127.0.0.1", port);
        sendto(socket.get(), bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&place.storage),
               place.size);
    }
    // A value that is sent now and again until it is heard.
    bool still_hears(float value) {
        return soon([&] {
            send(network.osc().port, message("/light/amount", value));
            for (const RemoteChange& each : network.mirror.take()) {
                if (each.id == "light.amount" && each.value == value)
                    return true;
            }
            return false;
        });
    }

    inputs::InputHub hub;
    Network network{SourceSink{[this](const std::string& name, double value) { hub.set(name, value); },
                               [this](const std::string& name, double strength) { hub.hit(name, strength); }}};
    OwnedFd socket{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
};

TEST_F(Flood, OfEveryKindLeavesLittleBehind) {
    ASSERT_TRUE(network.osc().on) << network.osc().problem;
    const double before = megabytes_used();
    std::mt19937 random(1);
    std::string bundle = std::string("#bundle\0\0\0\0\0\0\0\0\1", 16);
    for (int i = 0; i < 1000; ++i)
        bundle += std::string("\0\0\0\x18", 4) + message("/in/bundle/" + std::to_string(100 + i % 900), 0.5F);
    for (int i = 0; i < flood; ++i) {
        switch (i % 8) {
        case 0: send(network.osc().port, message("/light/amount", static_cast<float>(i))); break;
        case 1: send(network.osc().port, message("/transport/go", 1)); break;
        case 2: send(network.osc().port, message("/light/amount", std::nanf(""))); break;
        case 3: send(network.osc().port, message("/" + std::string(200, 'a') + std::to_string(random()), 0.5F)); break;
        case 4: send(network.osc().port, "no osc at all"); break;
        case 5: send(network.osc().port, message("/l*t/{amount,a}", 0.5F)); break;
        case 6: send(network.osc().port, i % 100 == 6 ? bundle : message("/fader/1", 0.25F)); break;
        default: send(network.artnet().port, "Art-Net and then nothing"); break;
        }
    }
    EXPECT_TRUE(still_hears(0.5F));
    EXPECT_LE(network.traffic.rows(steady_seconds()).size(), Traffic::most_rows);
    EXPECT_LE(network.mirror.take().size(), 2u);
    EXPECT_LE(hub.take().size(), inputs::most_sources);
    EXPECT_GT(network.counts.of(Refusal::malformed), 0u);
    EXPECT_GT(network.counts.of(Refusal::not_finite), 0u);
    EXPECT_LT(megabytes_used() - before, 100);
}

// Nobody reads the answers: the server waits for each without keeping more.
TEST_F(Flood, OfRequestsIsAnsweredInTurn) {
    network.apply({.query = true, .query_port = 0, .query_may_set = true});
    ASSERT_TRUE(network.query().on) << network.query().problem;
    const double before = megabytes_used();
    std::vector<std::unique_ptr<test::TcpClient>> deaf;
    const std::string request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for (int i = 0; i < 20; ++i) {
        deaf.push_back(std::make_unique<test::TcpClient>(network.query().port));
        for (int j = 0; j < 100; ++j)
            deaf.back()->send(request);
    }
    EXPECT_EQ(test::http_get(network.query().port, "/light/amount").status, 200) << "others are still served";
    EXPECT_LT(megabytes_used() - before, 100);
}

TEST_F(Flood, OfHeldBundlesEndsAtTheBound) {
    lo_timetag now;
    lo_timetag_now(&now);
    std::string bundle("#bundle\0", 8);
    for (const std::uint32_t half : {now.sec + 50, 0u}) {
        for (int shift = 24; shift >= 0; shift -= 8)
            bundle += static_cast<char>(half >> shift);
    }
    const std::string one = message("/later", 1);
    for (int i = 0; i < 1000; ++i)
        bundle += std::string("\0\0\0", 3) + static_cast<char>(one.size()) + one;
    EXPECT_TRUE(soon([&] {
        send(network.osc().port, bundle);
        return network.counts.of(Refusal::too_far_ahead) > 0;
    }));
    EXPECT_TRUE(still_hears(0.75F));
    EXPECT_TRUE(hub.take().empty()) << "none of them is due yet";
}

TEST(FloodOfTcp, IsReadAtAPace) {
    Counts counts;
    ParameterMirror mirror;
    Traffic traffic;
    OscRouter router(mirror, traffic, counts, {});
    const OscReceiver receiver("127.0.0.1", 0, router, counts);
    const test::TcpClient client(receiver.port());
    const std::string one = message("/fader/1", 0.5F);
    std::string many;
    for (int i = 0; i < 1000; ++i)
        many += std::string("\0\0\0", 3) + static_cast<char>(one.size()) + one;
    for (int i = 0; i < flood / 1000; ++i)
        ASSERT_TRUE(client.send(many)) << "TCP holds back and loses nothing";
    EXPECT_TRUE(soon([&] { return counts.messages() == flood; }));
    EXPECT_EQ(counts.of(Refusal::malformed), 0u);
}

} // namespace
