// SPDX-License-Identifier: Apache-2.0
#include "inputs/audio_output.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "base/error.h"

namespace atelier::inputs {
namespace {
using namespace std::chrono_literals;
constexpr double try_again = 5; // seconds
} // namespace

class AudioOutput::Worker {
public:
    explicit Worker(std::shared_ptr<PortAudio> port)
        : port_(std::move(port)), thread_([this](const std::stop_token& stop) { run(stop); }) {}
    ~Worker() {
        thread_.request_stop();
        wake_.notify_all();
        thread_.join();
    }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void set(std::shared_ptr<const SongSamples> song, const std::string& device) {
        {
            const std::lock_guard lock(mutex_);
            if (song == song_ && device == device_) {
                return;
            }
            if (song != song_) {
                voice_ = song ? std::make_shared<SongVoice>(song) : nullptr;
                song_ = std::move(song);
            }
            device_ = device;
            news_ = true;
        }
        wake_.notify_all();
    }

    void follow(double position, bool playing, double volume) {
        std::shared_ptr<SongVoice> voice;
        {
            const std::lock_guard lock(mutex_);
            voice = voice_;
        }
        if (voice) {
            voice->follow(position, playing, volume, steady_seconds());
        }
    }

    AudioOutputStatus status() const {
        const std::lock_guard lock(mutex_);
        return status_;
    }

private:
    void run(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            std::shared_ptr<SongVoice> voice;
            std::string device;
            bool news = false;
            {
                std::unique_lock lock(mutex_);
                const auto called = [&] { return stop.stop_requested() || news_; };
                if (voice_) {
                    wake_.wait_for(lock, 100ms, called);
                } else {
                    wake_.wait(lock, called);
                }
                news = std::exchange(news_, false);
                voice = voice_;
                device = device_;
            }
            if (!stop.stop_requested()) {
                if (voice) {
                    voice->fetch();
                }
                follow(voice, device, news);
            }
        }
        stream_.reset();
    }

    void follow(const std::shared_ptr<SongVoice>& voice, const std::string& device, bool news) {
        if (news || !voice || (session_ && port_->stale(*session_))) {
            close();
            tried_at_ = -1e9;
        }
        if (stream_ && !stream_->alive()) {
            close();
            say({.trouble = "The sound output has gone; it is taken again when it comes back."});
            tried_at_ = steady_seconds();
        }
        if (!voice) {
            say({});
        } else if (!stream_ && steady_seconds() - tried_at_ >= try_again) {
            open(voice, device);
        }
    }

    void open(const std::shared_ptr<SongVoice>& voice, const std::string& device) {
        session_ = port_->begin();
        if (!session_) {
            return; // in a moment
        }
        tried_at_ = steady_seconds();
        try {
            auto rate = std::make_shared<std::atomic<double>>(0);
            stream_ = PortAudio::play(session_, device, 0,
                                      [voice, rate](float* out, int frames, int channels, double latency) {
                                          if (const double now_rate = rate->load(); now_rate > 0) {
                                              voice->render(out, frames, channels, now_rate, latency, steady_seconds());
                                          } else {
                                              std::fill_n(out, frames * channels, 0.0f);
                                          }
                                      });
            *rate = stream_->rate();
            say({true, device.empty() ? PortAudio::devices(*session_).standard_output : device, "",
                 stream_->latency()});
        } catch (const std::exception& error) {
            close();
            say({.trouble = message_of(error)});
        }
    }

    void close() {
        stream_.reset();
        session_.reset();
    }

    void say(AudioOutputStatus status) {
        const std::lock_guard lock(mutex_);
        status_ = std::move(status);
    }

    std::shared_ptr<PortAudio> port_;
    mutable std::mutex mutex_; // of what follows, up to the next empty line
    std::condition_variable wake_;
    std::shared_ptr<const SongSamples> song_;
    std::shared_ptr<SongVoice> voice_;
    std::string device_;
    bool news_ = false;
    AudioOutputStatus status_;

    std::shared_ptr<PortAudio::Session> session_;
    std::unique_ptr<SoundStream> stream_;
    double tried_at_ = -1e9;

    std::jthread thread_; // the last member: it uses the others
};

AudioOutput::AudioOutput(std::shared_ptr<PortAudio> port) : worker_(std::make_unique<Worker>(std::move(port))) {}

AudioOutput::~AudioOutput() = default;

void AudioOutput::set(std::shared_ptr<const SongSamples> song, const std::string& device) {
    worker_->set(std::move(song), device);
}

void AudioOutput::follow(double position, bool playing, double volume) {
    worker_->follow(position, playing, volume);
}

AudioOutputStatus AudioOutput::status() const {
    return worker_->status();
}

} // namespace atelier::inputs
