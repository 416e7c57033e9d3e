// SPDX-License-Identifier: Apache-2.0
// Runs a kernel's entry point on a CUDA device: the tensor's device current, its stream, errors as exceptions. Only for
// .cpp files of builds with CUDA. Never run on a device so far: docs/gpu.md.
#pragma once

#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include "ops/cuda/kernel_types.h"

namespace atelier::ops {

// What every runner on the device shares; those of an op add its entry points.
struct DeviceRunner {
    template <typename Entry> static void run(const at::Tensor& x, Entry&& entry) {
        const c10::cuda::CUDAGuard guard(x.device()); // a launch goes to the current device
        const kernels::Status status = entry(c10::cuda::getCurrentCUDAStream().stream());
        C10_CUDA_CHECK(static_cast<cudaError_t>(status));
    }
};

} // namespace atelier::ops
