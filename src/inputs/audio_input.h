// SPDX-License-Identifier: Apache-2.0
// AudioInput: what a sound device hears, as sources in the hub: audio/level, bass, mid, high and onset. The driver's
// callback only copies; opening, closing and analysing happen on a thread of its own, so that no call here waits.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "inputs/input_hub.h"
#include "inputs/port_audio.h"
#include "sound/analyser.h"

namespace atelier::inputs {

struct AudioInputOptions {
    bool on = false;
    std::string device; // as SoundDevices has it; empty: the system's choice
    sound::SoundOptions sound;
    bool mute = false; // it listens and says nothing to the hub: something else plays
    bool operator==(const AudioInputOptions&) const = default;
};

struct AudioInputStatus {
    bool listening = false;
    std::string device;   // that is heard
    std::string trouble;  // why not, in one sentence; empty: nothing is wrong
    SoundDevices devices; // as far as they are known
    bool looked = false;  // devices have been looked for
    double rate = 0;
    double latency = 0; // seconds from the air to the hub
    double peak = 0;    // the loudest sample of the last while, full scale 1; above it is cut
    sound::SoundReading reading;
    sound::Tempo tempo;
    std::uint64_t onsets = 0; // so far
    double onset_age = 1e9;   // seconds since the last one
    std::uint64_t lost = 0;   // samples that came too fast
};

class AudioInput {
public:
    AudioInput(InputHub& hub, std::shared_ptr<PortAudio> port);
    ~AudioInput();
    AudioInput(const AudioInput&) = delete;
    AudioInput& operator=(const AudioInput&) = delete;

    // Any time; takes effect on its thread. A device that isn't there, or goes, is said in `trouble`, and is taken when
    // it comes back.
    void set(const AudioInputOptions& options);
    void look(); // for devices, now
    AudioInputStatus status() const;

private:
    class Worker;
    std::unique_ptr<Worker> worker_;
};

} // namespace atelier::inputs
