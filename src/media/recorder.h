// SPDX-License-Identifier: Apache-2.0
// Recorder: what is shown, as a video of constant rate and true speed, encoded on a thread of its own. Its calls are
// for one thread, the UI's, and never wait for the encoder or the disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "media/output.h"

namespace atelier::media {

enum class RecordState { idle, recording, finishing, done, failed };

struct RecordStatus {
    RecordState state = RecordState::idle;
    std::string message;             // done: where the file is; failed: why, in one sentence
    std::filesystem::path path;      // of the file, once start() was called
    std::int64_t frames_written = 0; // with the repeated ones
    std::int64_t frames_dropped = 0; // came while the queue was full
    std::size_t frames_waiting = 0;  // in the queue now
    double seconds = 0;              // length of the file so far
    // failed: what was written and stays, playable; empty: nothing.
    std::filesystem::path kept;
    double kept_seconds = 0;
    // While recording: for how long the disk has room at the rate so far; negative: not known yet.
    double seconds_of_space = -1;
    bool can_start() const { return state != RecordState::recording && state != RecordState::finishing; }
    bool can_stop() const { return state == RecordState::recording; }
};

// The size is by the first picture, as it is shown, where none is asked for; pictures of other shapes are fitted into
// it.
struct RecorderOptions : OutputOptions {
    std::size_t queue = 16; // pictures waiting for the encoder

    // For tests. Seconds of a steady clock; null: the system's.
    std::function<double()> clock;
    // Null: media::make_sink, live. Called on the recorder's thread.
    std::function<std::unique_ptr<FrameSink>(int width, int height)> make_sink;
    // Bytes free where the path lies, negative: not known. Null: as the system says. Called on the recorder's thread.
    std::function<double(const std::filesystem::path& folder)> free_bytes;
};

class Recorder {
public:
    Recorder();
    ~Recorder(); // finishes a recording under way, which may take a moment
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    // False while another recording runs or finishes. Follow it with the picture now on the screen: an engine renders
    // nothing new while nothing changes. Trouble with the file shows in status() soon after.
    bool start(RecorderOptions options);

    // Copies the picture with the time at which it was shown, by RecorderOptions::clock; the call's unless told. False
    // if it was dropped (queue full) or nothing is recorded.
    bool submit(const PixelBuffer& picture, std::optional<double> seconds = {});

    // The last picture is held until now. Returns at once; the file is complete when status() says done or failed.
    // sound: what was heard meanwhile, `at` by RecorderOptions::clock; what it had begun before stands in the video
    // from its first picture on.
    void stop(std::vector<SoundPiece> sound = {});

    RecordStatus status() const;

private:
    struct Session;
    std::unique_ptr<Session> session_;
};

} // namespace atelier::media
