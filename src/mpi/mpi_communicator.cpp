// SPDX-License-Identifier: Apache-2.0
// The communicator of MPI, in a library of its own: the only file that knows MPI, loaded where mpirun or srun started
// the program (ranks/launch.h). MPI does what it is for: the reductions are its own, non-blocking, so that a rank that
// doesn't come is noticed.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <stdexcept>
#include <string>

#include <unistd.h>

#define OMPI_SKIP_MPICXX 1
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>

#include "ranks/communicator.h"

namespace atelier::ranks {
namespace {

constexpr int note_tag = 1;

void check(int code, const char* what) {
    if (code == MPI_SUCCESS) {
        return;
    }
    char text[MPI_MAX_ERROR_STRING] = "";
    int length = 0;
    MPI_Error_string(code, text, &length);
    throw std::runtime_error(std::string("MPI could not ") + what + ": " +
                             std::string(text, static_cast<std::size_t>(length)));
}

// mpirun ends the other ranks and then waits for its own helpers on all machines, a quarter of an hour for one that a
// cut network keeps from answering (until TCP gives up). So a process of ours stays behind, which ends it after some
// seconds.
void leave_watcher() {
    constexpr int patience = 10; // seconds
    const pid_t starter = getppid();
    char comm[32] = "";
    std::FILE* file = std::fopen(("/proc/" + std::to_string(starter) + "/comm").c_str(), "r");
    const bool read = file != nullptr && std::fscanf(file, "%31s", comm) == 1;
    if (file != nullptr) {
        std::fclose(file);
    }
    const std::string name = comm;
    if (!read || (name != "mpirun" && name != "orterun" && name != "orted")) {
        return; // a scheduler's own, which serves others, too
    }
    if (fork() != 0) {
        return;
    }
    // Nothing here but calls to the system: other threads may have held any lock when this process was made.
    setsid();               // not to be ended with this rank
    close_range(0, ~0U, 0); // mpirun waits for the end of what its ranks write
    for (int i = 0; i < patience; ++i) {
        if (kill(starter, 0) != 0) {
            _exit(0);
        }
        sleep(1);
    }
    kill(starter, SIGKILL); // SIGTERM would only have it say that it is ending already
    _exit(0);
}

class MpiCommunicator final : public Communicator {
public:
    MpiCommunicator() {
        int given = 0;
        // The training thread calls it all in between, the main thread begins and ends it.
        check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &given), "begin");
        if (given < MPI_THREAD_SERIALIZED) {
            throw std::runtime_error("this MPI can be called by the main thread alone");
        }
        // Notes and exchanges apart, so that they can't be taken for each other's.
        check(MPI_Comm_dup(MPI_COMM_WORLD, &all_), "begin");
        check(MPI_Comm_dup(MPI_COMM_WORLD, &notes_), "begin");
        check(MPI_Comm_set_errhandler(all_, MPI_ERRORS_RETURN), "begin");
        check(MPI_Comm_set_errhandler(notes_, MPI_ERRORS_RETURN), "begin");
        check(MPI_Comm_rank(all_, &rank_), "begin");
        check(MPI_Comm_size(all_, &size_), "begin");
        MPI_Comm here = MPI_COMM_NULL;
        check(MPI_Comm_split_type(all_, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &here), "begin");
        check(MPI_Comm_rank(here, &local_rank_), "begin");
        check(MPI_Comm_size(here, &local_size_), "begin");
        check(MPI_Comm_free(&here), "begin");
        char name[MPI_MAX_PROCESSOR_NAME] = "";
        int length = 0;
        check(MPI_Get_processor_name(name, &length), "begin");
        host_.assign(name, static_cast<std::size_t>(length));
    }
    ~MpiCommunicator() override { MPI_Finalize(); }
    MpiCommunicator(const MpiCommunicator&) = delete;
    MpiCommunicator& operator=(const MpiCommunicator&) = delete;

    int rank() const override { return rank_; }
    int size() const override { return size_; }
    int local_rank() const override { return local_rank_; }
    int local_size() const override { return local_size_; }
    std::string host() const override { return host_; }

    Ticket start_sum(const void* from, void* into, std::size_t count, Number number) override {
        const MPI_Datatype type = number == Number::float32 ? MPI_FLOAT : MPI_DOUBLE;
        MPI_Request request = MPI_REQUEST_NULL;
        // Two arrays, not MPI_IN_PLACE, with which OpenMPI leaves out its ring of four ranks and more.
        check(MPI_Iallreduce(from, into, static_cast<int>(count), type, MPI_SUM, all_, &request), "add up");
        return keep(request);
    }
    Ticket start_gather(const void* mine, std::size_t bytes, void* all) override {
        const int count = static_cast<int>(bytes);
        MPI_Request request = MPI_REQUEST_NULL;
        check(MPI_Iallgather(mine, count, MPI_BYTE, all, count, MPI_BYTE, all_, &request), "gather");
        return keep(request);
    }
    Ticket start_gather_at_first(const void* mine, std::size_t bytes, void* all) override {
        const int count = static_cast<int>(bytes);
        MPI_Request request = MPI_REQUEST_NULL;
        check(MPI_Igather(mine, count, MPI_BYTE, all, count, MPI_BYTE, 0, all_, &request), "gather");
        return keep(request);
    }
    bool done(Ticket ticket) override {
        const auto found = requests_.find(ticket);
        int flag = 0;
        check(MPI_Test(&found->second, &flag, MPI_STATUS_IGNORE), "exchange numbers");
        if (flag != 0) {
            requests_.erase(found);
        }
        return flag != 0;
    }

    void post(int to, std::uint64_t exchange) override {
        posted_.push_back(exchange); // nobody waits until it has gone, so it stays to the end
        MPI_Request request = MPI_REQUEST_NULL;
        check(MPI_Isend(&posted_.back(), 1, MPI_UINT64_T, to, note_tag, notes_, &request), "send a note");
        check(MPI_Request_free(&request), "send a note");
    }
    std::optional<Note> next_note() override {
        int flag = 0;
        MPI_Status status;
        check(MPI_Iprobe(MPI_ANY_SOURCE, note_tag, notes_, &flag, &status), "look for notes");
        if (flag == 0) {
            return std::nullopt;
        }
        Note note{status.MPI_SOURCE, 0};
        check(MPI_Recv(&note.exchange, 1, MPI_UINT64_T, note.from, note_tag, notes_, MPI_STATUS_IGNORE), "read a note");
        return note;
    }

    [[noreturn]] void abort(int code) override {
        leave_watcher();
        MPI_Abort(MPI_COMM_WORLD, code);
        std::_Exit(code);
    }

private:
    Ticket keep(MPI_Request request) {
        requests_[next_] = request;
        return next_++;
    }

    MPI_Comm all_ = MPI_COMM_NULL, notes_ = MPI_COMM_NULL;
    int rank_ = 0, size_ = 1, local_rank_ = 0, local_size_ = 1;
    std::string host_;
    std::map<Ticket, MPI_Request> requests_;
    Ticket next_ = 0;
    std::deque<std::uint64_t> posted_;
};

} // namespace
} // namespace atelier::ranks

extern "C" __attribute__((visibility("default"))) atelier::ranks::Communicator* atelier_mpi_communicator() {
    return new atelier::ranks::MpiCommunicator;
}
