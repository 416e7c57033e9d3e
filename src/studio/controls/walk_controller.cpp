// SPDX-License-Identifier: Apache-2.0
// The verbs of latents: the walk and its seeds, wandering, the seed map, stars.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "latent/walk.h"
#include "studio/studio.h"

namespace atelier::studio {

std::uint32_t Studio::random_seed() {
    // Small enough to be read aloud and typed again.
    return std::uniform_int_distribution<std::uint32_t>(0, 99999)(random_);
}

void Studio::toggle_play() {
    if (state.timeline.on) {
        timeline_editor.toggle_play();
        return;
    }
    if (state.latent_override.kind != LatentOverride::none) {
        return_to_walk();
        state.walk.playing = true;
    } else {
        state.walk.playing = !state.walk.playing;
    }
    if (!state.walk.playing || state.walk.kind == WalkKind::random)
        return;
    if (state.walk.seeds.size() < 2) {
        state.walk.playing = false;
        toasts.add(ToastKind::note, "The loop has a single seed", "Add another one with +, or choose Endless.");
    } else if (!state.walk.loop && animator_.values().position >= static_cast<double>(state.walk.seeds.size() - 1)) {
        go_to_position(0);
    }
}

void Studio::new_random_seed() {
    if (state.walk.kind == WalkKind::random && state.walk.playing &&
        state.latent_override.kind == LatentOverride::none) {
        glide_from_here(); // the walk goes on, elsewhere
        state.walk.random_seed = random_seed();
        animator_.set_position(0);
        return;
    }
    go_to_seed(random_seed());
}

void Studio::go_to_seed(std::uint32_t seed) {
    glide_from_here();
    state.walk.playing = false;
    state.latent_override = {LatentOverride::seed, seed, {}};
}

void Studio::go_to_position(double position) {
    glide_from_here();
    state.latent_override = {};
    animator_.set_position(position);
}

void Studio::return_to_walk() {
    if (state.latent_override.kind == LatentOverride::none)
        return;
    glide_from_here();
    state.latent_override = {};
}

std::optional<std::uint32_t> Studio::seed_now() const {
    if (state.latent_override.kind == LatentOverride::seed)
        return state.latent_override.seed;
    if (state.latent_override.kind == LatentOverride::explore)
        return std::nullopt;
    const RenderParams now = params();
    return walk_keyframe(now.walk, static_cast<std::int64_t>(std::llround(now.position)));
}

void Studio::add_seed(std::uint32_t seed) {
    const double count = static_cast<double>(state.walk.seeds.size());
    if (state.walk.kind == WalkKind::seeds && state.latent_override.kind == LatentOverride::none &&
        animator_.values().position > count - 1) {
        glide_from_here(); // between last and first: there is a new last now
    }
    state.walk.seeds.push_back(seed);
    if (state.walk.kind == WalkKind::random) {
        toasts.add(ToastKind::note, fmt::format("Seed {} is kept", seed),
                   fmt::format("The seeds' loop has {} now.", state.walk.seeds.size()));
    }
}

void Studio::remove_seed(std::size_t index) {
    auto& seeds = state.walk.seeds;
    if (seeds.size() < 2 || index >= seeds.size())
        return;
    glide_from_here();
    seeds.erase(seeds.begin() + static_cast<std::ptrdiff_t>(index));
    const double position = animator_.values().position;
    const auto at = static_cast<double>(index);
    if (position > at)
        animator_.set_position(std::max(at, position - 1));
    animator_.set_position(std::min(animator_.values().position, static_cast<double>(seeds.size())));
}

void Studio::move_seed(std::size_t from, std::size_t to) {
    auto& seeds = state.walk.seeds;
    if (from >= seeds.size() || to >= seeds.size() || from == to)
        return;
    glide_from_here();
    const std::uint32_t seed = seeds[from];
    seeds.erase(seeds.begin() + static_cast<std::ptrdiff_t>(from));
    seeds.insert(seeds.begin() + static_cast<std::ptrdiff_t>(to), seed);
}

void Studio::replace_seed(std::size_t index, std::uint32_t seed) {
    if (index >= state.walk.seeds.size() || state.walk.seeds[index] == seed)
        return;
    glide_from_here();
    state.walk.seeds[index] = seed;
}

void Studio::set_kind(WalkKind kind) {
    if (kind == state.walk.kind)
        return;
    glide_from_here();
    state.walk.kind = kind;
    animator_.set_position(0);
    if (kind == WalkKind::seeds && state.walk.seeds.size() < 2)
        state.walk.playing = false;
}

void Studio::set_space(Space space) {
    if (space == state.walk.space)
        return;
    glide_from_here();
    state.walk.space = space;
}

void Studio::set_ease(Ease ease) {
    if (ease == state.walk.ease)
        return;
    glide_from_here();
    state.walk.ease = ease;
}

void Studio::set_loop(bool loop) {
    if (loop == state.walk.loop)
        return;
    glide_from_here();
    state.walk.loop = loop;
    if (!loop) {
        const auto last = static_cast<double>(state.walk.seeds.size() - 1);
        animator_.set_position(std::min(animator_.values().position, last));
    }
}

void Studio::set_class(int index) {
    state.walk.class_index = std::clamp(index, 0, std::max(0, model() ? model()->c_dim - 1 : 0));
}

void Studio::change_speed(double factor) {
    state.walk.seconds_per_step = std::clamp(state.walk.seconds_per_step / factor, 0.2, 60.0);
}

void Studio::explore_begin() {
    if (state.latent_override.kind == LatentOverride::explore)
        return;
    Explore explore;
    explore.on = true;
    explore.home = render_settings_now().latent;
    explore.map_seed = random_seed();
    if (state.timeline.on) {
        timeline_editor.leave();
    } else {
        animator_.glide({}, 0); // the glide so far is part of home
    }
    state.latent_override = {LatentOverride::explore, 0, explore};
}

void Studio::explore_by(double dx, double dy) {
    if (state.latent_override.kind != LatentOverride::explore)
        return;
    state.latent_override.explore.x += dx;
    state.latent_override.explore.y += dy;
}

void Studio::go_to_latent(const LatentBlend& latent) {
    glide_from_here();
    state.walk.playing = false;
    Explore explore;
    explore.on = true;
    explore.home = latent;
    explore.map_seed = random_seed();
    state.latent_override = {LatentOverride::explore, 0, explore};
}

void Studio::star(const LatentBlend& latent, const std::string& name) {
    state.stars.push_back({state.next_id++, name, latent, state.walk.class_index});
    settings.folds["STARRED"] = true;
    toasts.add(ToastKind::good, name + " is starred");
}

void Studio::star_now() {
    const std::optional<std::uint32_t> seed = state.timeline.on ? std::nullopt : seed_now();
    const LatentBlend latent = render_settings_now().latent;
    const bool exact = seed && latent.size() == 1 && latent[0].seed_a == *seed && latent[0].t == 0;
    star(latent, exact ? fmt::format("Seed {}", *seed) : fmt::format("Latent {}", state.next_id));
}

void Studio::new_map() {
    map = {};
    map.place.on = true;
    map.place.home = render_settings_now().latent;
    map.place.map_seed = random_seed();
}

void Studio::toggle_map() {
    if (training.middle == CentreView::map) {
        training.middle = CentreView::picture;
        return;
    }
    training.middle = CentreView::map;
    if (state.latent_override.kind == LatentOverride::explore &&
        !state.timeline.on) { // the one that the hand wanders on
        map.place = state.latent_override.explore;
        map.x = state.latent_override.explore.x;
        map.y = state.latent_override.explore.y;
    } else {
        new_map();
    }
}

void Studio::go_to_node(double x, double y) {
    glide_from_here();
    state.walk.playing = false;
    state.latent_override = {LatentOverride::explore, 0, map.place};
    state.latent_override.explore.x = x;
    state.latent_override.explore.y = y;
}

void Studio::pick_seed(std::uint32_t now, std::function<void(std::uint32_t)> then) {
    picker_seed = now;
    picked = std::move(then);
    picked_latent = nullptr;
    picker_latent.clear();
    dialog = Dialog::pick_seed;
}

void Studio::pick_source(std::uint32_t now, const LatentBlend& latent,
                         std::function<void(std::uint32_t, const LatentBlend&)> then) {
    pick_seed(now, [then](std::uint32_t seed) { then(seed, {}); });
    picked_latent = [then, now](const LatentBlend& source) { then(now, source); };
    picker_latent = latent;
}

} // namespace atelier::studio
