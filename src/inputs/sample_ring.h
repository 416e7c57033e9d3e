// SPDX-License-Identifier: Apache-2.0
// SampleRing: samples from a driver's thread to one that computes, without a lock. One writer, one reader.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace atelier::inputs {

class SampleRing {
public:
    explicit SampleRing(std::size_t size) : samples_(size) {}

    // The mean of the channels. What finds no room is lost and counted: the driver can't wait.
    void write(const float* samples, int frames, int channels) {
        const std::uint64_t read = read_.load(std::memory_order_acquire);
        std::uint64_t at = written_.load(std::memory_order_relaxed);
        const auto room = static_cast<int>(samples_.size() - (at - read));
        const int count = std::min(frames, room);
        for (int i = 0; i < count; ++i, ++at) {
            float sum = 0;
            for (int c = 0; c < channels; ++c) {
                sum += samples[i * channels + c];
            }
            samples_[at % samples_.size()] = sum / static_cast<float>(channels);
        }
        written_.store(at, std::memory_order_release);
        if (count < frames) {
            lost_.fetch_add(static_cast<std::uint64_t>(frames - count), std::memory_order_relaxed);
        }
    }

    // All that has come, in place of what `to` had.
    void read(std::vector<float>& to) {
        const std::uint64_t written = written_.load(std::memory_order_acquire);
        std::uint64_t at = read_.load(std::memory_order_relaxed);
        to.clear();
        for (; at < written; ++at) {
            to.push_back(samples_[at % samples_.size()]);
        }
        read_.store(at, std::memory_order_release);
    }

    std::size_t room() const { // for the writer
        return samples_.size() - static_cast<std::size_t>(written_.load(std::memory_order_relaxed) -
                                                          read_.load(std::memory_order_acquire));
    }
    std::uint64_t lost() const { return lost_.load(std::memory_order_relaxed); }

private:
    std::vector<float> samples_;
    std::atomic<std::uint64_t> written_{0}, read_{0}, lost_{0};
};

} // namespace atelier::inputs
