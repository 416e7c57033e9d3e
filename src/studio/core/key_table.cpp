// SPDX-License-Identifier: Apache-2.0
#include "studio/core/key_table.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>

namespace atelier::studio {

KeyTable::KeyTable(std::vector<KeyRows> rows, std::vector<TriggerAct> triggers)
    : groups_{{"PLAY", {}}, {"TIMELINE", {}}, {"KEEP", {}}, {"SHOW", {}}, {"TRAIN", {}}, {"WINDOW", {}}, {"DATA", {}}},
      triggers_(std::move(triggers)) {
    std::ranges::stable_sort(rows, {}, &KeyRows::place);
    for (KeyRows& some : rows)
        std::ranges::move(some.rows, std::back_inserter(groups_.at(static_cast<std::size_t>(some.subject)).bindings));
}

template <class Matches> const Binding* KeyTable::first(Matches matches) const {
    for (const KeyGroup& group : groups_) {
        const auto found = std::ranges::find_if(group.bindings, matches);
        if (found != group.bindings.end())
            return &*found;
    }
    return nullptr;
}

const Binding* KeyTable::find(const KeyEvent& event, bool grid) const {
    const Binding* found = first([&event, grid](const Binding& binding) {
        const Chord& chord = binding.chord;
        return (binding.when == When::grid) == grid && chord.sign == 0 && chord.key == event.key &&
               chord.shift == event.shift && chord.ctrl == event.ctrl &&
               (event.key != Key::letter || (event.letter >= chord.letter && event.letter <= chord.last));
    });
    return found == nullptr && grid ? find(event) : found;
}

const Binding* KeyTable::find(char32_t sign) const {
    return first([sign](const Binding& binding) { return binding.chord.sign != 0 && binding.chord.sign == sign; });
}

void KeyTable::act(const Binding& binding, char letter) const {
    if (binding.act) {
        binding.act();
    } else {
        pull(binding.trigger, binding.chord.key == Key::letter ? letter - binding.chord.letter : 0);
    }
}

void KeyTable::pull(Trigger which, int instance) const {
    const auto found = std::ranges::find(triggers_, which, &TriggerAct::trigger);
    if (found == triggers_.end())
        throw std::out_of_range("no feature does what this trigger asks for");
    found->pull(instance);
}

void step_parameter(StudioState& state, const char* pattern, double steps) {
    const ParameterRef which{&parameter(pattern)};
    set_value(state, which, stepped(*which.parameter, value_of(state, which), steps));
}

void flip_switch(StudioState& state, const char* pattern) {
    step_parameter(state, pattern, value_of(state, {&parameter(pattern)}) == 0 ? 1 : -1);
}

} // namespace atelier::studio
