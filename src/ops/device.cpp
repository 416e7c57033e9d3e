// SPDX-License-Identifier: Apache-2.0
#include "ops/device.h"

#include <algorithm>
#include <thread>

#include <dlfcn.h>

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include "base/error.h"
#include "crash/crash_stack.h"
#include "ops/threads.h"

namespace atelier {
namespace {

// torch's kernels for CUDA register themselves when their library is loaded. That takes a sixth of the time to the
// first picture: only where there is a driver to run them. What is missing otherwise.
std::string load_cuda() {
#ifdef ATELIER_WITH_CUDA
    void* driver = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL);
    if (driver == nullptr)
        return "This machine has no NVIDIA driver.";
    dlclose(driver);
    if (dlopen("libtorch_cuda.so", RTLD_LAZY | RTLD_GLOBAL) == nullptr)
        return fmt::format("There is an NVIDIA driver, but torch's part for it can't be loaded: {}.", dlerror());
    if (!at::hasCUDA())
        return "There is an NVIDIA driver, but no device that torch can use.";
    at::globalContext().setAllowTF32CuDNN(false); // float32 is to be float32; a mantissa of 10 bits shows in pictures
    return "";
#else
    return "This is a build without CUDA.";
#endif
}

} // namespace

bool have_cuda(std::string* why) {
    static const std::string problem = load_cuda();
    if (why != nullptr)
        *why = problem;
    return problem.empty();
}

c10::Device choose_device(const std::string& name) {
    // For the CPU, too: torch asks once for what it has of CUDA, and somebody else may want a GPU later.
    std::string why;
    const bool cuda = have_cuda(&why);
    if (name == "cpu") {
        return {c10::kCPU};
    }
    if (name != "auto" && name != "cuda") {
        fail("The device '{}' is unknown; known are auto, cpu and cuda.", name);
    }
    if (cuda) {
        return {c10::kCUDA, 0};
    }
    if (name == "cuda") {
        fail("The device cuda was asked for, but can't be used; take --device cpu. {}", why);
    }
    return {c10::kCPU};
}

std::string describe_device(const c10::Device& device) {
    return device.is_cuda() ? "CUDA" : "CPU";
}

void set_operation_threads(int threads) {
    crash::give_crash_stack(); // every thread that computes comes here first
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
