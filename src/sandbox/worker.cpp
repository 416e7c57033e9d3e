// SPDX-License-Identifier: Apache-2.0
#include "sandbox/worker.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "sandbox/forker.h"
#include "sandbox/message.h"
#include "sandbox/protocol.h"

namespace atelier::sandbox {
namespace {

constexpr double start_seconds = 120; // by the clock, on a machine that is busy with other things
constexpr double look_every = 0.2;    // seconds between two looks at the time that it has used

// Out of the way of the numbers that it has in the other process.
OwnedFd moved_up(int fd) {
    return OwnedFd(::fcntl(fd, F_DUPFD_CLOEXEC, 16));
}

std::string amount(std::uint64_t bytes) {
    return bytes >= 1ULL << 30U ? fmt::format("{:g} GiB", static_cast<double>(bytes) / (1ULL << 30U))
                                : fmt::format("{} MiB", bytes >> 20U);
}

} // namespace

Worker::Worker(const std::filesystem::path& program, const Limits& limits, std::size_t shared_bytes)
    : limits_(limits), shared_(shared_bytes) {
    start(program, make_socket().get()); // closed then, so that its end is seen from this side
    greet();
}

Worker::Worker(Forker& forker, const Limits& limits, std::size_t shared_bytes)
    : limits_(limits), shared_(shared_bytes) {
    pid_ = forker.copy(make_socket().get(), shared_.fd(), shared_bytes, limits.memory);
    greet();
}

// Its end of a new pair.
OwnedFd Worker::make_socket() {
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        throw Unavailable(std::string("no socket could be made: ") + std::strerror(errno));
    }
    socket_ = OwnedFd(ends[0]);
    return OwnedFd(ends[1]);
}

void Worker::greet() {
    const std::string trouble = first_words();
    if (!trouble.empty()) {
        end();
        throw Unavailable(trouble);
    }
}

Worker::~Worker() {
    end();
}

void Worker::start(const std::filesystem::path& program, int its_socket) {
    const OwnedFd socket = moved_up(its_socket), memory = moved_up(shared_.fd());
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, socket.get(), socket_fd);
    posix_spawn_file_actions_adddup2(&actions, memory.get(), memory_fd);
    // A process group of its own: Ctrl+C in a terminal is for the program, which ends this one.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE, SIGCHLD, SIGXCPU}) {
        sigaddset(&usual, signal);
    }
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    std::string path = program.string(), memory_text = std::to_string(limits_.memory),
                size_text = std::to_string(shared_.bytes().size());
    char* arguments[] = {path.data(), memory_text.data(), size_text.data(), nullptr};
    const int error = ::posix_spawn(&pid_, path.c_str(), &actions, &attributes, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (error != 0) {
        pid_ = -1;
        throw Unavailable(fmt::format("{} can't be started: {}", path, std::strerror(error)));
    }
}

// Empty: it is in its jail.
std::string Worker::first_words() {
    pollfd wait{socket_.get(), POLLIN, 0};
    int ready = 0;
    do {
        ready = ::poll(&wait, 1, static_cast<int>(start_seconds * 1000));
    } while (ready < 0 && errno == EINTR);
    const auto message = ready > 0 ? receive_message(socket_.get()) : std::nullopt;
    if (!message) {
        return ready > 0 ? "the decoder ended at its start" : "the decoder does not start";
    }
    if (message->bytes[0] == static_cast<std::uint8_t>(Tag::jailed)) {
        return "";
    }
    return std::string(message->bytes.begin() + 1, message->bytes.end());
}

double Worker::cpu_seconds() const {
    clockid_t clock{};
    timespec used{};
    if (::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &used) != 0) {
        return 0;
    }
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

// For the case that this program is gone by then: nothing computes on for ever.
void Worker::limit_cpu() const {
    rlimit limit{};
    if (::prlimit(pid_, RLIMIT_CPU, nullptr, &limit) == 0) {
        limit.rlim_cur = std::min(limit.rlim_max, static_cast<rlim_t>(std::ceil(cpu_seconds() + limits_.seconds) + 5));
        ::prlimit(pid_, RLIMIT_CPU, &limit, nullptr);
    }
}

std::vector<std::uint8_t> Worker::ask(std::span<const std::uint8_t> question, int fd) {
    if (pid_ < 0) {
        throw Lost("could not be read: its decoder is gone", false);
    }
    limit_cpu();
    const double cpu_before = cpu_seconds();
    if (!send_message(socket_.get(), question, fd)) {
        ended();
    }
    wait_for_answer(cpu_before + limits_.seconds, limits_.waiting);
    std::optional<Message> message = receive_message(socket_.get());
    if (!message) {
        ended();
    }
    if (message->bytes[0] == static_cast<std::uint8_t>(Tag::memory)) {
        lose(fmt::format("wanted more memory than {}", amount(limits_.memory)), false);
    }
    if (message->bytes[0] != static_cast<std::uint8_t>(Tag::answer)) {
        lose("answered what it was not asked", false);
    }
    message->bytes.erase(message->bytes.begin());
    return std::move(message->bytes);
}

void Worker::wait_for_answer(double cpu_seconds_limit, double clock_seconds) {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + std::chrono::duration<double>(clock_seconds);
    for (;;) {
        pollfd wait{socket_.get(), POLLIN, 0};
        const int ready = ::poll(&wait, 1, static_cast<int>(look_every * 1000));
        if (ready > 0) {
            return;
        }
        if (ready == 0 && (cpu_seconds() > cpu_seconds_limit || Clock::now() > end)) {
            const bool idle = cpu_seconds() <= cpu_seconds_limit;
            lose(fmt::format("took longer than {:g} seconds", idle ? limits_.waiting : limits_.seconds), true);
        }
    }
}

void Worker::ended() {
    const int status = end();
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) {
        lose(fmt::format("took longer than {:g} seconds", limits_.seconds), true);
    }
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) {
        lose("tried what a decoder never does, and was stopped", false);
    }
    lose("crashed", false);
}

void Worker::lose(const std::string& how, bool slow) {
    end();
    throw Lost("could not be read: its decoder " + how, slow);
}

// Its status as waitpid gives it.
int Worker::end() {
    int status = 0;
    if (pid_ > 0) {
        // Give one that ends by itself the time to say how: its socket closes a moment before it is gone.
        socket_ = OwnedFd();
        int got = 0;
        for (int tries = 0; tries < 200 && (got = ::waitpid(pid_, &status, WNOHANG)) == 0; ++tries) {
            ::usleep(500);
        }
        if (got == 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, &status, 0);
        }
        pid_ = -1;
    }
    return status;
}

std::filesystem::path decoder_program(const std::string& name) {
    namespace fs = std::filesystem;
    if (const char* told = std::getenv("ATELIER_DECODER")) {
        return told;
    }
    std::error_code error;
    const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
    for (const fs::path& place : {folder / name, folder.parent_path() / "bin" / name}) {
        if (fs::exists(place, error)) {
            return place;
        }
    }
    return {};
}

} // namespace atelier::sandbox
