// SPDX-License-Identifier: Apache-2.0
// InputHub: the one place where all that plays from outside leaves what it says; the studio takes it once a turn. Any
// thread may write; nobody waits for the reader, and nothing grows with the number of messages.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/source_reading.h"

namespace atelier::inputs {

inline constexpr std::size_t most_sources = 4096; // that are kept; a flood of names ends there
inline constexpr int most_hits = 64;              // of one source in a turn

class InputHub {
public:
    // A control stands at `value`; clamped to 0..1. What isn't a number is counted and forgotten.
    void set(std::string_view source, double value);
    // A trigger: a note, an onset, a beat.
    void hit(std::string_view source, double strength = 1);
    void release(std::string_view source); // a note that ends

    // A note has ended whose value stays, as a pitch does.
    void let_go(std::string_view source);

    // Called from the writer's thread when something comes first after a take(): a window that sleeps wakes up. Empty:
    // nobody. When this returns, the one of before is not called any more.
    void on_news(std::function<void()> told);

    // What has come since the last call, each source once, by name.
    std::vector<SourceReading> take();

    std::uint64_t refused() const; // not a number, or one source too many

private:
    SourceReading* reading(std::string_view source); // null: one too many
    template <class Change> void change(std::string_view source, double value, const Change& change);
    void tell(); // after the lock on mutex_ was left

    mutable std::mutex mutex_;
    std::map<std::string, SourceReading, std::less<>> sources_;
    std::uint64_t refused_ = 0;
    std::atomic<bool> told_ = false; // since the last take()
    std::mutex telling_;
    std::function<void()> on_news_;
};

} // namespace atelier::inputs
