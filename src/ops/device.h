// SPDX-License-Identifier: Apache-2.0
// Which device computes. Internal to the layers with torch.
#pragma once

#include <string>

#include <c10/core/Device.h>

namespace atelier {

// "auto" (CUDA when there is a usable one, otherwise the CPU), "cpu" or "cuda". Throws Error for another name or when
// CUDA is asked for and absent.
c10::Device choose_device(const std::string& name);

// Whether there is a device of CUDA that torch can use. Loads torch's kernels for it, once, where there is a driver;
// nothing else does, and it has to come before torch's first operation: choose_device does it. `why`, where given, gets
// a sentence if not.
bool have_cuda(std::string* why = nullptr);

// "CPU" or "CUDA".
std::string describe_device(const c10::Device& device);

} // namespace atelier
