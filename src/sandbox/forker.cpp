// SPDX-License-Identifier: Apache-2.0
#include "sandbox/forker.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>

#include <fcntl.h>
#include <linux/sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/message.h"
#include "sandbox/protocol.h"
#include "sandbox/worker.h"

namespace atelier::sandbox {
namespace {

constexpr int control_fd = 3; // in the process that waits

struct Wanted {
    std::uint64_t shared_bytes, most_memory;
};

std::span<const std::uint8_t> bytes_of(const auto& value) {
    return {reinterpret_cast<const std::uint8_t*>(&value), sizeof value};
}

template <typename Value> std::optional<Value> value_in(const std::optional<Message>& message) {
    Value value{};
    if (!message || message->bytes.size() != sizeof value)
        return std::nullopt;
    std::memcpy(&value, message->bytes.data(), sizeof value);
    return value;
}

// A child of our parent. By the bare call: this process has one thread, and no handlers of forks to run.
long copy_beside_us() {
    return ::syscall(SYS_clone, CLONE_PARENT | SIGCHLD, nullptr, nullptr, nullptr, nullptr);
}

void move_to(int fd, int number) {
    const int high = ::fcntl(fd, F_DUPFD, 16);
    ::dup2(high, number);
}

[[noreturn]] void serve_as(const Message& socket, const Message& memory, const Wanted& wanted,
                           const Forker::Answer& answer) {
    const int socket_high = ::fcntl(socket.fd.get(), F_DUPFD, 16), memory_high = ::fcntl(memory.fd.get(), F_DUPFD, 17);
    move_to(socket_high, socket_fd);
    move_to(memory_high, memory_fd);
    int status = 1;
    try {
        status = serve_here(
            wanted.most_memory, wanted.shared_bytes, [] {}, answer);
    } catch (...) { // as in a program of its own, where nobody takes it
        ::abort();
    }
    ::_exit(status);
}

[[noreturn]] void wait_to_be_copied(int control, const Forker::Answer& answer) {
    ::setpgid(0, 0); // Ctrl+C is for the program
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE, SIGCHLD, SIGXCPU, SIGHUP})
        std::signal(signal, SIG_DFL);
    ::prctl(PR_SET_NAME, "atelier-models");
    move_to(control, control_fd);
    const int nothing = ::open("/dev/null", O_RDWR);
    for (const int standard : {0, 1, 2})
        ::dup2(nothing, standard);
    close_from(control_fd + 1);
    for (;;) {
        const std::optional<Message> socket = receive_message(control_fd);
        const std::optional<Message> memory = socket ? receive_message(control_fd) : std::nullopt;
        const auto wanted = value_in<Wanted>(socket);
        if (!wanted || !memory || !socket->fd || !memory->fd)
            ::_exit(0); // the program is gone
        const long pid = copy_beside_us();
        if (pid == 0)
            serve_as(*socket, *memory, *wanted, answer);
        send_message(control_fd, bytes_of(pid));
    }
}

std::size_t threads_now() {
    std::error_code error;
    std::size_t count = 0;
    for (std::filesystem::directory_iterator each("/proc/self/task", error), end; !error && each != end;
         each.increment(error))
        ++count;
    return count;
}

} // namespace

Forker::Forker(const Answer& answer) {
#ifdef ATELIER_SANITIZED
    throw Unavailable("a sanitizer does not take copies of a program");
#endif
    if (threads_now() != 1)
        throw Unavailable("the program has begun other threads already");
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        throw Unavailable(std::string("no socket could be made: ") + std::strerror(errno));
    control_ = OwnedFd(ends[0]);
    const OwnedFd its(ends[1]);
    pid_ = ::fork();
    if (pid_ < 0)
        throw Unavailable(std::string("no process could be started: ") + std::strerror(errno));
    if (pid_ == 0)
        wait_to_be_copied(its.get(), answer);
}

Forker::~Forker() {
    control_ = OwnedFd();
    if (pid_ > 0)
        ::waitpid(pid_, nullptr, 0);
}

pid_t Forker::copy(int socket, int memory, std::size_t shared_bytes, std::uint64_t most_memory) {
    const std::lock_guard lock(mutex_);
    const Wanted wanted{shared_bytes, most_memory};
    const std::uint8_t second = 0;
    if (!send_message(control_.get(), bytes_of(wanted), socket) ||
        !send_message(control_.get(), bytes_of(second), memory))
        throw Unavailable("the process that readers are copied from is gone");
    const auto pid = value_in<long>(receive_message(control_.get()));
    if (!pid || *pid <= 0)
        throw Unavailable("no process could be started");
    return static_cast<pid_t>(*pid);
}

} // namespace atelier::sandbox
