// SPDX-License-Identifier: Apache-2.0
// Runs the atelier program as several ranks on this machine, by mpirun.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "support/program.h"

namespace atelier::test {

inline constexpr const char* mpirun = "/usr/bin/mpirun";

// Whether this machine has mpirun, and this build the library that needs MPI.
inline bool have_mpi() {
    std::error_code error;
    return std::filesystem::exists(mpirun, error) &&
           std::filesystem::exists(program().parent_path().parent_path() / "lib/atelier/libatelier-mpi.so", error);
}

inline void let_root_use_mpirun() {
    setenv("OMPI_ALLOW_RUN_AS_ROOT", "1", 1);
    setenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1", 1);
}

// As mpirun wants it of somebody who may be root and has fewer cores than ranks. Nothing but shared memory, so that no
// test depends on the networks of a machine.
inline std::vector<std::string> with_mpirun(int ranks, std::vector<std::string> words,
                                            const std::vector<std::string>& more = {"--mca", "btl", "vader,self"}) {
    let_root_use_mpirun();
    std::vector<std::string> all{mpirun, "--oversubscribe", "--bind-to", "none", "-np", std::to_string(ranks)};
    all.insert(all.end(), more.begin(), more.end());
    all.push_back(program().string());
    all.insert(all.end(), words.begin(), words.end());
    return all;
}

inline ProgramEnd run_ranks(int ranks, std::vector<std::string> words, const ProgramSettings& settings = {}) {
    return run_command(with_mpirun(ranks, std::move(words)), settings);
}

// The first process that this one has started and that is `wanted(its folder in /proc, its name)`; -1: there is none.
template <typename Wanted> pid_t child_that(pid_t of, const Wanted& wanted) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
        std::ifstream stat(entry.path() / "stat");
        std::stringstream text;
        text << stat.rdbuf();
        const std::string line = text.str();
        const auto name = line.find('('), behind_name = line.rfind(')');
        if (behind_name == std::string::npos) {
            continue;
        }
        std::istringstream rest(line.substr(behind_name + 1));
        std::string state;
        pid_t parent = 0;
        rest >> state >> parent;
        if (parent == of && state != "Z" && wanted(entry.path(), line.substr(name + 1, behind_name - name - 1))) {
            return static_cast<pid_t>(std::stoi(entry.path().filename().string()));
        }
    }
    return -1;
}

inline pid_t child_of(pid_t process, const std::string& name) {
    return child_that(process, [&](const std::filesystem::path&, const std::string& its) { return its == name; });
}

// The process of a rank that this mpirun has started; -1: there is none.
inline pid_t process_of(pid_t mpirun_process, int rank) {
    return child_that(mpirun_process, [&](const std::filesystem::path& folder, const std::string&) {
        std::ifstream environ(folder / "environ");
        for (std::string variable; std::getline(environ, variable, '\0');) {
            if (variable == "OMPI_COMM_WORLD_RANK=" + std::to_string(rank)) {
                return true;
            }
        }
        return false;
    });
}

} // namespace atelier::test
