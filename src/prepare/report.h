// SPDX-License-Identifier: Apache-2.0
// The report of a preparation: one self-contained page that shows each picture and why it went in or out.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "prepare/cut_run.h"

namespace atelier::prepare {

struct ReasonCount {
    Reason reason;
    int count;
};
std::vector<ReasonCount> counts_by_reason(const std::vector<Item>& items); // in the order of Reason, without zeros

// What a set of so many pictures is good for, and how to begin, in a sentence or two.
std::string advice(std::size_t pictures, const CutOptions& options);

// NAME-report.html beside the set.
std::filesystem::path report_beside(const std::filesystem::path& set);

constexpr std::size_t most_thumbnails = 2000; // a page of more is slow to open

// HTML. `items` are judged. Beyond `thumbnails` items, those left out first, a line says so and words alone follow.
std::string report_page(const std::string& title, const CutRun& job, const std::vector<Item>& items,
                        const Thresholds& limits, std::size_t thumbnails = most_thumbnails);

} // namespace atelier::prepare
