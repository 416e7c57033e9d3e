// SPDX-License-Identifier: Apache-2.0
// How a connection answers its source: the curve, the smoothing and the envelope. Pure.
#pragma once

#include "studio/state/live_state.h"

namespace atelier::studio {

// 0..1 to 0..1; rising, its ends stay.
double shaped(ConnectionCurve curve, double x);

// One step of the way from `value` to `target`: e^-1 of it is left after attack (upwards) or release (downwards) ms.
double followed(double value, double target, double attack, double release, double seconds);

// The envelope of hits. A new hit goes on from the level that it finds.
class Envelope {
public:
    void hit(double strength);
    void release();
    // The level after so many seconds, 0..1.
    double advance(const EnvelopeShape& shape, double seconds);
    double level() const { return level_; }
    bool resting() const { return stage_ == Stage::off || stage_ == Stage::sustain; }

private:
    enum class Stage { off, attack, hold, decay, sustain, release };
    Stage stage_ = Stage::off;
    bool let_go_ = false; // while it still rises, holds or decays
    double strength_ = 1, level_ = 0;
    double from_ = 0;  // where the stage began
    double spent_ = 0; // ms of the stage
};

} // namespace atelier::studio
