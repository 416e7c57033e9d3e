// SPDX-License-Identifier: Apache-2.0
// What came in and was not taken as it was, counted by the reason. Any thread.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace atelier::net {

enum class Refusal {
    malformed,     // no OSC, no Art-Net, no HTTP
    wrong_type,    // a text for a number, a list for nothing
    not_finite,    // NaN, infinite
    clamped,       // taken, at the end of the range
    closed,        // the parameter is closed to the network
    too_often,     // a trigger, more often than it can be pulled in a turn
    too_far_ahead, // a bundle for a time beyond the bound, or too many that wait
    overrun,       // came faster than it was read; the system dropped it
    connection,    // one more than the bound, or one that was too slow
    request,       // of HTTP or a WebSocket: too large, not known, not allowed
    count,
};
inline constexpr std::size_t refusals = static_cast<std::size_t>(Refusal::count);

class Counts {
public:
    using Values = std::array<std::uint64_t, refusals>;

    void add(Refusal why, std::uint64_t times = 1) { refused_[static_cast<std::size_t>(why)] += times; }
    void add_message() { ++messages_; }
    std::uint64_t of(Refusal why) const { return refused_[static_cast<std::size_t>(why)]; }
    std::uint64_t messages() const { return messages_; } // all that were read, taken or not
    Values all() const {
        Values out{};
        for (std::size_t i = 0; i < refusals; ++i)
            out[i] = refused_[i];
        return out;
    }
    void clear() {
        for (auto& each : refused_)
            each = 0;
        messages_ = 0;
    }

private:
    std::array<std::atomic<std::uint64_t>, refusals> refused_{};
    std::atomic<std::uint64_t> messages_ = 0;
};

} // namespace atelier::net
