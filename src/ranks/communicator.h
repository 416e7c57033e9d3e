// SPDX-License-Identifier: Apache-2.0
// Communicator: what a training run needs of the engine that started its processes (MPI). No torch, no MPI here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace atelier::ranks {

enum class Number { float32, float64 };

// That a rank waits for the exchange of that number.
struct Note {
    int from = 0;
    std::uint64_t exchange = 0;
};

// The processes of one run, rank 0 to size - 1. All ranks begin the same exchanges in the same order; an exchange goes
// on while anybody asks whether it is done. One thread at a time. Every call but abort() throws std::runtime_error with
// the engine's own words when it fails.
class Communicator {
public:
    virtual ~Communicator() = default;

    virtual int rank() const = 0;
    virtual int size() const = 0;
    virtual int local_rank() const = 0; // among the ranks of this machine
    virtual int local_size() const = 0;
    virtual std::string host() const = 0; // of this rank

    using Ticket = int;
    // The sums over all ranks, element by element. Both arrays have `count` elements, don't overlap and stay where they
    // are until it is done. Every rank gets the same bits, and the same again when the program runs again.
    virtual Ticket start_sum(const void* from, void* into, std::size_t count, Number number) = 0;
    // `bytes` bytes of each rank, in the order of ranks: `all` has size() times as many.
    virtual Ticket start_gather(const void* mine, std::size_t bytes, void* all) = 0;
    // The same, but `all` is filled on rank 0 alone; the others give whatever.
    virtual Ticket start_gather_at_first(const void* mine, std::size_t bytes, void* all) = 0;
    // Never waits. True once; then the ticket is void.
    virtual bool done(Ticket ticket) = 0;

    // A note to one rank, and what has come for this one; neither waits.
    virtual void post(int to, std::uint64_t exchange) = 0;
    virtual std::optional<Note> next_note() = 0;

    // Ends all ranks at once.
    [[noreturn]] virtual void abort(int code) = 0;
};

// What the library of src/mpi exports under the name `make_communicator_name`. Throws std::runtime_error.
using MakeCommunicator = Communicator*();
inline constexpr const char* make_communicator_name = "atelier_mpi_communicator";

} // namespace atelier::ranks
