// SPDX-License-Identifier: Apache-2.0
// status.json of a run folder: where the run stands, written every few seconds, for those who watch it from elsewhere.
// No torch.
#pragma once

#include <filesystem>
#include <optional>

#include "base/train_values.h"

namespace atelier::train {

struct RunSign {
    TrainStatus status;     // without history, snapshots, augmented and run_dir
    double next_within = 0; // seconds in which the next sign comes, unless something is wrong
};

// Throws Error naming the file if it can't be written. The file appears whole.
void write_sign(const std::filesystem::path& run, const RunSign& sign);

// None: there is no such file yet. Throws Error naming the file if it holds anything else; whatever is in it, numbers
// are finite and texts are short, of one line, UTF-8.
std::optional<RunSign> read_sign(const std::filesystem::path& run);

// "running", as it stands there.
const char* name_of(TrainState state);

} // namespace atelier::train
