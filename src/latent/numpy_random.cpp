// SPDX-License-Identifier: Apache-2.0
#include "latent/numpy_random.h"

#include <cmath>
#include <numeric>

namespace atelier {

// Matsumoto and Nishimura, "Mersenne Twister", 1998; seeding by Knuth's multiplier as in their 2002 revision.
NumpyRandom::NumpyRandom(std::uint32_t seed) {
    for (std::uint32_t i = 0; i < state_.size(); ++i) {
        state_[i] = seed;
        seed = 1812433253U * (seed ^ (seed >> 30)) + i + 1;
    }
}

std::uint32_t NumpyRandom::next32() {
    if (position_ == state_.size()) {
        for (std::size_t i = 0; i < state_.size(); ++i) {
            const std::uint32_t joined = (state_[i] & 0x80000000U) | (state_[(i + 1) % state_.size()] & 0x7fffffffU);
            state_[i] = state_[(i + 397) % state_.size()] ^ (joined >> 1) ^ ((joined & 1U) != 0 ? 0x9908b0dfU : 0U);
        }
        position_ = 0;
    }
    std::uint32_t y = state_[position_++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680U;
    y ^= (y << 15) & 0xefc60000U;
    return y ^ (y >> 18);
}

double NumpyRandom::random_sample() {
    const double high = next32() >> 5;
    const double low = next32() >> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;
}

double NumpyRandom::gauss() {
    if (has_gauss_) {
        has_gauss_ = false;
        return gauss_;
    }
    double x1 = 0, x2 = 0, r2 = 0;
    do {
        x1 = 2.0 * random_sample() - 1.0;
        x2 = 2.0 * random_sample() - 1.0;
        r2 = x1 * x1 + x2 * x2;
    } while (r2 >= 1.0 || r2 == 0.0);
    const double factor = std::sqrt(-2.0 * std::log(r2) / r2);
    gauss_ = factor * x1;
    has_gauss_ = true;
    return factor * x2;
}

std::vector<double> NumpyRandom::randn(std::size_t count) {
    std::vector<double> values(count);
    for (double& value : values) {
        value = gauss();
    }
    return values;
}

std::uint64_t NumpyRandom::interval(std::uint64_t max) {
    if (max == 0) {
        return 0;
    }
    std::uint64_t mask = max;
    for (const int shift : {1, 2, 4, 8, 16, 32}) {
        mask |= mask >> shift;
    }
    std::uint64_t value = 0;
    do {
        value = next32();
        if (max > 0xffffffffULL) {
            value = (value << 32) | next32();
        }
        value &= mask;
    } while (value > max);
    return value;
}

std::int64_t NumpyRandom::randint(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(interval(static_cast<std::uint64_t>(high - low - 1)));
}

void NumpyRandom::shuffle(std::vector<std::int64_t>& values) {
    for (std::size_t i = values.size(); i-- > 1;) {
        std::swap(values[i], values[interval(i)]);
    }
}

std::vector<std::int64_t> NumpyRandom::permutation(std::int64_t n) {
    std::vector<std::int64_t> values(static_cast<std::size_t>(n));
    std::iota(values.begin(), values.end(), 0);
    shuffle(values);
    return values;
}

std::vector<std::int64_t> NumpyRandom::choice_without_replacement(std::int64_t n, std::int64_t m) {
    std::vector<std::int64_t> values = permutation(n);
    values.resize(static_cast<std::size_t>(m));
    return values;
}

} // namespace atelier
