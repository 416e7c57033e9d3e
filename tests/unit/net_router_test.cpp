// SPDX-License-Identifier: Apache-2.0
// The mirror of parameters, and what messages mean to it and to sources.
#include <cmath>
#include <limits>
#include <map>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "inputs/net/artnet_receiver.h"
#include "inputs/net/held_messages.h"
#include "inputs/net/osc_router.h"

namespace {

using namespace atelier::net;
using testing::ElementsAre;
using testing::Pair;

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

std::vector<MirroredParameter> some_parameters() {
    return {
        {.id = "light.amount", .label = "Amount", .min = -1, .max = 2, .standard = 0.5},
        {.id = "light.layers", .label = "Layers", .min = 0, .max = 8, .kind = ParameterKind::whole},
        {.id = "light.order",
         .label = "Order",
         .min = 0,
         .max = 2,
         .kind = ParameterKind::choice,
         .names = {"forward", "backward", "both"}},
        {.id = "light.on", .label = "On", .kind = ParameterKind::toggle},
        {.id = "transport.go", .label = "Go", .kind = ParameterKind::trigger},
        {.id = "light.closed", .label = "Closed", .open = false},
        {.id = "atelier.beat", .label = "Beat", .fact = true},
        {.id = "turn.a:1#2.amount", .label = "Second", .max = 5},
    };
}

class Router : public testing::Test {
protected:
    Router() { mirror.describe(some_parameters()); }

    static OscValue number(double value) { return {OscValue::Kind::number, value, {}}; }
    static OscValue text(const char* value) { return {OscValue::Kind::text, 0, value}; }
    void send(const std::string& address, std::vector<OscValue> values = {}, bool may_set = true) {
        router.take({address, std::move(values)}, "10.0.0.7", may_set);
    }
    // What the studio is asked for: id -> value, or how often it was pulled.
    std::map<std::string, double> taken() {
        std::map<std::string, double> out;
        for (const RemoteChange& each : mirror.take())
            out[each.id] = each.pulls > 0 ? each.pulls : each.value;
        return out;
    }

