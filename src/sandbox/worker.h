// SPDX-License-Identifier: Apache-2.0
// Worker: a process of its own that decodes strangers' files and can do nothing else (sandbox/jail.h). It is not
// trusted: whoever asks it checks its answers. Used by one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/owned_fd.h"
#include "sandbox/shared_memory.h"

#include <sys/types.h>

namespace atelier::sandbox {

struct Limits {
    double seconds = 60;                // of computing for one question
    double waiting = 900;               // seconds by the clock for one question, however busy the machine is
    std::uint64_t memory = 4ULL << 30U; // bytes beyond what the process has when it begins
    bool operator==(const Limits&) const = default;
};

// There is no such process to be had on this system. Its text says why.
class Unavailable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// It ended over the question. Its text goes on after a file's name: "could not be read: its decoder crashed".
class Lost : public std::runtime_error {
public:
    Lost(const std::string& text, bool slow) : std::runtime_error(text), slow_(slow) {}
    bool slow() const { return slow_; } // it took too long

private:
    bool slow_;
};

class Forker;

class Worker {
public:
    // `program` calls serve(). Throws Unavailable.
    Worker(const std::filesystem::path& program, const Limits& limits, std::size_t shared_bytes);
    // One that is copied from there. Throws Unavailable.
    Worker(Forker& forker, const Limits& limits, std::size_t shared_bytes);
    ~Worker(); // ends the process
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    // At most most_message bytes; fd: a file opened for reading that goes along, -1: none. Throws Lost, after which the
    // worker is of no use any more.
    std::vector<std::uint8_t> ask(std::span<const std::uint8_t> question, int fd = -1);

    void stop() { end(); } // it is of no use any more; what it has left in the shared memory stays as it is
    SharedMemory& shared() { return shared_; }
    pid_t pid() const { return pid_; }

private:
    OwnedFd make_socket();
    void start(const std::filesystem::path& program, int its_socket);
    void greet();
    std::string first_words();
    void limit_cpu() const;
    void wait_for_answer(double cpu_seconds, double clock_seconds);
    double cpu_seconds() const;
    [[noreturn]] void ended();
    [[noreturn]] void lose(const std::string& how, bool slow);
    int end();

    Limits limits_;
    SharedMemory shared_;
    OwnedFd socket_;
    pid_t pid_ = -1;
};

// `name` beside the running program, or in bin beside that folder; what ATELIER_DECODER says comes first. Empty: there
// is none.
std::filesystem::path decoder_program(const std::string& name);

} // namespace atelier::sandbox
