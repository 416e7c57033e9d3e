// SPDX-License-Identifier: Apache-2.0
// Which device computes, and how many cores one operation uses. Internal to the layers with torch.
#pragma once

#include <string>

#include <c10/core/Device.h>

namespace atelier {

// "auto" (CUDA when there is a usable one, otherwise the CPU), "cpu" or "cuda". Throws Error for another name or when
// CUDA is asked for and absent.
c10::Device choose_device(const std::string& name);

// "CPU" or "CUDA".
std::string describe_device(const c10::Device& device);

// For the calling thread only (OpenMP keeps it per thread); 0: as many as the machine has cores.
void set_operation_threads(int threads);

} // namespace atelier
