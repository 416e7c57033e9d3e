// SPDX-License-Identifier: Apache-2.0
#include "crash/crash_report.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <exception>
#include <typeinfo>
#include <utility>
#include <vector>

#include <cxxabi.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file_names.h"
#include "base/log_tail.h"
#include "base/without_folders.h"
#include "crash/crash_signals.h"
#include "crash/report_writer.h"
#include "crash/stack_names.h"

namespace atelier::crash {
namespace {

constexpr int most_frames = 96;
constexpr std::size_t path_room = 4096;

// All that the handler needs is there before it is called.
struct Armed {
    char folder[path_room] = {};
    char oldest[path_room] = {}; // goes when there is a new one; empty: none
    char version[128] = {}, command[64] = {};
    timespec start{};
};
Armed armed;
StackFrame frames[most_frames];
int frame_count = 0;
PlaceInFile place; // of one of them
char exception_text[1024] = {};
std::terminate_handler terminate_before = nullptr;
char file[path_room], temporary[path_room];

template <std::size_t N> void put(char (&to)[N], const std::string& text) {
    const std::size_t n = std::min(text.size(), N - 1);
    std::memcpy(to, text.data(), n);
    to[n] = 0;
}

struct Named {
    int number;
    const char* text;
};
constexpr std::array names{Named{SIGSEGV, "SIGSEGV, memory that isn't there"},
                           Named{SIGBUS, "SIGBUS, memory that can't be reached"},
                           Named{SIGFPE, "SIGFPE, arithmetic that can't be done"},
                           Named{SIGILL, "SIGILL, an instruction that this processor doesn't know"},
                           Named{SIGABRT, "SIGABRT, the program ended itself"}};

void say_what(ReportWriter& out, const Crash& crash) {
    const char* what = "a signal";
    for (const Named& each : names)
        what = each.number == crash.signal ? each.text : what;
    out.text("what:    ").text(what);
    if (crash.info != nullptr && crash.info->si_code > 0 && crash.signal != SIGABRT)
        out.text(" (at ").hex(reinterpret_cast<std::uintptr_t>(crash.info->si_addr)).text(")");
    if (crash.info != nullptr && crash.info->si_code <= 0 && crash.info->si_pid != getpid())
        out.text(" (sent by process ").number(crash.info->si_pid).text(")");
    out.text("\n");
    if (exception_text[0] != 0)
        out.text("why:     ").text(exception_text).text("\n");
}

void say_stack(ReportWriter& out, bool with_names) {
    out.text("\nstack:\n");
    for (int i = 0; i < frame_count; ++i) {
        const StackFrame& frame = frames[i];
        out.text(i < 10 ? " " : "").number(i).text("  ");
        place = {};
        const bool known = with_names && look_up(frame, place);
        if (!frame.found) {
            out.hex(frame.address);
        } else {
            out.text(name_of_file(frame.file)).text("+").hex(known ? place.address : frame.offset);
        }
        if (known && place.symbol[0] != 0)
            out.text(" ").text(place.symbol).text("+").number(static_cast<std::int64_t>(place.beyond));
        out.text("\n");
    }
}

void say_builds(ReportWriter& out) {
    out.text("\nfiles:\n");
    for (int i = 0; i < frame_count; ++i) {
        bool told = !frames[i].found;
        for (int k = 0; k < i && !told; ++k)
            told = frames[k].found && std::strcmp(frames[k].file, frames[i].file) == 0;
        place = {};
        if (!told && look_up(frames[i], place))
            out.text("    ").text(name_of_file(frames[i].file)).text("  build ").text(place.build).text("\n");
    }
}

void say_report(ReportWriter& out, const Crash& crash, bool with_names) {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    timespec since{};
    clock_gettime(CLOCK_MONOTONIC, &since);
    char thread[17] = {};
    prctl(PR_GET_NAME, thread);
    utsname system{};
    uname(&system);
    out.text("Atelier has crashed. This report stays on this machine unless you pass it on.\n\n");
    out.text("version: ").text(armed.version).text("\ncommand: ").text(armed.command).text("\ntime:    ");
    out.time(now.tv_sec).text(" UTC, ").number(since.tv_sec - armed.start.tv_sec).text(" s after the start\n");
    out.text("system:  ").text(system.sysname).text(" ").text(system.release).text(" ").text(system.machine);
    out.text("\nthread:  ").text(thread).text("\n");
    say_what(out, crash);
    say_stack(out, with_names);
    if (with_names)
        say_builds(out);
    out.text("\nlog:\n");
    read_log_tail([](const char* line, std::size_t bytes,
                     void* with) { static_cast<ReportWriter*>(with)->text(line, bytes).text("\n"); },
                  &out);
}

void write_as(const Crash& crash, bool with_names) {
    const int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    ReportWriter out(fd);
    say_report(out, crash, with_names);
    out.flush();
    const bool whole = out.good() && fsync(fd) == 0;
    if (close(fd) == 0 && whole)
        rename(temporary, file);
    else
        unlink(temporary);
}

void make_folders(char* path) {
    for (char* slash = std::strchr(path + 1, '/'); slash != nullptr; slash = std::strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(path, 0700);
        *slash = '/';
    }
    mkdir(path, 0700);
}

// First without names, which are looked for in files that may be damaged themselves.
void write_report(const Crash& crash) {
    make_folders(armed.folder);
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    TextBuffer(file, sizeof file)
        .text(armed.folder)
        .text("/")
        .text(report_prefix)
        .time(now.tv_sec)
        .text("-")
        .number(getpid())
        .text(new_report_ending);
    TextBuffer(temporary, sizeof temporary).text(file).text(".part");
    frame_count = walk_stack(crash, frames, most_frames);
    find_files(frames, frame_count);
    write_as(crash, false);
    if (armed.oldest[0] != 0)
        unlink(armed.oldest);
}

void name_stack(const Crash& crash) {
    if (frame_count > 0)
        write_as(crash, true);
}

void keep_text_of(const std::exception_ptr& exception) {
    try {
        std::rethrow_exception(exception);
    } catch (const std::exception& error) {
        int status = 0;
        char* const type = abi::__cxa_demangle(typeid(error).name(), nullptr, nullptr, &status);
        put(exception_text,
            std::string(type != nullptr ? type : typeid(error).name()) + ": " + without_folders(message_of(error)));
        std::free(type);
    } catch (...) {
        put(exception_text, "an exception that is none of the library's");
    }
}

[[noreturn]] void on_terminate() {
    try {
        if (const std::exception_ptr exception = std::current_exception())
            keep_text_of(exception);
        else
            put(exception_text, "std::terminate without an exception");
    } catch (...) { // no memory for the text
        put(exception_text, "an exception");
    }
    if (terminate_before != nullptr)
        terminate_before();
    std::abort();
}

} // namespace

void arm_crash_reports(const ReportOptions& options) {
    try {
        namespace fs = std::filesystem;
        if (options.folder.empty() || options.folder.string().size() + 100 > path_room)
            return;
        put(armed.folder, options.folder.string());
        put(armed.version, options.version);
        put(armed.command, options.command);
        clock_gettime(CLOCK_MONOTONIC, &armed.start);
        keep_newest(options.folder, kept_reports, report_ending);
        auto all = newest_first(options.folder);
        std::erase_if(all, [](const fs::path& each) { return each.extension() != report_ending; });
        armed.oldest[0] = 0;
        if (all.size() >= kept_reports)
            put(armed.oldest, all.back().string());
        Crash nothing; // the unwinder's library is loaded and has what it needs
        walk_stack(nothing, frames, most_frames);
        frame_count = 0;
        set_on_crash(Act::write_report, write_report);
        set_on_crash(Act::name_stack, name_stack);
        terminate_before = std::set_terminate(on_terminate);
    } catch (const std::exception&) { // then there is none
    }
}

void disarm_crash_reports() {
    set_on_crash(Act::write_report, nullptr);
    set_on_crash(Act::name_stack, nullptr);
    if (terminate_before != nullptr)
        std::set_terminate(std::exchange(terminate_before, nullptr));
}

} // namespace atelier::crash
