// SPDX-License-Identifier: Apache-2.0
#include "studio/session/crash_save.h"

#include <array>
#include <atomic>
#include <cstdio>
#include <memory>

#include <fcntl.h>
#include <unistd.h>

#include "crash/crash_signals.h"

namespace atelier::studio {
namespace {

struct Armed {
    std::string file, temporary;
};
// What the handler reads; nothing it has seen is ever freed while it may run.
std::atomic<const Armed*> armed{nullptr};
std::atomic<const std::string*> text{nullptr};
std::unique_ptr<Armed> armed_owner;
std::array<std::unique_ptr<std::string>, 2> texts; // the newest, and the one before, which a handler may still read

// Only calls that POSIX allows in a signal handler.
void write_text(const crash::Crash&) {
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

} // namespace

void arm_crash_save(const std::filesystem::path& file) {
    disarm_crash_save();
    armed_owner = std::make_unique<Armed>(Armed{file.string(), file.string() + ".part"});
    armed = armed_owner.get();
    crash::set_on_crash(crash::Act::save_work, write_text);
}

void set_crash_text(std::string newest) {
    texts[1] = std::move(texts[0]);
    texts[0] = std::make_unique<std::string>(std::move(newest));
    text = texts[0].get();
}

void disarm_crash_save() {
    if (armed_owner) {
        crash::set_on_crash(crash::Act::save_work, nullptr);
    }
    armed = nullptr;
    text = nullptr;
    armed_owner.reset();
}

} // namespace atelier::studio
