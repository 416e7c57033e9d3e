// SPDX-License-Identifier: Apache-2.0
// Moments: what one does with the timeline. Part of the Studio, in the UI thread; the timeline itself is in its state.
#pragma once

#include <optional>
#include <vector>

#include "studio/state/state.h"

namespace atelier::studio {

struct StudioContext;

inline constexpr double keyframe_gap = 0.05; // seconds between two moments at the least

class TimelineEditor {
public:
    explicit TimelineEditor(StudioContext& context) : context_(context) {}

    // Once a tick: a timeline that has come to its end stops.
    void tick();

    // What is shown, as a new moment: at the playhead where it stands clear of others, else after the last. Returns its
    // id.
    std::uint64_t add();
    std::uint64_t add(const LatentBlend& latent); // with the settings of now
    void update(std::uint64_t id);                // to what is shown
    void remove(std::uint64_t id);
    void retime(std::uint64_t id, double seconds); // on the grid; others keep their places
    void set_ease(std::uint64_t id, Easing ease);
    void set_loop(bool loop);
    void set_loop_seconds(double seconds);
    void set_in_beats(bool on); // everything stays where it is in time

    void toggle_play(); // from the playhead; from the start when it stands at the end
    void scrub(double seconds);
    void play_part(double from, double fade); // from there on, coming to it in so many seconds
    void go_to(std::uint64_t id);             // glides
    void leave();                             // back to what the panels say, gliding

    bool shown() const; // the strip has something to show
    double playhead() const;
    double snapped(double seconds) const;
    const Keyframe* find(std::uint64_t id) const;
    std::optional<std::uint64_t> selected; // the one touched last

    // --- several: Ctrl and Shift add to those that are chosen
    void choose(std::uint64_t id, bool toggle, bool range);
    bool is_chosen(std::uint64_t id) const;
    void move_chosen(double by); // no further than the start; each keeps its distance to the others
    void copy_chosen();
    void paste(); // at the playhead, or after the last moment; with new ids, chosen
    void remove_chosen();
    bool can_paste() const { return !copied_.empty(); }

private:
    std::vector<Keyframe> take_chosen(); // out of the timeline

    std::vector<std::uint64_t> chosen_;
    std::vector<Keyframe> copied_; // from second 0 on

    Keyframe* find(std::uint64_t id);
    void insert(Keyframe keyframe);
    void enter(); // the timeline drives the picture from now on

    StudioContext& context_;
};

} // namespace atelier::studio
