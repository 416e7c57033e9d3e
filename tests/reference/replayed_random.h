// SPDX-License-Identifier: Apache-2.0
// Recorded draws in the place of random numbers: "NNN_rand" and "NNN_randn" under a prefix of a golden file, in order.
#pragma once

#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "reference/golden.h"
#include "train/random.h"

namespace atelier::test {

// A draw of another kind or shape than recorded, or one too many, fails the test.
class ReplayedRandom final : public train::Random {
public:
    ReplayedRandom(const Golden& golden, std::string prefix) : golden_(golden), prefix_(std::move(prefix)) {}
    at::Tensor uniform(at::IntArrayRef shape) override { return next("rand", shape); }
    at::Tensor normal(at::IntArrayRef shape) override { return next("randn", shape); }
    std::int64_t integer(std::int64_t, std::int64_t) override {
        throw std::runtime_error("no whole number was recorded under " + prefix_);
    }
    std::size_t used() const { return used_; }

private:
    at::Tensor next(const char* kind, at::IntArrayRef shape) {
        const std::string name = fmt::format("{}{:03}_{}", prefix_, used_++, kind);
        if (!golden_.has(name)) {
            throw std::runtime_error("no draw was recorded as " + name);
        }
        const at::Tensor draw = golden_.at(name);
        if (draw.sizes() != shape) {
            throw std::runtime_error(name + " was recorded with another shape");
        }
        return draw;
    }

    const Golden& golden_;
    std::string prefix_;
    std::size_t used_ = 0;
};

// Draws from a seed, which have to be the recorded ones. Normal numbers may differ in their last digits: torch has
// several ways to compute the same logarithm and cosine of its uniform numbers, and the processor decides on one.
class ComparedRandom final : public train::Random {
public:
    ComparedRandom(std::uint64_t seed, const Golden& golden, const std::string& prefix)
        : seeded_(seed), recorded_(golden, prefix) {}
    at::Tensor uniform(at::IntArrayRef shape) override {
        const at::Tensor draw = seeded_.uniform(shape);
        EXPECT_TRUE(at::equal(draw, recorded_.uniform(shape))) << "draw " << recorded_.used();
        return draw;
    }
    at::Tensor normal(at::IntArrayRef shape) override {
        const at::Tensor draw = seeded_.normal(shape), recorded = recorded_.normal(shape);
        EXPECT_LE(relative_error(draw, recorded), 1e-6) << "draw " << recorded_.used();
        same_bits_ = same_bits_ && at::equal(draw, recorded);
        return draw;
    }
    std::int64_t integer(std::int64_t from, std::int64_t to) override { return recorded_.integer(from, to); }
    bool same_bits() const { return same_bits_; } // all draws so far

private:
    train::SeededRandom seeded_;
    ReplayedRandom recorded_;
    bool same_bits_ = true;
};

} // namespace atelier::test
