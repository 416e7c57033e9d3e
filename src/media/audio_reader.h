// SPDX-License-Identifier: Apache-2.0
// AudioReader: the sound of a file - of music, or of a video - as samples, through libav, piece by piece: a long file
// takes no more memory than a short one. One thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace atelier::io {
class InputFile;
}

namespace atelier::media {

// What decodes: in this process, or elsewhere.
class SoundSource {
public:
    virtual ~SoundSource() = default;
    virtual int rate() const = 0;
    virtual double seconds() const = 0;
    virtual std::size_t read(std::span<float> stereo) = 0; // as AudioReader's
};

// In this process. Throws Error as AudioReader does.
std::unique_ptr<SoundSource> open_sound_here(std::shared_ptr<const io::InputFile> file);

// From now on AudioReader asks this; where it gives none, or this is empty, sound is decoded in this process. To be set
// while no sound is read.
using SoundOpener = std::function<std::unique_ptr<SoundSource>(const std::shared_ptr<const io::InputFile>& file)>;
void open_sounds_by(SoundOpener opener);

inline constexpr int lowest_rate = 8000, highest_rate = 384'000; // samples a second
inline constexpr float loudest = 16;               // times full scale: 24 dB that a mix may be too loud by
inline constexpr double longest_sound = 12 * 3600; // seconds

class AudioReader {
public:
    // Throws Error "<path>: ..." where it holds no sound that can be read, or of a rate beyond 8000..384000 Hz.
    explicit AudioReader(const std::filesystem::path& path);
    ~AudioReader();
    AudioReader(const AudioReader&) = delete;
    AudioReader& operator=(const AudioReader&) = delete;

    int rate() const;       // samples a second, of the file
    double seconds() const; // as the file says; 0: it doesn't

    // The next samples, left and right in turn, full scale -1..1: sound of one channel in both, of more than two mixed.
    // Files of floats may be louder, up to 16 times; beyond that they are cut off, and what is no number is 0.
    // Returns how many pairs came: fewer than asked for only at the end, and then 0 from there on. What is damaged in
    // the middle is left out. Throws Error where the sound goes on for longer than `longest_sound`, or its decoder
    // broke down.
    std::size_t read(std::span<float> stereo);
    void skip(std::int64_t pairs); // fewer, where it ends before

private:
    std::filesystem::path path_;
    std::unique_ptr<SoundSource> source_;
    std::int64_t pairs_ = 0; // handed out
};

// The mean of left and right.
void mix_to_mono(std::span<const float> stereo, std::vector<float>& mono);

// By its name: .wav, .mp3, .flac and the like.
bool is_sound_file(const std::filesystem::path& path);

} // namespace atelier::media
