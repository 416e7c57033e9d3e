// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include <ATen/Context.h>
#include <ATen/Version.h>
#include <fmt/format.h>
#include <torch/version.h>
#ifdef ATELIER_WITH_CUDA
#include <cuda_runtime_api.h>
#endif

#include "base/version.h"
#include "doctor/checks.h"
#include "ops/cpu_features.h"
#include "ops/device.h"
#include "ops/free_memory.h"

namespace atelier::doctor {
namespace {

std::string of_cpuinfo(const std::string& name) {
    std::ifstream in("/proc/cpuinfo");
    for (std::string line; std::getline(in, line);) {
        const auto colon = line.find(':');
        if (line.starts_with(name) && colon != std::string::npos && colon + 2 <= line.size())
            return line.substr(colon + 2);
    }
    return {};
}

std::string instruction_sets() {
    std::istringstream flags(of_cpuinfo("flags"));
    std::string known;
    for (std::string flag; flags >> flag;) {
        if (flag == "avx2" || flag == "avx512f" || flag == "avx512_bf16" || flag == "amx_bf16")
            known += (known.empty() ? "" : ", ") + flag;
    }
    for (const char* variable : {"ONEDNN_MAX_CPU_ISA", "ATEN_CPU_CAPABILITY"}) {
        if (const char* value = std::getenv(variable))
            known += fmt::format("; {}={}", variable, value);
    }
    return known.empty() ? "none of those that pictures are made with" : known;
}

#ifdef ATELIER_WITH_CUDA
std::string cuda_device() {
    cudaDeviceProp device{};
    int driver = 0, runtime = 0;
    if (cudaGetDeviceProperties(&device, 0) != cudaSuccess || cudaDriverGetVersion(&driver) != cudaSuccess ||
        cudaRuntimeGetVersion(&runtime) != cudaSuccess)
        return "can't be asked";
    return fmt::format("{}, compute capability {}.{}, {:.1f} GiB, driver for CUDA {}.{}, runtime {}.{}", device.name,
                       device.major, device.minor, static_cast<double>(device.totalGlobalMem) / (1 << 30),
                       driver / 1000, driver % 1000 / 10, runtime / 1000, runtime % 1000 / 10);
}
#endif

} // namespace

std::string device_of(const std::string& name) {
    return choose_device(name).is_cuda() ? "cuda" : "cpu";
}

std::vector<std::pair<std::string, std::string>> describe_machine(const std::string& device) {
    std::vector<std::pair<std::string, std::string>> lines;
    lines.emplace_back("Atelier", version_line() + ", " + build_facts().options);
    lines.emplace_back("Processor", of_cpuinfo("model name"));
    lines.emplace_back("Instructions", instruction_sets());
    lines.emplace_back("Cores", std::to_string(std::thread::hardware_concurrency()));
    lines.emplace_back("Free memory", fmt::format("{:.1f} GiB", free_host_memory() / (1 << 30)));
    lines.emplace_back("torch", TORCH_VERSION);
    std::string why;
    const bool cuda = have_cuda(&why);
#ifdef ATELIER_WITH_CUDA
    lines.emplace_back("CUDA", cuda ? cuda_device() : why);
#else
    static_cast<void>(cuda);
    lines.emplace_back("CUDA", why);
#endif
    lines.emplace_back("Checked", device == "cuda" ? "the CUDA device against the CPU"
                                                   : "the CPU against plain operations of torch");
    return lines;
}

} // namespace atelier::doctor
