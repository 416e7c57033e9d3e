// SPDX-License-Identifier: Apache-2.0
// What sound is like: bands, onsets, tempo - of tones, clicks and noise that are known.
#include <algorithm>
#include <limits>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

#include "base/error.h"
#include "sound/song.h"
#include "support/sounds.h"

namespace atelier::sound {
namespace {

using test::clicks;
using test::tone;
using test::white_noise;

constexpr double frame = 1.0 / 60; // of a picture
constexpr double rates[] = {8000, 22050, 44100, 48000, 96000, 192000};

Song song_of(const std::vector<float>& samples, double rate, const SoundOptions& options = {}) {
    SongMaker maker(rate, options);
    maker.add(samples);
    return maker.finish();
}

SoundOptions plain() {
    SoundOptions options;
    options.levelling = false;
    return options;
}

struct Heard {
    std::vector<SoundReading> readings;
    std::vector<Onset> onsets;
    Tempo tempo;
};

TEST(Sound, BandsOfSinesReadTheirAmplitude) {
    for (const double rate : {44100.0, 48000.0, 96000.0}) {
        for (const auto& [hertz, band] :
             {std::pair{70.0, 0}, {110.0, 0}, {440.0, 1}, {1800.0, 1}, {4000.0, 2}, {12000.0, 2}}) {
            const Song song = song_of(tone(rate, 1, hertz, 0.4), rate, plain());
            const SoundReading reading = song.at(0.5);
            const float values[] = {reading.bass, reading.mid, reading.high};
            for (int i = 0; i < 3; ++i) {
                EXPECT_NEAR(values[i], i == band ? 0.4 : 0, i == band ? 0.02 : 0.03)
                    << hertz << " Hz, band " << i << ", " << rate;
            }
            EXPECT_NEAR(reading.level, 0.4, 0.02) << hertz;
        }
    }
}

TEST(Sound, EdgesMoveTheBands) {
    SoundOptions options = plain();
    options.edges = {300, 600, 800, 1000};
    const SoundReading reading = song_of(tone(48000, 1, 440, 0.5), 48000, options).at(0.5);
    EXPECT_NEAR(reading.bass, 0.5, 0.02);
    EXPECT_LT(reading.mid + reading.high, 0.02);
}

TEST(Sound, SilenceIsZeroAndHasNoOnset) {
    for (const double rate : rates) {
        const Song song = song_of(std::vector<float>(static_cast<std::size_t>(rate) * 6), rate);
        EXPECT_TRUE(song.onsets.empty());
        EXPECT_TRUE(song.beats.empty());
        EXPECT_EQ(song.tempo.bpm, 0);
        EXPECT_EQ(song.tempo.confidence, 0);
        ASSERT_FALSE(song.readings.empty());
        for (const SoundReading& each : song.readings) {
            EXPECT_EQ(each.level + each.bass + each.mid + each.high, 0);
        }
    }
}

TEST(Sound, AConverterOffsetIsNoBass) {
    const Song song = song_of(std::vector<float>(48000 * 2, 0.3f), 48000, plain());
    EXPECT_LT(song.at(1).bass, 0.001);
    EXPECT_LT(song.at(1).level, 0.001);
    EXPECT_LE(song.onsets.size(), 1u); // where it was switched on
}

// Each click found once, within a frame at 60 pictures a second; nothing else found.
void expect_onsets(const Song& song, const std::vector<double>& truth, const std::string& what) {
    ASSERT_EQ(song.onsets.size(), truth.size()) << what;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        EXPECT_NEAR(song.onsets[i].seconds, truth[i], frame) << what << ", click " << i;
        EXPECT_GT(song.onsets[i].strength, 0);
        EXPECT_LE(song.onsets[i].strength, 1);
    }
}

TEST(Sound, OnsetsOfClicksLieWithinAFrame) {
    std::mt19937 random(3);
    for (const double rate : rates) {
        for (const double loud : {1.0, 0.3, 0.05}) {
            std::vector<float> samples(static_cast<std::size_t>(rate * 6));
            std::vector<double> truth;
            std::uniform_real_distribution<double> gap(0.11, 0.6);
            for (double at = gap(random); at < 5.8; at += gap(random)) {
                truth.push_back(at);
                test::add_click(samples, rate, at, loud, static_cast<unsigned>(truth.size()));
            }
            expect_onsets(song_of(samples, rate), truth, fmt::format("{} Hz, {}", rate, loud));
        }
    }
}

TEST(Sound, OnsetsOfSingleSamplesAndOfTonesThatBegin) {
    const double rate = 48000;
    std::vector<float> samples(static_cast<std::size_t>(rate * 3));
    std::vector<double> truth;
    for (int i = 0; i < 10; ++i) {
        truth.push_back(0.2 + i * 0.2507);
        samples[static_cast<std::size_t>(truth.back() * rate)] = 0.8f;
    }
    expect_onsets(song_of(samples, rate), truth, "single samples");

    std::fill(samples.begin(), samples.end(), 0.0f);
    truth.clear();
    for (int i = 0; i < 5; ++i) {
        truth.push_back(0.2 + i * 0.5);
        const std::vector<float> note = tone(rate, 0.2, 220 * std::exp2(i / 5.0), 0.4);
        for (std::size_t j = 0; j < note.size(); ++j) { // ends softly: only what begins is an onset
            const double fade = 1 - static_cast<double>(j) / static_cast<double>(note.size());
            samples[static_cast<std::size_t>(truth.back() * rate) + j] = static_cast<float>(note[j] * fade);
        }
    }
    expect_onsets(song_of(samples, rate), truth, "tones");
}

TEST(Sound, OnsetsStandOutOfNoiseAndNoiseAloneHasNone) {
    const double rate = 48000;
    std::vector<float> samples = white_noise(rate, 8, 0.02);
    const Song quiet = song_of(samples, rate);
    EXPECT_LE(quiet.onsets.size(), 1u); // where the noise begins
    std::vector<double> truth;
    for (double at = 0.6; at < 7.5; at += 0.37) {
        truth.push_back(at);
        test::add_click(samples, rate, at, 0.7, static_cast<unsigned>(truth.size()));
    }
    Song song = song_of(samples, rate);
    std::erase_if(song.onsets, [](const Onset& each) { return each.seconds < 0.3; });
    expect_onsets(song, truth, "in noise");
}

TEST(Sound, TempoOfClicksWithinOneHundredth) {
    for (const double rate : {44100.0, 48000.0}) {
        for (double bpm = 70; bpm <= 180; bpm += 5.5) {
            const Song song = song_of(clicks(rate, 14, bpm), rate);
            EXPECT_NEAR(song.tempo.bpm, bpm, bpm * 0.01) << rate;
            EXPECT_GT(song.tempo.confidence, 0.6) << bpm;
            ASSERT_GE(song.beats.size(), 10u);
            for (std::size_t i = 0; i < song.beats.size(); ++i) {
                const double beats = (song.beats[i] - 0.25) * bpm / 60;
                EXPECT_NEAR(beats, std::round(beats), frame * bpm / 60) << "beat " << i << " of " << bpm << " bpm";
            }
        }
    }
}

TEST(Sound, TempoOfAQuickerHihatIsThatOfTheDrum) {
    const double rate = 48000;
    for (const double bpm : {84.0, 100.0, 126.0, 150.0}) {
        std::vector<float> samples = clicks(rate, 14, bpm);
        for (double at = 0.25; at < 14; at += 30 / bpm) {
            test::add_click(samples, rate, at, 0.08, 5);
        }
        EXPECT_NEAR(song_of(samples, rate).tempo.bpm, bpm, bpm * 0.01);
    }
}

TEST(Sound, NoiseHasNoTempoToSpeakOf) {
    EXPECT_LT(song_of(white_noise(48000, 14, 0.3), 48000).tempo.confidence, 0.2);
}

TEST(Sound, TheTempoOfWhatIsHeardNowFollows) {
    std::vector<float> samples = clicks(48000, 20, 100);
    const std::vector<float> quicker = clicks(48000, 20, 140);
    samples.insert(samples.end(), quicker.begin(), quicker.end());
    SoundAnalyser analyser(48000);
    Heard heard;
    const std::span<const float> all(samples);
    analyser.feed(all.first(48000 * 19), heard.readings, heard.onsets);
    EXPECT_NEAR(analyser.tempo().bpm, 100, 1);
    analyser.feed(all.subspan(48000 * 19), heard.readings, heard.onsets);
    EXPECT_NEAR(analyser.tempo().bpm, 140, 1.4);
}

TEST(Sound, AnyBlocksGiveTheSame) {
    std::vector<float> samples = clicks(44100, 8, 113);
    const std::vector<float> hum = tone(44100, 8, 90, 0.2), hiss = white_noise(44100, 8, 0.05);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        samples[i] += hum[i] + hiss[i];
    }
    std::mt19937 random(11);
    Heard first;
    for (int round = 0; round < 12; ++round) {
        SoundAnalyser analyser(44100);
        Heard heard;
        const std::size_t most = round == 0 ? samples.size() : std::size_t{1} << round;
        std::uniform_int_distribution<std::size_t> length(round == 0 ? most : 0, most);
        for (std::span<const float> left(samples); !left.empty();) {
            const std::size_t count = std::min(left.size(), length(random));
            analyser.feed(left.first(count), heard.readings, heard.onsets);
            left = left.subspan(count);
        }
        heard.tempo = analyser.tempo();
        if (round == 0) {
            first = heard;
            EXPECT_GT(first.onsets.size(), 10u);
        }
        EXPECT_EQ(heard.readings, first.readings);
        EXPECT_EQ(heard.onsets, first.onsets);
        EXPECT_EQ(heard.tempo.bpm, first.tempo.bpm);
        EXPECT_EQ(heard.tempo.confidence, first.tempo.confidence);
    }
}

