// SPDX-License-Identifier: Apache-2.0
#include "ops/free_memory.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <string>

#include "ops/tensor_memory.h"
#ifdef ATELIER_WITH_CUDA
#include <cuda_runtime_api.h>
#endif

namespace atelier {
namespace {

namespace fs = std::filesystem;

constexpr double no_limit = std::numeric_limits<double>::infinity();

// The number of a file that holds nothing else; none for "max".
std::optional<double> number_in(const fs::path& file) {
    std::ifstream in(file);
    double number = 0;
    return in >> number ? std::optional(number) : std::nullopt;
}

// The number behind a name at the beginning of a line.
std::optional<double> number_after(const fs::path& file, const std::string& name) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line);
        std::string first;
        double number = 0;
        if (words >> first >> number && first == name) {
            return number;
        }
    }
    return std::nullopt;
}

struct GroupFiles {
    const char *limit, *used, *droppable;
};
constexpr GroupFiles version_1{"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"};
constexpr GroupFiles version_2{"memory.max", "memory.current", "inactive_file"};

double left_in(const fs::path& group, const GroupFiles& files) {
    const auto limit = number_in(group / files.limit), used = number_in(group / files.used);
    if (!limit || !used) {
        return no_limit;
    }
    return std::max(0.0, *limit - *used + number_after(group / "memory.stat", files.droppable).value_or(0));
}

// Every group above counts too. Within a container the path may be that of outside: then only the top one is there.
double left_in_groups(const fs::path& top, fs::path path, const GroupFiles& files) {
    double left = left_in(top, files);
    for (path = path.relative_path(); !path.empty(); path = path.parent_path()) {
        left = std::min(left, left_in(top / path, files));
    }
    return left;
}

// Lines read number:controllers:path; of version 2 number and controllers are 0 and nothing.
double left_of_this_process(const fs::path& root) {
    double left = no_limit;
    std::ifstream in(root / "proc/self/cgroup");
    for (std::string line; std::getline(in, line);) {
        const auto first = line.find(':'), second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos) {
            continue;
        }
        const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
        const fs::path path = line.substr(second + 1), mount = root / "sys/fs/cgroup";
        if (controllers == ",,") {
            left = std::min(left, left_in_groups(mount, path, version_2));
        } else if (controllers.find(",memory,") != std::string::npos) {
            left = std::min(left, left_in_groups(mount / "memory", path, version_1));
        }
    }
    return left;
}

} // namespace

double free_host_memory(const fs::path& root) {
    const auto available = number_after(root / "proc/meminfo", "MemAvailable:"); // in KiB
    return std::min(available ? *available * 1024 : no_limit, left_of_this_process(root));
}

double free_memory([[maybe_unused]] const c10::Device& device) {
#ifdef ATELIER_WITH_CUDA
    if (device.is_cuda()) {
        std::size_t free = 0, total = 0;
        const bool known = cudaSetDevice(device.index()) == cudaSuccess && cudaMemGetInfo(&free, &total) == cudaSuccess;
        return known ? static_cast<double>(free) : no_limit;
    }
#endif
    if (!device.is_cpu()) {
        return no_limit;
    }
    release_tensor_memory(); // what is kept may be of sizes that nobody asks for
    return free_host_memory();
}

} // namespace atelier
