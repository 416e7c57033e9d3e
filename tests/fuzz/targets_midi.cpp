// SPDX-License-Identifier: Apache-2.0
// What a MIDI device may send: any bytes, in messages of any length. A message is its length, then its bytes.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "fuzz/targets.h"
#include "inputs/midi_parser.h"

namespace atelier::fuzz {

void midi(io::Bytes data) {
    inputs::InputHub hub;
    inputs::MidiClock clock;
    inputs::MidiParser parser(hub, clock, "Knobs");
    const auto check = [](bool holds, const char* what) {
        if (!holds) {
            std::fprintf(stderr, "%s\n", what);
            std::abort();
        }
    };
    double seconds = 0;
    while (!data.empty()) {
        const std::size_t length = std::min<std::size_t>(data[0] % 32, data.size() - 1);
        seconds += data[0] * 1e-3;
        parser.take(data.subspan(1, length), seconds);
        data = data.subspan(1 + length);
        const inputs::ClockReading now = clock.read(seconds);
        check(std::isfinite(now.bpm) && std::isfinite(now.beat) && std::isfinite(now.jitter_ms), "no number");
        check(now.beat >= 0 && now.bpm >= 0 && now.bpm < 500, "no tempo");
    }
    parser.silence();
    for (const SourceReading& each : hub.take()) {
        check(each.value >= 0 && each.value <= 1, "a value out of range");
        const auto address = inputs::midi_address(each.source);
        check(address && inputs::source_of(*address) == each.source, "a source that nobody can name");
        check(address->kind != inputs::MidiKind::note || !each.down, "a note that never ends");
    }
}

} // namespace atelier::fuzz
