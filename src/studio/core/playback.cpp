// SPDX-License-Identifier: Apache-2.0
// The ways from one picture to another; playback_frames.cpp has the pictures themselves.
#include "studio/core/playback.h"

#include <algorithm>
#include <cmath>

#include "latent/walk.h"
#include "studio/core/settings.h"

namespace atelier::studio {

Playback::Playback(StudioState& state, Settings& settings, Toasts& toasts, OutputNames& names,
                   std::unique_ptr<RenderService> service)
    : state_(state), settings_(settings), toasts_(toasts), names_(names), service_(std::move(service)) {}

Playback::~Playback() = default;

std::uint32_t Playback::random_seed() {
    // Small enough to be read aloud and typed again.
    return std::uniform_int_distribution<std::uint32_t>(0, 99999)(random_);
}

void Playback::set_class(int index) {
    set_class(std::clamp(index, 0, std::max(0, model() ? model()->c_dim - 1 : 0)), {});
}

// What comes from elsewhere may be of another model.
void Playback::fit_class() {
    WalkState& walk = state_.walk;
    const int c_dim = model() ? model()->c_dim : 0;
    walk.class_index = std::clamp(walk.class_index, 0, std::max(0, c_dim - 1));
    if (walk.label && walk.label->values.size() != static_cast<std::size_t>(c_dim))
        walk.label = {};
}

void Playback::set_class(int index, ExplicitRef label) {
    WalkState& walk = state_.walk;
    if (walk.class_index == index && walk.label == label)
        return;
    if (!state_.timeline.on)
        animator_.glide(params(), settings_.glide_seconds, true);
    walk.class_index = index;
    walk.label = std::move(label);
}

PlayContext Playback::context() const {
    const bool half = precision_ == Precision::bf16 || precision_ == Precision::fp16;
    const bool can = !half || (status_.info && status_.info->half == precision_); // a session may come from elsewhere
    return {status_.playing, num_ws(), direction, can ? precision_ : Precision::model, model() ? model()->c_dim : -1};
}

RenderParams Playback::params() const {
    return make_params(state_, animator_.values(), context());
}

RenderSettings Playback::render_settings_now() const {
    return make_render_settings(state_, animator_.values(), num_ws());
}

std::optional<std::uint32_t> Playback::seed_now() const {
    if (state_.latent_override.kind == LatentOverride::seed)
        return state_.latent_override.seed;
    if (state_.latent_override.kind == LatentOverride::explore)
        return std::nullopt;
    const RenderParams now = params();
    const auto nearest = static_cast<std::int64_t>(std::llround(now.position));
    if (walk_latent(now.walk, nearest))
        return std::nullopt;
    return walk_keyframe(now.walk, nearest);
}

void Playback::glide_from_here() {
    if (state_.timeline.on) { // what the panels say differs in more than the latent
        leave_timeline(true);
        return;
    }
    animator_.glide(params(), settings_.glide_seconds);
}

void Playback::morph_from_here() {
    animator_.morph(state_, render_settings_now(), settings_.glide_seconds);
}

void Playback::leave_timeline(bool with_its_look) {
    if (!state_.timeline.on)
        return;
    if (!state_.timeline.curve.keyframes.empty()) {
        const RenderSettings before = render_settings_now();
        if (with_its_look)
            adopt_look();
        state_.timeline.on = state_.timeline.playing = false;
        state_.timeline.touched.clear();
        animator_.morph(state_, before, settings_.glide_seconds);
    }
    state_.timeline.on = state_.timeline.playing = false;
    state_.timeline.touched.clear();
}

void Playback::softly(const std::function<void()>& change) {
    const RenderSettings before = render_settings_now();
    change();
    animator_.morph(state_, before, settings_.glide_seconds);
}

void Playback::morph_to(StudioState after, double position) {
    const double seconds = morph_length(after);
    morph_to(std::move(after), position, seconds);
}

void Playback::morph_to(StudioState after, double position, double seconds) {
    const RenderSettings before = render_settings_now();
    state_ = std::move(after);
    animator_.morph(state_, before, seconds);
    animator_.set_position(position);
}

void Playback::go_to_seed(std::uint32_t seed) {
    glide_from_here();
    state_.walk.playing = false;
    state_.latent_override = {LatentOverride::seed, seed, {}};
}

void Playback::go_to_latent(const LatentBlend& latent) {
    glide_from_here();
    state_.walk.playing = false;
    Explore explore;
    explore.on = true;
    explore.home = latent;
    explore.map_seed = random_seed();
    state_.latent_override = {LatentOverride::explore, 0, explore};
}

void Playback::go_to_settings(const RenderSettings& settings, double seconds) {
    const RenderSettings before = render_settings_now();
    state_ = with_settings(std::move(state_), settings, num_ws());
    fit_class();
    animator_.morph(state_, before, seconds);
}

void Playback::go_to_recipe(const Recipe& recipe, double seconds) {
    const bool random = recipe.settings.noise == NoiseMode::random;
    go_to_settings(recipe.settings, random ? 0 : seconds);
    precision_ = recipe.precision;
    if (!random)
        return;
    AnimatedValues values = animator_.values();
    values.noise_seed = recipe.noise_seed - 1; // the next step counts it up
    animator_.set_values(std::move(values));
}

} // namespace atelier::studio
