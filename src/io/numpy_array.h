// SPDX-License-Identifier: Apache-2.0
// Arrays and scalars of numpy as a pickle describes them.
#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

#include "io/pickle_value.h"

namespace atelier::io {

// True for what would be an array or a scalar, whatever is in it.
bool is_numpy_value(const PickleValue& value);

// A tensor with memory of its own, contiguous, little-endian whatever the file's order; a scalar has no dimensions.
// Whole and floating-point numbers and booleans. `spare_bytes` is lessened by what it takes, so that one array that
// is named again and again can't grow beyond all bounds. Throws Error, without the array's name.
at::Tensor read_numpy_value(const PickleValue& value, std::uint64_t& spare_bytes);

} // namespace atelier::io
