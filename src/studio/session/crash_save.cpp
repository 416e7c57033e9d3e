// SPDX-License-Identifier: Apache-2.0
#include "studio/session/crash_save.h"

#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <memory>

#include <fcntl.h>
#include <unistd.h>

namespace atelier::studio {
namespace {

constexpr std::array signals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

struct Armed {
    std::string file, temporary;
};
// What the handler reads; nothing it has seen is ever freed while it may run.
std::atomic<const Armed*> armed{nullptr};
std::atomic<const std::string*> text{nullptr};
std::unique_ptr<Armed> armed_owner;
std::array<std::unique_ptr<std::string>, 2> texts; // the newest, and the one before, which a handler may still read
std::array<struct sigaction, signals.size()> before;

// Only calls that POSIX allows in a signal handler.
void write_text() {
    const Armed* const where = armed.exchange(nullptr);
    const std::string* const what = text.load();
    if (where == nullptr || what == nullptr) {
        return;
    }
    const int fd = open(where->temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    std::size_t done = 0;
    while (fd >= 0 && done < what->size()) {
        const ssize_t n = write(fd, what->data() + done, what->size() - done);
        if (n <= 0) {
            break;
        }
        done += static_cast<std::size_t>(n);
    }
    if (fd >= 0 && fsync(fd) == 0 && close(fd) == 0 && done == what->size()) {
        rename(where->temporary.c_str(), where->file.c_str());
    }
}

void on_crash(int number) {
    write_text();
    for (std::size_t i = 0; i < signals.size(); ++i) {
        if (signals[i] == number) {
            sigaction(number, &before[i], nullptr);
        }
    }
    raise(number);
}

} // namespace

void arm_crash_save(const std::filesystem::path& file) {
    disarm_crash_save();
    armed_owner = std::make_unique<Armed>(Armed{file.string(), file.string() + ".part"});
    armed = armed_owner.get();
    struct sigaction action {};
    action.sa_handler = on_crash;
    action.sa_flags = SA_NODEFER;
    sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < signals.size(); ++i) {
        sigaction(signals[i], &action, &before[i]);
    }
}

void set_crash_text(std::string newest) {
    texts[1] = std::move(texts[0]);
    texts[0] = std::make_unique<std::string>(std::move(newest));
    text = texts[0].get();
}

void disarm_crash_save() {
    if (armed_owner) {
        for (std::size_t i = 0; i < signals.size(); ++i) {
            sigaction(signals[i], &before[i], nullptr);
        }
    }
    armed = nullptr;
    text = nullptr;
    armed_owner.reset();
}

} // namespace atelier::studio
