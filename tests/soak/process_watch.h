// SPDX-License-Identifier: Apache-2.0
// What a process takes from the machine, as the kernel has it in /proc. For tests only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include <sys/types.h>

namespace atelier::soak {

// Memory in MiB that is its own: without the files that it has mapped, which the kernel drops and reads again at will.
inline double memory_of(pid_t process) {
    std::ifstream status("/proc/" + std::to_string(process) + "/status");
    double kib = 0;
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("RssAnon:") || line.starts_with("RssShmem:"))
            kib += std::stod(line.substr(line.find(':') + 1));
    }
    return kib / 1024;
}

// How many of each: descriptors by what they lead to ("socket", "/dev/dri/card0"), threads by their names.
using Counts = std::map<std::string, int>;

inline Counts descriptors_of(pid_t process) {
    Counts counts;
    std::error_code gone;
    for (const auto& each : std::filesystem::directory_iterator("/proc/" + std::to_string(process) + "/fd", gone)) {
        const std::string to = std::filesystem::read_symlink(each.path(), gone).string();
        if (!gone)
            ++counts[to.substr(0, to.find(':'))];
    }
    return counts;
}

inline Counts threads_of(pid_t process) {
    Counts counts;
    std::error_code gone;
    for (const auto& each : std::filesystem::directory_iterator("/proc/" + std::to_string(process) + "/task", gone)) {
        std::ifstream comm(each.path() / "comm");
        std::string name;
        if (std::getline(comm, name))
            ++counts[name];
    }
    return counts;
}

inline int sum(const Counts& counts) {
    int all = 0;
    for (const auto& [name, count] : counts)
        all += count;
    return all;
}

// What `now` has more of: "3 socket instead of 2".
inline std::string more_of(const Counts& now, const Counts& before) {
    std::string text;
    for (const auto& [name, count] : now) {
        const int was = before.contains(name) ? before.at(name) : 0;
        if (count > was)
            text +=
                (text.empty() ? "" : ", ") + std::to_string(count) + " " + name + " instead of " + std::to_string(was);
    }
    return text;
}

} // namespace atelier::soak