TEST(Sound, LevellingBringsQuietMusicToOneAndLeavesHissQuiet) {
    const double rate = 48000;
    for (const double loud : {0.8, 0.05}) {
        const Song song = song_of(tone(rate, 3, 100, loud), rate);
        EXPECT_NEAR(song.at(2).bass, 1, 0.02);
        EXPECT_NEAR(song.at(2).level, 1, 0.02);
        for (const SoundReading& each : song.readings) {
            EXPECT_LE(each.level, 1);
            EXPECT_GE(each.level, 0);
        }
    }
    EXPECT_LT(song_of(white_noise(rate, 3, 0.0004), rate).at(2).level, 0.2);
    // After something loud, what is quiet is read by it for a while, and comes back up.
    std::vector<float> samples = tone(rate, 1, 100, 1);
    const std::vector<float> soft = tone(rate, 60, 100, 0.1);
    samples.insert(samples.end(), soft.begin(), soft.end());
    const Song song = song_of(samples, rate);
    EXPECT_NEAR(song.at(2).bass, 0.1, 0.02);
    EXPECT_GT(song.at(55).bass, 0.9);
}

TEST(Sound, GainAmplifiesAndIsCutAtOne) {
    SoundOptions options = plain();
    options.gain = 4;
    EXPECT_NEAR(song_of(tone(48000, 1, 440, 0.1), 48000, options).at(0.5).mid, 0.4, 0.02);
    EXPECT_EQ(song_of(tone(48000, 1, 440, 0.9), 48000, options).at(0.5).mid, 1);
}

