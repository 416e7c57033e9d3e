// SPDX-License-Identifier: Apache-2.0
// JackServer: a JACK server without sound hardware, of one test's own, under a name of its own.
#pragma once

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <jack/jack.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/soon.h"

extern char** environ;

namespace atelier::test {

class JackServer {
public:
    // Whether the package jackd2 is installed.
    static bool installed() { return std::filesystem::exists("/usr/bin/jackd"); }

    // From here on this process finds no other server than one that it starts itself.
    JackServer() : name_("atelier-test-" + std::to_string(getpid())) {
        setenv("JACK_DEFAULT_SERVER", name_.c_str(), 1);
        jack_set_error_function([](const char*) {});
        jack_set_info_function([](const char*) {});
    }
    ~JackServer() { stop(); }
    JackServer(const JackServer&) = delete;
    JackServer& operator=(const JackServer&) = delete;

    // Until it takes clients. False: it ended by itself.
    bool start() {
        // -S: however late a busy machine lets somebody have a turn, the server waits and loses no message.
        const char* arguments[] = {"jackd", "-r",    "-S", "-t",    "1000", "-n",  name_.c_str(),
                                   "-d",    "dummy", "-r", "48000", "-p",   "256", nullptr};
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        for (const int file : {1, 2})
            posix_spawn_file_actions_addopen(&actions, file, "/dev/null", O_WRONLY, 0);
        const int failed =
            posix_spawn(&pid_, "/usr/bin/jackd", &actions, nullptr, const_cast<char**>(arguments), environ);
        posix_spawn_file_actions_destroy(&actions);
        if (failed != 0)
            return false;
        return soon([] {
            jack_client_t* client = jack_client_open("look", JackNoStartServer, nullptr);
            if (client)
                jack_client_close(client);
            return client != nullptr;
        });
    }
    void stop() {
        if (pid_ <= 0)
            return;
        kill(pid_, SIGTERM);
        for (int i = 0; i < 1000 && waitpid(pid_, nullptr, WNOHANG) == 0; ++i)
            usleep(10000);
        if (kill(pid_, SIGKILL) == 0)
            waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }

private:
    std::string name_;
    pid_t pid_ = -1;
};

} // namespace atelier::test
