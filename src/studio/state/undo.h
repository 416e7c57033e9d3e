// SPDX-License-Identifier: Apache-2.0
// Undo: the states behind and ahead of the one on the screen. Owned by the Studio.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "studio/state/state_snapshot.h"

namespace atelier::studio {

class Undo {
public:
    static constexpr std::size_t most_steps = 500;

    // The state from which nothing can be undone.
    void reset(const StudioState& state);

    // What other tabs hold beside the state, in the same history: values by their owner's number, the same pointer as
    // long as nothing of it has changed. Undo never looks into them.
    using Beside = std::vector<std::shared_ptr<const void>>;
    // What has changed there by itself, so that no step leads from it or to it.
    void adopt(const Beside& beside);
    const Beside& beside() const { return open_ ? newest_beside_ : current_.beside; }

    // Call once a tick. What changed since the last call becomes a step; while `continuous` (a button held on a
    // control, a key that nudges) it becomes part of the one that began with it.
    void follow(const StudioState& now, bool continuous, const Beside& beside = {});

    // What has changed since then by itself: no step, or part of the one that is open.
    void adopt(const StudioState& now);

    // The state one step back or ahead, with what isn't undone (view, playing) as it is in `now`; none at the end.
    // beside() is what stood beside it.
    std::optional<StudioState> undo(const StudioState& now);
    std::optional<StudioState> redo(const StudioState& now);

    // The same change of the directions and of what swings to every state of the document, and no step.
    using Change = std::function<void(std::vector<DirectionSlider>&, std::vector<Oscillator>&)>;
    void amend(const Change& change);

    // Of which document the state is from now on: a number that comes back with the states of its time. reset() gives
    // 0.
    void set_document(std::size_t number) { document_ = number; }
    std::size_t document() const { return document_; }
    bool can_undo() const { return !behind_.empty() || open_; }
    bool can_redo() const { return !ahead_.empty(); }

private:
    struct Step {
        StateSnapshot state;
        std::size_t document = 0;
        Beside beside{};
    };
    void close();

    Step current_;         // the start of the open step while there is one
    bool open_ = false;    // a continuous change is under way
    StateSnapshot newest_; // of the open step
    Beside newest_beside_;
    std::size_t document_ = 0;
    std::deque<Step> behind_, ahead_;
};

} // namespace atelier::studio
