// SPDX-License-Identifier: Apache-2.0
// PortAudio, kept quiet: which devices there are, and streams of them. Every call into the library goes through here,
// one at a time. Owned by whoever listens and plays; any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace atelier::inputs {

// Names are for people and for sessions: "system (JACK)"; of two with the same name the second is "system (JACK) 2".
struct SoundDevices {
    std::vector<std::string> inputs, outputs;
    std::string standard_input, standard_output; // the system's choice; empty: there is none
    bool operator==(const SoundDevices&) const = default;
};

class SoundStream {
public:
    virtual ~SoundStream() = default; // ends it
    virtual bool alive() const = 0;   // false once the device has gone
    virtual double rate() const = 0;  // samples a second
    virtual int channels() const = 0;
    virtual double latency() const = 0; // seconds between the air and the callback, as the driver says
};

class PortAudio {
public:
    PortAudio();
    ~PortAudio();
    PortAudio(const PortAudio&) = delete;
    PortAudio& operator=(const PortAudio&) = delete;

    // The library as it is while somebody holds it: it knows the devices of the moment when it was begun. Null while
    // others still hold one from before the last look_again(): ask again in a moment.
    class Session;
    std::shared_ptr<Session> begin();
    // Devices that have come since are known to the next session; whoever holds one drops it when it is stale.
    void look_again();
    bool stale(const Session& session) const;

    static SoundDevices devices(Session& session);

    // The callback runs on a thread of the driver's: it must neither wait nor allocate. Of `frames` samples for each
    // channel, interleaved. Throws Error in one sentence: no such device, or what the driver says. An empty name: the
    // system's choice.
    using Heard = std::function<void(const float* samples, int frames, int channels)>;
    using Wanted = std::function<void(float* samples, int frames, int channels, double latency)>;
    static std::unique_ptr<SoundStream> listen(const std::shared_ptr<Session>& session, const std::string& device,
                                               Heard heard);
    static std::unique_ptr<SoundStream> play(const std::shared_ptr<Session>& session, const std::string& device,
                                             double wanted_rate, Wanted wanted);

private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
};

} // namespace atelier::inputs
