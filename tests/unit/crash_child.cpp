// SPDX-License-Identifier: Apache-2.0
// Crashes in the way that is asked for: crash_child FOLDER WAY. For crash_test alone.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "crash/crash_report.h"
#include "crash/crash_signals.h"
#include "crash/crash_stack.h"

namespace {

volatile int zero = 0;
volatile int* volatile nowhere = nullptr;

[[gnu::noinline]] void fall_into_nothing() {
    *nowhere = 1;
}

[[gnu::noinline]] int use_up_the_stack(int depth) {
    volatile char room[4096];
    room[0] = static_cast<char>(depth);
    return depth < zero - 1 ? 0 : use_up_the_stack(depth + 1) + room[0];
}

[[gnu::noinline]] void read_behind_the_end(const char* folder) {
    const std::string name = std::string(folder) + "/short";
    const int fd = open(name.c_str(), O_RDWR | O_CREAT, 0600);
    auto* memory = static_cast<volatile char*>(mmap(nullptr, 4096, PROT_READ, MAP_SHARED, fd, 0));
    unlink(name.c_str());
    zero = memory[100];
}

[[gnu::noinline]] void throw_to_nobody() {
    throw std::runtime_error("/home/ann/My Models/face.pkl: this is too much");
}

[[gnu::noinline]] void call_nothing() {
    void (*volatile nothing)() = nullptr;
    nothing();
    zero = zero + 1; // not the last call: it has a frame to come back to
}

[[gnu::noinline]] void crash_by(const std::string& way, const char* folder) {
    if (way == "segv")
        fall_into_nothing();
    if (way == "call")
        call_nothing();
    if (way == "bus")
        read_behind_the_end(folder);
    if (way == "fpe")
        zero = 7 / zero;
    if (way == "ill")
        __builtin_trap();
    if (way == "abort")
        std::abort();
    if (way == "throw")
        throw_to_nobody();
    if (way == "throw in thread")
        std::thread(throw_to_nobody).join();
    if (way == "terminate")
        std::terminate();
    if (way == "stack")
        zero = use_up_the_stack(0);
    if (way == "stack in thread")
        std::thread([] {
            atelier::crash::give_crash_stack();
            zero = use_up_the_stack(0);
        }).join();
    if (way == "thread")
        std::thread(fall_into_nothing).join();
    if (way == "sent")
        kill(getpid(), SIGSEGV);
    if (way == "two threads") {
        std::thread other(fall_into_nothing);
        fall_into_nothing();
    }
}

} // namespace

int main(int, char** argv) {
    using namespace atelier;
    std::string way = argv[2];
    set_console_level(LogLevel::error);
    crash::arm_crash_reports({argv[1], "atelier 1.2.3", "test"});
    log_info("opened {}/models of ann/face.pkl", argv[1]);
    for (int i = 0; i < 100; ++i)
        log_info("line {}", i);
    if (way.starts_with("saving crashes, ")) {
        way = way.substr(std::strlen("saving crashes, "));
        crash::set_on_crash(crash::Act::save_work, [](const crash::Crash&) { fall_into_nothing(); });
    }
    if (way.starts_with("saving hangs, ")) {
        way = way.substr(std::strlen("saving hangs, "));
        crash::set_on_crash(crash::Act::save_work, [](const crash::Crash&) {
            while (true)
                pause();
        });
    }
    if (way == "nothing")
        return 0;
    crash_by(way, argv[1]);
    std::printf("it goes on\n"); // not the last call: main has a frame to come back to
    return 3;
}
