// SPDX-License-Identifier: Apache-2.0
// A library for LD_PRELOAD: the machine's clock is wrong by as many seconds as the file ATELIER_CLOCK_FILE holds, an
// int64 that may change at any time. The steady clock is left alone, as it is where a clock is set.
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <ctime>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

namespace {

std::int64_t wrong_by() {
    static const std::atomic<std::int64_t>* const shared = []() -> const std::atomic<std::int64_t>* {
        const char* file = std::getenv("ATELIER_CLOCK_FILE");
        const int fd = file == nullptr ? -1 : open(file, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            return nullptr;
        void* const at = mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, fd, 0);
        close(fd);
        return at == MAP_FAILED ? nullptr : static_cast<const std::atomic<std::int64_t>*>(at);
    }();
    return shared == nullptr ? 0 : shared->load();
}

} // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* now) noexcept {
    static auto* const real = reinterpret_cast<int (*)(clockid_t, timespec*)>(dlsym(RTLD_NEXT, "clock_gettime"));
    const int result = real(clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += wrong_by();
    return result;
}

int gettimeofday(timeval* now, void*) noexcept {
    timespec fine{};
    const int result = clock_gettime(CLOCK_REALTIME, &fine);
    *now = {fine.tv_sec, fine.tv_nsec / 1000};
    return result;
}

time_t time(time_t* now) noexcept {
    timespec fine{};
    clock_gettime(CLOCK_REALTIME, &fine);
    if (now != nullptr)
        *now = fine.tv_sec;
    return fine.tv_sec;
}
}
