// SPDX-License-Identifier: Apache-2.0
#include "inputs/port_audio.h"

#include <algorithm>
#include <thread>

#include <alsa/asoundlib.h>
#include <jack/jack.h>
#include <portaudio.h>

#include "base/error.h"
#include "inputs/jack_users.h"

namespace atelier::inputs {
namespace {

constexpr int most_channels = 2;
constexpr unsigned long block = 256; // frames, where the driver leaves it to us

// Drivers tell the terminal about each device that they don't find. What matters comes back as an error.
void quiet_alsa(const char*, int, const char*, int, const char*, ...) {}
void quiet_jack(const char*) {}

void hush() {
    snd_lib_error_set_handler(&quiet_alsa);
    jack_set_error_function(&quiet_jack);
    jack_set_info_function(&quiet_jack);
}

struct Named {
    std::string name;
    PaDeviceIndex index = paNoDevice;
};

std::vector<Named> named_devices(bool inputs) {
    std::vector<Named> out;
    for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); ++i) {
        const PaDeviceInfo* info = Pa_GetDeviceInfo(i);
        if (info == nullptr || (inputs ? info->maxInputChannels : info->maxOutputChannels) < 1) {
            continue;
        }
        const PaHostApiInfo* api = Pa_GetHostApiInfo(info->hostApi);
        std::string kind = api != nullptr ? api->name : "";
        if (kind.starts_with("JACK")) {
            kind = "JACK";
        }
        const std::string name = fmt::format("{} ({})", info->name != nullptr ? info->name : "?", kind);
        const auto same = std::ranges::count_if(
            out, [&](const Named& each) { return each.name == name || each.name.starts_with(name + " "); });
        out.push_back({same == 0 ? name : fmt::format("{} {}", name, same + 1), i});
    }
    return out;
}

// PortAudio subtracts a block of JACK's from what may be shorter than that.
double believable(double latency, double rate) {
    constexpr double most = 2;
    return latency >= 0 && latency < most ? latency : static_cast<double>(block) / rate;
}

std::string standard(bool inputs) {
    const PaDeviceIndex index = inputs ? Pa_GetDefaultInputDevice() : Pa_GetDefaultOutputDevice();
    for (const Named& each : named_devices(inputs)) {
        if (each.index == index) {
            return each.name;
        }
    }
    return {};
}

} // namespace

struct PortAudio::Shared {
    std::mutex mutex; // of the library's calls
    std::weak_ptr<Session> session;
    std::atomic<std::uint64_t> wanted{1};
};

