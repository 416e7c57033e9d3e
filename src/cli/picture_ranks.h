// SPDX-License-Identifier: Apache-2.0
// PictureRanks: the processes that make the pictures of one command together, where mpirun or srun started several.
#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "base/frame.h"
#include "ranks/communicator.h"
#include "train/ranks.h"

namespace atelier {

class PictureRanks {
public:
    static constexpr double for_ever = std::numeric_limits<double>::infinity();
    // Joins the others, if there are any; before anything asks for a device. `timeout`: seconds that they wait for one
    // that doesn't answer. Throws Error.
    explicit PictureRanks(double timeout = for_ever);
    bool alone() const { return !watched_; }
    bool first() const { return ranks().first(); } // the one that speaks
    train::Ranks& ranks() const;
    // Of `count` pictures every size()th, from rank() on.
    std::vector<int> mine(int count) const;
    // Threads of one operation: of `wanted` 0, all cores, this process's share of the machine's.
    int threads(int wanted) const;
    // Calls `work`; what one process throws is then thrown by all, as an AgreedError that names it.
    void together(const std::function<void()>& work);
    // Within `work`, by all of them: waits until all have come so far.
    void meet();
    // Within `work`, by all of them, of which there are several: the pictures of mine(count), all of one size, come to
    // the first, which gets each of the `count` with its number.
    void gather(std::vector<PixelBuffer> pictures, int count, const std::function<void(int, const PixelBuffer&)>& take);

private:
    std::unique_ptr<ranks::Communicator> communicator_;
    mutable std::optional<train::WatchedRanks> watched_;
};

} // namespace atelier
