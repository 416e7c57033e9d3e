// SPDX-License-Identifier: Apache-2.0
// Ranks: the processes that share the batches of one training run. Sums and texts of all of them, and what happens when
// one of them doesn't come.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace atelier::ranks {
class Communicator;
}

namespace atelier::train {

// All ranks call the same functions in the same order, from one thread each. Throws nothing: where the other ranks
// can't be reached any more there is nobody to go on with, and the run ends (`WatchedRanks`).
class Ranks {
public:
    virtual ~Ranks() = default;
    virtual int rank() const { return 0; }
    virtual int size() const { return 1; }
    virtual int local_rank() const { return 0; } // among those of this machine
    virtual int local_size() const { return 1; }
    bool first() const { return rank() == 0; } // the one that writes

    // In place, over all ranks: float32 or float64 tensors, the same shapes on every rank. Every rank gets the same
    // bits.
    virtual void sum(const std::vector<at::Tensor>& /*tensors*/) {}
    // One text of each rank, in their order.
    virtual std::vector<std::string> gather(const std::string& mine) { return {mine}; }
    // The same for the first rank alone, as for what is large; the others get nothing. At most 2 GB of each.
    virtual std::vector<std::string> gather_at_first(const std::string& mine) { return {mine}; }
    // "rank 2 (on HOST)".
    virtual std::string name_of(int rank) const { return "rank " + std::to_string(rank); }
    // Seconds spent in sum() and gather() so far.
    virtual double waited() const { return 0; }
    // Seconds that they wait for one that does not answer.
    virtual double limit() const { return std::numeric_limits<double>::infinity(); }
    // Tells the sentence and ends all ranks with that exit code: 1 where other ranks might do better, 2 (as for an
    // Error) where a person has to mend something first.
    [[noreturn]] void end(const std::string& sentence, int code = 1) {
        tell_and_end(sentence, code);
        std::abort();
    }
    // Called with the sentence of end() before it is told, for a log; may be empty.
    std::function<void(const std::string&)> before_end;

private:
    virtual void tell_and_end(const std::string& sentence, int code) = 0; // does not return
};

// This process alone.
Ranks& one_rank();

// Ranks over a communicator, with a limit to how long they wait for each other: beyond it the first rank says which
// ones have not come, or another one that the first has not, and all end.
class WatchedRanks : public Ranks {
public:
    struct Options {
        double limit = 1800;                                  // seconds
        std::function<void(const std::string& sentence)> say; // empty: on standard error
    };
    // Gathers the names of hosts: all ranks make theirs.
    WatchedRanks(ranks::Communicator& communicator, Options options);

    int rank() const override;
    int size() const override;
    int local_rank() const override;
    int local_size() const override;
    void sum(const std::vector<at::Tensor>& tensors) override;
    std::vector<std::string> gather(const std::string& mine) override;
    std::vector<std::string> gather_at_first(const std::string& mine) override;
    std::string name_of(int rank) const override;
    double waited() const override { return waited_; }
    double limit() const override { return options_.limit; }

private:
    void tell_and_end(const std::string& sentence, int code) override;
    struct Exchange {
        int ticket;
        std::uint64_t number; // counts exchanges, on every rank alike
    };
    template <typename Start> Exchange start(const Start& begin);
    void wait(Exchange exchange);
    std::vector<std::string> gather(const std::string& mine, bool everywhere);
    void read_notes();
    void blame(std::uint64_t exchange, double waiting);
    std::string names_of(const std::vector<int>& ranks) const;

    ranks::Communicator& communicator_;
    Options options_;
    std::vector<std::string> hosts_;
    std::uint64_t exchanges_ = 0;
    std::vector<std::uint64_t> waits_for_; // of each rank, the last exchange that it has said to wait for
    double waited_ = 0;
};

} // namespace atelier::train
