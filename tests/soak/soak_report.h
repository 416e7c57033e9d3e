// SPDX-License-Identifier: Apache-2.0
// What was seen of the studio in a soak: one sample after each deed, and what follows from all. For tests only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace atelier::soak {

struct Sample {
    double seconds = 0; // since the warm-up
    std::string deed;
    double memory = 0; // MiB
    int descriptors = 0, threads = 0;
};

// MiB a minute, by least squares; 0 for less than two samples.
inline double slope(const std::vector<Sample>& samples) {
    double x = 0, y = 0, xx = 0, xy = 0;
    const double n = static_cast<double>(samples.size());
    for (const Sample& each : samples) {
        const double minutes = each.seconds / 60;
        x += minutes, y += each.memory, xx += minutes * minutes, xy += minutes * each.memory;
    }
    const double under = n * xx - x * x;
    return under > 0 ? (n * xy - x * y) / under : 0;
}

// MiB from the least of the first third to the least of the last: work that is under way comes and goes, what was lost
// stays.
inline double growth(const std::vector<Sample>& samples) {
    const std::size_t third = std::max<std::size_t>(samples.size() / 3, 1);
    const auto least = [](auto from, auto to) {
        return std::min_element(from, to, [](const Sample& a, const Sample& b) { return a.memory < b.memory; })->memory;
    };
    if (samples.empty())
        return 0;
    const auto third_length = static_cast<std::ptrdiff_t>(third);
    return least(samples.end() - third_length, samples.end()) - least(samples.begin(), samples.begin() + third_length);
}

// Of the frames between two states of the studio, in steps of 5 %: "4000 frames: half within 1.2 ms, ...".
inline std::string frames_between(const nlohmann::json& before, const nlohmann::json& after) {
    std::vector<std::pair<double, std::int64_t>> steps;
    std::int64_t all = 0, slow = 0;
    for (const auto& step : after["frames"]["steps"]) {
        std::int64_t count = step[1];
        for (const auto& old : before["frames"]["steps"])
            count -= old[0] == step[0] ? old[1].get<std::int64_t>() : 0;
        if (count <= 0)
            continue;
        steps.emplace_back(step[0], count);
        all += count;
        slow += step[0] > 50 ? count : 0;
    }
    const auto within = [&](double part) {
        std::int64_t so_far = 0;
        for (const auto& [ms, count] : steps) {
            so_far += count;
            if (static_cast<double>(so_far) >= part * static_cast<double>(all))
                return ms;
        }
        return 0.0;
    };
    return fmt::format(
        "{} frames: half within {:.1f} ms, 99 of 100 within {:.1f} ms, all within {:.0f} ms; {} over 50 ms", all,
        within(0.5), within(0.99), within(1), slow);
}

inline std::string curve_of(const std::vector<Sample>& samples) {
    std::string text = "seconds,deed,memory_mib,descriptors,threads\n";
    for (const Sample& each : samples)
        text += fmt::format("{:.1f},{},{:.1f},{},{}\n", each.seconds, each.deed, each.memory, each.descriptors,
                            each.threads);
    return text;
}

} // namespace atelier::soak
