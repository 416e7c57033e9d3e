// SPDX-License-Identifier: Apache-2.0
// OscSender: a thread that sends to one chosen place, by UDP, what has changed in the mirror: parameters and facts,
// each at most so many times a second. At the beginning all of them once.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

#include "inputs/net/parameter_mirror.h"
#include "inputs/net/sockets.h"

namespace atelier::net {

class OscSender {
public:
    static constexpr double times_a_second = 30;

    // Throws Error where the address is none. mirror has to outlive it.
    OscSender(const std::string& address, int port, const ParameterMirror& mirror);
    ~OscSender();

    std::uint64_t sent() const { return sent_; }     // messages
    std::uint64_t failed() const { return failed_; } // of them, that the system wouldn't take

private:
    void run(const std::stop_token& stop);

    const ParameterMirror& mirror_;
    Place place_;
    OwnedFd socket_;
    std::atomic<std::uint64_t> sent_ = 0, failed_ = 0;
    std::mutex mutex_; // of the wait alone
    std::condition_variable_any waiting_;
    std::jthread thread_;
};

} // namespace atelier::net
