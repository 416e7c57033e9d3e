// SPDX-License-Identifier: Apache-2.0
// Elastic: what becomes of a run whose ranks have ended before its length was reached. Plain values; no processes here.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace atelier::ranks {

struct RanksEnd {
    int code = 0;                       // mpirun's exit code; 128 + n: signal n has ended a rank
    int signal = 0;                     // that has ended mpirun itself; 0: none
    std::optional<std::int64_t> images; // seen by the run's newest checkpoint; none: there is no checkpoint
    bool asked_to_stop = false;
};

struct NextStart {
    int ranks = 0;        // to start again with; 0: it is over
    int code = 0;         // exit code, if it is over
    std::string sentence; // what a person should know; empty: all is said already
};

class Elastic {
public:
    // Starts in a row that may bring no new checkpoint: what comes again each time is no rank's fault.
    static constexpr int most_in_vain = 3;

    // ranks, 1 or more, that are begun with, and the pictures that the checkpoint they begin from has seen.
    Elastic(int ranks, std::optional<std::int64_t> images) : ranks_(ranks), images_(images) {}
    // can_share(n): whether n ranks can share the run's batch out.
    NextStart after(const RanksEnd& end, const std::function<bool(int)>& can_share);

private:
    int ranks_;
    std::optional<std::int64_t> images_; // at the last start
    int in_vain_ = 0;
};

// Words of a text as a shell takes them apart: at blanks, but not within '...' or "...". Throws Error naming `option`
// where a quotation has no end.
std::vector<std::string> words_of(const std::string& text, const char* option);

} // namespace atelier::ranks
