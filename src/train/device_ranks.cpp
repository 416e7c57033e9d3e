// SPDX-License-Identifier: Apache-2.0
#include "train/device_ranks.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include "base/error.h"
#include "ranks/launch.h"

namespace atelier::train {
namespace {

using Make = Ranks*(Ranks& others, c10::Device device);

// Null: `why` says what is missing.
Make* load(std::string& why) {
    void* library = dlopen(ranks::library_file("libatelier-nccl.so").c_str(), RTLD_NOW | RTLD_LOCAL);
    void* found = library == nullptr ? nullptr : dlsym(library, "atelier_nccl_ranks");
    if (found == nullptr) {
        const char* problem = dlerror();
        why = problem != nullptr ? problem : "libatelier-nccl.so is not Atelier's";
    }
    return reinterpret_cast<Make*>(found);
}

} // namespace

std::unique_ptr<Ranks> nccl_ranks(Ranks& others, c10::Device device, std::string& why) {
    std::string mine;
    Make* make = load(mine);
    const std::vector<std::string> all = others.gather(mine);
    for (int rank = 0; rank < others.size(); ++rank) {
        if (const std::string& problem = all[static_cast<std::size_t>(rank)]; !problem.empty()) {
            why = fmt::format(
                "The gradients go through the memory of the machines and MPI, for NCCL can't be used by {}: {}.",
                others.name_of(rank), problem);
            return nullptr;
        }
    }
    try {
        return std::unique_ptr<Ranks>(make(others, device));
    } catch (const std::exception& problem) { // the others may wait for this one within NCCL by now
        others.end(fmt::format("Of {}: NCCL can't be used: {}. The run ends.", others.name_of(others.rank()),
                               message_of(problem)));
    }
}

} // namespace atelier::train
