// SPDX-License-Identifier: Apache-2.0
// AudioOutput: a song through a sound device, in time with somebody else's clock. Devices are opened on a thread of its
// own; no call here waits.
#pragma once

#include <memory>
#include <string>

#include "inputs/port_audio.h"
#include "inputs/song_voice.h"

namespace atelier::inputs {

struct AudioOutputStatus {
    bool open = false;
    std::string device{};
    std::string trouble{}; // why nothing is heard, in one sentence
    double latency = 0;    // seconds
};

class AudioOutput {
public:
    explicit AudioOutput(std::shared_ptr<PortAudio> port);
    ~AudioOutput();
    AudioOutput(const AudioOutput&) = delete;
    AudioOutput& operator=(const AudioOutput&) = delete;

    // device: as SoundDevices has it; empty: the system's choice. No song: the device is let go.
    void set(std::shared_ptr<const SongSamples> song, const std::string& device);
    void follow(double position, bool playing, double volume); // see SongVoice; at least ten times a second
    AudioOutputStatus status() const;

private:
    class Worker;
    std::unique_ptr<Worker> worker_;
};

} // namespace atelier::inputs
