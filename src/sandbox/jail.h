// SPDX-License-Identifier: Apache-2.0
// What a process gives up before it looks at a stranger's file.
#pragma once

#include <cstdint>
#include <string>

namespace atelier::sandbox {

// From here on this process can open no file, write to none, reach no network, start no program and no other process,
// and has at most `memory` bytes more than now. It may compute, use memory, start threads, read and close what is open,
// and send over `socket`. Harmless questions to the system that libraries ask are answered with "not permitted";
// whoever tries to write, to connect or to start something is killed. Empty: done; else why it can't be had on this
// system.
std::string enter_jail(int socket, std::uint64_t memory);

} // namespace atelier::sandbox
