// SPDX-License-Identifier: Apache-2.0
// A decoder as an attacker would like it: what stands in the question or at the beginning of a file says what it tries.
// Everything else it does as bin/atelier-decode.
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "prepare/decoder_service.h"

namespace {

using atelier::sandbox::Question;

// So that the compiler doesn't see that nobody uses it.
volatile char sink = 0;

void allocate_without_end() {
    for (;;) {
        auto* block = new char[16U << 20U];
        std::memset(block, 1, 16U << 20U);
        sink = block[12345];
    }
}

std::string first_bytes(int file) {
    char text[32] = {};
    const ssize_t got = file >= 0 ? ::pread(file, text, sizeof(text) - 1, 0) : 0;
    return {text, static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
}

// What it comes to, if it is still there.
std::string try_it(const std::string& what, int file) {
    const auto result = [](long value) { return value >= 0 ? std::string("done") : std::string(strerror(errno)); };
    if (what == "CRASH") {
        std::raise(SIGSEGV);
    } else if (what == "ABORT") {
        std::abort();
    } else if (what == "HANG") {
        for (;;) {
            sink = static_cast<char>(sink + 1);
        }
    } else if (what == "SLEEP") {
        for (;;) {
            ::sleep(1000);
        }
    } else if (what == "ALLOCATE") {
        allocate_without_end();
    } else if (what == "EXIT") {
        ::_exit(0);
    } else if (what == "OPEN") {
        return result(::open("/etc/passwd", O_RDONLY));
    } else if (what == "REOPEN") {
        return result(::open(("/proc/self/fd/" + std::to_string(file)).c_str(), O_RDONLY));
    } else if (what == "CREATE") {
        return result(::open("/tmp/atelier-odd-decoder", O_WRONLY | O_CREAT, 0600));
    } else if (what == "REWRITE") {
        return result(::open(("/proc/self/fd/" + std::to_string(file)).c_str(), O_RDWR));
    } else if (what == "WRITE") {
        return result(::write(file, "x", 1));
    } else if (what == "TRUNCATE") {
        return result(::ftruncate(file, 0));
    } else if (what == "SOCKET") {
        return result(::socket(AF_INET, SOCK_STREAM, 0));
    } else if (what == "EXECUTE") {
        char program[] = "/bin/true";
        char* arguments[] = {program, nullptr};
        return result(::execv(program, arguments));
    } else if (what == "FORK") {
        return result(::fork());
    } else if (what == "KILL") {
        return result(::kill(::getppid(), SIGKILL));
    } else if (what == "UNLINK") {
        return result(::unlink("/tmp/atelier-odd-decoder"));
    } else if (what == "RUN") {
        return ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
                   ? strerror(errno)
                   : "done";
    } else if (what == "INHERIT") { // descriptors beyond its own two, the standard ones and the file
        int open = 0;
        struct stat info {};
        for (int fd = 5; fd < 1024; ++fd) {
            open += fd != file && ::fstat(fd, &info) == 0 ? 1 : 0;
        }
        return std::to_string(open);
    }
    return {};
}

std::vector<std::uint8_t> answer(Question& asked, atelier::prepare::LocalDecoder& decoder) {
    const std::string whole(asked.bytes.begin(), asked.bytes.end());
    if (whole.starts_with("try ")) {
        const std::string text = try_it(whole.substr(4), asked.file.get());
        return {text.begin(), text.end()};
    }
    const std::string begin = first_bytes(asked.file.get());
    if (begin.starts_with("NONSENSE")) {
        return std::vector<std::uint8_t>(200, 0xEE);
    }
    if (begin.starts_with("TRY ")) {
        try_it(begin.substr(4, begin.find('\n') - 4), asked.file.get());
    }
    return atelier::prepare::answer_to(asked, decoder);
}

} // namespace

int main(int argc, char** argv) {
    atelier::prepare::LocalDecoder decoder;
    return atelier::sandbox::serve(argc, argv, atelier::prepare::LocalDecoder::warm_up,
                                   [&](Question& asked) { return answer(asked, decoder); });
}
