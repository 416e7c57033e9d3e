// SPDX-License-Identifier: Apache-2.0
// MidiFeedback: what MIDI controls are told of the parameters that they are connected to, for rings of lights, buttons
// and motors. Part of Live; pure but for its memory of what was told.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/source_reading.h"
#include "inputs/midi_address.h"
#include "studio/state/live_state.h"
#include "studio/state/parameters.h"

namespace atelier::studio {

// Where a source would have to stand, 0..1, for its connection to make that value.
double level_for(const Connection& connection, const Parameter& parameter, double value);

class MidiFeedback {
public:
    struct Told {
        inputs::MidiAddress address;
        double value = 0; // 0..1
    };
    // Once a turn: what has changed since it was told. A control that has just spoken is told nothing for 0.3 s, so
    // that it doesn't work against the hand on it.
    std::vector<Told> advance(const std::vector<Connection>& connections, const Scene& scene,
                              const std::function<double(ParameterRef)>& value, std::span<const SourceReading> news,
                              double seconds);
    void forget() { told_.clear(); } // all is told anew: a device is there again

private:
    std::map<std::string, std::vector<inputs::MidiMessage>, std::less<>> told_; // by source
    std::map<std::string, double, std::less<>> spoken_;                         // seconds ago, by source
};

} // namespace atelier::studio
