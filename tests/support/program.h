// SPDX-License-Identifier: Apache-2.0
// Runs the atelier program as a person would and keeps what it says and how it ends. The program is ATELIER_PROGRAM
// or the one built beside the test.
#pragma once

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace atelier::test {

struct ProgramEnd {
    int exit_code = -1; // -1 when killed by a signal
    int signal = 0;
    std::string out;
    std::string err;
};

struct ProgramSettings {
    std::uint64_t largest_file = 0;     // in bytes; a limit stands in for a full disk. 0: no limit
    std::vector<std::string> without;   // environment variables to remove
    std::filesystem::path folder = "/"; // current folder
    unsigned seconds = 300;             // then it is killed
    std::string interrupt_after;        // Ctrl-C is sent once `err` holds this text
    std::function<void(pid_t)> instead; // of Ctrl-C, called with the program's process
};

// Empty if it is not known where a program would be.
inline std::filesystem::path program() {
    const char* path = std::getenv("ATELIER_PROGRAM");
    if (path != nullptr && *path != '\0') {
        return path;
    }
#ifdef ATELIER_PROGRAM_DEFAULT
    return ATELIER_PROGRAM_DEFAULT;
#else
    return {};
#endif
}

namespace detail {

// In the child; does not come back.
inline void become(std::vector<std::string> words, const ProgramSettings& settings, int out, int err) {
    std::vector<char*> argv;
    for (std::string& word : words) {
        argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    for (const auto& name : settings.without) {
        unsetenv(name.c_str());
    }
    dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    if (settings.largest_file > 0) {
        const rlimit limit{settings.largest_file, settings.largest_file};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    alarm(settings.seconds);
    if (chdir(settings.folder.c_str()) == 0) {
        execv(argv[0], argv.data());
    }
    _exit(127);
}

// Both at once, so that neither fills up while the other is waited for.
inline void read_all(ProgramEnd& end, int out, int err, pid_t child, std::string interrupt_after,
                     const std::function<void(pid_t)>& instead) {
    pollfd ends[] = {{out, POLLIN, 0}, {err, POLLIN, 0}};
    char buffer[4096];
    while (ends[0].fd >= 0 || ends[1].fd >= 0) {
        if (poll(ends, 2, -1) < 0) {
            if (errno == EINTR) {
                continue;
            }
            break;
        }
        for (pollfd& one : ends) {
            if (one.fd < 0 || one.revents == 0) {
                continue;
            }
            const ssize_t got = read(one.fd, buffer, sizeof(buffer));
            if (got > 0) {
                (one.fd == out ? end.out : end.err).append(buffer, static_cast<std::size_t>(got));
            } else if (got == 0 || errno != EINTR) {
                one.fd = -1;
            }
        }
        if (!interrupt_after.empty() && end.err.find(interrupt_after) != std::string::npos) {
            interrupt_after.clear();
            if (instead) {
                instead(child);
            } else {
                kill(child, SIGINT);
            }
        }
    }
}

} // namespace detail

// The first word is a path.
inline ProgramEnd run_command(std::vector<std::string> arguments, const ProgramSettings& settings = {}) {
    ProgramEnd end;
    int out[2], err[2];
    if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) {
        return end;
    }
    const pid_t child = fork();
    if (child == 0) {
        detail::become(std::move(arguments), settings, out[1], err[1]);
    }
    close(out[1]);
    close(err[1]);
    detail::read_all(end, out[0], err[0], child, settings.interrupt_after, settings.instead);
    close(out[0]);
    close(err[0]);
    int status = 0;
    waitpid(child, &status, 0);
    end.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return end;
}

inline ProgramEnd run_program(std::vector<std::string> arguments, const ProgramSettings& settings = {}) {
    arguments.insert(arguments.begin(), program().string());
    return run_command(std::move(arguments), settings);
}

// A program that runs beside the test, silent, until it ends or is killed.
class RunningProgram {
public:
    explicit RunningProgram(std::vector<std::string> arguments, const ProgramSettings& settings = {}) {
        arguments.insert(arguments.begin(), program().string());
        child_ = fork();
        if (child_ == 0) {
            const int nowhere = open("/dev/null", O_WRONLY);
            detail::become(std::move(arguments), settings, nowhere, nowhere);
        }
    }
    ~RunningProgram() { kill(); }
    RunningProgram(const RunningProgram&) = delete;
    RunningProgram& operator=(const RunningProgram&) = delete;

    bool alive() {
        if (child_ > 0 && !ended_) {
            ended_ = waitpid(child_, &status_, WNOHANG) == child_;
        }
        return child_ > 0 && !ended_;
    }
    // Its exit code; -1 when a signal ended it.
    int wait() {
        if (child_ > 0 && !ended_) {
            waitpid(child_, &status_, 0);
            ended_ = true;
        }
        return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1;
    }
    void signal(int number) { // such as SIGSTOP
        if (alive())
            ::kill(child_, number);
    }
    void kill() { // -9
        if (child_ > 0 && !ended_) {
            ::kill(child_, SIGKILL);
            wait();
        }
    }

private:
    pid_t child_ = -1;
    int status_ = 0;
    bool ended_ = false;
};

} // namespace atelier::test
