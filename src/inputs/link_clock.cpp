// SPDX-License-Identifier: Apache-2.0
// With ATELIER_LINK alone: the library's headers make the program GPL.
#include "inputs/link_clock.h"

#include <cmath>

#include <ableton/Link.hpp>

namespace atelier::inputs {
namespace {

constexpr double bar = 4; // beats that fall together with those of the others

class AbletonLink final : public LinkClock {
public:
    explicit AbletonLink(double bpm) : link_(bpm) { link_.enable(true); }

    ClockReading read() override {
        const auto state = link_.captureAppSessionState();
        ClockReading out;
        out.there = out.running = true; // its beats never stop
        out.bpm = state.tempo();
        out.beat = state.beatAtTime(link_.clock().micros(), bar);
        if (out.beat < 0) // before the session's first beat
            out.beat -= std::floor(out.beat / bar) * bar;
        return out;
    }
    void set_tempo(double bpm) override {
        auto state = link_.captureAppSessionState();
        state.setTempo(bpm, link_.clock().micros());
        link_.commitAppSessionState(state);
    }
    std::size_t peers() const override { return link_.numPeers(); }

private:
    ableton::Link link_;
};

} // namespace

bool link_is_built_in() {
    return true;
}

std::unique_ptr<LinkClock> make_link_clock(double bpm) {
    return std::make_unique<AbletonLink>(bpm);
}

} // namespace atelier::inputs
