// SPDX-License-Identifier: Apache-2.0
#include "latent/walk.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "latent/spline.h"

namespace atelier {
namespace {

constexpr double dropped_in_blend = 1e-6;
// A spline's far keyframes fade by 0.27 a step; below this they move no pixel and cost a mapping each.
constexpr double dropped_in_spline = 1e-9;
constexpr double whole_numbers_end = 9007199254740992.0; // 2^53, beyond it a double has no fraction

// Steele, Lea, Flood (2014), "Fast splittable pseudorandom number generators": the SplitMix64 finaliser.
std::uint64_t scramble(std::uint64_t v) {
    v += 0x9e3779b97f4a7c15u;
    v = (v ^ (v >> 30)) * 0xbf58476d1ce4e5b9u;
    v = (v ^ (v >> 27)) * 0x94d049bb133111ebu;
    return v ^ (v >> 31);
}

std::uint32_t hash_seed(std::uint64_t a, std::uint64_t b, std::uint64_t c) {
    return static_cast<std::uint32_t>(scramble(scramble(scramble(a) ^ b) ^ c) >> 32);
}

// Index into the lists of the walk.
std::int64_t keyframe_index(const Walk& walk, std::int64_t k) {
    const auto count = static_cast<std::int64_t>(walk.seeds.size());
    return walk.loop ? ((k % count) + count) % count : std::clamp<std::int64_t>(k, 0, count - 1);
}

void need_number(double value, const char* what) {
    if (!std::isfinite(value) || std::abs(value) >= whole_numbers_end) {
        fail("{} must be a finite number below 2^53, not {}.", what, value);
    }
}

LatentTerm canonical(LatentTerm term) {
    if (term.fixed) {
        term.seed_a = term.seed_b = 0;
        term.t = 0;
    } else if (term.t <= 0) {
        term.seed_b = term.seed_a;
        term.t = 0;
    } else if (term.t >= 1 || term.seed_a == term.seed_b) {
        term.seed_a = term.seed_b;
        term.t = 0;
    }
    return term;
}

void add_term(LatentBlend& out, LatentTerm term, double factor) {
    term = canonical(term);
    term.weight *= factor;
    for (LatentTerm& there : out) {
        if (there.seed_a == term.seed_a && there.seed_b == term.seed_b && there.t == term.t &&
            there.fixed == term.fixed && there.class_index == term.class_index && there.label == term.label) {
            there.weight += term.weight;
            return;
        }
    }
    out.push_back(term);
}

void add_seed(LatentBlend& out, std::uint32_t seed, double weight) {
    add_term(out, {.seed_a = seed, .seed_b = seed}, weight);
}

void drop_small(LatentBlend& terms, double limit) {
    std::erase_if(terms, [limit](const LatentTerm& term) { return std::abs(term.weight) < limit; });
    double sum = 0;
    for (const LatentTerm& term : terms) {
        sum += term.weight;
    }
    if (std::abs(sum) > limit && sum != 1) {
        for (LatentTerm& term : terms) {
            term.weight /= sum;
        }
    }
}

double shaped(Ease ease, double t) {
    return ease == Ease::smooth ? t * t * (3 - 2 * t) : t;
}

void add_keyframe(LatentBlend& out, const Walk& walk, std::int64_t k, double weight) {
    if (const LatentBlend* latent = walk_latent(walk, k)) {
        for (const LatentTerm& term : *latent)
            add_term(out, term, weight);
    } else {
        add_seed(out, walk_keyframe(walk, k), weight);
    }
}

LatentBlend spline_blend(const Walk& walk, std::int64_t k, double t) {
    LatentBlend result;
    if (walk.kind == WalkKind::random) {
        // A walk without an end has no global spline; four neighbours keep it C1.
        const auto weights = catmull_rom(t);
        for (int i = 0; i < 4; ++i) {
            add_seed(result, walk_keyframe(walk, k - 1 + i), weights[static_cast<std::size_t>(i)]);
        }
    } else {
        const auto count = static_cast<int>(walk.seeds.size());
        const auto segment = static_cast<int>(k);
        const auto weights = walk.loop ? closed_spline(count, segment, t) : natural_spline(count, segment, t);
        for (std::size_t i = 0; i < weights.size(); ++i) {
            if (std::abs(weights[i]) >= dropped_in_spline) {
                add_keyframe(result, walk, static_cast<std::int64_t>(i), weights[i]);
            }
        }
    }
    drop_small(result, dropped_in_spline);
    return result;
}

void need_seeds(const Walk& walk) {
    if (walk.kind == WalkKind::seeds && walk.seeds.empty()) {
        fail("A walk needs at least one seed.");
    }
}

} // namespace

int walk_segments(const Walk& walk) {
    need_seeds(walk);
    if (walk.kind == WalkKind::random || walk.seeds.size() < 2) {
        return 0;
    }
    return static_cast<int>(walk.seeds.size()) - (walk.loop ? 0 : 1);
}

std::uint32_t walk_keyframe(const Walk& walk, std::int64_t k) {
    need_seeds(walk);
    if (walk.kind == WalkKind::random) {
        return hash_seed(0x57a1c, walk.random_seed, static_cast<std::uint64_t>(k));
    }
    return walk.seeds[static_cast<std::size_t>(keyframe_index(walk, k))];
}

const LatentBlend* walk_latent(const Walk& walk, std::int64_t k) {
    need_seeds(walk);
    if (walk.kind == WalkKind::random)
        return nullptr;
    const auto at = static_cast<std::size_t>(keyframe_index(walk, k));
    return at < walk.latents.size() && !walk.latents[at].empty() ? &walk.latents[at] : nullptr;
}

LatentBlend walk_at(const Walk& walk, double position) {
    need_seeds(walk);
    need_number(position, "A walk's position");
    if (walk.ease == Ease::cubic && walk.space == Space::z) {
        fail("A cubic walk needs the space w: in z only linear and smooth keep to the sphere.");
    }
    if (walk.kind == WalkKind::seeds) {
        const double segments = walk_segments(walk);
        if (segments == 0) {
            position = 0;
        } else if (walk.loop) {
            position -= std::floor(position / segments) * segments;
            position = position >= segments ? 0 : position;
        } else {
            position = std::clamp(position, 0.0, segments);
        }
    } else {
        position = std::max(position, 0.0);
    }

    const double whole = std::floor(position);
    const auto k = static_cast<std::int64_t>(whole);
    const double t = shaped(walk.ease, position - whole);
    LatentBlend result;
    if (t <= 0 || t >= 1) {
        add_keyframe(result, walk, t <= 0 ? k : k + 1, 1);
        return result;
    }
    if (walk.ease == Ease::cubic) {
        return spline_blend(walk, k, t);
    }
    if (walk_latent(walk, k) || walk_latent(walk, k + 1)) {
        add_keyframe(result, walk, k, 1 - t);
        add_keyframe(result, walk, k + 1, t);
        drop_small(result, dropped_in_blend);
        return result;
    }
    const std::uint32_t a = walk_keyframe(walk, k);
    const std::uint32_t b = walk_keyframe(walk, k + 1);
    if (walk.space == Space::z) {
        add_term(result, {.seed_a = a, .seed_b = b, .t = t, .weight = 1}, 1);
    } else if (a == b) {
        add_seed(result, a, 1); // not (1 - t) + t, which may round beside 1
    } else {
        add_seed(result, a, 1 - t);
        add_seed(result, b, t);
    }
    return result;
}

std::uint32_t explore_seed(std::uint32_t map_seed, std::int64_t x, std::int64_t y) {
    return hash_seed(0xa3d0000000000000u | map_seed, static_cast<std::uint64_t>(x), static_cast<std::uint64_t>(y));
}

LatentBlend explore_at(const Explore& explore) {
    need_number(explore.x, "The seed map's x");
    need_number(explore.y, "The seed map's y");
    if (explore.home.empty()) {
        fail("A seed map needs a home: the picture that its middle shows.");
    }
    const double left = std::floor(explore.x);
    const double top = std::floor(explore.y);
    LatentBlend result;
    for (const int dy : {0, 1}) {
        for (const int dx : {0, 1}) {
            const double fx = explore.x - left;
            const double fy = explore.y - top;
            const double weight = (dx == 1 ? fx : 1 - fx) * (dy == 1 ? fy : 1 - fy);
            const auto x = static_cast<std::int64_t>(left) + dx;
            const auto y = static_cast<std::int64_t>(top) + dy;
            if (weight == 0) {
                continue;
            }
            if (x == 0 && y == 0) {
                for (const LatentTerm& term : explore.home) {
                    add_term(result, term, weight);
                }
            } else {
                add_seed(result, explore_seed(explore.map_seed, x, y), weight);
            }
        }
    }
    drop_small(result, dropped_in_spline);
    return result;
}

LatentBlend blend(const LatentBlend& a, const LatentBlend& b, double t) {
    if (std::isnan(t)) {
        fail("A blend's t must be a number from 0 to 1.");
    }
    t = std::clamp(t, 0.0, 1.0);
    LatentBlend result;
    for (const LatentTerm& term : a) {
        add_term(result, term, 1 - t);
    }
    for (const LatentTerm& term : b) {
        add_term(result, term, t);
    }
    drop_small(result, dropped_in_blend);
    return result;
}

LatentBlend of_class(LatentBlend blend, const PictureSettings& settings) {
    for (LatentTerm& term : blend) {
        if (term.class_index < 0 && !term.label) {
            term.class_index = settings.class_index;
            term.label = settings.label;
        }
    }
    return blend;
}

LatentBlend of_the_pictures_class(LatentBlend blend) {
    for (LatentTerm& term : blend) {
        term.class_index = -1;
        term.label = {};
    }
    return blend;
}

LatentBlend weighted(const std::vector<std::pair<const LatentBlend*, double>>& parts) {
    LatentBlend result;
    for (const auto& [part, factor] : parts) {
        for (const LatentTerm& term : *part) {
            add_term(result, term, factor);
        }
    }
    if (result.empty()) {
        fail("A sum of latents needs at least one.");
    }
    drop_small(result, dropped_in_spline);
    return result;
}

LatentBlend resolve_latent(const RenderParams& params) {
    LatentBlend target = params.explore.on ? explore_at(params.explore) : walk_at(params.walk, params.position);
    if (params.glide_from.empty() || params.glide >= 1) {
        return target;
    }
    return blend(params.glide_from, target, params.glide);
}

} // namespace atelier
