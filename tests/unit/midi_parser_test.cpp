// SPDX-License-Identifier: Apache-2.0
// What the bytes of MIDI devices become in the hub, and the bytes that values become.
#include <cmath>
#include <map>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inputs/midi_address.h"
#include "inputs/midi_names.h"
#include "inputs/midi_parser.h"

namespace atelier::inputs {
namespace {

using Bytes = std::vector<std::uint8_t>;

class MidiParserTest : public testing::Test {
protected:
    std::map<std::string, SourceReading> take(const Bytes& bytes) {
        parser.take(bytes, 1);
        std::map<std::string, SourceReading> out;
        for (const SourceReading& each : hub.take())
            out[each.source] = each;
        return out;
    }

    InputHub hub;
    MidiClock clock;
    MidiParser parser{hub, clock, "Knobs"};
};

TEST_F(MidiParserTest, AControlIsAValue) {
    const auto news = take({0xb2, 70, 127});
    ASSERT_EQ(news.size(), 1U);
    EXPECT_EQ(news.at("midi/Knobs/3/cc/70").value, 1);
    EXPECT_EQ(take({0xb0, 7, 0}).at("midi/Knobs/1/cc/7").value, 0);
    EXPECT_DOUBLE_EQ(take({0xbf, 7, 64}).at("midi/Knobs/16/cc/7").value, 64 / 127.0);
    EXPECT_EQ(parser.last(), "midi/Knobs/16/cc/7");
    EXPECT_EQ(parser.messages(), 3U);
}

TEST_F(MidiParserTest, TwoHalvesAreAFineControl) {
    EXPECT_EQ(take({0xb0, 7, 64}).size(), 1U) << "nobody knows yet that there is a fine half";
    const auto first = take({0xb0, 39, 5});
    ASSERT_EQ(first.size(), 1U) << "the fine half is no control of its own";
    EXPECT_DOUBLE_EQ(first.at("midi/Knobs/1/cc14/7").value, (64 * 128 + 5) / 16383.0);
    const auto coarse = take({0xb0, 7, 65});
    EXPECT_DOUBLE_EQ(coarse.at("midi/Knobs/1/cc/7").value, 65 / 127.0);
    EXPECT_DOUBLE_EQ(coarse.at("midi/Knobs/1/cc14/7").value, 65 * 128 / 16383.0);
    EXPECT_DOUBLE_EQ(take({0xb0, 39, 127}).at("midi/Knobs/1/cc14/7").value, (65 * 128 + 127) / 16383.0);
    EXPECT_EQ(take({0xb0, 7, 127, 0xb0, 39, 127}).at("midi/Knobs/1/cc14/7").value, 1);
}

TEST_F(MidiParserTest, ControlsThatAreNoPairStayApart) {
    take({0xb0, 7, 64});
    take({0xb0, 8, 64});
    EXPECT_TRUE(take({0xb0, 39, 5}).contains("midi/Knobs/1/cc/39")) << "it didn't follow its coarse half";
    take({0xb0, 7, 64});
    take({0x90, 60, 1});
    EXPECT_TRUE(take({0xb0, 39, 5}).contains("midi/Knobs/1/cc/39"));
    take({0xb0, 7, 64});
    EXPECT_TRUE(take({0xb1, 39, 5}).contains("midi/Knobs/2/cc/39")) << "another channel";
    EXPECT_TRUE(take({0xb0, 39, 5}).contains("midi/Knobs/1/cc14/7")) << "which doesn't come between";
}

TEST_F(MidiParserTest, NumberedParametersHave14Bits) {
    const auto news = take({0xb4, 99, 1234 >> 7, 98, 1234 & 127, 6, 100, 38, 3});
    ASSERT_EQ(news.size(), 1U);
    const std::string source = "midi/Knobs/5/nrpn/1234";
    EXPECT_DOUBLE_EQ(news.at(source).value, (100 * 128 + 3) / 16383.0);
    EXPECT_DOUBLE_EQ(take({0xb4, 96, 0}).at(source).value, (100 * 128 + 4) / 16383.0);
    EXPECT_DOUBLE_EQ(take({0xb4, 97, 0, 97, 0}).at(source).value, (100 * 128 + 2) / 16383.0);
    EXPECT_TRUE(take({0xb4, 99, 127, 98, 127, 6, 1}).contains("midi/Knobs/5/cc/6")) << "none is chosen";
    take({0xb4, 99, 0, 98, 1});
    take({0xb4, 101, 0, 100, 0});
    EXPECT_TRUE(take({0xb4, 6, 12}).contains("midi/Knobs/5/cc/6")) << "a registered one is";
}

TEST_F(MidiParserTest, NotesAreHitsWithTheirStrength) {
    auto news = take({0x90, 60, 127});
    EXPECT_EQ(news.at("midi/Knobs/1/note/60").hits, 1);
    EXPECT_EQ(news.at("midi/Knobs/1/note/60").strength, 1);
    EXPECT_TRUE(news.at("midi/Knobs/1/note/60").down);
    EXPECT_EQ(news.at("midi/Knobs/1/notes").hits, 1);
    EXPECT_DOUBLE_EQ(news.at("midi/Knobs/1/notes").value, 60 / 127.0) << "its pitch";
    news = take({0x90, 60, 0}); // as most keyboards end a note
    EXPECT_FALSE(news.at("midi/Knobs/1/note/60").down);
    EXPECT_EQ(news.at("midi/Knobs/1/note/60").hits, 0);
    EXPECT_FALSE(news.at("midi/Knobs/1/notes").down);
    EXPECT_DOUBLE_EQ(news.at("midi/Knobs/1/notes").value, 60 / 127.0) << "the pitch stays";
    EXPECT_TRUE(take({0x90, 61, 1}).at("midi/Knobs/1/note/61").down);
    EXPECT_FALSE(take({0x80, 61, 64}).at("midi/Knobs/1/note/61").down);
    EXPECT_DOUBLE_EQ(take({0xa0, 61, 127}).at("midi/Knobs/1/pressure/61").value, 1);
}

TEST_F(MidiParserTest, WhoeverSleepsIsToldOnceUntilItIsTaken) {
    int told = 0;
    hub.on_news([&] { ++told; });
    parser.take(Bytes{0xb0, 7, 1, 8, 1, 9, 1}, 1);
    EXPECT_EQ(told, 1);
    take({0xb0, 7, 2});
    EXPECT_EQ(told, 1) << "nobody has taken it before";
    parser.take(Bytes{0xb0, 7, 3}, 1);
    EXPECT_EQ(told, 2);
    hub.take();
    hub.on_news({});
    parser.take(Bytes{0xb0, 7, 4}, 1);
    EXPECT_EQ(told, 2);
}

TEST_F(MidiParserTest, HeldNotesEndWithTheDevice) {
    take({0x90, 60, 100, 64, 100, 0x91, 60, 100});
    take({0x80, 64, 0});
    EXPECT_EQ(take({0xb0, 123, 0}).count("midi/Knobs/1/note/60"), 1U) << "all notes off, of this channel";
    parser.silence();
    std::vector<std::string> ended;
    for (const SourceReading& each : hub.take()) {
        ended.push_back(each.source);
        EXPECT_FALSE(each.down);
    }
    EXPECT_THAT(ended, testing::ElementsAre("midi/Knobs/2/note/60", "midi/Knobs/2/notes"));
}

TEST_F(MidiParserTest, BendsProgramsAndPressure) {
    EXPECT_EQ(take({0xe0, 0, 64}).at("midi/Knobs/1/bend").value, 0.5) << "at rest it is the middle to the bit";
    EXPECT_EQ(take({0xe0, 0, 0}).at("midi/Knobs/1/bend").value, 0);
    EXPECT_EQ(take({0xe0, 127, 127}).at("midi/Knobs/1/bend").value, 1);
    EXPECT_EQ(take({0xd0, 127}).at("midi/Knobs/1/pressure").value, 1);
    const auto news = take({0xc0, 5});
    EXPECT_EQ(news.at("midi/Knobs/1/program/5").hits, 1);
    EXPECT_EQ(take({0xc0, 5}).at("midi/Knobs/1/program/5").hits, 1) << "each time";
}

TEST_F(MidiParserTest, TheClockMayStandInsideOthers) {
    parser.take(Bytes{0xfa}, 10);
    for (int i = 0; i < 48; ++i)
        parser.take(Bytes{0xb0, 1, 0xf8, static_cast<std::uint8_t>(i)}, 10 + i * 0.02);
    EXPECT_EQ(hub.take().size(), 1U);
    EXPECT_NEAR(clock.read(10.94).bpm, 125, 1e-3);
    EXPECT_NEAR(clock.read(10.94).beat, 47 / 24.0, 1e-6);
    parser.take(Bytes{0xfc}, 11);
    parser.take(Bytes{0xf2, 16, 0}, 11);
    EXPECT_FALSE(clock.read(11).running);
    EXPECT_EQ(clock.read(11).beat, 4);
    parser.take(Bytes{0xfb}, 11);
    EXPECT_TRUE(clock.read(11).running);
}

TEST_F(MidiParserTest, WhatIsNoMessageSaysNothing) {
    for (const Bytes& bytes :
         {Bytes{}, Bytes{7, 64}, Bytes{0xb0}, Bytes{0xb0, 7}, Bytes{0xb0, 7, 0x80}, Bytes{0xf0, 1, 2, 3, 4, 0xf7},
          Bytes{0xf0, 0x90}, Bytes{0xf4, 1, 2}, Bytes{0xf7}, Bytes{0xf2, 1}, Bytes{0xff}, Bytes{0xfe, 0xfd}})
        EXPECT_TRUE(take(bytes).empty()) << testing::PrintToString(bytes);
    EXPECT_EQ(take({0xf0, 1, 2, 0xf7, 0xb0, 7, 1}).size(), 1U) << "a dump doesn't hide what follows";
}

// Any bytes: values stay in range, and names are such that a connection can hold them.
TEST(MidiParser, AnyBytesAreHarmless) {
    std::mt19937 random(1);
    for (int device = 0; device < 200; ++device) {
        InputHub hub;
        MidiClock clock;
        MidiParser parser(hub, clock, "Knobs");
        for (int round = 0; round < 100; ++round) {
            Bytes bytes(random() % 24);
            for (std::uint8_t& each : bytes) {
                each = static_cast<std::uint8_t>(random());
                if (random() % 3 == 0)
                    each = static_cast<std::uint8_t>(0x80 | random() % 128);
                if (random() % 8 == 0)
                    each = 0xb0;
            }
            parser.take(bytes, round * 0.001);
            for (const SourceReading& each : hub.take()) {
                const auto address = midi_address(each.source);
                ASSERT_TRUE(address) << each.source;
                EXPECT_EQ(source_of(*address), each.source);
                EXPECT_TRUE(each.value >= 0 && each.value <= 1);
            }
        }
        EXPECT_EQ(hub.refused(), 0U);
        parser.silence();
        for (const SourceReading& each : hub.take())
            EXPECT_FALSE(each.down) << each.source;
    }
}

TEST(MidiAddress, TextsLeadThereAndBack) {
    for (const char* each :
         {"midi/nanoKONTROL2/1/cc/7", "midi/a b-c/16/cc14/31", "midi/x/1/nrpn/16383", "midi/x/1/note/127",
          "midi/x/1/notes", "midi/x/1/bend", "midi/x/1/pressure", "midi/x/1/pressure/3", "midi/x/1/program/0"}) {
        const auto address = midi_address(each);
        ASSERT_TRUE(address) << each;
        EXPECT_EQ(source_of(*address), each);
        EXPECT_EQ(midi_device_of(each), address->device);
    }
    for (const char* each : {"",
                             "midi",
                             "midi/",
                             "midi/x",
                             "midi/x/1",
                             "midi/x/0/cc/7",
                             "midi/x/17/cc/7",
                             "midi/x/1/cc",
                             "midi/x/1/cc/128",
                             "midi/x/1/cc/-1",
                             "midi/x/1/cc/+1",
                             "midi/x/1/cc/7/",
                             "midi/x/1/cc/",
                             "midi/x/1/cc14/32",
                             "midi/x/1/nrpn/16384",
                             "midi/x/1/bend/1",
                             "midi/x/1/what/1",
                             "midi//1/cc/7",
                             "osc/fader/1",
                             "midi/x/1/cc/99999999999999999999"})
        EXPECT_FALSE(midi_address(each)) << each;
    EXPECT_EQ(midi_device_of("osc/fader"), "");
}

// What is sent to a device and comes back from it is the same value, as finely as the message can say it.
TEST(MidiAddress, ValuesLeadThereAndBack) {
    std::mt19937 random(2);
    for (const auto& [kind, most, bits] :
         std::vector<std::tuple<MidiKind, int, int>>{{MidiKind::cc, 97, 7},
                                                     {MidiKind::cc14, 31, 14},
                                                     {MidiKind::nrpn, 16382, 14},
                                                     {MidiKind::note, 127, 7},
                                                     {MidiKind::bend, 0, 14},
                                                     {MidiKind::pressure, 0, 7},
                                                     {MidiKind::pressure_of, 127, 7}}) {
        for (int i = 0; i < 200; ++i) {
            MidiAddress address{"Knobs", 1 + static_cast<int>(random() % 16), kind, 0};
            address.number = most ? static_cast<int>(random() % static_cast<unsigned>(most + 1)) : 0;
            if (kind == MidiKind::cc && address.number >= 32 && address.number < 64)
                continue;
            const double value = i < 3 ? i / 2.0 : static_cast<double>(random() % 10001) / 10000;
            InputHub hub;
            MidiClock clock;
            MidiParser parser(hub, clock, "Knobs");
            for (const MidiMessage& each : messages_of(address, value))
                parser.take(std::span(each.bytes.data(), each.size), 0);
            const auto news = hub.take();
            const auto found = std::ranges::find(news, source_of(address), &SourceReading::source);
            ASSERT_NE(found, news.end()) << source_of(address) << " " << value;
            EXPECT_NEAR(found->value, value, 0.51 / ((1 << bits) - 2)) << source_of(address);
        }
    }
    EXPECT_TRUE(messages_of({"Knobs", 1, MidiKind::cc, 7}, std::nan("")).empty());
    EXPECT_TRUE(messages_of({"Knobs", 1, MidiKind::notes, 0}, 1).empty());
    EXPECT_EQ(messages_of({"Knobs", 1, MidiKind::cc, 7}, 9).front().bytes[2], 127);
}

std::vector<std::string> names_of(const std::vector<MidiPort>& ports) {
    std::vector<std::string> out;
    for (const NamedMidiPort& each : named_ports(ports))
        out.push_back(each.device);
    return out;
}

TEST(MidiNames, StayTheSameWhateverNumbersTheSystemGives) {
    using enum MidiSystem;
    using testing::ElementsAre;
    EXPECT_THAT(names_of({{alsa, "Midi Through:Midi Through Port-0 14:0"},
                          {alsa, "nanoKONTROL2:nanoKONTROL2 nanoKONTROL2 _ CTRL 20:0"},
                          {alsa, "MIDI4x4:MIDI4x4 MIDI 1 24:0"},
                          {alsa, "MIDI4x4:MIDI4x4 MIDI 2 24:1"},
                          {alsa, "nanoKONTROL2:nanoKONTROL2 nanoKONTROL2 _ CTRL 28:0"},
                          {alsa, "Atelier:in 130:0"}}),
                ElementsAre("Midi Through", "nanoKONTROL2", "MIDI4x4", "MIDI4x4 MIDI 2", "nanoKONTROL2 2"));
    EXPECT_THAT(names_of({{alsa, "nanoKONTROL2:nanoKONTROL2 nanoKONTROL2 _ CTRL 36:0"}}), ElementsAre("nanoKONTROL2"));
    EXPECT_THAT(names_of({{jack, "a2j:nanoKONTROL2 [20] (capture): nanoKONTROL2 nanoKONTROL2 _ CTRL"},
                          {jack, "Midi-Bridge:nanoPAD2:(capture_0) nanoPAD2 nanoPAD2 _ PAD"},
                          {jack, "system:midi_capture_1"},
                          {jack, "system:midi_capture_2"},
                          {jack, "Knobs-01:out/left"},
                          {jack, "Atelier-02:out"}}),
                ElementsAre("nanoKONTROL2", "nanoPAD2", "midi_1", "midi_2", "Knobs"));
    EXPECT_THAT(names_of({{alsa, "nanoKONTROL2:nanoKONTROL2 MIDI 1 20:0"},
                          {jack, "a2j:nanoKONTROL2 [20] (capture): nanoKONTROL2 MIDI 1"},
                          {jack, "Knobs:out"}}),
                ElementsAre("nanoKONTROL2", "Knobs"))
        << "what ALSA has and JACK has from it speaks once";
    EXPECT_THAT(names_of({{jack, "a/b:c"}, {jack, ""}, {alsa, " : 1:0"}, {jack, "\xff\x01:x"}}),
                ElementsAre("a-b", "MIDI", "MIDI 2", testing::Not("")));
}

TEST(MidiNames, ADeviceHearsAtThePortOfItsName) {
    using enum MidiSystem;
    const auto says = named_ports({{alsa, "Midi Through:Midi Through Port-0 14:0"},
                                   {alsa, "MIDI4x4:MIDI4x4 MIDI 1 24:0"},
                                   {alsa, "MIDI4x4:MIDI4x4 MIDI 2 24:1"},
                                   {jack, "Knobs:out"},
                                   {jack, "Mute:out"}});
    const auto hears = named_ports({{alsa, "Midi Through:Midi Through Port-0 14:0"},
                                    {alsa, "MIDI4x4:MIDI4x4 MIDI 1 24:0"},
                                    {alsa, "MIDI4x4:MIDI4x4 MIDI 2 24:1"},
                                    {jack, "Knobs-01:in"}});
    std::vector<int> outputs;
    for (const NamedMidiPort& each : says)
        outputs.push_back(output_for(each, hears));
    EXPECT_THAT(outputs, testing::ElementsAre(-1, 1, 2, 3, -1));
}

TEST(MidiNames, AnyNamesAreToldApart) {
    std::mt19937 random(4);
    for (int round = 0; round < 500; ++round) {
        std::vector<MidiPort> ports;
        for (int i = 0; i < 12; ++i) {
            std::string text;
            for (unsigned j = random() % 12; j > 0; --j)
                text += "ab: /[1](capture)2-\n\xc3"[random() % 21];
            ports.push_back({random() % 2 ? MidiSystem::alsa : MidiSystem::jack, text});
        }
        std::set<std::string> seen;
        for (const NamedMidiPort& each : named_ports(ports)) {
            EXPECT_TRUE(seen.insert(each.device).second) << each.device;
            EXPECT_TRUE(midi_address("midi/" + each.device + "/1/cc/1")) << each.device;
        }
    }
}

} // namespace
} // namespace atelier::inputs
