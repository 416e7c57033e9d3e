// SPDX-License-Identifier: Apache-2.0
#include "prepare/colour.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace atelier::prepare {
namespace {

constexpr int coarse_steps = 4096;

// Light at which a code begins, and the code at which the search starts for a coarse step of light.
struct Codes {
    std::array<double, 257> begins{};
    std::vector<std::uint8_t> first;
    Codes() : first(coarse_steps + 1) {
        for (int code = 1; code < 256; ++code) {
            begins[static_cast<std::size_t>(code)] = to_light((code - 0.5) / 255);
        }
        begins[256] = 2;
        int code = 0;
        for (int step = 0; step <= coarse_steps; ++step) {
            while (begins[static_cast<std::size_t>(code + 1)] <= static_cast<double>(step) / coarse_steps) {
                ++code;
            }
            first[static_cast<std::size_t>(step)] = static_cast<std::uint8_t>(code);
        }
    }
};

} // namespace

double to_light(double code) {
    return code <= 0.04045 ? code / 12.92 : std::pow((code + 0.055) / 1.055, 2.4);
}

const std::array<double, 256>& light_of_codes() {
    static const std::array<double, 256> table = [] {
        std::array<double, 256> made{};
        for (int i = 0; i < 256; ++i) {
            made[static_cast<std::size_t>(i)] = to_light(i / 255.0);
        }
        return made;
    }();
    return table;
}

std::uint8_t nearest_code(float light) {
    static const Codes codes;
    const float cut = std::isfinite(light) ? std::clamp(light, 0.0F, 1.0F) : 0.0F;
    std::size_t code = codes.first[static_cast<std::size_t>(cut * coarse_steps)];
    while (codes.begins[code + 1] <= static_cast<double>(cut)) {
        ++code;
    }
    return static_cast<std::uint8_t>(code);
}

} // namespace atelier::prepare
