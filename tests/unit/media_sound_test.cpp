// SPDX-License-Identifier: Apache-2.0
// Sound out of files, and into videos: to the sample, the same twice, safe against what is no sound.
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "media/audio_reader.h"
#include "media_codec_fixture.h"
#include "support/sounds.h"

namespace atelier::media {
namespace {

constexpr int rate = 48000;

// All of it, both channels.
std::vector<float> all_of(const fs::path& path, std::size_t piece = 4096) {
    AudioReader reader(path);
    std::vector<float> samples, part(piece * 2);
    for (std::size_t got = 1; got > 0;) {
        got = reader.read(part);
        samples.insert(samples.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(2 * got));
    }
    return samples;
}

std::vector<float> left_of(const std::vector<float>& stereo) {
    std::vector<float> left;
    for (std::size_t i = 0; i < stereo.size(); i += 2) {
        left.push_back(stereo[i]);
    }
    return left;
}

float as_16_bit(float sample) {
    return static_cast<float>(std::lround(sample * 32767)) / 32768;
}

// By how many samples `late` lags behind `first`, at the best.
int lag_between(const std::vector<float>& first, const std::vector<float>& late) {
    double most = -1;
    int found = 0;
    for (int lag = -3000; lag <= 3000; ++lag) {
        double sum = 0;
        for (std::size_t i = 4000; i + 4000 < std::min(first.size(), late.size()); i += 3) {
            sum += static_cast<double>(first[i]) * late[static_cast<std::size_t>(static_cast<int>(i) + lag)];
        }
        if (sum > most) {
            most = sum;
            found = lag;
        }
    }
    return found;
}

struct SoundFacts {
    int streams = 0;
    std::string codec;
    int sample_rate = 0, channels = 0;
};

SoundFacts sound_facts(const fs::path& path) {
    AVFormatContext* raw = nullptr;
    EXPECT_EQ(avformat_open_input(&raw, path.c_str(), nullptr, nullptr), 0);
    const InputPtr input(raw);
    EXPECT_GE(avformat_find_stream_info(input.get(), nullptr), 0);
    SoundFacts facts;
    facts.streams = static_cast<int>(input->nb_streams);
    const int index = av_find_best_stream(input.get(), AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0);
    if (index >= 0) {
        const AVCodecParameters& found = *input->streams[index]->codecpar;
        facts.codec = avcodec_get_name(found.codec_id);
        facts.sample_rate = found.sample_rate;
        facts.channels = found.ch_layout.nb_channels;
    }
    return facts;
}

class MediaSound : public Codecs {
protected:
    fs::path song(double seconds, int of_rate = rate, const std::string& name = "song.wav") const {
        const fs::path path = in_folder(name);
        test::write_wav(path, noisy(seconds, of_rate), of_rate);
        return path;
    }
    static std::vector<float> noisy(double seconds, int of_rate = rate) {
        return test::white_noise(of_rate, seconds, 0.5);
    }
    OutputOptions with_sound(Codec codec, const fs::path& file, const std::string& name = "out") const {
        OutputOptions result = options(codec, 64, 64, name);
        result.sound.file = file;
        return result;
    }
    static void write(const OutputOptions& options, int pictures) {
        const auto sink = make_sink(options);
        for (int i = 0; i < pictures; ++i) {
            sink->add(numbered_picture(64, i));
        }
        sink->finish();
    }
    void expect_refused(const fs::path& path, const std::string& part) const {
        try {
            AudioReader reader(path);
            ADD_FAILURE() << path << " was read";
        } catch (const Error& error) {
            const std::string text = error.what();
            EXPECT_THAT(text, testing::StartsWith(path.string() + ": ")) << text;
            EXPECT_THAT(text, HasSubstr(part));
            EXPECT_EQ(text.find('\n'), std::string::npos);
        }
    }
};

TEST_F(MediaSound, AWaveFileIsReadToTheBit) {
    const std::vector<float> samples = noisy(0.5);
    test::write_wav(in_folder("mono.wav"), samples, rate);
    const std::vector<float> read = all_of(in_folder("mono.wav"));
    ASSERT_EQ(read.size(), samples.size() * 2);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        ASSERT_EQ(read[2 * i], as_16_bit(samples[i])) << i;
        ASSERT_EQ(read[2 * i + 1], read[2 * i]);
    }
    test::write_wav(in_folder("two.wav"), samples, 44100, 2);
    const std::vector<float> two = all_of(in_folder("two.wav"));
    ASSERT_EQ(two.size(), samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i) {
        ASSERT_EQ(two[i], as_16_bit(samples[i])) << i;
    }
    EXPECT_EQ(AudioReader(in_folder("two.wav")).rate(), 44100);
    EXPECT_NEAR(AudioReader(in_folder("mono.wav")).seconds(), 0.5, 1e-6);
}

// Samples of a file of floats may be anything: what is heard has a bound, and so has the mean of both sides.
TEST_F(MediaSound, FloatsBeyondAllLoudnessAreCutOff) {
    constexpr float largest = std::numeric_limits<float>::max();
    const std::vector<float> samples{
        0.5F,         -0.5F, 3, -3, largest, largest, -largest, -largest, std::numeric_limits<float>::infinity(),
        std::nanf("")};
    const fs::path path = in_folder("loud.wav");
    test::write_float_wav(path, samples, rate, 2);
    const std::vector<float> read = all_of(path);
    EXPECT_THAT(read, testing::ElementsAre(0.5F, -0.5F, 3, -3, 16, 16, -16, -16, 0, 0));
    std::vector<float> mono;
    mix_to_mono(read, mono);
    EXPECT_THAT(mono, testing::ElementsAre(0, 0, 16, -16, 0));
    mix_to_mono(samples, mono); // whoever made them
    EXPECT_EQ(mono[2], largest);
    EXPECT_EQ(mono[3], -largest);
}

TEST_F(MediaSound, PiecesOfAnySizeAndSkippingGiveTheSame) {
    const fs::path path = song(0.7);
    const std::vector<float> whole = all_of(path, 100000);
    for (const std::size_t piece : {1u, 7u, 1024u, 5000u}) {
        EXPECT_EQ(all_of(path, piece), whole) << piece;
    }
    AudioReader reader(path);
    reader.skip(12345);
    std::vector<float> rest(whole.size());
    rest.resize(2 * reader.read(rest));
    EXPECT_EQ(rest, std::vector<float>(whole.begin() + 2 * 12345, whole.end()));
    EXPECT_EQ(reader.read(rest), 0u);
    AudioReader behind(path);
    behind.skip(1'000'000'000);
    EXPECT_EQ(behind.read(rest), 0u);
}

TEST_F(MediaSound, MoreChannelsAreMixedToTwo) {
    const std::vector<float> tone = test::tone(rate, 0.3, 440, 0.3);
    std::vector<float> six;
    for (const float sample : tone) {
        six.insert(six.end(), {0, 0, sample, 0, 0, 0}); // the middle one
    }
    test::write_wav(in_folder("six.wav"), six, rate, 6);
    const std::vector<float> read = all_of(in_folder("six.wav"));
    ASSERT_EQ(read.size(), tone.size() * 2);
    EXPECT_GT(*std::ranges::max_element(read), 0.05f);
    EXPECT_EQ(read[2 * 1000], read[2 * 1000 + 1]);
}

TEST_F(MediaSound, WhatIsNoSoundIsOneSentence) {
    expect_refused(in_folder("missing.wav"), "can't be read as sound");
    expect_refused(scratch_.path(), "can't be read as sound");
    const auto put = [&](const std::string& name, const std::string& text) {
        std::ofstream(in_folder(name), std::ios::binary) << text;
        return in_folder(name);
    };
    expect_refused(put("empty.wav", ""), "sound");
    expect_refused(put("text.mp3", "There is no sound in these words, however long one listens.\n"), "sound");
    expect_refused(put("list.m3u8", "#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1,\nsong.wav\n#EXT-X-ENDLIST\n"), "sound");
    expect_refused(put("list.wav", "ffconcat version 1.0\nfile song.wav\n"), "sound");
    OutputOptions silent = options(Codec::h264, 64, 64, "silent");
    write(silent, 5);
    expect_refused(silent.path, "holds no sound");
    test::write_wav(in_folder("slow.wav"), noisy(0.1), 4000);
    expect_refused(in_folder("slow.wav"), "4000 samples a second");
}

TEST_F(MediaSound, DamagedFilesAreReadOrRefusedAndNothingElse) {
    const fs::path path = song(0.3);
    OutputOptions video = with_sound(Codec::h264, path, "sounding");
    write(video, 9);
    std::mt19937 random(5);
    int read = 0;
    for (const fs::path& source : {path, video.path}) {
        const std::string good = test::bytes_in(source);
        for (int round = 0; round < 150; ++round) {
            std::string bad = good;
            for (int i = 0; i < 1 + round % 20; ++i) {
                bad[random() % (round % 2 == 0 ? std::min<std::size_t>(200, bad.size()) : bad.size())] =
                    static_cast<char>(random());
            }
            if (round % 5 == 0) {
                bad.resize(random() % bad.size());
            }
            const fs::path damaged = in_folder("damaged" + source.extension().string());
            std::ofstream(damaged, std::ios::binary | std::ios::trunc) << bad;
            try {
                const std::vector<float> samples = all_of(damaged);
                for (const float sample : samples) {
                    ASSERT_TRUE(std::isfinite(sample));
                }
                ++read;
            } catch (const Error& error) {
                EXPECT_THAT(error.what(), testing::StartsWith(damaged.string() + ": "));
            }
        }
    }
    EXPECT_GT(read, 20);
}

TEST_F(MediaSound, PcmIsInTheVideoToTheSample) {
    const fs::path path = song(2);
    const std::vector<float> samples = left_of(all_of(path));
    for (const Codec codec : {Codec::prores, Codec::ffv1}) {
        for (const double fps : {25.0, 60.0, 29.97}) {
            OutputOptions out = with_sound(codec, path);
            out.fps = fps;
            write(out, 30);
            EXPECT_EQ(sound_facts(out.path).codec, "pcm_s24le");
            const std::vector<float> read = left_of(all_of(out.path));
            const auto end = static_cast<std::size_t>(std::llround(30 * rate / frame_rate(fps).value()));
            ASSERT_EQ(read.size(), end) << fps;
            EXPECT_TRUE(std::equal(read.begin(), read.end(), samples.begin()));
            const test::ReadVideo video = read_video(out.path);
            ASSERT_EQ(video.pictures.size(), 30u);
            EXPECT_NEAR(video.times[0], 0, 1e-9);
            EXPECT_NEAR(video.times[29], 29 / frame_rate(fps).value(), 0.001);
        }
    }
}

TEST_F(MediaSound, AacStandsWhereItBelongs) {
    for (const int of_rate : {48000, 44100}) {
        const fs::path path = in_folder("clicks.wav");
        const std::vector<float> samples = test::clicks(of_rate, 2, 173);
        test::write_wav(path, samples, of_rate);
        OutputOptions out = with_sound(Codec::h264, path);
        out.fps = 24;
        write(out, 48);
        const SoundFacts facts = sound_facts(out.path);
        EXPECT_EQ(facts.streams, 2);
        EXPECT_EQ(facts.codec, "aac");
        EXPECT_EQ(facts.sample_rate, of_rate);
        EXPECT_EQ(facts.channels, 2);
        const std::vector<float> read = left_of(all_of(out.path));
        EXPECT_NEAR(static_cast<double>(read.size()), 2.0 * of_rate, 1024); // AAC has packets of 1024
        EXPECT_EQ(lag_between(samples, read), 0);
        const test::ReadVideo video = read_video(out.path);
        ASSERT_EQ(video.pictures.size(), 48u);
        EXPECT_NEAR(video.times[0], 0, 1e-9);
        EXPECT_NEAR(video.times[47], 47 / 24.0, 1e-6);
        EXPECT_TRUE(video.index_first);
        EXPECT_FALSE(video.fragmented);
        EXPECT_NEAR(video.seconds, 2, 1e-3);
    }
}

TEST_F(MediaSound, AacOfManyPicturesASecondEndsWithThem) {
    OutputOptions out = with_sound(Codec::h264, song(3));
    out.fps = 240;
    write(out, 100);
    EXPECT_NEAR(static_cast<double>(all_of(out.path).size() / 2), 100.0 / 240 * rate, 1024);
}

TEST_F(MediaSound, PicturesAreThoseOfTheSilentVideo) {
    const fs::path path = song(1);
    for (const Codec codec : videos) {
        OutputOptions silent = options(codec, 64, 64, "silent");
        write(silent, 20);
        write(with_sound(codec, path, "sounding"), 20);
        const fs::path sounding = in_folder(std::string("sounding") + codec_extension(codec));
        EXPECT_EQ(read_video(silent.path).pictures, read_video(sounding).pictures);
        EXPECT_EQ(read_video(silent.path).times, read_video(sounding).times);
    }
}

TEST_F(MediaSound, TwiceGivesTheSameBytes) {
    const fs::path path = song(1.5);
    for (const Codec codec : videos) {
        for (const SoundCodec sound : {SoundCodec::automatic, SoundCodec::aac}) {
            OutputOptions out = with_sound(codec, path);
            out.sound.codec = sound;
            write(out, 40);
            const std::string first = bytes_of(out.path);
            write(out, 40);
            EXPECT_EQ(bytes_of(out.path), first);
            EXPECT_EQ(files().size(), 2u) << "a part file stayed";
            fs::remove(out.path);
        }
    }
}

TEST_F(MediaSound, ItBeginsWhereItIsTold) {
    const fs::path path = song(2);
    const std::vector<float> samples = left_of(all_of(path));
    OutputOptions out = with_sound(Codec::ffv1, path);
    out.sound.from = 0.75;
    write(out, 30);
    const std::vector<float> read = left_of(all_of(out.path));
    ASSERT_EQ(read.size(), 48000u);
    EXPECT_TRUE(std::equal(read.begin(), read.end(), samples.begin() + 36000));
}

TEST_F(MediaSound, AShorterSongEndsEarlier) {
    OutputOptions out = with_sound(Codec::ffv1, song(0.4));
    write(out, 30);
    EXPECT_EQ(all_of(out.path).size() / 2, 19200u);
    EXPECT_EQ(read_video(out.path).pictures.size(), 30u);
}

TEST_F(MediaSound, TheSoundOfAVideoGoesIntoAnother) {
    OutputOptions first = with_sound(Codec::prores, song(1), "first");
    write(first, 30);
    OutputOptions second = with_sound(Codec::ffv1, first.path, "second");
    write(second, 30);
    EXPECT_EQ(all_of(first.path), all_of(second.path));
}

TEST_F(MediaSound, WhatDoesntGoTogetherIsRefusedAtOnce) {
    const auto refused = [&](const OutputOptions& out, const std::string& part) {
        EXPECT_THAT(test::message_from<Error>([&] { check_values(out), make_sink(out); }), HasSubstr(part));
    };
    OutputOptions pcm = with_sound(Codec::h264, song(1));
    pcm.sound.codec = SoundCodec::pcm;
    refused(pcm, "PCM sound doesn't go into an .mp4");
    refused(with_sound(Codec::h264, in_folder("none.wav")), "can't be read as sound");
    refused(with_sound(Codec::h264, song(0.1, 9999, "odd.wav")), "AAC has no 9999 samples a second");
    OutputOptions late = with_sound(Codec::h264, song(1));
    late.sound.from = -1;
    refused(late, "begins at 0 seconds");
    EXPECT_EQ(files().size(), 2u);                                  // the songs
    write(with_sound(Codec::ffv1, in_folder("odd.wav"), "odd"), 3); // PCM has any rate
    EXPECT_EQ(sound_facts(in_folder("odd.mkv")).sample_rate, 9999);
}

TEST_F(MediaSound, FilesOfSoundAreKnownByTheirName) {
    EXPECT_TRUE(is_sound_file("a/Song.WAV"));
    EXPECT_TRUE(is_sound_file("song.mp3"));
    EXPECT_FALSE(is_sound_file("song.mp4"));
    EXPECT_FALSE(is_sound_file("song"));
}

} // namespace
} // namespace atelier::media
