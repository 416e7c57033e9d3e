// SPDX-License-Identifier: Apache-2.0
#include "ops/device.h"

#include <algorithm>
#include <thread>

#include <ATen/Context.h>
#include <ATen/Parallel.h>

#include "base/error.h"
#include "ops/threads.h"

namespace atelier {

c10::Device choose_device(const std::string& name) {
    if (name == "cpu") {
        return {c10::kCPU};
    }
    if (name != "auto" && name != "cuda") {
        fail("The device '{}' is unknown; known are auto, cpu and cuda.", name);
    }
    if (at::hasCUDA()) {
        return {c10::kCUDA, 0};
    }
    if (name == "cuda") {
        fail("The device cuda was asked for, but this machine or this build has none; use --device cpu.");
    }
    return {c10::kCPU};
}

std::string describe_device(const c10::Device& device) {
    return device.is_cuda() ? "CUDA" : "CPU";
}

void set_operation_threads(int threads) {
    // At its first loop a thread takes the process's number; later than the number is set here, that would be somebody
    // else's. Two flags say that it has had its first: torch's library has one, and its header's loops, which are
    // compiled into this program (parallel.cpp), another.
    at::get_num_threads();
    at::internal::lazy_init_num_threads();
    at::set_num_threads(threads > 0 ? threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
}

int operation_threads() {
    return at::get_num_threads();
}

} // namespace atelier
