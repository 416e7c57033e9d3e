// SPDX-License-Identifier: Apache-2.0
// MIDI through real ports: RtMidi's, on a JACK server without sound hardware that the test starts and ends.
#include <map>
#include <memory>

#include <RtMidi.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "inputs/jack_users.h"
#include "inputs/midi_ports.h"
#include "support/jack_server.h"

namespace atelier::inputs {
namespace {

using test::soon;

constexpr unsigned queue = 1 << 17; // messages that nobody has read yet: a busy machine may let none be read for long

// A controller: what it says, and what it hears.
class Knobs {
public:
    explicit Knobs(const std::string& name = "Knobs", bool hears = false) : out_(RtMidi::UNIX_JACK, name) {
        out_.openVirtualPort("out");
        if (!hears)
            return;
        in_ = std::make_unique<RtMidiIn>(RtMidi::UNIX_JACK, name, queue);
        in_->ignoreTypes(false, false, false);
        in_->openVirtualPort("in");
    }
    void say(const std::vector<unsigned char>& bytes) { out_.sendMessage(&bytes); }
    // Everything that it has heard since the last call.
    std::vector<std::vector<unsigned char>> heard() {
        std::vector<std::vector<unsigned char>> all;
        for (std::vector<unsigned char> one; in_->getMessage(&one), !one.empty();)
            all.push_back(one);
        return all;
    }

private:
    JackUser user_; // it may outlive its server, in the process of the ports that look for another
    RtMidiOut out_;
    std::unique_ptr<RtMidiIn> in_;
};

class MidiPortsTest : public testing::Test {
protected:
    void SetUp() override {
        if (!test::JackServer::installed())
            GTEST_SKIP() << "there is no jackd (package jackd2)";
        // What the devices' libraries print would be on the terminal of whoever plays.
        testing::internal::CaptureStdout();
        testing::internal::CaptureStderr();
        capturing_ = true;
    }
    void TearDown() override {
        if (!capturing_)
            return;
        const std::string err = testing::internal::GetCapturedStderr();
        const std::string out = testing::internal::GetCapturedStdout();
        EXPECT_EQ(err, "");
        EXPECT_TRUE(out.empty() || HasFailure()) << out; // which is told there, too
        std::fputs(out.c_str(), stdout);
    }

    std::vector<std::string> there(const MidiPorts& ports) {
        std::vector<std::string> names;
        for (const MidiDevice& each : ports.devices())
            names.push_back(each.name);
        return names;
    }
    // Until the device has said something that arrived: JACK connects ports between two of its turns.
    bool arrives(Knobs& knobs, const std::vector<unsigned char>& bytes, const std::string& source) {
        return soon([&] {
            knobs.say(bytes);
            for (const SourceReading& each : hub_.take())
                heard_[each.source] = each;
            return heard_.contains(source);
        });
    }

