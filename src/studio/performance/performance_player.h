// SPDX-License-Identifier: Apache-2.0
// PerformancePlayer: a performance log as a function of time, for rendering it again at any rate. No clock, no threads.
#pragma once

#include <functional>
#include <optional>

#include "studio/performance/performance_log.h"

namespace atelier::studio {

// What else plays, beside the log: moves the state on to a second, and returns the triggers that it pulled.
using BesideTheLog = std::function<std::vector<ParameterRef>(StudioState& state, double seconds)>;

class PerformancePlayer {
public:
    // With something beside the log, triggers that need no studio act: play, and the next seed, each of its own for the
    // how-many-eth it is.
    explicit PerformancePlayer(Performance performance, BesideTheLog beside = {});

    // Goes on to `seconds`, which must not go back. The motion is computed by the turns that the log has, so that at
    // their ends it is the one of the screen, to the bit. Without them (older logs), or with something beside the log,
    // it goes from event to event in steps of at most 1/240 s. Either way what is shown at a time doesn't depend on the
    // rate. Throws Error.
    void advance_to(double seconds);

    // What was shown then: the model's file, the picture, and how much of its light, 0..1.
    const std::string& model() const { return model_; }
    RenderParams params(const PlayContext& context) const;
    PictureLook look() const;
    double light() const { return light_now(state_, shown_.values()); }

    double seconds() const { return performance_.seconds; } // of the whole
    // The log says which random noise each picture had.
    bool keeps_noise() const { return !performance_.noise.empty(); }
    const StudioState& state() const { return state_; }

private:
    void move(Animator& animated, double seconds) const;
    void apply(const PerformanceEvent& event);
    void take_turn(double seconds);
    double go_by_turns(double seconds);
    double go_by_steps(double seconds);
    void move_beside(double seconds);
    void pull(Trigger trigger);
    bool noise_by_picture() const { return state_.noise.speed <= 0 && noise_ > 0; }

    Performance performance_;
    BesideTheLog beside_;
    std::uint32_t seeds_ = 0; // that triggers have brought
    std::string model_;
    StudioState state_;
    Animator animator_;                                            // at now_
    Animator shown_;                                               // at the time asked for
    std::optional<std::pair<StudioState, AnimatedValues>> frozen_; // what the picture stands still at
    double now_ = 0;
    std::uint64_t steps_ = 0; // of the grid, up to now_
    std::size_t next_ = 0;    // event
    std::size_t turn_ = 0;    // of Performance::turns, the next
    std::size_t noise_ = 0;   // of Performance::noise, how many were before the time asked for or at it
};

} // namespace atelier::studio
