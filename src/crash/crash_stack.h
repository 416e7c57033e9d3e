// SPDX-License-Identifier: Apache-2.0
// A stack for the handler of a crash, so that a thread that has used up its own can still be told of.
#pragma once

namespace atelier::crash {

// For the calling thread, until it ends; a second call does nothing.
void give_crash_stack();

} // namespace atelier::crash
