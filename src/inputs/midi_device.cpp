// SPDX-License-Identifier: Apache-2.0
#include "inputs/midi_device.h"

#include <cmath>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <RtMidi.h>
#include <alsa/asoundlib.h>

#include "base/clock.h"

namespace atelier::inputs {
namespace {

RtMidi::Api api_of(MidiSystem system) {
    return system == MidiSystem::alsa ? RtMidi::LINUX_ALSA : RtMidi::UNIX_JACK;
}

// RtMidi prints what goes wrong unless it is given somebody to tell.
void note_error(RtMidiError::Type type, const std::string& text, void* into) {
    if (type != RtMidiError::DEBUG_WARNING && into)
        *static_cast<std::string*>(into) = text;
}

// The port's number of the moment; false: it has gone.
template <class Rt> bool open_port(Rt& rt, const std::string& port, const char* own_name) {
    const unsigned count = rt.getPortCount();
    for (unsigned i = 0; i < count; ++i) {
        if (rt.getPortName(i) == port) {
            rt.openPort(i, own_name);
            return rt.isPortOpen();
        }
    }
    return false;
}

template <class Rt>
std::string open_in_words(Rt& rt, const std::string& port, const char* own_name, std::string& error) {
    error.clear();
    if (open_port(rt, port, own_name))
        return {};
    return error.empty() ? std::string("it has gone") : error;
}

void say_nothing(const char*, int, const char*, int, const char*, ...) {}

} // namespace

struct MidiIn::Rt {
    std::string error;
    std::unique_ptr<RtMidiIn> in;
};

MidiIn::MidiIn(InputHub& hub, NamedMidiPort port)
    : port_(std::move(port)), rt_(std::make_unique<Rt>()), parser_(hub, clock_, port_.device) {}

MidiIn::~MidiIn() {
    close();
}

std::string MidiIn::open() {
    try {
        rt_->in = std::make_unique<RtMidiIn>(api_of(port_.port.system), midi_client);
        rt_->in->setErrorCallback(note_error, &rt_->error);
        rt_->in->ignoreTypes(true, false, true); // no dumps, but the clock
        rt_->in->setCallback([](double since, std::vector<unsigned char>* bytes,
                                void* self) { static_cast<MidiIn*>(self)->take(since, *bytes); },
                             this);
        return open_in_words(*rt_->in, port_.port.port, "in", rt_->error);
    } catch (const RtMidiError& error) {
        return error.getMessage();
    }
}

void MidiIn::close() {
    rt_->in.reset(); // nothing comes any more
    const std::lock_guard lock(mutex_);
    parser_.silence();
}

void MidiIn::take(double since_last, const std::vector<unsigned char>& bytes) {
    const double now = steady_seconds();
    const std::lock_guard lock(mutex_);
    // The system's own times are more even than those at which this thread gets its turn; slowly drawn to ours.
    double time = last_time_ + since_last;
    if (!(std::abs(now - time) < 0.1))
        time = now;
    time = std::min(now, time + 0.02 * (now - time));
    last_time_ = time;
    parser_.take(bytes, time);
    if (!bytes.empty() && bytes[0] < 0xf0) {
        ++messages_;
        last_seconds_ = now;
    }
}

MidiDevice MidiIn::facts(double seconds) const {
    const std::lock_guard lock(mutex_);
    MidiDevice out{port_.device, port_.port.system, false, messages_, parser_.last(), last_seconds_, {}};
    out.clock = clock_.read(seconds);
    return out;
}

struct MidiOut::Rt {
    std::string error;
    std::unique_ptr<RtMidiOut> out;
};

MidiOut::MidiOut(NamedMidiPort port) : port_(std::move(port)), rt_(std::make_unique<Rt>()) {}
MidiOut::~MidiOut() = default;

std::string MidiOut::open() {
    try {
        rt_->out = std::make_unique<RtMidiOut>(api_of(port_.port.system), midi_client);
        rt_->out->setErrorCallback(note_error, &rt_->error);
        return open_in_words(*rt_->out, port_.port.port, "out", rt_->error);
    } catch (const RtMidiError& error) {
        return error.getMessage();
    }
}

void MidiOut::send(const std::vector<MidiMessage>& messages) {
    for (const MidiMessage& each : messages)
        rt_->out->sendMessage(each.bytes.data(), each.size);
}

struct AlsaPorts::Rt {
    std::string error;
    std::unique_ptr<RtMidiIn> in;
    std::unique_ptr<RtMidiOut> out;
};

AlsaPorts::AlsaPorts() : rt_(std::make_unique<Rt>()) {
    snd_lib_error_set_handler(say_nothing); // of the whole program: ALSA prints each device that isn't there
}
AlsaPorts::~AlsaPorts() = default;

std::vector<MidiPort> AlsaPorts::ports(Which which) {
    if (!rt_->in || !rt_->out) {
        // Without a sequencer RtMidi prints that; opening it also loads the kernel's module where there is one.
        const int file = ::open("/dev/snd/seq", O_RDWR | O_NONBLOCK | O_CLOEXEC);
        if (file < 0)
            return {};
        ::close(file);
        try {
            rt_->in = std::make_unique<RtMidiIn>(RtMidi::LINUX_ALSA, midi_client);
            rt_->out = std::make_unique<RtMidiOut>(RtMidi::LINUX_ALSA, midi_client);
            rt_->in->setErrorCallback(note_error, &rt_->error);
            rt_->out->setErrorCallback(note_error, &rt_->error);
        } catch (const RtMidiError&) {
            return {};
        }
    }
    RtMidi& list = which == Which::say ? static_cast<RtMidi&>(*rt_->in) : *rt_->out;
    std::vector<MidiPort> out;
    const unsigned count = list.getPortCount();
    for (unsigned i = 0; i < count; ++i)
        out.push_back({MidiSystem::alsa, list.getPortName(i)});
    return out;
}

} // namespace atelier::inputs
