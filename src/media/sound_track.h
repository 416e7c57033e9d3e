// SPDX-License-Identifier: Apache-2.0
// SoundTrack: a file's sound, or pieces of several, as the packets of a video's second stream, cut to its pictures to
// the sample. Included by src/media/*.cpp and tests only.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "media/audio_reader.h"
#include "media/libav.h"
#include "media/output.h"
#include "media/sound_pieces.h"

namespace atelier::media {

class SoundTrack {
public:
    // Throws Error: the file, or an encoder that this system lacks.
    explicit SoundTrack(const OutputOptions& options);

    // Adds the stream to a file whose header is still to be written, of so many pictures of 1 / rate seconds each: the
    // sound ends with the last of them, or before.
    void begin(std::int64_t pictures, FrameRate rate, AVFormatContext& output);
    // Writes what sounds before `seconds` of the video, and a little more.
    void write_until(double seconds, AVFormatContext& output);
    void finish(AVFormatContext& output); // what is left

private:
    void open_encoder();
    bool encode(AVFormatContext& output);
    void drain(AVFormatContext& output);
    void check(int code) const;
    void fill(int pairs);

    int rate() const { return pieces_ ? pieces_->rate() : reader_->rate(); }
    std::size_t read(std::size_t pairs); // into samples_

    OutputOptions options_;
    std::optional<AudioReader> reader_; // or
    std::optional<SoundPieces> pieces_;
    CodecPtr codec_;
    AVStream* stream_ = nullptr; // owned by the output
    FramePtr frame_;
    PacketPtr packet_;
    std::vector<float> samples_;
    std::int64_t done_ = 0; // pairs given to the encoder
    std::int64_t end_ = 0;  // of the video
    bool over_ = false;     // the file has no more
};

} // namespace atelier::media