    ParameterMirror mirror;
    Traffic traffic;
    Counts counts;
    std::map<std::string, double> sources, hits;
    OscRouter router{mirror, traffic, counts,
                     SourceSink{[this](const std::string& name, double value) { sources[name] = value; },
                                [this](const std::string& name, double strength) { hits[name] = strength; }}};
};

TEST_F(Router, SetsParametersByTheirPathOrId) {
    send("/light/amount", {number(1.5)});
    send("/light.layers", {number(3.6)});
    send("/turn/a:1~2/amount", {number(4)});
    EXPECT_THAT(taken(), ElementsAre(Pair("light.amount", 1.5), Pair("light.layers", 4), Pair("turn.a:1#2.amount", 4)));
    EXPECT_TRUE(sources.empty());
    EXPECT_EQ(counts.messages(), 3u);
}

TEST_F(Router, ClampsAndCounts) {
    send("/light/amount", {number(99)});
    EXPECT_THAT(taken(), ElementsAre(Pair("light.amount", 2)));
    send("/light/amount", {number(-99)});
    EXPECT_THAT(taken(), ElementsAre(Pair("light.amount", -1)));
    EXPECT_EQ(counts.of(Refusal::clamped), 2u);
}

TEST_F(Router, ReadsEachKindInItsOwnWay) {
    send("/light/order", {text("both")});
    send("/light/on", {{OscValue::Kind::boolean, 1, {}}});
    EXPECT_THAT(taken(), ElementsAre(Pair("light.on", 1), Pair("light.order", 2)));
    send("/light/order", {number(1)});
    send("/light/on", {text("off")});
    EXPECT_THAT(taken(), ElementsAre(Pair("light.on", 0), Pair("light.order", 1)));
    EXPECT_EQ(counts.of(Refusal::wrong_type), 0u);
    send("/light/order", {text("sideways")});
    send("/light/amount", {text("1")});
    send("/light/amount", {{OscValue::Kind::other}});
    send("/light/amount");
    send("/transport/go", {text("now")});
    EXPECT_TRUE(taken().empty());
    EXPECT_EQ(counts.of(Refusal::wrong_type), 5u);
}

TEST_F(Router, RefusesWhatIsNoNumber) {
    send("/light/amount", {number(nan_value)});
    send("/light/amount", {number(std::numeric_limits<double>::infinity())});
    send("/fader/1", {number(nan_value)});
    EXPECT_TRUE(taken().empty());
    EXPECT_TRUE(sources.empty());
    EXPECT_EQ(counts.of(Refusal::not_finite), 3u);
}

TEST_F(Router, PullsTriggersAsButtonsDo) {
    send("/transport/go");
    send("/atelier/go", {number(1)});
    send("/atelier/go", {number(0)});
    send("/transport/go", {{OscValue::Kind::impulse, 1, {}}});
    send("/transport/go", {number(nan_value)});
    EXPECT_THAT(taken(), ElementsAre(Pair("transport.go", 3)));
    for (int i = 0; i < 1000; ++i)
        send("/atelier/go");
    EXPECT_THAT(taken(), ElementsAre(Pair("transport.go", most_pulls)));
    EXPECT_EQ(counts.of(Refusal::too_often), 1000u - most_pulls);
}

TEST_F(Router, NothingClosedIsSet) {
    send("/light/closed", {number(1)});
    send("/atelier/beat", {number(1)});
    send("/light/amount", {number(1)}, false);
    mirror.close(true);
    send("/light/amount", {number(1)});
    send("/transport/go");
    EXPECT_TRUE(taken().empty());
    EXPECT_EQ(counts.of(Refusal::closed), 5u);
    EXPECT_TRUE(sources.empty()) << "a parameter's address is no source";
    mirror.close(false);
    send("/light/amount", {number(1)});
    EXPECT_THAT(taken(), ElementsAre(Pair("light.amount", 1)));
}

TEST_F(Router, APatternReachesSeveral) {
    send("/light/{amount,layers}", {number(2)});
    EXPECT_THAT(taken(), ElementsAre(Pair("light.amount", 2), Pair("light.layers", 2)));
    send("/nothing/*", {number(2)});
    EXPECT_TRUE(taken().empty());
    EXPECT_TRUE(sources.empty());
    EXPECT_EQ(counts.of(Refusal::wrong_type), 1u);
}

TEST_F(Router, OtherAddressesAreSources) {
    send("/fader/1", {number(0.25), number(2), {OscValue::Kind::boolean, 1, {}}});
    EXPECT_THAT(sources, ElementsAre(Pair("osc/fader/1", 0.25), Pair("osc/fader/1#2", 1), Pair("osc/fader/1#3", 1)));
    EXPECT_EQ(counts.of(Refusal::clamped), 1u);
    send("/bang");
    EXPECT_THAT(hits, ElementsAre(Pair("osc/bang", 1)));
    send("/text", {text("hello")});
    EXPECT_EQ(counts.of(Refusal::wrong_type), 1u);
    send("/no#t", {number(1)});
    EXPECT_EQ(counts.of(Refusal::malformed), 1u);
    sources.clear();
    send("/many", std::vector<OscValue>(200, number(0.5)));
    EXPECT_EQ(sources.size(), most_sources_of_message);
}

TEST_F(Router, TrafficTellsWhatCameFromWhere) {
    send("/fader/1", {number(0.25)});
    send("/fader/1", {number(0.5)});
    send("/light/closed", {number(1)});
    send("/light/order", {text("\x1b[31m\n")});
    const auto rows = traffic.rows(atelier::steady_seconds());
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[0].address, "/fader/1");
    EXPECT_EQ(rows[0].from, "10.0.0.7");
    EXPECT_EQ(rows[0].count, 2u);
    EXPECT_EQ(rows[0].value, "0.5");
    EXPECT_EQ(rows[0].kind, TrafficKind::source);
    EXPECT_EQ(rows[0].source(), "osc/fader/1");
    EXPECT_EQ(rows[1].kind, TrafficKind::refused);
    EXPECT_EQ(rows[2].value, "?[31m?") << "of strangers";
}

