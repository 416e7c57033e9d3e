// SPDX-License-Identifier: Apache-2.0
// StateSnapshot: a state of the document as the history keeps it. What it has in common with the one before it is there
// once, element by element, so that hundreds of steps of a large session fit into memory. Never changes what others
// hold, too.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "studio/state/state.h"

namespace atelier::studio {

namespace snapshot {

// A value that equal neighbours share.
template <class T> class Part {
public:
    void take(const T& now, const Part* like) {
        if (like && *like->value_ == now)
            value_ = like->value_;
        else if (!(*value_ == now))
            value_ = std::make_shared<const T>(now);
    }
    const T& get() const { return *value_; }
    bool operator==(const Part& other) const { return value_ == other.value_ || *value_ == *other.value_; }

private:
    std::shared_ptr<const T> value_ = std::make_shared<const T>();
};

// A list whose elements are parts.
template <class T> class List {
public:
    template <class Values> void take(const Values& now, const List* like) {
        if (like && like->holds(now)) {
            items_ = like->items_;
            return;
        }
        const Items none;
        const Items& old = like ? *like->items_ : none;
        Items items;
        items.reserve(now.size());
        for (std::size_t i = 0; i < now.size(); ++i) {
            // Where it stood, or as far from the end as it did.
            const auto same = [&](std::size_t at) { return at < old.size() && *old[at] == now[i]; };
            const std::size_t other = i + old.size() - now.size();
            items.push_back(same(i) ? old[i] : same(other) ? old[other] : std::make_shared<const T>(now[i]));
        }
        items_ = std::make_shared<const Items>(std::move(items));
    }
    template <class Values> bool holds(const Values& now) const {
        if (items_->size() != now.size())
            return false;
        for (std::size_t i = 0; i < now.size(); ++i) {
            if (!(*(*items_)[i] == now[i]))
                return false;
        }
        return true;
    }
    std::vector<T> get() const {
        std::vector<T> out;
        out.reserve(items_->size());
        for (const auto& each : *items_)
            out.push_back(*each);
        return out;
    }
    bool empty() const { return items_->empty(); }
    std::size_t size() const { return items_->size(); }
    const T& operator[](std::size_t i) const { return *(*items_)[i]; }
    bool operator==(const List& other) const {
        if (items_ == other.items_)
            return true;
        if (items_->size() != other.items_->size())
            return false;
        for (std::size_t i = 0; i < items_->size(); ++i) {
            const auto &a = (*items_)[i], &b = (*other.items_)[i];
            if (a != b && !(*a == *b))
                return false;
        }
        return true;
    }

private:
    using Items = std::vector<std::shared_ptr<const T>>;
    std::shared_ptr<const Items> items_ = std::make_shared<const Items>();
};

} // namespace snapshot

class StateSnapshot {
public:
    StateSnapshot() : StateSnapshot(StudioState{}) {}
    // like: what is equal in it is shared.
    explicit StateSnapshot(const StudioState& state, const StateSnapshot* like = nullptr);

    // How one looks at the picture and whether it moves is no work that could be lost, and taking it back in front of
    // people would surprise: it isn't kept, and here comes from `now`.
    StudioState state(const StudioState& now) const;
    bool holds(const StudioState& state) const; // but for that
    bool operator==(const StateSnapshot&) const = default;

    const snapshot::List<DirectionSlider>& directions() const { return directions_; }
    const snapshot::List<Oscillator>& oscillators() const { return oscillators_; }
    void set_directions(const std::vector<DirectionSlider>& directions, const std::vector<Oscillator>& oscillators,
                        const StateSnapshot* like);

private:
    // Without the lists that have parts of their own, and without what isn't kept.
    struct Rest {
        TimelineState timeline;
        LatentOverrideState latent_override;
        TruncationState truncation;
        NoiseState noise;
        PictureLook look;
        double morph_seconds = 0, bpm = 0, fade_seconds = 0;
        bool morph_in_beats = false, preset_seeds = false;
        int beats_per_bar = 0, bars_per_phrase = 0;
        bool operator==(const Rest&) const = default;
    };
    static Rest rest_of(const StudioState& state);
    static WalkState walk_of(const StudioState& state);

    snapshot::Part<Rest> rest_;
    snapshot::Part<WalkState> walk_;
    snapshot::Part<MixState> mix_;
    snapshot::List<DirectionSlider> directions_;
    snapshot::List<Oscillator> oscillators_;
    snapshot::List<Keyframe> keyframes_;
    snapshot::List<Star> stars_;
    snapshot::List<Preset> presets_;
    snapshot::List<Cue> cues_;
};

} // namespace atelier::studio
