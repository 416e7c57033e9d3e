// SPDX-License-Identifier: Apache-2.0
#include "inputs/audio_input.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <stop_token>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "inputs/sample_ring.h"
#include "sound/sources.h"

namespace atelier::inputs {
namespace {

using namespace std::chrono_literals;

constexpr auto turn = 5ms; // a reading comes every 5 to 6 ms
constexpr std::size_t ring_samples = 1 << 16;
constexpr double try_again = 2; // seconds, for a device that isn't there
constexpr double peak_half_life = 0.5;

} // namespace

class AudioInput::Worker {
public:
    Worker(InputHub& hub, std::shared_ptr<PortAudio> port)
        : hub_(hub), port_(std::move(port)), thread_([this](const std::stop_token& stop) { run(stop); }) {}
    ~Worker() {
        thread_.request_stop();
        wake_.notify_all();
        thread_.join();
    }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void set(const AudioInputOptions& options) {
        {
            const std::lock_guard lock(mutex_);
            if (options == wanted_) {
                return;
            }
            wanted_ = options;
        }
        wake_.notify_all();
    }

    void look() {
        {
            const std::lock_guard lock(mutex_);
            look_ = true;
        }
        wake_.notify_all();
    }

    AudioInputStatus status() const {
        const std::lock_guard lock(mutex_);
        AudioInputStatus out = status_;
        out.onset_age = steady_seconds() - onset_at_;
        return out;
    }

private:
    void run(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            AudioInputOptions wanted;
            bool look = false;
            {
                std::unique_lock lock(mutex_);
                const auto called = [&] { return stop.stop_requested() || look_ || wanted_ != now_; };
                if (stream_) {
                    wake_.wait_for(lock, turn, called);
                } else if (wanted_.on || waits_to_look_) {
                    wake_.wait_for(lock, 100ms, called);
                } else {
                    wake_.wait(lock, called);
                }
                wanted = wanted_;
                look = std::exchange(look_, false);
            }
            if (stop.stop_requested()) {
                break;
            }
            if (look) {
                port_->look_again();
                waits_to_look_ = true;
            }
            follow(wanted);
            hear();
        }
        close();
    }

    void follow(const AudioInputOptions& wanted) {
        const bool other_device = wanted.on != now_.on || wanted.device != now_.device;
        if (analyser_ && wanted.sound != now_.sound) {
            analyser_->set_options(wanted.sound);
        }
        now_ = wanted;
        if (other_device) {
            close();
            say({});
            tried_at_ = -1e9;
        }
        if (session_ && port_->stale(*session_)) {
            close();
            session_.reset();
            tried_at_ = -1e9;
        }
        if (stream_ && !stream_->alive()) {
            const std::string name = device_;
            close();
            say(fmt::format("{} has gone; it is taken again when it comes back.", name));
            tried_at_ = steady_seconds();
        }
        if (waits_to_look_) {
            note_devices();
        }
        if (!now_.on) {
            session_.reset();
        } else if (!stream_ && steady_seconds() - tried_at_ >= try_again) {
            open();
        }
    }

    void note_devices() {
        std::shared_ptr<PortAudio::Session> session = session_ ? session_ : port_->begin();
        if (!session) {
            return; // others let go in a moment
        }
        const SoundDevices found = PortAudio::devices(*session);
        waits_to_look_ = false;
        const std::lock_guard lock(mutex_);
        status_.devices = found;
        status_.looked = true;
    }

    void open() {
        // A device that has come since is known to a new session alone; what plays in this one isn't cut off for that.
        if (session_ && tried_ && session_.use_count() == 1) {
            session_.reset();
            port_->look_again();
        }
        session_ = port_->begin();
        if (!session_) {
            return;
        }
        tried_ = true;
        tried_at_ = steady_seconds();
        note_devices();
        try {
            ring_ = std::make_shared<SampleRing>(ring_samples);
            stream_ = PortAudio::listen(session_, now_.device,
                                        [ring = ring_](const float* samples, int frames, int channels) {
                                            ring->write(samples, frames, channels);
                                        });
            analyser_.emplace(std::clamp(stream_->rate(), sound::lowest_rate, sound::highest_rate), now_.sound);
        } catch (const std::exception& error) {
            stream_.reset();
            ring_.reset();
            say(message_of(error));
            return;
        }
        tried_ = false;
        const std::lock_guard lock(mutex_);
        device_ = now_.device.empty() ? status_.devices.standard_input : now_.device;
        status_.listening = true;
        status_.device = device_;
        status_.trouble.clear();
        status_.rate = stream_->rate();
        status_.latency = stream_->latency() + 0.5 * analyser_->delay_seconds();
    }

