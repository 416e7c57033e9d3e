// SPDX-License-Identifier: Apache-2.0
#include "train/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace atelier::train {

double Moments::mean() const {
    return num > 0 ? sum / static_cast<double>(num) : std::numeric_limits<double>::quiet_NaN();
}

double Moments::std() const {
    if (num <= 1) {
        return num == 1 ? 0 : std::numeric_limits<double>::quiet_NaN();
    }
    const double m = mean();
    return std::sqrt(std::max(sum_of_squares / static_cast<double>(num) - m * m, 0.0));
}

void Moments::add(const Moments& other) {
    num += other.num;
    sum += other.sum;
    sum_of_squares += other.sum_of_squares;
}

void Statistics::report(const std::string& name, const at::Tensor& values) {
    const at::Tensor plain = values.detach().to(at::kCPU, at::kDouble).contiguous();
    const double* v = plain.const_data_ptr<double>();
    Moments moments;
    moments.num = plain.numel();
    for (std::int64_t i = 0; i < moments.num; ++i) {
        moments.sum += v[i];
        moments.sum_of_squares += v[i] * v[i];
    }
    entries_[name].add(moments);
}

void Statistics::report(const std::string& name, double value) {
    entries_[name].add({1, value, value * value});
}

Moments Statistics::get(const std::string& name) const {
    const auto found = entries_.find(name);
    return found == entries_.end() ? Moments{} : found->second;
}

} // namespace atelier::train
