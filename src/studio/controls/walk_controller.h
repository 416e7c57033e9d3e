// SPDX-License-Identifier: Apache-2.0
// WalkController: what hands do with the walk and its seeds, with exploring around a place, and with the tempo. Part of
// the Controls, in the UI thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/render_params.h"

namespace atelier::studio {

struct StudioContext;

class WalkController {
public:
    explicit WalkController(StudioContext& context) : context_(context) {}

    void tick(double seconds);
    void stop_at_end(); // of a walk that doesn't loop, once the tick has moved it

    // --- the walk
    void toggle_play();
    void new_random_seed();               // N
    void go_to_position(double position); // on the walk, glides
    void return_to_walk();
    void add_seed(std::uint32_t seed, bool tell = true); // tell: where the loop isn't in sight
    void add_latent(const LatentBlend& latent);          // a place between seeds, which the walk then passes
    void remove_seed(std::size_t index);
    void move_seed(std::size_t from, std::size_t to);
    // The seed `was` that stood at `index` when somebody pointed at it; undo may have moved it since. One that is gone
    // is told.
    void replace_seed(std::size_t index, std::uint32_t was, std::uint32_t seed);
    // From the endless walk that plays to seeds, where nobody has collected any: to those just seen.
    void set_kind(WalkKind kind);
    void set_space(Space space);
    void set_ease(Ease ease);
    void set_loop(bool loop);
    void set_in_beats(bool on);       // at the same speed, but for rounding
    void change_speed(double factor); // above 1 is faster

    // --- exploring; dx and dy in nodes of the map
    void explore_begin();
    void explore_by(double dx, double dy);
    void toggle_map();                   // M: the seed map in the middle of the window
    void new_map();                      // around what is shown
    void go_to_node(double x, double y); // of the seed map, glides

    void tap_tempo(); // Enter, in time

private:
    void append(std::uint32_t seed, LatentBlend latent);
    void tell_kept(const std::string& what); // where the panel doesn't show the list
    bool walks_on() const;
    void loop_what_was_seen();

    StudioContext& context_;
    double tap_age_ = 1e9; // seconds since the last tap
    std::vector<double> taps_;
};

} // namespace atelier::studio
