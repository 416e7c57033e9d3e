// SPDX-License-Identifier: Apache-2.0
// Statistics: count, mean and deviation of reported values by name, as stats.jsonl holds them. Plain numbers.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <ATen/core/Tensor.h>

namespace atelier::train {

struct Moments {
    std::int64_t num = 0;
    double sum = 0, sum_of_squares = 0;
    double mean() const; // NaN without values
    double std() const;  // of the population; NaN without values, 0 for one
    void add(const Moments& other);
};

class Statistics {
public:
    // All elements of a float tensor; not finite ones count as they are (the mean shows them).
    void report(const std::string& name, const at::Tensor& values);
    void report(const std::string& name, double value);
    void add(const std::string& name, const Moments& moments) { entries_[name].add(moments); }
    const std::map<std::string, Moments>& entries() const { return entries_; }
    Moments get(const std::string& name) const; // empty if nothing was reported
    void clear() { entries_.clear(); }

private:
    std::map<std::string, Moments> entries_;
};

} // namespace atelier::train
