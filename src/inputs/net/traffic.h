// SPDX-License-Identifier: Apache-2.0
// Traffic: what came in from where in the last minute, for a person who looks for a fader. Any thread; bounded.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace atelier::net {

enum class TrafficKind {
    parameter, // it set or pulled one
    source,    // it can be connected
    refused,
};

struct TrafficRow {
    std::string address; // "/fader/1", "/fader/1#2"; of Art-Net the source's name
    std::string from;    // "192.168.1.20"
    std::string value{}; // the last one, as text
    TrafficKind kind = TrafficKind::source;
    std::uint64_t count = 0; // since it was listed
    double at = 0;           // steady_seconds() of the last one
    // As connections name it; of Art-Net the address is that already.
    std::string source() const { return address.starts_with('/') ? "osc" + address : address; }
};

class Traffic {
public:
    static constexpr std::size_t most_rows = 200;
    static constexpr double kept_seconds = 60;

    // value: kept to 40 bytes. now: steady_seconds().
    void note(std::string_view address, std::string_view from, TrafficKind kind, std::string_view value, double now);
    // Of the last minute, by address and sender.
    std::vector<TrafficRow> rows(double now);
    // That came while the list was full of newer ones.
    std::uint64_t unlisted() const;
    void clear();

private:
    void forget(double now, double seconds);

    mutable std::mutex mutex_;
    std::unordered_map<std::string, TrafficRow> rows_; // by address and sender
    std::string key_;                                  // of the row that is looked for
    double tidied_ = -1e9;
    std::uint64_t unlisted_ = 0;
};

} // namespace atelier::net
