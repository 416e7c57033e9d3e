// SPDX-License-Identifier: Apache-2.0
// What the studio itself writes, and people hand on.
#include "fuzz/attempt.h"
#include "fuzz/targets.h"
#include "studio/performance/performance_log.h"
#include "studio/state/session.h"

namespace atelier::fuzz {

void session(io::Bytes data) {
    attempt([&] {
        const std::string text(io::as_text(data));
        const studio::Session read = studio::read_session(text, "/tmp/fuzz.atelier");
        // What was read can be written, and means the same then.
        const std::string again = studio::session_text(read, "/tmp/fuzz.atelier");
        if (studio::session_text(studio::read_session(again, "/tmp/fuzz.atelier"), "/tmp/fuzz.atelier") != again) {
            std::fprintf(stderr, "a session changes when it is written and read\n");
            std::abort();
        }
    });
}

void performance(io::Bytes data) {
    const MemoryFile file(data);
    attempt([&] { studio::load_performance(file.path()); });
}

} // namespace atelier::fuzz