    test::JackServer server_;
    InputHub hub_;
    std::map<std::string, SourceReading> heard_;
    bool capturing_ = false;
};

TEST_F(MidiPortsTest, NoServerAndNoDeviceIsNothingWrong) {
    MidiPorts ports(hub_);
    EXPECT_TRUE(soon([&] { return ports.looked(); }));
    EXPECT_FALSE(ports.send({"Knobs", 1, MidiKind::cc, 7}, 1));
    EXPECT_FALSE(ports.clock("", steady_seconds()).there);
    EXPECT_THAT(ports.take_troubles(), testing::IsEmpty());
}

TEST_F(MidiPortsTest, WhatADeviceSaysArrives) {
    ASSERT_TRUE(server_.start());
    Knobs knobs;
    MidiPorts ports(hub_);
    ASSERT_TRUE(soon([&] { return there(ports) == std::vector<std::string>{"Knobs"}; }));
    EXPECT_TRUE(arrives(knobs, {0xb0, 7, 127}, "midi/Knobs/1/cc/7"));
    EXPECT_EQ(heard_["midi/Knobs/1/cc/7"].value, 1);
    EXPECT_TRUE(arrives(knobs, {0xb0, 39, 127}, "midi/Knobs/1/cc14/7"));
    EXPECT_TRUE(arrives(knobs, {0x91, 60, 64}, "midi/Knobs/2/note/60"));
    EXPECT_GE(heard_["midi/Knobs/2/note/60"].hits, 1);
    EXPECT_TRUE(arrives(knobs, {0xe0, 0, 64}, "midi/Knobs/1/bend"));
    EXPECT_TRUE(arrives(knobs, {0xc0, 5}, "midi/Knobs/1/program/5"));
    const MidiDevice device = ports.devices().at(0);
    EXPECT_GE(device.messages, 5U);
    EXPECT_EQ(device.last, "midi/Knobs/1/program/5");
    EXPECT_FALSE(device.hears);
    EXPECT_THAT(ports.take_troubles(), testing::IsEmpty());
}

TEST_F(MidiPortsTest, ADeviceIsFoundAgain) {
    ASSERT_TRUE(server_.start());
    MidiPorts ports(hub_);
    ASSERT_TRUE(soon([&] { return ports.looked(); }));
    EXPECT_THAT(there(ports), testing::IsEmpty());
    auto knobs = std::make_unique<Knobs>();
    ASSERT_TRUE(arrives(*knobs, {0x90, 60, 127}, "midi/Knobs/1/note/60")) << "plugged in while running";

    knobs.reset();
    ASSERT_TRUE(soon([&] { return there(ports).empty(); }));
    for (const SourceReading& each : hub_.take())
        heard_[each.source] = each;
    EXPECT_FALSE(heard_["midi/Knobs/1/note/60"].down) << "nobody can end this note any more";

    knobs = std::make_unique<Knobs>();
    EXPECT_TRUE(arrives(*knobs, {0xb0, 8, 1}, "midi/Knobs/1/cc/8"));
    // Out and in again faster than anybody looks.
    knobs.reset();
    knobs = std::make_unique<Knobs>();
    EXPECT_TRUE(arrives(*knobs, {0xb0, 9, 1}, "midi/Knobs/1/cc/9"));
    EXPECT_THAT(ports.take_troubles(), testing::IsEmpty());
}

TEST_F(MidiPortsTest, AServerMayComeAndGo) {
    MidiPorts ports(hub_);
    ASSERT_TRUE(soon([&] { return ports.looked(); }));
    for (const unsigned char control : {10, 11}) {
        ASSERT_TRUE(server_.start());
        Knobs knobs;
        EXPECT_TRUE(arrives(knobs, {0xb0, control, 1}, "midi/Knobs/1/cc/" + std::to_string(control)));
        server_.stop(); // with the device on it
        EXPECT_TRUE(soon([&] { return there(ports).empty(); }));
    }
    EXPECT_THAT(ports.take_troubles(), testing::IsEmpty());
}

TEST_F(MidiPortsTest, ValuesGoBackToTheDevice) {
    ASSERT_TRUE(server_.start());
    Knobs knobs("Knobs", true);
    MidiPorts ports(hub_);
    ASSERT_TRUE(soon([&] { return there(ports) == std::vector<std::string>{"Knobs"}; }));
    EXPECT_TRUE(ports.devices().at(0).hears);
    std::vector<std::vector<unsigned char>> all;
    const auto hears = [&](const MidiAddress& address, double value, const std::vector<unsigned char>& message) {
        return soon([&] {
            if (!ports.send(address, value))
                return false;
            for (auto& each : knobs.heard())
                all.push_back(each);
            return std::ranges::find(all, message) != all.end();
        });
    };
    EXPECT_TRUE(hears({"Knobs", 1, MidiKind::cc, 7}, 0.5, {0xb0, 7, 64}));
    EXPECT_TRUE(hears({"Knobs", 2, MidiKind::note, 60}, 1, {0x91, 60, 127}));
    EXPECT_TRUE(hears({"Knobs", 2, MidiKind::note, 60}, 0, {0x81, 60, 0}));
    EXPECT_TRUE(hears({"Knobs", 1, MidiKind::bend, 0}, 0.5, {0xe0, 0, 64}));
    all.clear();
    EXPECT_TRUE(hears({"Knobs", 1, MidiKind::cc14, 1}, 1, {0xb0, 33, 127}));
    EXPECT_THAT(all, testing::Contains(std::vector<unsigned char>{0xb0, 1, 127})) << "the coarse half as well";
    EXPECT_THAT(there(ports), testing::ElementsAre("Knobs")) << "our own ports are no devices";
    EXPECT_THAT(ports.take_troubles(), testing::IsEmpty());
}

// Of a flood of values for one light the last one counts, and it comes.
TEST_F(MidiPortsTest, TheNewestOfManyValuesIsSent) {
    ASSERT_TRUE(server_.start());
    Knobs knobs("Knobs", true);
    MidiPorts ports(hub_);
    ASSERT_TRUE(soon([&] { return there(ports) == std::vector<std::string>{"Knobs"}; }));
    ASSERT_TRUE(soon([&] { // connected
        ports.send({"Knobs", 1, MidiKind::cc, 1}, 0);
        return !knobs.heard().empty();
    }));
    for (int i = 0; i <= 50000; ++i) {
        for (const int light : {20, 21})
            ASSERT_TRUE(ports.send({"Knobs", 1, MidiKind::cc, light}, i / 50000.0));
    }
    std::map<int, int> last, count;
    EXPECT_TRUE(soon([&] {
        for (const auto& each : knobs.heard()) {
            last[each.at(1)] = each.at(2);
            ++count[each.at(1)];
        }
        return last[20] == 127 && last[21] == 127;
    }));
    EXPECT_LT(count[20], 5000);
}

TEST_F(MidiPortsTest, TheClockOfADeviceIsFollowed) {
    ASSERT_TRUE(server_.start());
    Knobs knobs;
    MidiPorts ports(hub_);
    ASSERT_TRUE(arrives(knobs, {0xb0, 7, 127}, "midi/Knobs/1/cc/7"));
    knobs.say({0xfa});
    const double begin = steady_seconds();
    constexpr double tick = 60 / (150.0 * ticks_per_beat);
    for (int i = 0; i < 96; ++i) {
        while (steady_seconds() < begin + i * tick)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        knobs.say({0xf8});
    }
    ASSERT_TRUE(soon([&] { return ports.clock("", steady_seconds()).beat > 95 / 24.0 - 0.3; }));
    const double now = steady_seconds();
    const ClockReading clock = ports.clock("", now);
    EXPECT_TRUE(clock.there && clock.running);
    EXPECT_NEAR(clock.bpm, 150, 3); // a busy machine sends late
    EXPECT_EQ(clock.jumps, 1U);
    EXPECT_EQ(ports.clock("Knobs", now).jumps, 1U);
    EXPECT_FALSE(ports.clock("Another", now).there);
    knobs.say({0xfc});
    EXPECT_TRUE(soon([&] { return !ports.clock("", steady_seconds()).running; }));
    EXPECT_NEAR(ports.clock("", steady_seconds()).beat, 4, 1e-6);
    EXPECT_GE(ports.devices().at(0).messages, 1U);
    EXPECT_EQ(ports.devices().at(0).last, "midi/Knobs/1/cc/7") << "the clock isn't what a device says";
}

} // namespace
} // namespace atelier::inputs
