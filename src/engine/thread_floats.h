// SPDX-License-Identifier: Apache-2.0
// Floats that each thread keeps from call to call: fresh memory costs as much as a small layer. Internal to engine
// (torch).
#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

namespace atelier {

// At least `size` of them, with whatever is in them. Use: a type of each caller's own, so that no two share theirs.
template <typename Use> float* thread_floats(std::int64_t size) {
    thread_local at::Tensor memory;
    if (!memory.defined() || memory.numel() < size) {
        memory = at::empty({size}, at::kFloat);
    }
    return memory.data_ptr<float>();
}

} // namespace atelier
