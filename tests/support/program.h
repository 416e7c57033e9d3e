// SPDX-License-Identifier: Apache-2.0
// Runs the atelier program (named by ATELIER_PROGRAM) as a person would and keeps what it says.
#pragma once

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace atelier::test {

struct ProgramRun {
    int code = -1;      // exit code; minus the signal if it was killed
    std::string output; // standard output and error together
};

struct ProgramOptions {
    std::string interrupt_after;  // sends Ctrl-C once its output holds this text
    unsigned long file_limit = 0; // bytes; 0: none
};

// Empty if the program was not built.
inline std::string program_path() {
    const char* path = std::getenv("ATELIER_PROGRAM");
    return path != nullptr ? path : "";
}

inline ProgramRun run_program(std::vector<std::string> arguments, const ProgramOptions& options = {}) {
    arguments.insert(arguments.begin(), program_path());
    std::vector<char*> argv;
    for (std::string& argument : arguments) {
        argv.push_back(argument.data());
    }
    argv.push_back(nullptr);
    int ends[2];
    ProgramRun run;
    if (pipe(ends) != 0) {
        return run;
    }
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        if (options.file_limit > 0) {
            const rlimit limit{options.file_limit, options.file_limit};
            setrlimit(RLIMIT_FSIZE, &limit);
        }
        execv(argv[0], argv.data());
        _exit(127);
    }
    close(ends[1]);
    bool interrupted = options.interrupt_after.empty();
    char buffer[4096];
    for (;;) {
        const ssize_t got = read(ends[0], buffer, sizeof(buffer));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            break;
        }
        run.output.append(buffer, static_cast<std::size_t>(got));
        if (!interrupted && run.output.find(options.interrupt_after) != std::string::npos) {
            interrupted = true;
            kill(child, SIGINT);
        }
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    run.code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    return run;
}

} // namespace atelier::test
