// SPDX-License-Identifier: Apache-2.0
// WallClock: the clock of the programs that are started while it begins them, which the test sets as it likes. For
// tests only.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace atelier::faults {

class WallClock {
public:
    WallClock(const std::filesystem::path& library, std::filesystem::path file)
        : library_(library), file_(std::move(file)) {
        const int fd = open(file_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        void* at = MAP_FAILED;
        if (fd >= 0 && ftruncate(fd, sizeof(std::int64_t)) == 0)
            at = mmap(nullptr, sizeof(std::int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        close(fd);
        if (at == MAP_FAILED)
            throw std::runtime_error("no clock to share");
        wrong_by_ = static_cast<std::atomic<std::int64_t>*>(at);
    }
    ~WallClock() { munmap(wrong_by_, sizeof(std::int64_t)); }
    WallClock(const WallClock&) = delete;
    WallClock& operator=(const WallClock&) = delete;

    // What `start` starts has this clock.
    template <typename Start> auto begin(const Start& start) const {
        struct Preloaded {
            ~Preloaded() {
                unsetenv("LD_PRELOAD");
                unsetenv("ATELIER_CLOCK_FILE");
            }
        } const until_then;
        setenv("LD_PRELOAD", library_.c_str(), 1);
        setenv("ATELIER_CLOCK_FILE", file_.c_str(), 1);
        return start();
    }
    void wrong_by(std::int64_t seconds) { *wrong_by_ = seconds; }

private:
    std::filesystem::path library_, file_;
    std::atomic<std::int64_t>* wrong_by_;
};

} // namespace atelier::faults
