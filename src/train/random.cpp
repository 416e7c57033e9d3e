// SPDX-License-Identifier: Apache-2.0
#include "train/random.h"

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

void SeededRandom::set_state(const at::Tensor& state) {
    try {
        generator_.set_state(state);
    } catch (const std::exception&) {
        fail("The state of the random numbers is damaged.");
    }
}

} // namespace atelier::train
