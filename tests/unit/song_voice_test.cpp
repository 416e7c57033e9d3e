// SPDX-License-Identifier: Apache-2.0
// A song that follows another's clock: where it is, how it leaps, that nothing clicks.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include <gtest/gtest.h>

#include "base/error.h"
#include "inputs/song_voice.h"
#include "support/scratch.h"

namespace atelier::inputs {
namespace {

constexpr int rate = 48000, block = 256;

// Sample i has the value i / 8 (of 16 bits) on the left, and its negative on the right: what is heard says where it is.
// Up to 5.4 s, for there are 32768 of them.
std::shared_ptr<const SongSamples> counting(double seconds) {
    auto song = std::make_shared<SongSamples>();
    song->rate = rate;
    for (int i = 0; i < seconds * rate; ++i) {
        song->stereo.push_back(static_cast<std::int16_t>(i / 8));
        song->stereo.push_back(static_cast<std::int16_t>(-i / 8));
    }
    return song;
}

std::shared_ptr<const SongSamples> tone(double seconds) {
    auto song = std::make_shared<SongSamples>();
    song->rate = rate;
    for (int i = 0; i < seconds * rate; ++i) {
        const auto value = static_cast<std::int16_t>(16000 * std::sin(2 * std::numbers::pi * 220 * i / rate));
        song->stereo.insert(song->stereo.end(), {value, value});
    }
    return song;
}

// A driver: blocks one after the other on a clock of its own.
struct Driver {
    SongVoice& voice;
    double device_rate = rate;
    double latency = 0;
    double now = 100;
    std::vector<float> heard{}; // left