TEST(Traffic, IsBoundedAndForgetsAfterAMinute) {
    Traffic traffic;
    for (int i = 0; i < 1000; ++i)
        traffic.note("/a" + std::to_string(i), "x", TrafficKind::source, std::string(1000, 'v'), 0);
    EXPECT_EQ(traffic.rows(0).size(), Traffic::most_rows);
    EXPECT_EQ(traffic.rows(0)[0].value.size(), 40u);
    EXPECT_EQ(traffic.unlisted(), 1000 - Traffic::most_rows);
    traffic.note("/new", "x", TrafficKind::source, "", 30);
    EXPECT_EQ(traffic.rows(30).size(), 1u) << "what rested made room";
    EXPECT_TRUE(traffic.rows(91).empty());
}

TEST(HeldMessages, WaitForTheirTimeWithinBounds) {
    HeldMessages held;
    constexpr std::uint64_t start = 1000ULL << 32, second = 1ULL << 32;
    const auto after = [](int seconds) {
        return OscNow{start + static_cast<std::uint64_t>(seconds) * second, 50.0 + seconds};
    };
    const OscNow now = after(0);
    EXPECT_FALSE(held.wait(now));
    EXPECT_TRUE(held.hold(start + 2 * second, now, {{"/later"}, ""}));
    EXPECT_TRUE(held.hold(start + second, now, {{"/first"}, ""}));
    EXPECT_TRUE(held.hold(start + second, now, {{"/second"}, ""}));
    EXPECT_FALSE(held.hold(start + 61 * second, now, {{"/far"}, ""}));
    EXPECT_DOUBLE_EQ(*held.wait(now), 1);
    EXPECT_FALSE(held.due(now));
    EXPECT_EQ(held.due(after(1))->message.address, "/first");
    EXPECT_EQ(held.due(after(1))->message.address, "/second");
    EXPECT_FALSE(held.due(after(1)));
    while (held.size() < HeldMessages::most)
        EXPECT_TRUE(held.hold(start + 2 * second, after(1), {}));
    EXPECT_FALSE(held.hold(start + 2 * second, after(1), {}));
}

// The machine's clock is set, by hand or by the network's time.
TEST(HeldMessages, WaitAsLongAsWasSaidWhateverTheClockDoes) {
    constexpr std::uint64_t start = 1000000ULL << 32, second = 1ULL << 32, day = 86400;
    for (const bool back : {true, false}) {
        HeldMessages held;
        const auto at = [&](double steady, bool jumped) {
            const std::uint64_t wall = start + static_cast<std::uint64_t>(steady) * second;
            return OscNow{jumped ? (back ? wall - day * second : wall + day * second) : wall, steady};
        };
        EXPECT_TRUE(held.hold(start + 10 * second, at(0, false), {{"/first"}, ""}));
        EXPECT_TRUE(held.hold(start + 10 * second, at(0, false), {{"/second"}, ""}));
        EXPECT_NEAR(*held.wait(at(4, true)), 6, 1e-3);
        EXPECT_FALSE(held.due(at(8, true)));
        EXPECT_TRUE(held.hold(at(9, true).wall, at(8, true), {{"/before"}, ""})) << "by the new time";
        EXPECT_EQ(held.due(at(11, true))->message.address, "/before");
        EXPECT_EQ(held.due(at(11, true))->message.address, "/first");
        EXPECT_EQ(held.due(at(11, true))->message.address, "/second");
    }
}

