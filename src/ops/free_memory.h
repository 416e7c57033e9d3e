// SPDX-License-Identifier: Apache-2.0
// How much memory may still be taken, on the machine or on a GPU.
#pragma once

#include <filesystem>

#include <c10/core/Device.h>

namespace atelier {

// Bytes. Of the CPU the lower of what the kernel calls available and what the control groups of this process leave
// (version 1 and 2; pages of files that can be dropped count as free), once memory kept for tensors is given back; of
// CUDA what the driver calls free. Infinity where nothing is said about it.
double free_memory(const c10::Device& device);

// The same of the CPU, read from below other roots than / (tests).
double free_host_memory(const std::filesystem::path& root = "/");

} // namespace atelier
