// SPDX-License-Identifier: Apache-2.0
// What MidiPorts is made of: a port that is listened to, one that is sent to, and ALSA's list of both, over RtMidi.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "inputs/midi_parser.h"
#include "inputs/midi_ports.h"

namespace atelier::inputs {

// Opened and closed by one thread; facts() from any. What comes is parsed on a thread of the system's.
class MidiIn {
public:
    MidiIn(InputHub& hub, NamedMidiPort port);
    ~MidiIn();
    MidiIn(const MidiIn&) = delete;
    MidiIn& operator=(const MidiIn&) = delete;

    std::string open(); // what hinders it; empty: nothing
    void close();       // releases the notes that are held
    const NamedMidiPort& port() const { return port_; }
    MidiDevice facts(double seconds) const; // without `hears`

private:
    struct Rt;
    void take(double since_last, const std::vector<unsigned char>& bytes);

    NamedMidiPort port_;
    std::unique_ptr<Rt> rt_;
    mutable std::mutex mutex_; // of all that follows
    MidiClock clock_;
    MidiParser parser_;
    double last_time_ = 0;    // of the last message, as the system counts
    double last_seconds_ = 0; // of the last but for the clock's
    std::uint64_t messages_ = 0;
};

class MidiOut {
public:
    explicit MidiOut(NamedMidiPort port);
    ~MidiOut();
    MidiOut(const MidiOut&) = delete;
    MidiOut& operator=(const MidiOut&) = delete;

    std::string open(); // as MidiIn's
    const NamedMidiPort& port() const { return port_; }
    void send(const std::vector<MidiMessage>& messages);

private:
    struct Rt;
    NamedMidiPort port_;
    std::unique_ptr<Rt> rt_;
};

class AlsaPorts {
public:
    AlsaPorts();
    ~AlsaPorts();
    enum class Which { say, hear };
    std::vector<MidiPort> ports(Which which); // none where there is no sequencer

private:
    struct Rt;
    std::unique_ptr<Rt> rt_;
};

} // namespace atelier::inputs
