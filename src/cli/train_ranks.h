// SPDX-License-Identifier: Apache-2.0
// atelier train --ranks: starts the processes of a run by mpirun, and again with fewer when one of them is lost.
#pragma once

#include <string>
#include <vector>

#include "base/train_values.h"

namespace atelier {

struct RanksToStart {
    int ranks = 0;        // 0: none are to be started
    bool elastic = false; // again with fewer
    std::string mpirun;   // further words for mpirun, as in a shell
};

// words: what goes to each rank behind "train", but --out and --resume, which are those of `options`. Returns when all
// is over. Throws Error for what is wrong with `how`, CLI::RuntimeError with the exit code where the ranks, or this,
// have said all themselves.
void train_on_ranks(const RanksToStart& how, const TrainOptions& options, const std::vector<std::string>& words);

} // namespace atelier
