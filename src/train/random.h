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

// The rows of one rank: whatever has rows (a first dimension) is drawn for all ranks, from the same numbers on each of
// them, and this rank gets rows rank, rank + size, ... of it; what has none is the same for all. So the ranks together
// draw what one process would, and with the batch cut alike the minibatch-deviation groups of the whole, which hold
// every (N / group)th picture, each lie on one rank, if its pictures are a multiple of the group.
class ShareOfRandom final : public Random {
public:
    ShareOfRandom(Random& whole, int rank, int size) : whole_(whole), rank_(rank), size_(size) {}
    at::Tensor uniform(at::IntArrayRef shape) override;
    at::Tensor normal(at::IntArrayRef shape) override;
    std::int64_t integer(std::int64_t low, std::int64_t high) override { return whole_.integer(low, high); }

private:
    Random& whole_;
    int rank_, size_;
};

// Rows rank, rank + size, ... of a tensor [N,...]; one that isn't defined stays so.
at::Tensor share_of_rows(const at::Tensor& whole, int rank, int size);

} // namespace atelier::train
