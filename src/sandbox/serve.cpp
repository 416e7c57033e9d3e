// SPDX-License-Identifier: Apache-2.0
#include "sandbox/serve.h"

#include <cstdlib>
#include <new>
#include <string>
#include <string_view>

#include <linux/close_range.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.h"
#include "sandbox/jail.h"
#include "sandbox/message.h"
#include "sandbox/protocol.h"
#include "sandbox/shared_memory.h"

namespace atelier::sandbox {
namespace {

bool tell(Tag tag, std::span<const std::uint8_t> rest) {
    std::vector<std::uint8_t> message{static_cast<std::uint8_t>(tag)};
    message.insert(message.end(), rest.begin(), rest.end());
    return send_message(socket_fd, message);
}

bool tell(Tag tag, std::string_view text) {
    return tell(tag, std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

} // namespace

void close_from(int fd) {
    if (::syscall(SYS_close_range, fd, ~0U, 0U) != 0) {
        for (; fd < 4096; ++fd) {
            ::close(fd);
        }
    }
}

int serve(int argc, char** argv, const std::function<void()>& prepare,
          const std::function<std::vector<std::uint8_t>(Question&)>& answer) {
    if (argc != 3) {
        return 2; // started by hand
    }
    return serve_here(std::strtoull(argv[1], nullptr, 10), std::strtoull(argv[2], nullptr, 10), prepare, answer);
}

int serve_here(std::uint64_t memory, std::size_t shared_bytes, const std::function<void()>& prepare,
               const std::function<std::vector<std::uint8_t>(Question&)>& answer) {
    close_from(memory_fd + 1); // what the asker's program had open and did not mean for us
    try {
        const SharedMemory shared(OwnedFd(memory_fd), shared_bytes);
        prepare();
        const std::string trouble = enter_jail(socket_fd, memory);
        if (!tell(trouble.empty() ? Tag::jailed : Tag::free, trouble)) {
            return 1;
        }
        while (std::optional<Message> asked = receive_message(socket_fd)) {
            Question question{asked->bytes, std::move(asked->fd), shared.bytes()};
            if (!tell(Tag::answer, answer(question))) {
                break;
            }
        }
    } catch (const std::bad_alloc&) {
        tell(Tag::memory, std::string_view());
        return 1;
    } catch (const Error& error) {
        tell(Tag::free, error.what());
        return 1;
    }
    return 0;
}

} // namespace atelier::sandbox