TEST(ParameterMirror, TellsValuesAndKeepsTheOrderOfChanges) {
    ParameterMirror mirror;
    mirror.describe(some_parameters());
    EXPECT_EQ(mirror.view().values[0], 0.5) << "the standard one until it is told";
    const std::uint64_t before = mirror.changes();
    std::vector<double> values(some_parameters().size(), 0);
    mirror.tell(values);
    EXPECT_EQ(mirror.changes(), before + 1);
    mirror.tell(values);
    EXPECT_EQ(mirror.changes(), before + 1) << "nothing has changed";
    mirror.tell(std::vector<double>(3, 1.0));
    EXPECT_EQ(mirror.changes(), before + 1) << "of another table";

    const auto table = mirror.table();
    mirror.set(*table, 0, 1);
    mirror.set(*table, 4, 0);
    mirror.set(*table, 0, 2);
    const auto changes = mirror.take();
    ASSERT_EQ(changes.size(), 2u);
    EXPECT_EQ(changes[0].id, "transport.go");
    EXPECT_EQ(changes[1].id, "light.amount");
    EXPECT_EQ(changes[1].value, 2);
    EXPECT_TRUE(mirror.take().empty());
}

TEST(ParameterMirror, ManyThreadsAtOnce) {
    ParameterMirror mirror;
    mirror.describe(some_parameters());
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&mirror](const std::stop_token& stop) {
            while (!stop.stop_requested()) {
                const auto view = mirror.view();
                ASSERT_EQ(view.values.size(), view.table->all().size());
                mirror.set(*view.table, 0, 1);
                mirror.set(*view.table, 4, 1);
            }
        });
    for (int i = 0; i < 300; ++i) {
        auto other = some_parameters();
        other.resize(5 + static_cast<std::size_t>(i % 3));
        mirror.describe(other);
        mirror.tell(std::vector<double>(other.size(), i));
        EXPECT_LE(mirror.take().size(), 2u);
    }
}

TEST(ArtNetRouter, GivesChangedChannelsOfItsUniverses) {
    Traffic traffic;
    Counts counts;
    std::vector<std::pair<std::string, double>> got;
    ArtNetRouter router(1, 2, {[&](const std::string& name, double value) { got.emplace_back(name, value); }, {}},
                        traffic, counts);
    const auto send = [&](int universe, int sequence, std::vector<std::uint8_t> values) {
        std::vector<std::uint8_t> packet{'A',
                                         'r',
                                         't',
                                         '-',
                                         'N',
                                         'e',
                                         't',
                                         0,
                                         0x00,
                                         0x50,
                                         0,
                                         14,
                                         static_cast<std::uint8_t>(sequence),
                                         0,
                                         static_cast<std::uint8_t>(universe),
                                         0,
                                         0,
                                         static_cast<std::uint8_t>(values.size())};
        packet.insert(packet.end(), values.begin(), values.end());
        got.clear();
        router.take(packet, "10.0.0.9");
    };
    send(1, 1, {0, 255, 51});
    EXPECT_THAT(got, ElementsAre(Pair("artnet/1/2", 1), Pair("artnet/1/3", 0.2)));
    send(1, 2, {0, 255, 0});
    EXPECT_THAT(got, ElementsAre(Pair("artnet/1/3", 0)));
    send(1, 1, {9, 9, 9});
    EXPECT_TRUE(got.empty()) << "it was overtaken on its way";
    send(2, 0, {255});
    EXPECT_THAT(got, ElementsAre(Pair("artnet/2/1", 1)));
    send(3, 0, {255});
    EXPECT_TRUE(got.empty()) << "a universe that isn't listened to";
    EXPECT_EQ(counts.of(Refusal::malformed), 0u);
    router.take(std::vector<std::uint8_t>{1, 2, 3}, "10.0.0.9");
    EXPECT_EQ(counts.of(Refusal::malformed), 1u);
}

} // namespace
