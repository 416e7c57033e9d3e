// SPDX-License-Identifier: Apache-2.0
// JackUser: says that this process has JACK clients which may outlive their server, as PortAudio's do. When a client is
// opened after a server's end, JACK's library deletes all others that the process still has, whoever owns them; so
// nobody opens one until those are closed. Any thread.
#pragma once

#include <cstdint>

namespace atelier::inputs {

class JackUser {
public:
    JackUser();
    ~JackUser();
    JackUser(const JackUser&) = delete;
    JackUser& operator=(const JackUser&) = delete;

    // The number that the next one gets; whether one with a lower number is still there.
    static std::uint64_t next();
    static bool any_before(std::uint64_t number);

private:
    std::uint64_t number_;
};

} // namespace atelier::inputs
