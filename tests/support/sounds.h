// SPDX-License-Identifier: Apache-2.0
// Sounds that tests make themselves: tones, clicks, noise; and WAV files of them.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <random>
#include <vector>

namespace atelier::test {

inline std::vector<float> tone(double rate, double seconds, double hertz, double amplitude) {
    std::vector<float> samples(static_cast<std::size_t>(std::llround(rate * seconds)));
    for (std::size_t i = 0; i < samples.size(); ++i) {
        samples[i] =
            static_cast<float>(amplitude * std::sin(2 * std::numbers::pi * hertz * static_cast<double>(i) / rate));
    }
    return samples;
}

// A short burst that dies away, as of a stick: white noise, 10 ms to a tenth.
inline void add_click(std::vector<float>& samples, double rate, double seconds, double amplitude, unsigned seed = 1) {
    std::minstd_rand random(seed);
    std::uniform_real_distribution<double> noise(-1, 1);
    const auto begin = static_cast<std::size_t>(std::llround(seconds * rate));
    const auto length = static_cast<std::size_t>(0.05 * rate);
    for (std::size_t i = 0; i < length && begin + i < samples.size(); ++i) {
        const double fade = std::exp(-2.3 * static_cast<double>(i) / (0.01 * rate));
        samples[begin + i] += static_cast<float>(amplitude * fade * noise(random));
    }
}

inline std::vector<float> clicks(double rate, double seconds, double bpm, double first = 0.25, double amplitude = 0.6) {
    std::vector<float> samples(static_cast<std::size_t>(std::llround(rate * seconds)));
    for (int i = 0; first + i * 60 / bpm < seconds; ++i) {
        add_click(samples, rate, first + i * 60 / bpm, amplitude, static_cast<unsigned>(i + 1));
    }
    return samples;
}

inline std::vector<float> white_noise(double rate, double seconds, double amplitude, unsigned seed = 7) {
    std::minstd_rand random(seed);
    std::uniform_real_distribution<double> noise(-amplitude, amplitude);
    std::vector<float> samples(static_cast<std::size_t>(std::llround(rate * seconds)));
    for (float& sample : samples) {
        sample = static_cast<float>(noise(random));
    }
    return samples;
}

inline void put_number(std::ostream& out, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) {
        out.put(static_cast<char>(value >> (8 * i)));
    }
}

// Of so many samples of all channels; kind: 1 whole numbers, 3 floats.
inline void put_wav_header(std::ostream& out, std::size_t samples, int rate, int channels, int kind, int bytes) {
    const auto size = static_cast<std::uint32_t>(samples) * static_cast<std::uint32_t>(bytes);
    const auto each = [&](int value, int of) { put_number(out, static_cast<std::uint32_t>(value), of); };
    out << "RIFF";
    put_number(out, 36 + size, 4);
    out << "WAVEfmt ";
    each(16, 4);
    each(kind, 2);
    each(channels, 2);
    each(rate, 4);
    each(rate * channels * bytes, 4);
    each(channels * bytes, 2);
    each(8 * bytes, 2);
    out << "data";
    put_number(out, size, 4);
}

// 16-bit PCM; interleaved where there are several channels.
inline void write_wav(const std::filesystem::path& path, const std::vector<float>& samples, int rate,
                      int channels = 1) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    put_wav_header(out, samples.size(), rate, channels, 1, 2);
    for (const float sample : samples) {
        put_number(out, static_cast<std::uint16_t>(std::lround(std::clamp(sample, -1.0f, 1.0f) * 32767)), 2);
    }
}

// The same of floats, whatever they are.
inline void write_float_wav(const std::filesystem::path& path, const std::vector<float>& samples, int rate,
                            int channels = 1) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    put_wav_header(out, samples.size(), rate, channels, 3, 4);
    for (const float sample : samples) {
        put_number(out, std::bit_cast<std::uint32_t>(sample), 4);
    }
}

} // namespace atelier::test
