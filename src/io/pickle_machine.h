// SPDX-License-Identifier: Apache-2.0
// The pickle reader: a closed stack machine for protocols 2 to 5 that builds inert values and calls nothing.
#pragma once

#include "io/pickle_globals.h"
#include "io/pickle_value.h"

namespace atelier::io {

struct Unpickled {
    const PickleValue* root = nullptr; // owned by the arena
    std::size_t size = 0;              // bytes of the stream, up to and with STOP
    int protocol = 0;
};

// Reads one pickle from the front of `data`, which must outlive the arena. Throws Error, without a path, for anything
// malformed or not on the allow-list of `scope`; time and memory are bounded by the size of `data`.
Unpickled unpickle(PickleArena& arena, Bytes data, PickleScope scope);

} // namespace atelier::io
