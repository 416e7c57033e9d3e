// SPDX-License-Identifier: Apache-2.0
// SoundPieces: parts of sound files as they follow each other in a video, with silence between them, as one stream of
// samples. Included by src/media/*.cpp and tests only.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "media/audio_reader.h"
#include "media/output.h"

namespace atelier::media {

class SoundPieces {
public:
    // pieces: in order of time; where one begins before the one ahead of it has ended, that one ends there. The rate is
    // that of the first one's file; a piece with another rate is silent, and a line in the log says so. Throws Error as
    // AudioReader does.
    explicit SoundPieces(std::vector<SoundPiece> pieces);

    int rate() const { return rate_; } // samples a second

    // The next samples, left and right in turn, from second 0 of the video on, without an end. Where a piece begins
    // or ends and doesn't go on in the next, 4 ms of it fade. Throws Error as AudioReader does.
    void read(std::span<float> stereo);

private:
    struct Part { // in samples of the video
        std::int64_t begin = 0, end = 0;
        std::int64_t from = 0; // of the file
        bool goes_on = false;  // from the one before, in the file as in the video
        float volume = 1;
        std::filesystem::path file;
    };
    void read_part(std::size_t index, std::span<float> stereo);
    float gain(std::size_t index, std::int64_t at) const;
    bool open_at(const Part& part, std::int64_t sample);

    int rate_ = 0;
    std::vector<Part> parts_;
    std::size_t part_ = 0; // the one at position_, or the next
    std::int64_t position_ = 0;
    std::unique_ptr<AudioReader> reader_;
    std::filesystem::path open_;    // what it reads
    std::int64_t reader_at_ = 0;    // its next sample
    std::filesystem::path refused_; // whose rate is another
};

} // namespace atelier::media
