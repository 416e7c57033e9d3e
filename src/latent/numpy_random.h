// SPDX-License-Identifier: Apache-2.0
// numpy's legacy RandomState (MT19937, polar Gauss), bit for bit: what a seed has meant since 2020. No torch.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace atelier {

class NumpyRandom {
public:
    explicit NumpyRandom(std::uint32_t seed);

    std::uint32_t next32();
    double random_sample();                       // [0, 1), 53 bits
    double gauss();                               // Marsaglia's polar method; keeps the second value for the next call
    std::vector<double> randn(std::size_t count); // gauss() in a row
    std::uint64_t interval(std::uint64_t max);    // 0..max, masked rejection (shuffle)
    std::int64_t randint(std::int64_t low, std::int64_t high); // low..high-1
    void shuffle(std::vector<std::int64_t>& values);
    std::vector<std::int64_t> permutation(std::int64_t n);
    // choice(n, m, replace=False)
    std::vector<std::int64_t> choice_without_replacement(std::int64_t n, std::int64_t m);

private:
    std::array<std::uint32_t, 624> state_{};
    std::size_t position_ = 624;
    bool has_gauss_ = false;
    double gauss_ = 0;
};

} // namespace atelier
