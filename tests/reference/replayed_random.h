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

} // namespace atelier::test
