// SPDX-License-Identifier: Apache-2.0
// OnsetDetector: where something begins to sound - a drum, a note. One thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sound/max_follower.h"

namespace atelier::sound {

// Spectral flux (S. Dixon, "Onset Detection Revisited", DAFx 2006, eq. 2, on a logarithmic scale as J. P. Bello et al.,
// "A Tutorial on Onset Detection in Music Signals", 2005, propose): by how much all bins together got louder from one
// window to the next. An onset is a peak of it that stands above the mean of the last half second by a margin, and
// above what the last onset still hides.
class OnsetDetector {
public:
    // steps: of the windows, a second. sensitivity: 0..1, 0.5 for most music.
    OnsetDetector(double steps, double sensitivity);

    struct Peak {
        int steps_ago = 0;  // of the window that it was in
        float strength = 0; // above 0, up to 1: that of the strongest of the last while
    };
    // With the next window's magnitudes. A peak is known one window later.
    std::optional<Peak> step(std::span<const float> magnitudes);
    // By how much the magnitudes of the last window rose in all: the envelope that a tempo is found in, where a drum
    // shall count for more than what is soft beside it.
    float rise() const { return rise_; }

private:
    double margin_, factor_, hides_less_;
    double hidden_ = 0;                       // by the last onset, which rings on
    std::vector<float> before_, logs_before_; // of the window before
    float rise_ = 0;
    std::array<float, 4> flux_{};
    std::vector<float> recent_; // ring of the last half second
    std::size_t at_ = 0;
    int quiet_for_, least_apart_;
    MaxFollower strongest_;
};

} // namespace atelier::sound
