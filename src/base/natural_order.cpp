// SPDX-License-Identifier: Apache-2.0
#include "base/natural_order.h"

#include <algorithm>
#include <cstddef>

namespace atelier {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// The digits from `at` on, without leading zeros; `at` moves behind them.
std::string_view digits(std::string_view text, std::size_t& at) {
    const std::size_t from = at;
    while (at < text.size() && is_digit(text[at])) {
        ++at;
    }
    std::string_view run = text.substr(from, at - from);
    run.remove_prefix(std::min(run.find_first_not_of('0'), run.size()));
    return run;
}

} // namespace

bool natural_less(std::string_view a, std::string_view b) {
    std::size_t i = 0, k = 0;
    while (i < a.size() && k < b.size()) {
        if (is_digit(a[i]) && is_digit(b[k])) {
            const std::string_view left = digits(a, i), right = digits(b, k);
            if (left.size() != right.size()) {
                return left.size() < right.size();
            }
            if (left != right) {
                return left < right;
            }
            continue;
        }
        if (a[i] != b[k]) {
            return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[k]);
        }
        ++i;
        ++k;
    }
    const bool a_ends = i == a.size(), b_ends = k == b.size();
    if (a_ends != b_ends) {
        return a_ends;
    }
    return a.size() != b.size() ? a.size() < b.size() : a < b;
}

} // namespace atelier