    void hear() {
        if (!stream_) {
            return;
        }
        ring_->read(samples_);
        if (samples_.empty()) {
            return;
        }
        readings_.clear();
        onsets_.clear();
        analyser_->feed(samples_, readings_, onsets_);
        if (now_.mute) {
            onsets_.clear();
        } else {
            tell();
        }
        const std::lock_guard lock(mutex_);
        note();
    }

    void tell() {
        if (down_) {
            hub_.release(sound::onset_source);
            down_ = false;
        }
        for (const sound::Onset& each : onsets_) {
            hub_.hit(sound::onset_source, each.strength);
            down_ = true;
        }
        if (!readings_.empty()) {
            const sound::SoundReading& last = readings_.back();
            const float values[] = {last.level, last.bass, last.mid, last.high};
            for (std::size_t i = 0; i < 4; ++i) {
                hub_.set(sound::value_sources[i], values[i]);
            }
        }
    }

    void note() { // with the mutex held
        const double passed = static_cast<double>(samples_.size()) / stream_->rate();
        status_.peak *= std::exp2(-passed / peak_half_life);
        for (const float sample : samples_) {
            status_.peak = std::isfinite(sample) ? std::max<double>(status_.peak, std::abs(sample)) : status_.peak;
        }
        if (!readings_.empty()) {
            status_.reading = readings_.back();
        }
        if (!onsets_.empty()) {
            status_.onsets += onsets_.size();
            onset_at_ = steady_seconds();
        }
        status_.tempo = analyser_->tempo();
        status_.lost = ring_->lost();
    }

    void close() {
        if (!stream_) {
            return;
        }
        stream_.reset();
        ring_.reset();
        analyser_.reset();
        for (const char* each : sound::value_sources) {
            hub_.set(each, 0); // nothing hangs in the air
        }
        hub_.release(sound::onset_source);
        const std::lock_guard lock(mutex_);
        status_.listening = false;
        status_.device.clear();
        status_.reading = {};
        status_.peak = 0;
        status_.tempo = {};
    }

    void say(const std::string& trouble) {
        const std::lock_guard lock(mutex_);
        status_.trouble = trouble;
    }

    InputHub& hub_;
    std::shared_ptr<PortAudio> port_;
    mutable std::mutex mutex_; // of what follows, up to the next empty line
    std::condition_variable wake_;
    AudioInputOptions wanted_;
    bool look_ = false;
    AudioInputStatus status_;
    double onset_at_ = -1e9;

    AudioInputOptions now_; // the worker's own; the mutex is held where it is compared with what is wanted
    std::shared_ptr<PortAudio::Session> session_;
    std::shared_ptr<SampleRing> ring_; // the driver's, too
    std::unique_ptr<SoundStream> stream_;
    std::optional<sound::SoundAnalyser> analyser_;
    std::string device_;
    bool waits_to_look_ = false, tried_ = false, down_ = false;
    double tried_at_ = -1e9;
    std::vector<float> samples_;
    std::vector<sound::SoundReading> readings_;
    std::vector<sound::Onset> onsets_;

    std::jthread thread_; // the last member: it uses the others
};

AudioInput::AudioInput(InputHub& hub, std::shared_ptr<PortAudio> port)
    : worker_(std::make_unique<Worker>(hub, std::move(port))) {}

AudioInput::~AudioInput() = default;

void AudioInput::set(const AudioInputOptions& options) {
    worker_->set(options);
}

void AudioInput::look() {
    worker_->look();
}

AudioInputStatus AudioInput::status() const {
    return worker_->status();
}

} // namespace atelier::inputs
