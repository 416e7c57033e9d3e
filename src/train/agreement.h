// SPDX-License-Identifier: Apache-2.0
// Agreement: what the ranks of a run have to know of each other in the middle of a step. Internal to the trainer.
#pragma once

#include <exception>
#include <span>
#include <string>

#include "base/error.h"
#include "train/ranks.h"

namespace atelier::train {

// An error that all ranks throw together, so that one of them may tell it for all.
class AgreedError : public Error {
public:
    using Error::Error;
};

// Another rank has run out of memory; so all begin the phase anew.
struct OutOfMemoryElsewhere : std::exception {
    const char* what() const noexcept override { return "Another rank has run out of memory."; }
};

// All exchanges have one form, so that a rank that has to give up takes part in the very one that the others are at,
// and each of them learns of it there. Costs nothing on one rank.
class Agreement {
public:
    static constexpr std::size_t most = 64;

    explicit Agreement(Ranks& ranks) : ranks_(ranks) {}
    // The sums over all ranks, in place; at most `most` values. Throws OutOfMemoryElsewhere or AgreedError if another
    // rank has called one of the two below instead.
    void sum(std::span<double> values);
    // Instead of the sum() that the others are at or come to next. Throws AgreedError if another one has failed.
    void out_of_memory();
    // The same for what can't be mended: throws AgreedError on all ranks, with the first such rank's sentence.
    [[noreturn]] void failed(const std::string& sentence);

private:
    enum class State { well, out_of_memory, failed };
    bool exchange(std::span<double> values, State mine, const std::string& sentence);

    Ranks& ranks_;
};

} // namespace atelier::train
