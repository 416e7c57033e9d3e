// SPDX-License-Identifier: Apache-2.0
#include "ranks/launch.h"

#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <vector>

#include <dlfcn.h>

#include "base/error.h"

namespace atelier::ranks {
namespace {

namespace fs = std::filesystem;

int number(const char* text) {
    return text == nullptr ? 0 : std::atoi(text);
}

// ATELIER_MPI names another one.
fs::path module_file() {
    const char* named = std::getenv("ATELIER_MPI");
    return named != nullptr && *named != '\0' ? fs::path(named) : library_file("libatelier-mpi.so");
}

int count_devices() {
    int count = 0;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator("/dev", error)) {
        const std::string name = entry.path().filename().string();
        count += name.starts_with("nvidia") && name.size() == 7 && std::isdigit(name[6]) != 0;
        count += name.starts_with("nvidia") && name.size() == 8 && std::isdigit(name[6]) != 0 && std::isdigit(name[7]);
    }
    return count;
}

std::unique_ptr<Communicator> from_module(const Launch& launch) {
    const fs::path file = module_file();
    const auto cannot = [&](const std::string& why) {
        fail("{} started this program as several processes, which needs MPI, and that can't be used here: {}. On "
             "Debian: "
             "apt-get install openmpi-bin libopenmpi3; without {} one process trains as always.",
             launch.by, why, launch.by);
    };
    std::error_code error;
    if (!fs::exists(file, error)) {
        cannot(file.string() + " is not there (this program was built without MPI)");
    }
    void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL); // stays: MPI can't be unloaded
    if (library == nullptr) {
        cannot(dlerror());
    }
    void* found = dlsym(library, make_communicator_name);
    if (found == nullptr) {
        cannot(file.string() + " is not Atelier's");
    }
    try {
        return std::unique_ptr<Communicator>(reinterpret_cast<MakeCommunicator*>(found)());
    } catch (const std::runtime_error& problem) {
        cannot(problem.what());
    }
    return nullptr;
}

} // namespace

fs::path library_file(const std::string& name) {
    std::error_code error;
    return fs::read_symlink("/proc/self/exe", error).parent_path().parent_path() / "lib/atelier" / name;
}

std::optional<Launch> launched(const Environment& environment) {
    Launch launch;
    if (const char* size = environment("OMPI_COMM_WORLD_SIZE")) {
        launch = {"mpirun", number(size)};
    } else if (const char* tasks = environment("SLURM_STEP_NUM_TASKS"); tasks && environment("SLURM_PROCID")) {
        launch = {"srun", number(tasks)}; // of a step: in a batch script alone there is one process
    } else if (const char* of_pmi = environment("PMI_SIZE")) {
        launch = {"mpiexec", number(of_pmi)};
    } else if (environment("PMIX_RANK") != nullptr) {
        launch = {"mpirun", 0};
    } else {
        return std::nullopt;
    }
    return launch.size == 1 ? std::nullopt : std::optional(launch);
}

bool speaks_for_all(const Environment& environment) {
    if (!launched(environment)) {
        return true;
    }
    for (const char* name : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "SLURM_PROCID", "PMI_RANK"}) {
        if (const char* rank = environment(name)) {
            return number(rank) == 0;
        }
    }
    return true;
}

std::string own_device(const char* visible, int devices, int local_rank, int local_size) {
    std::vector<std::string> entries;
    if (visible != nullptr) {
        std::istringstream list(visible);
        for (std::string entry; std::getline(list, entry, ',');) {
            entries.push_back(entry);
        }
    } else {
        for (int i = 0; i < devices; ++i) {
            entries.push_back(std::to_string(i));
        }
    }
    if (entries.empty() || (visible != nullptr && entries.size() == 1)) {
        return "";
    }
    const int there = static_cast<int>(entries.size());
    if (there < local_size) {
        fail("{} processes of this run are on this machine and it has {} GPUs; each needs one of its own, so start {}.",
             local_size, there, there);
    }
    return entries[static_cast<std::size_t>(local_rank)];
}

std::unique_ptr<Communicator> join() {
    const auto launch = launched([](const char* name) -> const char* { return std::getenv(name); });
    if (!launch) {
        return nullptr;
    }
    std::unique_ptr<Communicator> communicator = from_module(*launch);
    if (communicator->size() == 1) {
        if (launch->size > 1) {
            fail(
                "{} started {} processes, but MPI knows of one: they can't find each other. Start them with mpirun, or "
                "with srun --mpi=pmix.",
                launch->by, launch->size);
        }
        return nullptr;
    }
    const std::string device = own_device(std::getenv("CUDA_VISIBLE_DEVICES"), count_devices(),
                                          communicator->local_rank(), communicator->local_size());
    if (!device.empty()) {
        setenv("CUDA_VISIBLE_DEVICES", device.c_str(), 1);
    }
    return communicator;
}

} // namespace atelier::ranks
