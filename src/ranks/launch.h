// SPDX-License-Identifier: Apache-2.0
// Whether this process is one of several that mpirun or srun started, and how it joins them.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "ranks/communicator.h"

namespace atelier::ranks {

struct Launch {
    std::string by; // mpirun, mpiexec, srun
    int size = 0;   // processes; 0: it does not say
};

using Environment = std::function<const char*(const char* name)>; // null: it isn't set

// What the environment says; none where this process is alone.
std::optional<Launch> launched(const Environment& environment);

// False for all but the first of several processes, which say the same of bad options.
bool speaks_for_all(const Environment& environment);

// Where one of the program's own libraries lies that are loaded when they are wanted, in a build's folder and in an
// installed program's alike.
std::filesystem::path library_file(const std::string& name);

// The value of CUDA_VISIBLE_DEVICES that leaves a rank one device of its own: the entry for its place among the ranks
// of its machine, of `visible` (what is set now, or null) or of the machine's `devices`. Empty: it stays as it is,
// since whoever started the ranks has shared the devices out, or there are none. Throws Error where there are fewer
// devices than ranks.
std::string own_device(const char* visible, int devices, int local_rank, int local_size);

// Joins the other processes; null where there are none. Loads the library of src/mpi, which alone needs MPI, and leaves
// this process one device. Before anything asks torch for a device. Throws Error.
std::unique_ptr<Communicator> join();

} // namespace atelier::ranks
