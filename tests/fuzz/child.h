// SPDX-License-Identifier: Apache-2.0
// Runs a function in a forked child under a time limit and reports how it ended: hostile input may only ever hurt
// the child. The parent must not have used OpenMP before.
#pragma once

#include <chrono>
#include <csignal>
#include <functional>
#include <string>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace atelier::test {

struct ChildEnd {
    int exit_code = -1; // -1 when killed by a signal
    int signal = 0;
    double seconds = 0;
    long peak_bytes = 0; // resident, of the child alone
    std::string output;  // what the function returned through the pipe
};

// `run` returns the exit code and may fill a message of at most 64 KiB.
inline ChildEnd in_child(const std::function<int(std::string&)>& run, double limit_seconds = 30) {
    ChildEnd end;
    int pipe_ends[2];
    if (pipe(pipe_ends) != 0) {
        return end;
    }
    const auto start = std::chrono::steady_clock::now();
    const pid_t child = fork();
    if (child == 0) {
        close(pipe_ends[0]);
        const rlimit no_core{0, 0};
        setrlimit(RLIMIT_CORE, &no_core);
        alarm(static_cast<unsigned>(limit_seconds + 1)); // SIGALRM ends a reader that hangs
        std::string message;
        int code = 99;
        try {
            code = run(message);
        } catch (...) {
            message = "an exception of another kind";
        }
        message.resize(std::min<std::size_t>(message.size(), 60'000));
        [[maybe_unused]] const auto written = write(pipe_ends[1], message.data(), message.size());
        _exit(code);
    }
    close(pipe_ends[1]);
    char buffer[4096];
    for (ssize_t got = 0; (got = read(pipe_ends[0], buffer, sizeof(buffer))) > 0;) {
        end.output.append(buffer, static_cast<std::size_t>(got));
    }
    close(pipe_ends[0]);
    int status = 0;
    rusage usage{};
    if (child > 0 && wait4(child, &status, 0, &usage) == child) {
        end.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        end.peak_bytes = usage.ru_maxrss * 1024;
    }
    end.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return end;
}

} // namespace atelier::test
