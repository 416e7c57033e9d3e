// SPDX-License-Identifier: Apache-2.0
#include "studio/state/oscillators.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "latent/walk.h"

namespace atelier::studio {
namespace {

constexpr double least_factor = 1e-3; // of a time
constexpr double steepness = 4;       // Wave::exponential: its end is e^4 times as steep as its beginning

// As files named an oscillator's target before there was a table.
struct OldTarget {
    const char* name;
    const char* pattern;
    int instance; // -1: OscillatorTarget::index
};
constexpr OldTarget old_targets[] = {
    {"psi", "truncation.psi", 0},
    {"noise strength", "noise.strength", 0},
    {"walk speed", "walk.speed", 0},
    {"mix coarse", "mix.*.weight", 0},
    {"mix middle", "mix.*.weight", 1},
    {"mix fine", "mix.*.weight", 2},
    {"direction", "direction.*.amount", -1},
    {"mix layer", "mix.layer.*.weight", -1},
    {"cutoff", "truncation.cutoff", 0},
};

} // namespace

bool oscillates(const StudioState& state) {
    return std::any_of(state.oscillators.begin(), state.oscillators.end(),
                       [](const Oscillator& each) { return each.on; });
}

double turns_of(const Oscillator& oscillator, double bpm, double clock) {
    const double period = oscillator.in_beats ? oscillator.period * 60 / bpm : oscillator.period;
    return clock / std::max(0.05, period);
}

OscillatorPhaseLock::OscillatorPhaseLock(StudioState& state, double clock) : state_(state), clock_(clock) {
    for (const Oscillator& each : state.oscillators)
        turns_.push_back(turns_of(each, state.bpm, clock));
}

OscillatorPhaseLock::~OscillatorPhaseLock() {
    if (state_.oscillators.size() != turns_.size())
        return;
    for (std::size_t i = 0; i < turns_.size(); ++i) {
        Oscillator& each = state_.oscillators[i];
        const double turns = turns_of(each, state_.bpm, clock_);
        if (turns == turns_[i])
            continue;
        const double phase = each.phase + turns_[i] - turns;
        each.phase = std::clamp(phase - std::floor(phase), 0.0, 1.0);
    }
}

double wave_at(Wave wave, double turns, std::uint64_t seed) {
    const double whole = std::floor(turns);
    const double t = turns - whole;
    if (wave == Wave::sine)
        return std::sin(2 * std::numbers::pi * t);
    if (wave == Wave::triangle)
        return t < 0.25 ? 4 * t : t < 0.75 ? 2 - 4 * t : 4 * t - 4;
    if (wave == Wave::saw)
        return 2 * t - 1;
    if (wave == Wave::square)
        return t < 0.5 ? 1 : -1;
    if (wave == Wave::exponential)
        return 2 * std::expm1(steepness * t) / std::expm1(steepness) - 1;
    const auto height = [seed](double at) {
        return 2.0 * explore_seed(0x0511, static_cast<std::int64_t>(seed), static_cast<std::int64_t>(at)) /
                   4294967295.0 -
               1;
    };
    if (wave == Wave::steps)
        return height(whole);
    // Random heights, two a turn, joined smoothly.
    const double place = turns * 2;
    const double left = std::floor(place);
    const double s = place - left;
    return height(left) + (height(left + 1) - height(left)) * s * s * (3 - 2 * s);
}

Swings::Swings(const StudioState& state, double clock) {
    for (std::size_t i = 0; i < state.oscillators.size(); ++i) {
        const Oscillator& each = state.oscillators[i];
        const auto which = each.on ? find_parameter(state, each.target) : std::nullopt;
        if (!which)
            continue; // a direction whose slider is gone
        add(*which, each.depth * wave_at(each.wave, turns_of(each, state.bpm, clock) + each.phase, i), 1);
    }
    add_outside(state);
}

Swings Swings::from_outside(const StudioState& state) {
    Swings out;
    out.add_outside(state);
    return out;
}

void Swings::add_outside(const StudioState& state) {
    for (const Modulated& each : state.modulated) {
        if (const auto which = find_parameter(state, each.parameter))
            add(*which, each.add, each.factor);
    }
}

void Swings::add(ParameterRef which, double by, double factor) {
    const auto there = std::ranges::find(sums_, which, &Sum::which);
    if (there == sums_.end()) {
        sums_.push_back({which, by, factor});
    } else {
        there->by += by;
        there->factor *= factor;
    }
}

const Swings::Sum* Swings::find(std::string_view pattern, int instance) const {
    const auto found = std::ranges::find_if(
        sums_, [&](const Sum& each) { return each.which.instance == instance && each.which->id == pattern; });
    return found == sums_.end() ? nullptr : &*found;
}

double Swings::sum(std::string_view pattern, int instance) const {
    const Sum* found = find(pattern, instance);
    return found ? found->by : 0;
}

double Swings::change(std::string_view pattern, double value, int instance) const {
    const Sum* found = find(pattern, instance);
    return found ? value * (found->factor - 1) + found->by : 0;
}

double Swings::rate(std::string_view pattern) const {
    const Sum* found = find(pattern, 0);
    return found ? std::exp2(found->by) / std::max(least_factor, found->factor) : 1;
}

double Swings::moved(std::string_view pattern, double value, int instance) const {
    const Parameter& row = parameter(pattern);
    const Sum* found = find(pattern, instance);
    if (!found)
        return std::clamp(value, row.min, row.max);
    const double times = value * found->factor;
    return std::clamp(row.modulation.octaves ? times * std::exp2(-found->by) : times + found->by, row.min, row.max);
}

OscillatorTarget file_target(const std::string& id) {
    const std::size_t mark = id.find('#');
    const auto beyond = mark == std::string::npos ? std::nullopt : whole_number(std::string_view(id).substr(mark + 1));
    for (const OldTarget& old : old_targets) {
        const Parameter& row = parameter(old.pattern);
        if (old.instance >= 0 && id.substr(0, mark) == id_by_place(row, old.instance) &&
            beyond.has_value() == (mark != std::string::npos))
            return {old.name, beyond.value_or(0)};
        if (const auto place = place_in(row, id); old.instance < 0 && place)
            return {old.name, *place};
    }
    return {id, 0};
}

std::string parameter_of(const OscillatorTarget& target) {
    for (const OldTarget& old : old_targets) {
        if (target.name != old.name)
            continue;
        if (old.instance < 0)
            return id_by_place(parameter(old.pattern), target.index);
        // An index where there is but one moved nothing, and goes on doing so.
        const std::string id = id_by_place(parameter(old.pattern), old.instance);
        return target.index == 0 ? id : fmt::format("{}#{}", id, target.index);
    }
    const Parameter* row = pattern_of(target.name);
    const bool known = (row && row->can_modulate()) || file_target(target.name).name != target.name;
    return known ? target.name : std::string();
}

bool moves_direction(const Oscillator& oscillator) {
    const Parameter* row = pattern_of(oscillator.target);
    return row && row->instances == Instances::directions;
}

void name_directions(Scene& scene) {
    for (Oscillator& each : scene.oscillators) {
        if (const auto which = find_parameter(scene, each.target))
            each.target = id_of(scene, *which);
    }
}

void rearrange_directions(Scene& scene, const std::vector<int>& order) {
    std::vector<std::optional<ParameterRef>> before;
    for (const Oscillator& each : scene.oscillators)
        before.push_back(moves_direction(each) ? find_parameter(scene, each.target) : std::nullopt);
    std::vector<DirectionSlider> sliders;
    for (const int old : order)
        sliders.push_back(scene.directions[static_cast<std::size_t>(old)]);
    scene.directions = std::move(sliders);
    std::vector<Oscillator> kept;
    for (std::size_t i = 0; i < before.size(); ++i) {
        Oscillator& each = scene.oscillators[i];
        if (before[i]) {
            const auto place = std::ranges::find(order, before[i]->instance);
            if (place == order.end())
                continue; // its slider is left out
            each.target = id_of(scene, {before[i]->parameter, static_cast<int>(place - order.begin())});
        }
        kept.push_back(std::move(each));
    }
    scene.oscillators = std::move(kept);
}

} // namespace atelier::studio
