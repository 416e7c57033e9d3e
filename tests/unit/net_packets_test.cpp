// SPDX-License-Identifier: Apache-2.0
// Packets of OSC and Art-Net: good ones are understood, each damaged one is refused whole.
#include <cmath>
#include <limits>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lo/lo.h>

#include "inputs/net/artnet_packet.h"
#include "inputs/net/osc_packet.h"
#include "inputs/net/osc_pattern.h"
#include "inputs/net/osc_receiver.h"

namespace {

using namespace atelier::net;
using testing::ElementsAre;
using Bytes = std::vector<std::uint8_t>;

// As liblo writes a message.
Bytes written(const char* address, lo_message message) {
    Bytes out(lo_message_length(message, address));
    lo_message_serialise(message, address, out.data(), nullptr);
    lo_message_free(message);
    return out;
}

Bytes text_bytes(std::string text) {
    text.resize(text.size() / 4 * 4 + 4, '\0');
    return {text.begin(), text.end()};
}

Bytes operator+(Bytes a, const Bytes& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

Bytes long_word(std::uint64_t value) {
    Bytes out;
    for (int shift = 56; shift >= 0; shift -= 8)
        out.push_back(static_cast<std::uint8_t>(value >> shift));
    return out;
}

Bytes word(std::uint32_t value) {
    const Bytes all = long_word(value);
    return {all.begin() + 4, all.end()};
}

Bytes bundle(std::uint64_t time, const std::vector<Bytes>& parts) {
    Bytes out = text_bytes("#bundle") + long_word(time);
    for (const Bytes& each : parts)
        out = out + word(static_cast<std::uint32_t>(each.size())) + each;
    return out;
}

std::vector<TimedMessage> read_all(const Bytes& packet) {
    std::vector<TimedMessage> messages;
    EXPECT_TRUE(read_osc(packet, messages));
    return messages;
}

bool refused(const Bytes& packet) {
    std::vector<TimedMessage> messages{{}, {}};
    return !read_osc(packet, messages) && messages.empty();
}

TEST(OscPacket, HasEveryTypeAsLibloWritesIt) {
    lo_message message = lo_message_new();
    lo_message_add_int32(message, -7);
    lo_message_add_float(message, 0.25f);
    lo_message_add_string(message, "random");
    lo_message_add_int64(message, 1LL << 40);
    lo_message_add_double(message, 0.1);
    lo_message_add_true(message);
    lo_message_add_false(message);
    lo_message_add_nil(message);
    lo_message_add_infinitum(message);
    lo_message_add_char(message, 'x');
    lo_blob blob = lo_blob_new(5, "12345");
    lo_message_add_blob(message, blob);
    lo_blob_free(blob);
    lo_message_add_symbol(message, "s");
    lo_message_add_timetag(message, {1, 2});
    std::uint8_t midi[4] = {0, 1, 2, 3};
    lo_message_add_midi(message, midi);
    const auto read = read_all(written("/a/b", message));
    ASSERT_EQ(read.size(), 1u);
    EXPECT_EQ(read[0].message.address, "/a/b");
    EXPECT_EQ(read[0].time, at_once);
    using Kind = OscValue::Kind;
    EXPECT_THAT(read[0].message.values,
                ElementsAre(OscValue{Kind::number, -7, ""}, OscValue{Kind::number, 0.25, ""},
                            OscValue{Kind::text, 0, "random"}, OscValue{Kind::number, std::pow(2.0, 40), ""},
                            OscValue{Kind::number, 0.1, ""}, OscValue{Kind::boolean, 1, ""},
                            OscValue{Kind::boolean, 0, ""}, OscValue{Kind::nil, 0, ""}, OscValue{Kind::impulse, 1, ""},
                            OscValue{Kind::number, 'x', ""}, OscValue{Kind::other, 0, ""}, OscValue{Kind::text, 0, "s"},
                            OscValue{Kind::other, 0, ""}, OscValue{Kind::other, 0, ""}));
}

TEST(OscPacket, TakesArraysApart) {
    const auto read = read_all(text_bytes("/x") + text_bytes(",[i[T]]F") + word(3));
    ASSERT_EQ(read.size(), 1u);
    ASSERT_EQ(read[0].message.values.size(), 3u);
    EXPECT_EQ(read[0].message.values[0].number, 3);
    EXPECT_TRUE(refused(text_bytes("/x") + text_bytes(",[i") + word(3)));
    EXPECT_TRUE(refused(text_bytes("/x") + text_bytes(",i]") + word(3)));
    EXPECT_TRUE(refused(text_bytes("/x") + text_bytes(",]i[") + word(3)));
}

TEST(OscPacket, ABundleHoldsOthersAndTheirTimes) {
    const Bytes a = text_bytes("/a") + text_bytes(","), b = text_bytes("/b") + text_bytes(",");
    const auto read = read_all(bundle(500, {a, bundle(700, {b}), bundle(1, {b})}));
    ASSERT_EQ(read.size(), 3u);
    EXPECT_EQ(read[0].time, 500u);
    EXPECT_EQ(read[1].time, 700u);
    EXPECT_EQ(read[2].time, 500u) << "an inner one is no earlier than what it lies in";
    EXPECT_TRUE(read_all(bundle(1, {})).empty());

    Bytes deep = a;
    for (int i = 0; i < deepest_bundle; ++i)
        deep = bundle(1, {deep});
    EXPECT_EQ(read_all(deep).size(), 1u);
    EXPECT_TRUE(refused(bundle(1, {deep})));
    EXPECT_TRUE(refused(bundle(1, {a, Bytes{1, 2, 3, 4}}))) << "with one bad message none is taken";
}

TEST(OscPacket, RefusesWhatIsNone) {
    EXPECT_TRUE(refused({}));
    EXPECT_TRUE(refused({'/', 'a', 0}));
    EXPECT_TRUE(refused(text_bytes("a")));
    EXPECT_TRUE(refused(text_bytes("/")));
    EXPECT_TRUE(refused(text_bytes("/a b")));
    EXPECT_TRUE(refused(text_bytes("/\xC3\xA4")));
    EXPECT_TRUE(refused({'/', 'a', 'b', 'c'})) << "no end of the text";
    EXPECT_TRUE(refused({'/', 'a', 0, 'x', ',', 0, 0, 0})) << "something behind the end";
    EXPECT_TRUE(refused(text_bytes("/a") + text_bytes(",f")));
    EXPECT_TRUE(refused(text_bytes("/a") + text_bytes(",f") + word(0) + word(0)));
    EXPECT_TRUE(refused(text_bytes("/a") + text_bytes(",q") + word(0)));
    EXPECT_TRUE(refused(text_bytes("/a") + text_bytes("f") + word(0)));
    EXPECT_TRUE(refused(text_bytes("/a") + text_bytes(",b") + word(0xFFFFFFFF)));
    EXPECT_TRUE(refused(text_bytes("/a") + text_bytes(",b") + word(0xFFFFFFFD) + word(0)));
    EXPECT_TRUE(refused(text_bytes("/" + std::string(longest_osc_address, 'a'))));
    EXPECT_TRUE(refused(text_bytes("/a") + text_bytes("," + std::string(most_osc_values + 1, 'T'))));
    EXPECT_EQ(read_all(text_bytes("/a") + text_bytes("," + std::string(most_osc_values, 'T'))).size(), 1u);
    Bytes large = bundle(1, {});
    while (large.size() <= largest_osc_packet)
        large = large + word(8) + text_bytes("/a") + text_bytes(",");
    EXPECT_TRUE(refused(large));
    EXPECT_EQ(read_all(text_bytes("/a")).size(), 1u) << "older senders leave the types out";
}

// Any change of one byte is read or refused; under the sanitizers nothing else happens.
TEST(OscPacket, OfAnyBytesIsReadOrRefused) {
    lo_message message = lo_message_new();
    lo_message_add_string(message, "text");
    lo_message_add_float(message, 1);
    lo_blob blob = lo_blob_new(3, "123");
    lo_message_add_blob(message, blob);
    lo_blob_free(blob);
    const Bytes whole = bundle(9, {written("/some/address", message), bundle(10, {text_bytes("/b")})});
    std::vector<TimedMessage> messages;
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (int value = 0; value < 256; ++value) {
            Bytes changed = whole;
            changed[at] = static_cast<std::uint8_t>(value);
            if (read_osc(changed, messages)) {
                EXPECT_LE(messages.size(), 2u);
            }
        }
    }
    // Cut short it is one only behind its head and behind its first message.
    int good = 0;
    for (std::size_t size = 0; size < whole.size(); ++size)
        good += read_osc(std::span(whole).first(size), messages) ? 1 : 0;
    EXPECT_EQ(good, 2);
}

TEST(OscTime, CountsSecondsAndTheirParts) {
    EXPECT_DOUBLE_EQ(seconds_between(5ULL << 32, 7ULL << 32), 2);
    EXPECT_DOUBLE_EQ(seconds_between(7ULL << 32, 5ULL << 32), -2);
    EXPECT_DOUBLE_EQ(seconds_between(0, 1ULL << 31), 0.5);
    lo_timetag now;
    lo_timetag_now(&now);
    EXPECT_NEAR(seconds_between(static_cast<std::uint64_t>(now.sec) << 32 | now.frac, osc_time_now()), 0, 5);
}

TEST(OscPattern, MatchesAsTheStandardSays) {
    EXPECT_TRUE(matches_osc_pattern("/a/b", "/a/b"));
    EXPECT_FALSE(matches_osc_pattern("/a/b", "/a/bc"));
    EXPECT_TRUE(matches_osc_pattern("/a/*", "/a/bcd"));
    EXPECT_FALSE(matches_osc_pattern("/a/*", "/a/b/c")) << "a star ends at the slash";
    EXPECT_TRUE(matches_osc_pattern("/*/b*d", "/aa/bcd"));
    EXPECT_TRUE(matches_osc_pattern("/a?c", "/abc"));
    EXPECT_FALSE(matches_osc_pattern("/a?c", "/ac"));
    EXPECT_FALSE(matches_osc_pattern("/a?c", "/a/c"));
    EXPECT_TRUE(matches_osc_pattern("/[a-c]x", "/bx"));
    EXPECT_FALSE(matches_osc_pattern("/[a-c]x", "/dx"));
    EXPECT_TRUE(matches_osc_pattern("/[!a-c]x", "/dx"));
    EXPECT_FALSE(matches_osc_pattern("/[!a-c]x", "/ax"));
    EXPECT_TRUE(matches_osc_pattern("/{coarse,fine}/w", "/fine/w"));
    EXPECT_FALSE(matches_osc_pattern("/{coarse,fine}/w", "/middle/w"));
    EXPECT_TRUE(matches_osc_pattern("/a{,b}", "/a"));
    EXPECT_TRUE(matches_osc_pattern("/a{,b}", "/ab"));
    EXPECT_FALSE(matches_osc_pattern("/a{b", "/ab"));
    EXPECT_FALSE(matches_osc_pattern("/a[b", "/ab"));
    EXPECT_FALSE(matches_osc_pattern("/a]", "/a]"));
    EXPECT_TRUE(is_osc_pattern("/a*"));
    EXPECT_FALSE(is_osc_pattern("/a"));
    // What would take ages if every way were tried.
    const std::string many = "/" + std::string(120, '*') + "b", text = "/" + std::string(250, 'a');
    EXPECT_FALSE(matches_osc_pattern(many, text));
}

TEST(OscStream, IsPartedByLengthsOrSlip) {
    const Bytes one = text_bytes("/one"), two = text_bytes("/two");
    const auto parts_of = [](const Bytes& stream, std::size_t step) {
        OscStream reader;
        std::vector<Bytes> out;
        for (std::size_t at = 0; at < stream.size(); at += step) {
            const auto some = std::span(stream).subspan(at, std::min(step, stream.size() - at));
            if (!reader.feed(some,
                             [&](std::span<const std::uint8_t> each) { out.emplace_back(each.begin(), each.end()); }))
                return std::vector<Bytes>{};
        }
        return out;
    };
    const Bytes lengths = word(8) + one + word(8) + two;
    Bytes escaped = two;
    escaped[5] = 0xC0;
    escaped[6] = 0xDB;
    const Bytes slip =
        Bytes{0xC0} + one + Bytes{0xC0, 0xC0} + Bytes{'/', 't', 'w', 'o', 0, 0xDB, 0xDC, 0xDB, 0xDD, 0} + Bytes{0xC0};
    for (const std::size_t step : {1u, 3u, 100u}) {
        EXPECT_THAT(parts_of(lengths, step), ElementsAre(one, two)) << step;
        EXPECT_THAT(parts_of(slip, step), ElementsAre(one, escaped)) << step;
        EXPECT_THAT(parts_of({slip.begin() + 1, slip.end()}, step), ElementsAre(one, escaped)) << step;
    }
    EXPECT_TRUE(parts_of(word(largest_osc_packet + 4) + one, 100).empty());
    EXPECT_TRUE(parts_of(word(0) + one, 100).empty());
    EXPECT_TRUE(parts_of(Bytes{0xC0, 0xDB, 'x'}, 100).empty());
    EXPECT_TRUE(parts_of(Bytes{0xC0} + Bytes(largest_osc_packet + 1, 'a'), 100).empty());
}

Bytes art_dmx(int universe, const Bytes& values, int sequence = 0) {
    Bytes out{'A', 'r', 't', '-', 'N', 'e', 't', 0, 0x00, 0x50, 0, 14, static_cast<std::uint8_t>(sequence), 0};
    out.push_back(static_cast<std::uint8_t>(universe));
    out.push_back(static_cast<std::uint8_t>(universe >> 8));
    out.push_back(static_cast<std::uint8_t>(values.size() >> 8));
    out.push_back(static_cast<std::uint8_t>(values.size()));
    return out + values;
}

TEST(ArtNetPacket, HasUniverseAndChannels) {
    ArtDmx dmx;
    const Bytes packet = art_dmx(0x1234, {1, 2, 255}, 9);
    ASSERT_EQ(read_artnet(packet, dmx), ArtNetKind::dmx);
    EXPECT_EQ(dmx.universe, 0x1234);
    EXPECT_EQ(dmx.sequence, 9);
    EXPECT_THAT(dmx.values, ElementsAre(1, 2, 255));
    ASSERT_EQ(read_artnet(art_dmx(0, Bytes(512, 7)), dmx), ArtNetKind::dmx);
    EXPECT_EQ(dmx.values.size(), 512u);
}

TEST(ArtNetPacket, RefusesWhatIsNone) {
    ArtDmx dmx;
    const Bytes good = art_dmx(0, {1, 2});
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_NE(read_artnet(std::span(good).first(size), dmx), ArtNetKind::dmx) << size;
    EXPECT_EQ(read_artnet(art_dmx(0, {}), dmx), ArtNetKind::malformed);
    EXPECT_EQ(read_artnet(art_dmx(0, Bytes(513, 7)), dmx), ArtNetKind::malformed);
    EXPECT_EQ(read_artnet(art_dmx(0x8000, {1, 2}), dmx), ArtNetKind::malformed);
    Bytes old = good, poll = good, other = good;
    old[11] = 13;
    EXPECT_EQ(read_artnet(old, dmx), ArtNetKind::malformed);
    poll[9] = 0x20;
    EXPECT_EQ(read_artnet(poll, dmx), ArtNetKind::other);
    other[0] = 'B';
    EXPECT_EQ(read_artnet(other, dmx), ArtNetKind::malformed);
}

} // namespace
