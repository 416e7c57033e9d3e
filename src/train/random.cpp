// SPDX-License-Identifier: Apache-2.0
#include "train/random.h"

#include <vector>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randn.h>

#include "base/error.h"

namespace atelier::train {

SeededRandom::SeededRandom(std::uint64_t seed) : generator_(at::detail::createCPUGenerator(seed)) {}

at::Tensor SeededRandom::uniform(at::IntArrayRef shape) {
    return at::rand(shape, generator_, at::kFloat);
}

at::Tensor SeededRandom::normal(at::IntArrayRef shape) {
    return at::randn(shape, generator_, at::kFloat);
}

std::int64_t SeededRandom::integer(std::int64_t low, std::int64_t high) {
    return at::empty({}, at::kLong).random_(low, high, generator_).item<std::int64_t>();
}

at::Tensor SeededRandom::state() const {
    return generator_.get_state();
}

namespace {

std::vector<std::int64_t> whole_shape(at::IntArrayRef shape, int size) {
    std::vector<std::int64_t> whole = shape.vec();
    if (!whole.empty()) {
        whole.front() *= size;
    }
    return whole;
}

} // namespace

at::Tensor share_of_rows(const at::Tensor& whole, int rank, int size) {
    return whole.defined() && whole.dim() > 0 && size > 1 ? whole.slice(0, rank, std::nullopt, size).contiguous()
                                                          : whole;
}

at::Tensor ShareOfRandom::uniform(at::IntArrayRef shape) {
    return share_of_rows(whole_.uniform(whole_shape(shape, size_)), rank_, size_);
}

at::Tensor ShareOfRandom::normal(at::IntArrayRef shape) {
    return share_of_rows(whole_.normal(whole_shape(shape, size_)), rank_, size_);
}

void SeededRandom::set_state(const at::Tensor& state) {
    try {
        generator_.set_state(state);
    } catch (const std::exception&) {
        fail("The state of the random numbers is damaged.");
    }
}

} // namespace atelier::train