    void turn() {
        float out[2 * block];
        voice.render(out, block, 2, device_rate, latency, now);
        for (int i = 0; i < block; ++i) {
            heard.push_back(out[2 * i]);
            ASSERT_TRUE(std::isfinite(out[2 * i + 1]));
        }
        now += block / device_rate;
    }
};

// The second of the counting song that a heard sample is.
double second_of(float heard) {
    return static_cast<double>(heard) * 32768 * 8 / rate;
}

TEST(SongVoice, OfAFileItIsTheSame) {
    const test::Scratch folder;
    const auto song = tone(5);
    auto kept = std::make_shared<SongSamples>();
    kept->rate = rate;
    auto file = std::make_shared<SampleFile>(folder.path());
    for (std::size_t at = 0; at < song->stereo.size(); at += 70000)
        file->add(std::span(song->stereo).subspan(at, std::min<std::size_t>(70000, song->stereo.size() - at)));
    file->finish();
    kept->file = file;
    EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << "it has no name";
    EXPECT_TRUE(std::ranges::equal(kept->all(), song->stereo));
    EXPECT_EQ(kept->seconds(), song->seconds());
    SongVoice first(song), second(kept);
    Driver memory{first}, disk{second};
    for (int i = 0; i < 600; ++i) {
        const double at = i < 200 ? 1 + i * 0.005 : 4 + (i - 200) * 0.005; // and past the end
        first.follow(at, true, 1, memory.now);
        second.follow(at, true, 1, disk.now);
        second.fetch();
        memory.turn();
        disk.turn();
    }
    EXPECT_EQ(memory.heard, disk.heard);
    EXPECT_GT(*std::ranges::max_element(memory.heard), 0.3F);
}

TEST(SongVoice, AFolderThatTakesNoFileIsASentence) {
    EXPECT_EQ(test::message_from<Error>([] { SampleFile("/proc"); }).substr(0, 47),
              "/proc: takes no file for a long song: No such f");
}

TEST(SongVoice, IsSilentUntilItIsToldAndWhereItStands) {
    SongVoice voice(counting(5));
    Driver driver{voice};
    driver.turn();
    voice.follow(2, false, 1, driver.now);
    driver.turn();
    EXPECT_TRUE(std::ranges::all_of(driver.heard, [](float each) { return each == 0; }));
}

TEST(SongVoice, FollowsTheClockToTheMillisecond) {
    for (const double latency : {0.0, 0.03}) {
        SongVoice voice(counting(5));
        Driver driver{voice, rate, latency};
        const double begin = driver.now;
        for (int i = 0; i < 400; ++i) {
            if (i % 3 == 0) { // a turn of the window, now and then
                voice.follow(1 + driver.now - begin, true, 1, driver.now);
            }
            driver.turn();
            if (i > 10) {
                const double heard_at = driver.now - block / driver.device_rate + latency;
                EXPECT_NEAR(second_of(driver.heard[driver.heard.size() - block]), 1 + heard_at - begin, 0.001) << i;
            }
        }
    }
}

TEST(SongVoice, CatchesUpWithAClockThatRunsALittleFasterWithoutLeaping) {
    SongVoice voice(counting(5.4));
    Driver driver{voice};
    const double begin = driver.now;
    for (int i = 0; i < 700; ++i) {
        voice.follow(1 + 1.002 * (driver.now - begin), true, 1, driver.now);
        driver.turn();
        if (i > 10) {
            const float a = driver.heard[driver.heard.size() - 2], b = driver.heard[driver.heard.size() - block - 1];
            EXPECT_LT(std::abs(second_of(a) - second_of(b)), 0.0062); // a block is 5.3 ms
        }
    }
    EXPECT_NEAR(second_of(driver.heard.back()), 1 + 1.002 * (driver.now - begin), 0.01);
}

TEST(SongVoice, LeapsWhereTheClockLeapsAndNothingClicks) {
    SongVoice voice(tone(20));
    Driver driver{voice};
    std::mt19937 random(2);
    double position = 1;
    for (int i = 0; i < 2000; ++i) {
        if (i % 60 == 59) {
            position = std::uniform_real_distribution<double>(0, 19)(random);
        }
        voice.follow(position, i % 250 < 200, 1, driver.now);
        driver.turn();
        position += block / driver.device_rate;
    }
    float steepest = 0;
    for (std::size_t i = 1; i < driver.heard.size(); ++i) {
        steepest = std::max(steepest, std::abs(driver.heard[i] - driver.heard[i - 1]));
    }
    EXPECT_GT(*std::ranges::max_element(driver.heard), 0.4f);
    EXPECT_LT(steepest, 0.03f); // the tone's own steps are 0.014
}

TEST(SongVoice, AfterALeapItIsWhereTheClockIs) {
    SongVoice voice(counting(5.4));
    Driver driver{voice};
    const double begin = driver.now;
    for (const double start : {1.0, 4.0, 0.5}) {
        for (int i = 0; i < 40; ++i) {
            voice.follow(start + driver.now - begin, true, 1, driver.now);
            driver.turn();
        }
        EXPECT_NEAR(second_of(driver.heard.back()), start + driver.now - begin, 0.001);
    }
}

TEST(SongVoice, FallsSilentWhenTheClockSaysNothingMore) {
    SongVoice voice(tone(20));
    Driver driver{voice};
    voice.follow(1, true, 1, driver.now);
    for (int i = 0; i < 200; ++i) {
        driver.turn();
    }
    EXPECT_TRUE(std::all_of(driver.heard.end() - 10 * block, driver.heard.end(), [](float each) { return each == 0; }));
}

TEST(SongVoice, BehindTheEndAndBeforeTheStartIsSilence) {
    SongVoice voice(counting(1));
    Driver driver{voice};
    for (int i = 0; i < 100; ++i) {
        voice.follow(5, true, 1, driver.now);
        driver.turn();
    }
    for (int i = 0; i < 100; ++i) {
        voice.follow(-5, true, 1, driver.now);
        driver.turn();
    }
    EXPECT_TRUE(std::ranges::all_of(driver.heard, [](float each) { return each == 0; }));
}

TEST(SongVoice, OtherRatesAndVolume) {
    SongVoice voice(counting(5));
    Driver driver{voice, 44100};
    const double begin = driver.now;
    for (int i = 0; i < 200; ++i) {
        voice.follow(1 + driver.now - begin, true, 0.5, driver.now);
        driver.turn();
    }
    EXPECT_NEAR(second_of(2 * driver.heard.back()), 1 + driver.now - begin, 0.001);
}

} // namespace
} // namespace atelier::inputs
