// SPDX-License-Identifier: Apache-2.0
// BlockCosts: what each block of a skip generator takes, measured one block at a time, and which block fits a budget.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace atelier {

class BlockCosts {
public:
    BlockCosts() = default; // of a model without previews: nothing to measure, everything fits
    // Ascending, one for each block.
    explicit BlockCosts(std::vector<int> resolutions);

    struct Step {
        int round = 0;
        int below = 0; // resolution of the block before, which has to be computed already; 0: none
        int resolution = 0;
    };
    // The block to time next; the best of three rounds counts. Empty when all are through.
    std::optional<Step> next() const;
    // What that block took, in ms.
    void add(double ms);

    // Whether highest_within would not be higher if more blocks had been timed. The first round tells as soon as it is
    // through or past the budget; the other two make it finer.
    bool decides(double budget_ms) const;
    // The highest resolution that takes at most budget_ms, at least 16 (or the highest of a smaller model); without
    // blocks a number beyond every model's.
    int highest_within(double budget_ms) const;
    // ms up to and with each block; empty during the first round.
    std::vector<double> up_to_each() const;

private:
    bool round_through() const { return done_ >= resolutions_.size(); }
    std::vector<double> sums() const; // ms up to and with each block that has been timed

    std::vector<int> resolutions_;
    std::vector<double> least_;
    std::size_t done_ = 0; // blocks timed, in all rounds
};

} // namespace atelier
