// SPDX-License-Identifier: Apache-2.0
#include "cli/train_ranks.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "base/error.h"
#include "cli/interrupt_guard.h"
#include "ranks/elastic.h"
#include "ranks/launch.h"
#include "train/run_folder.h"
#include "train/run_stand.h"

namespace atelier {
namespace {

namespace fs = std::filesystem;

constexpr double patience = 60; // seconds for the last ranks of a run that has ended to be gone

const char* variable(const char* name) {
    return std::getenv(name);
}

fs::path find_mpirun() {
    const char* path = std::getenv("PATH");
    std::string folders = path == nullptr ? "/usr/bin:/bin" : path;
    for (std::size_t at = 0; at <= folders.size();) {
        const std::size_t end = std::min(folders.find(':', at), folders.size());
        const fs::path file = fs::path(folders.substr(at, end - at)) / "mpirun";
        if (access(file.c_str(), X_OK) == 0) {
            return file;
        }
        at = end + 1;
    }
    fail("--ranks starts the processes by mpirun, and there is none in the folders of PATH. On Debian: apt-get install "
         "openmpi-bin.");
}

// What a person starts, which sets what has to be set before the libraries load: on other machines nothing has.
fs::path own_program() {
    std::error_code error;
    const fs::path self = fs::read_symlink("/proc/self/exe", error);
    const fs::path launcher = self.parent_path() / "atelier";
    return self.filename() == "atelier-main" && fs::exists(launcher, error) ? launcher : self;
}

void say(const std::string& sentence) {
    fmt::print(stderr, "atelier: {}\n", sentence);
    std::fflush(stderr);
}

class Starter {
public:
    Starter(const RanksToStart& how, const std::vector<std::string>& words)
        : mpirun_(find_mpirun()), program_(own_program()), more_(ranks::words_of(how.mpirun, "--mpirun")),
          words_(words) {
        for (const std::string& word : more_) {
            if (constexpr std::array counts{"-n", "-np", "--n", "--np", "-c"};
                std::ranges::find(counts, word) != counts.end()) {
                fail("--mpirun holds {}; how many processes there are is said by --ranks.", word);
            }
        }
    }

    // Starts that many and waits for their end; where `guard` has noted a signal they are told to save and stop.
    ranks::RanksEnd run(int count, const std::vector<std::string>& about_the_run, const InterruptGuard& guard) const {
        std::vector<std::string> all{mpirun_.string(), "--bind-to", "none", "-np", std::to_string(count)};
        all.insert(all.end(), more_.begin(), more_.end());
        all.insert(all.end(), {program_.string(), "train"});
        all.insert(all.end(), words_.begin(), words_.end());
        all.insert(all.end(), about_the_run.begin(), about_the_run.end());
        const pid_t child = start(all);
        ranks::RanksEnd end;
        int status = 0;
        while (waitpid(child, &status, WNOHANG) == 0) {
            if (guard.interrupted() && !end.asked_to_stop) {
                end.asked_to_stop = true;
                kill(child, SIGUSR1); // which mpirun passes on, unlike SIGTERM, after which it gives them a second
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
        end.asked_to_stop = guard.interrupted();
        end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        end.code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
        return end;
    }

private:
    static pid_t start(std::vector<std::string>& all) {
        std::vector<char*> argv;
        for (std::string& word : all) {
            argv.push_back(word.data());
        }
        argv.push_back(nullptr);
        const pid_t parent = getpid();
        const pid_t child = fork();
        if (child < 0) {
            fail("mpirun can't be started: {}.", std::strerror(errno));
        }
        if (child == 0) {
            setpgid(0, 0);                    // a Ctrl-C is for this program, which passes on what saves
            prctl(PR_SET_PDEATHSIG, SIGTERM); // and they end with it
            if (getppid() != parent) {
                _exit(1);
            }
            const int nothing = open("/dev/null", O_RDONLY); // the terminal would stop mpirun for reading from it
            dup2(nothing, STDIN_FILENO);
            execv(argv[0], argv.data());
            _exit(127);
        }
        return child;
    }

    fs::path mpirun_, program_;
    std::vector<std::string> more_, words_;
};

} // namespace

void train_on_ranks(const RanksToStart& how, const TrainOptions& options, const std::vector<std::string>& words) {
    if (how.ranks < 1) {
        fail("--ranks is {}; it has to be 1 or more.", how.ranks);
    }
    if (const auto launch = ranks::launched(variable)) {
        fail("--ranks starts the processes itself, by mpirun; this one was started by {} already. Leave out one of the "
             "two.",
             launch->by);
    }
    const Starter starter(how, words);
    std::error_code error;
    const bool go_on = !options.resume.empty() && fs::is_directory(options.resume, error);
    const fs::path run = go_on ? options.resume : options.out;
    if (!go_on && train::RunFolder::holds_run(run)) { // else it would be gone on with
        fail("{} already holds a run; go on with it (--resume {}) or name another folder.", run.string(), run.string());
    }
    std::vector<std::string> about_the_run;
    if (!options.resume.empty()) {
        about_the_run.push_back("--resume=" + options.resume);
    }
    if (!go_on) {
        about_the_run.push_back("--out=" + options.out);
    }
    ranks::Elastic elastic(how.ranks, go_on ? train::images_of_checkpoint(run) : std::nullopt);
    const InterruptGuard guard{SIGTERM, SIGUSR1};
    for (int count = how.ranks; count > 0;) {
        ranks::RanksEnd end = starter.run(count, about_the_run, guard);
        end.images = train::images_of_checkpoint(run);
        if (!how.elastic) {
            throw CLI::RuntimeError(end.signal != 0 ? 1 : end.code);
        }
        const ranks::NextStart next = elastic.after(end, [&](int n) { return train::ranks_can_share(run, n); });
        if (!next.sentence.empty()) {
            say(next.sentence);
        }
        if (end.images && !next.sentence.empty()) {
            train::log_between_starts(run, next.sentence, patience);
        }
        if (next.ranks == 0) {
            throw CLI::RuntimeError(next.code);
        }
        if (guard.interrupted()) {
            throw CLI::RuntimeError(next.code == 0 ? 1 : next.code);
        }
        count = next.ranks;
        about_the_run = {"--resume=" + run.string()};
    }
}

} // namespace atelier
