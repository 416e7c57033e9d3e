// SPDX-License-Identifier: Apache-2.0
// Runs the built command-line program as a child and collects what it says and how it ends.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/scratch.h"

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
    unsigned seconds = 120;             // then it is killed
};

inline std::filesystem::path program() {
    const char* path = std::getenv("ATELIER_PROGRAM");
    return path != nullptr && *path != '\0' ? path : ATELIER_PROGRAM_DEFAULT;
}

inline ProgramEnd run_program(const std::vector<std::string>& arguments, const ProgramSettings& settings = {}) {
    const Scratch scratch;
    const auto out = scratch / "out";
    const auto err = scratch / "err";
    const std::string path = program().string();
    std::vector<char*> words{const_cast<char*>(path.c_str())};
    for (const std::string& argument : arguments) {
        words.push_back(const_cast<char*>(argument.c_str()));
    }
    words.push_back(nullptr);
    const pid_t child = fork();
    if (child == 0) {
        for (const auto& name : settings.without) {
            unsetenv(name.c_str());
        }
        dup2(open("/dev/null", O_RDONLY), 0);
        dup2(open(out.c_str(), O_WRONLY | O_CREAT, 0600), 1);
        dup2(open(err.c_str(), O_WRONLY | O_CREAT, 0600), 2);
        if (settings.largest_file > 0) {
            const rlimit limit{settings.largest_file, settings.largest_file};
            setrlimit(RLIMIT_FSIZE, &limit);
        }
        const rlimit no_core{0, 0};
        setrlimit(RLIMIT_CORE, &no_core);
        alarm(settings.seconds);
        if (chdir(settings.folder.c_str()) == 0) {
            execv(path.c_str(), words.data());
        }
        _exit(127);
    }
    ProgramEnd end;
    int status = 0;
    waitpid(child, &status, 0);
    end.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    const auto text = [](const std::filesystem::path& file) {
        std::ifstream in(file, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    };
    end.out = text(out);
    end.err = text(err);
    return end;
}

} // namespace atelier::test