TEST(Sound, SamplesThatAreNoNumbersAreHarmless) {
    std::vector<float> samples = tone(48000, 2, 440, 0.4);
    const float bad[] = {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), -1e30f,
                         1e-40f};
    for (std::size_t i = 0; i < 400; ++i) {
        samples[20000 + i * 7] = bad[i % 4];
    }
    const Song song = song_of(samples, 48000, plain());
    for (const SoundReading& each : song.readings) {
        for (const float value : {each.level, each.bass, each.mid, each.high}) {
            EXPECT_TRUE(value >= 0 && value <= 1);
        }
    }
    EXPECT_NEAR(song.at(1.9).mid, 0.4, 0.02); // it gets over it
    EXPECT_TRUE(std::isfinite(song.tempo.bpm));
}

TEST(Sound, OptionsOutOfRangeAreBroughtIn) {
    const double none = std::numeric_limits<double>::quiet_NaN();
    for (const std::array<double, 4>& edges :
         {std::array<double, 4>{none, 5, 5, 5}, {500, 400, 300, 200}, {-1, 1e9, -1e9, 1e12}, {0, 0, 0, 0}}) {
        const SoundOptions options = clamped({edges, none, true, 17});
        for (std::size_t i = 1; i < 4; ++i) {
            EXPECT_LT(options.edges[i - 1], options.edges[i]);
        }
        EXPECT_EQ(options, clamped(options));
        song_of(tone(48000, 1, 440, 0.1), 48000, {edges, none, true, 17});
    }
}

TEST(Sound, RatesOutOfRangeAreRefused) {
    for (const double rate : {0.0, -1.0, 7999.0, 1e9, std::numeric_limits<double>::quiet_NaN()}) {
        EXPECT_THROW(SoundAnalyser analyser(rate), Error) << rate;
    }
}

TEST(Sound, ASongKnowsItsLengthAndOutline) {
    std::vector<float> samples = tone(48000, 2.5, 440, 0.5);
    const Song song = song_of(samples, 48000);
    EXPECT_DOUBLE_EQ(song.seconds, 2.5);
    EXPECT_NEAR(static_cast<double>(song.peaks.size()) * song.peak_seconds, 2.5, song.peak_seconds);
    for (const Song::Peak& each : song.peaks) {
        EXPECT_NEAR(each.low, -0.5, 0.05);
        EXPECT_NEAR(each.high, 0.5, 0.05);
    }
    EXPECT_EQ(song.at(-0.1).level, 0);
    EXPECT_EQ(song.at(2.6).level, 0);
    EXPECT_GT(song.at(0.1).level, 0.9);
    EXPECT_GT(song.at(2.49).level, 0.1);
}

TEST(Sound, ASongOfNothingIsEmpty) {
    const Song song = song_of({}, 48000);
    EXPECT_EQ(song.seconds, 0);
    EXPECT_TRUE(song.onsets.empty());
    EXPECT_EQ(song.at(0).level, 0);
    EXPECT_TRUE(song.onsets_between(-1, 1).empty());
}

TEST(Sound, OnsetsBetweenTakesEachOnce) {
    const Song song = song_of(clicks(48000, 5, 120), 48000);
    std::size_t count = 0;
    for (int i = 0; i < 5 * 60; ++i) {
        count += song.onsets_between((i - 1) * frame, i * frame).size();
    }
    EXPECT_EQ(count, song.onsets.size());
}

} // namespace
} // namespace atelier::sound
