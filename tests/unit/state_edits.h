// SPDX-License-Identifier: Apache-2.0
// Random edits of a state, one after the other: fields of all kinds; lists that grow, shrink and change their order.
#pragma once

#include <algorithm>

#include "state_scrambler.h"

namespace atelier::studio {

class Editor {
public:
    explicit Editor(std::uint32_t seed) : any_(seed) {}

    void edit(StudioState& state) {
        switch (any_.below(12)) {
        case 0: any_.number("", state.truncation.psi, -1, 2); break;
        case 1: fields(any_, state.walk); break;
        case 2: fields(any_, state.mix); break;
        case 3: fields(any_, state.mix.layers[static_cast<std::size_t>(any_.below(max_layers))]); break;
        case 4: fields(any_, state.noise); break;
        case 5: rearrange(state.directions); break;
        case 6: rearrange(state.oscillators); break;
        case 7: rearrange(state.stars), number_anew(state.stars); break;
        case 8: any_.flag("", state.view.blackout), any_.flag("", state.view.pixels); break;
        case 9: fields(any_, state.presets[static_cast<std::size_t>(any_.below(preset_slots))]); break;
        case 10: any_.number("", state.bpm, 20, 300); break;
        default: edit(state.timeline); break;
        }
    }
    void edit(TimelineState& timeline) {
        auto& keyframes = timeline.curve.keyframes;
        rearrange(keyframes);
        number_anew(keyframes);
        for (std::size_t i = 0; i < keyframes.size(); ++i) // in order of their seconds, and mostly where they were
            if (i > 0 && keyframes[i].seconds <= keyframes[i - 1].seconds)
                keyframes[i].seconds = keyframes[i - 1].seconds + 0.25;
        any_.flag("", timeline.playing);
        timeline.on = timeline.on && !keyframes.empty();
    }

private:
    template <class T> void rearrange(std::vector<T>& list) {
        const auto place = [&] { return list.begin() + any_.below(static_cast<int>(list.size())); };
        switch (list.empty() ? 0 : any_.below(6)) {
        case 0:
        case 1:
            if (list.size() < 40)
                list.insert(list.begin() + any_.below(static_cast<int>(list.size()) + 1), fresh<T>());
            break;
        case 2: list.erase(place()); break;
        case 3: std::iter_swap(place(), place()); break;
        case 4: *place() = fresh<T>(); break;
        default: std::rotate(list.begin(), place(), list.end()); break;
        }
    }
    template <class T> T fresh() {
        T value;
        fields(any_, value);
        if constexpr (requires { value.id; })
            value.id = 0;
        return value;
    }
    // One that has no id yet, or another one's, gets its own.
    template <class List> void number_anew(List& list) {
        for (auto& each : list) {
            const auto same = [&](const auto& other) { return other.id == each.id; };
            if (each.id == 0 || std::count_if(list.begin(), list.end(), same) > 1)
                each.id = ++ids_;
        }
    }

    Scrambler any_;
    std::uint64_t ids_ = std::uint64_t{1} << 40U;
};

} // namespace atelier::studio
