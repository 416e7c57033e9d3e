// SPDX-License-Identifier: Apache-2.0
#include "studio/controls/direction_cache.h"

#include <algorithm>

namespace atelier::studio {
namespace {

constexpr DirectionMethod methods[] = {DirectionMethod::sefa, DirectionMethod::pca};

bool names(const std::vector<DirectionAmount>& amounts, const std::string& method) {
    return std::any_of(amounts.begin(), amounts.end(), [&](const DirectionAmount& d) { return d.method == method; });
}

bool names(const StudioState& state, const std::string& method) {
    const auto& sliders = state.directions;
    const auto& keyframes = state.timeline.curve.keyframes;
    return std::any_of(sliders.begin(), sliders.end(),
                       [&](const DirectionSlider& s) { return s.direction.method == method; }) ||
           std::any_of(keyframes.begin(), keyframes.end(),
                       [&](const Keyframe& keyframe) { return names(keyframe.settings.directions, method); });
}

} // namespace

std::pair<ExplicitRef, float> direction_of(const DirectionSet& set, int index) {
    const auto i = static_cast<std::size_t>(std::max(index, 0));
    if (i >= set.vectors.size())
        return {};
    return {set.vectors[i], i < set.sigma.size() ? set.sigma[i] : 1.0f};
}

bool Directions::tick(RenderService& source, std::uint64_t model, const StudioState& state) {
    if (model != model_) {
        model_ = model;
        known_ = {};
        for (const DirectionMethod method : methods)
            source.cancel_directions(method);
    }
    if (model_ == 0)
        return false;
    bool changed = false;
    for (const DirectionMethod method : methods) {
        Known& known = known_[index(method)];
        if (!known.asked && !known.cancelled && (wanted_[index(method)] || names(state, method_name(method)))) {
            known.asked = true;
            DirectionRequest request;
            request.method = method;
            request.folder = folder_;
            source.request_directions(request);
        }
        wanted_[index(method)] = false;
        if (!known.asked || known.set)
            continue;
        const DirectionState before = known.status.state;
        const std::int64_t done = known.status.done;
        known.status = source.take_directions(method);
        changed |= known.status.state != before || known.status.done != done;
        if (known.status.result)
            known.set = std::move(known.status.result);
        known.status.result.reset();
    }
    return changed;
}

bool Directions::expected(const StudioState& state) const {
    return std::ranges::any_of(methods, [&](DirectionMethod method) {
        const Known& known = known_[index(method)];
        return known.asked && !known.set && known.status.state != DirectionState::failed &&
               names(state, method_name(method));
    });
}

void Directions::cancel(RenderService& source, DirectionMethod method) {
    source.cancel_directions(method);
    known_[index(method)] = {};
    known_[index(method)].cancelled = true;
}

const DirectionSet* Directions::set(DirectionMethod method) const {
    const Known& known = known_[index(method)];
    return known.set ? &*known.set : nullptr;
}

std::pair<ExplicitRef, float> Directions::find(const DirectionAmount& amount) const {
    for (const DirectionMethod method : methods) {
        if (amount.method == method_name(method) && set(method))
            return direction_of(*set(method), amount.index);
    }
    return {};
}

} // namespace atelier::studio
