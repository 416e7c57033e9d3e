// SPDX-License-Identifier: Apache-2.0
// TensorReader: the described tensors of a pickle as at::Tensor with memory of their own. Every size, offset and
// stride is checked against the storage before a byte is read.
#pragma once

#include <functional>
#include <string>

#include <ATen/core/Tensor.h>

#include "io/torch_storage.h"

namespace atelier::io {

class TensorReader {
public:
    // Finds a storage that a tensor refers to; throws Error when there is none.
    using Lookup = std::function<StorageView(const PickleValue& storage)>;

    // `source_bytes` is the size of the file: all tensors together may take a small multiple of it.
    TensorReader(std::size_t source_bytes, Lookup lookup)
        : lookup_(std::move(lookup)), spare_bytes_(8 * static_cast<std::uint64_t>(source_bytes) + (1U << 24)) {}

    // True for what torch._utils._rebuild_tensor_v2 or _rebuild_parameter would make.
    static bool is_tensor(const PickleValue& value);

    // Contiguous, or channels-last where the file's strides are exactly that. Throws Error "tensor <name>: ...".
    at::Tensor read(const PickleValue& value, const std::string& name);

private:
    Lookup lookup_;
    std::uint64_t spare_bytes_;
};

} // namespace atelier::io
