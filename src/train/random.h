// SPDX-License-Identifier: Apache-2.0
// Random: where a trainer takes its random numbers from, so that tests can replay recorded ones.
#pragma once

#include <cstdint>

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

namespace atelier::train {

class Random {
public:
    virtual ~Random() = default;
    // float32 on the CPU: uniform in [0,1), standard normal.
    virtual at::Tensor uniform(at::IntArrayRef shape) = 0;
    virtual at::Tensor normal(at::IntArrayRef shape) = 0;
    // Whole number in [low, high).
    virtual std::int64_t integer(std::int64_t low, std::int64_t high) = 0;
};

// A torch generator of the CPU, seeded; the same numbers as torch.manual_seed gives. Its state can be kept.
class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed);
    at::Tensor uniform(at::IntArrayRef shape) override;
    at::Tensor normal(at::IntArrayRef shape) override;
    std::int64_t integer(std::int64_t low, std::int64_t high) override;
    at::Tensor state() const;                // uint8
    void set_state(const at::Tensor& state); // throws Error if it is none

private:
    at::Generator generator_;
};

} // namespace atelier::train