class PortAudio::Session {
public:
    Session(std::shared_ptr<Shared> shared) : shared(std::move(shared)), made(this->shared->wanted) {
        hush();
        working = Pa_Initialize() == paNoError;
    }
    ~Session() {
        const std::lock_guard lock(shared->mutex);
        if (working) {
            Pa_Terminate();
        }
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    JackUser jack; // as long as PortAudio has a client
    std::shared_ptr<Shared> shared;
    std::uint64_t made;
    bool working = false;
    std::atomic<int> stuck{0}; // streams that can't be closed yet, see Stream
};

PortAudio::PortAudio() : shared_(std::make_shared<Shared>()) {}
PortAudio::~PortAudio() = default;

std::shared_ptr<PortAudio::Session> PortAudio::begin() {
    std::shared_ptr<Session> there; // its end takes the lock: it outlives this one
    const std::lock_guard lock(shared_->mutex);
    there = shared_->session.lock();
    if (there) {
        return stale(*there) && there->stuck == 0 ? nullptr : there;
    }
    there = std::make_shared<Session>(shared_);
    shared_->session = there;
    return there;
}

void PortAudio::look_again() {
    ++shared_->wanted;
}

bool PortAudio::stale(const Session& session) const {
    return session.made != shared_->wanted;
}

SoundDevices PortAudio::devices(Session& session) {
    const std::lock_guard lock(session.shared->mutex);
    SoundDevices out;
    if (!session.working) {
        return out;
    }
    for (const Named& each : named_devices(true)) {
        out.inputs.push_back(each.name);
    }
    for (const Named& each : named_devices(false)) {
        out.outputs.push_back(each.name);
    }
    out.standard_input = standard(true);
    out.standard_output = standard(false);
    return out;
}

namespace {

// What the driver's thread sees; it lives as long as that one may call.
struct Caller {
    PortAudio::Heard heard;
    PortAudio::Wanted wanted;
    int channels = 1;
    double latency = 0;
};

int call(const void* in, void* out, unsigned long frames, const PaStreamCallbackTimeInfo*, PaStreamCallbackFlags,
         void* data) {
    const auto& caller = *static_cast<Caller*>(data);
    const auto count = static_cast<int>(frames);
    if (caller.heard && in != nullptr) {
        caller.heard(static_cast<const float*>(in), count, caller.channels);
    }
    if (caller.wanted && out != nullptr) {
        caller.wanted(static_cast<float*>(out), count, caller.channels, caller.latency);
    }
    return paContinue;
}

template <class Session> class Stream final : public SoundStream {
public:
    explicit Stream(std::shared_ptr<Session> session) : session_(std::move(session)) {}
    ~Stream() override {
        if (stream_ == nullptr) {
            return;
        }
        if (jack_ && !alive()) { // its server has ended
            leave_closing();
            return;
        }
        const std::lock_guard lock(session_->shared->mutex);
        Pa_AbortStream(stream_);
        Pa_CloseStream(stream_);
    }

    void open(const std::string& device, bool input, double wanted_rate) {
        const std::lock_guard lock(session_->shared->mutex);
        if (!session_->working) {
            fail("No sound system answers on this machine.");
        }
        const PaDeviceIndex index = find(device, input);
        const PaDeviceInfo& info = *Pa_GetDeviceInfo(index);
        const PaHostApiInfo* api = Pa_GetHostApiInfo(info.hostApi);
        jack_ = api != nullptr && api->type == paJACK;
        if (jack_ && session_->stuck > 0) {
            fail("{} can't be opened: JACK ended while it was used, and is reached again in ten minutes or when the "
                 "program is started anew.",
                 device);
        }
        int& channels_ = caller_->channels;
        channels_ = std::min(most_channels, input ? info.maxInputChannels : info.maxOutputChannels);
        rate_ = info.defaultSampleRate;
        PaStreamParameters parameters{};
        parameters.device = index;
        parameters.channelCount = channels_;
        parameters.sampleFormat = paFloat32;
        parameters.suggestedLatency = input ? info.defaultLowInputLatency : info.defaultLowOutputLatency;
        const PaStreamParameters* in = input ? &parameters : nullptr;
        const PaStreamParameters* out = input ? nullptr : &parameters;
        if (wanted_rate > 0 && Pa_IsFormatSupported(in, out, wanted_rate) == paFormatIsSupported) {
            rate_ = wanted_rate;
        }
        PaError code = Pa_OpenStream(&stream_, in, out, rate_, block, paNoFlag, &call, caller_.get());
        if (code == paNoError) {
            code = Pa_StartStream(stream_);
        }
        if (code != paNoError) {
            fail("{} can't be opened: {}.", device.empty() ? standard(input) : device, what(code));
        }
        const PaStreamInfo* opened = Pa_GetStreamInfo(stream_);
        if (opened != nullptr) {
            rate_ = opened->sampleRate;
            caller_->latency = believable(input ? opened->inputLatency : opened->outputLatency, rate_);
        }
    }

    bool alive() const override {
        const std::lock_guard lock(session_->shared->mutex);
        return Pa_IsStreamActive(stream_) == 1;
    }
    double rate() const override { return rate_; }
    int channels() const override { return caller_->channels; }
    double latency() const override { return caller_->latency; }

    Caller& caller() { return *caller_; }

private:
    static PaDeviceIndex find(const std::string& device, bool input) {
        if (device.empty()) {
            const PaDeviceIndex index = input ? Pa_GetDefaultInputDevice() : Pa_GetDefaultOutputDevice();
            if (index == paNoDevice) {
                fail("There is no sound {} on this machine.", input ? "input" : "output");
            }
            return index;
        }
        for (const Named& each : named_devices(input)) {
            if (each.name == device) {
                return each.index;
            }
        }
        fail("{} isn't there.", device);
    }

    static std::string what(PaError code) {
        const PaHostErrorInfo* host = code == paUnanticipatedHostError ? Pa_GetLastHostErrorInfo() : nullptr;
        std::string text = host != nullptr && host->errorText != nullptr && *host->errorText != '\0'
                               ? host->errorText
                               : Pa_GetErrorText(code);
        while (!text.empty() && (text.back() == '\n' || text.back() == '.')) {
            text.pop_back();
        }
        return text;
    }

    // Without its server PortAudio waits ten minutes for JACK to answer. Somebody else may wait for that; all the while
    // the library stays as it is, and devices of other drivers can be used.
    void leave_closing() {
        ++session_->stuck;
        std::thread([stream = stream_, session = session_, caller = caller_] {
            Pa_CloseStream(stream);
            --session->stuck;
        }).detach();
    }

    std::shared_ptr<Session> session_; // outlives the stream
    std::shared_ptr<Caller> caller_ = std::make_shared<Caller>();
    PaStream* stream_ = nullptr;
    bool jack_ = false;
    double rate_ = 0;
};

} // namespace

std::unique_ptr<SoundStream> PortAudio::listen(const std::shared_ptr<Session>& session, const std::string& device,
                                               Heard heard) {
    auto stream = std::make_unique<Stream<Session>>(session);
    stream->caller().heard = std::move(heard);
    stream->open(device, true, 0);
    return stream;
}

std::unique_ptr<SoundStream> PortAudio::play(const std::shared_ptr<Session>& session, const std::string& device,
                                             double wanted_rate, Wanted wanted) {
    auto stream = std::make_unique<Stream<Session>>(session);
    stream->caller().wanted = std::move(wanted);
    stream->open(device, false, wanted_rate);
    return stream;
}

} // namespace atelier::inputs
