// SPDX-License-Identifier: Apache-2.0
// The fields of the studio's state under the names they have in files: sessions, performance logs, recipes. Included
// by what reads, writes or tests them; each function visits one type with a visitor of json_archive.h.
#pragma once

#include <algorithm>
#include <functional>
#include <type_traits>

#include "studio/state/animation.h"
#include "studio/state/json_archive.h"
#include "studio/state/names.h"
#include "studio/state/oscillators.h"
#include "studio/state/parameters.h"
#include "studio/state/state.h"

namespace atelier::studio {

inline constexpr std::size_t most_terms = 4096; // of a blend
inline constexpr std::size_t most_items = 10000;

// A parameter's number. Only its range can be set, but files of before may hold more, up to least..most: that is read
// as the nearest value of the range.
template <class V, class T> void ranged(V& v, const char* name, T& value, const char* id, double least, double most) {
    if constexpr (std::is_integral_v<T>) {
        v.whole(name, value, static_cast<int>(least), static_cast<int>(most));
    } else {
        v.number(name, value, least, most);
    }
    if constexpr (V::reading) {
        const Parameter& row = parameter(id);
        const double inside = std::clamp<double>(value, row.min, row.max);
        if constexpr (requires { v.note(std::string()); }) {
            if (inside != value)
                v.note(fmt::format("{} is {}; it is taken as {}, since {} goes from {} to {}.", name, value, inside, id,
                                   row.min, row.max));
        }
        value = static_cast<T>(inside);
    }
}
// The same where no file may hold more.
template <class V, class T> void ranged(V& v, const char* name, T& value, const char* id) {
    if constexpr (V::reading) {
        const Parameter& row = parameter(id);
        ranged(v, name, value, id, row.min, row.max);
    } else { // writers ask for no range, and the logs walk all fields once a turn
        ranged(v, name, value, id, 0, 0);
    }
}

template <class V> void fields(V& v, ExplicitLatent& s) {
    v.choice("space", s.space, space_names);
    v.whole("layers", s.layers, 1, max_layers);
    v.floats("values", s.values, 1 << 16);
}

template <class V> void fields(V& v, LatentTerm& s) {
    v.count("a", s.seed_a);
    v.count("b", s.seed_b);
    v.number("t", s.t, 0, 1);
    v.number("weight", s.weight, -1e6, 1e6);
    v.shared("fixed", s.fixed.latent, [](auto& in, ExplicitLatent& value) { fields(in, value); });
    v.whole("class_index", s.class_index, -1, 1 << 20);
    v.shared("label", s.label.latent, [](auto& in, ExplicitLatent& value) { fields(in, value); });
}

template <class V> void latent_field(V& v, const char* name, LatentBlend& blend, std::size_t least = 0) {
    v.list(name, blend, least, most_terms, [](auto& in, LatentTerm& term) { fields(in, term); });
}

template <class V> void fields(V& v, WalkState& s) {
    v.flag("playing", s.playing);
    ranged(v, "seconds_per_step", s.seconds_per_step, "walk.speed", 0.05, 3600);
    v.choice("kind", s.kind, kind_names);
    v.choice("space", s.space, space_names);
    v.choice("ease", s.ease, ease_names);
    v.flag("loop", s.loop);
    v.counts("seeds", s.seeds, 1, most_items);
    v.list("latents", s.latents, 0, most_items, [](auto& in, LatentBlend& blend) { latent_field(in, "terms", blend); });
    v.count("random_seed", s.random_seed);
    ranged(v, "class_index", s.class_index, "walk.class");
    v.shared("label", s.label.latent, [](auto& in, ExplicitLatent& value) { fields(in, value); });
}

template <class V> void fields(V& v, Explore& s) {
    v.flag("on", s.on);
    latent_field(v, "home", s.home);
    v.number("x", s.x, -1e9, 1e9);
    v.number("y", s.y, -1e9, 1e9);
    v.count("map_seed", s.map_seed);
}

template <class V> void fields(V& v, SeedMap& s) {
    v.object("place", s.place, [](auto& in, Explore& value) { fields(in, value); });
    v.number("x", s.x, -1e9, 1e9);
    v.number("y", s.y, -1e9, 1e9);
    if constexpr (V::reading) {
        if (s.place.home.empty()) {
            fail("{}: a seed map needs a home.", v.where());
        }
    }
}

template <class V> void fields(V& v, LatentOverrideState& s) {
    v.choice("kind", s.kind, override_names);
    v.count("seed", s.seed);
    v.object("wander", s.explore, [](auto& in, Explore& value) { fields(in, value); });
    if constexpr (V::reading) {
        if (s.kind == LatentOverride::explore && s.explore.home.empty()) {
            fail("{}: a wander map needs a home.", v.where());
        }
    }
}

template <class V> void fields(V& v, TruncationState& s) {
    ranged(v, "psi", s.psi, "truncation.psi", -5, 5);
    ranged(v, "cutoff", s.cutoff, "truncation.cutoff", -1, 64);
}

template <class V> void fields(V& v, MixGroup& s) {
    v.flag("on", s.on);
    v.count("seed", s.seed);
    ranged(v, "weight", s.weight, "mix.*.weight");
    latent_field(v, "source", s.source);
}

template <class V> void fields(V& v, MixLayer& s) {
    v.flag("own", s.own);
    v.count("seed", s.seed);
    ranged(v, "weight", s.weight, "mix.layer.*.weight");
    latent_field(v, "source", s.source);
}

template <class V> void fields(V& v, MixState& s) {
    v.list("groups", s.groups, 0, mix_groups, [](auto& in, MixGroup& value) { fields(in, value); });
    v.list("layers", s.layers, 0, max_layers, [](auto& in, MixLayer& value) { fields(in, value); });
}

template <class V> void fields(V& v, NoiseState& s) {
    v.choice("mode", s.mode, noise_names);
    ranged(v, "strength", s.strength, "noise.strength", 0, 10);
}

template <class V> void fields(V& v, DirectionAmount& s) {
    v.text("method", s.method);
    v.whole("index", s.index, 0, 4095);
    v.number("amount", s.amount, -1000, 1000);
    v.whole("first", s.first, 0, max_layers);
    v.whole("last", s.last, 0, max_layers);
}

template <class V> void fields(V& v, DirectionSlider& s) {
    v.text("name", s.name);
    fields(v, s.direction);
    if constexpr (V::reading)
        s.direction.amount = std::clamp(s.direction.amount, -max_amount, max_amount);
}

template <class V> void fields(V& v, Oscillator& s) {
    if constexpr (requires { typename V::InPlace; }) {
        v.target(s.target);
    } else {
        OscillatorTarget target = file_target(s.target);
        v.text("target", target.name);
        v.whole("index", target.index, 0, 4095);
        if constexpr (V::reading) {
            s.target = parameter_of(target);
            if (s.target.empty())
                fail("{}: target must be a parameter that oscillates, as atelier parameters lists them.", v.where());
        }
    }
    v.flag("on", s.on);
    v.choice("wave", s.wave, wave_names);
    v.flag("in_beats", s.in_beats);
    v.number("period", s.period, 0.05, 600);
    v.number("depth", s.depth, 0, 180);
    v.number("phase", s.phase, 0, 1);
}

// What the table says where the scene has it needs no line here.
template <class V> void controls(V& v, Scene& s) {
    for (const FieldOfScene& each : fields_of_scene()) {
        const Parameter& row = *each.which.parameter;
        const auto visit = [&](auto* value) {
            using Value = std::decay_t<decltype(*value)>;
            if constexpr (std::is_same_v<Value, bool>) {
                v.flag(each.id.c_str(), *value);
            } else if constexpr (std::is_enum_v<Value>) {
                v.choice(each.id.c_str(), *value, row.names);
            } else {
                v.number(each.id.c_str(), *value, row.min, row.max);
            }
        };
        std::visit(visit, row.field(s, each.which.instance));
    }
}

template <class V> void fields(V& v, Scene& s) {
    const auto part = [](auto& in, auto& value) { fields(in, value); };
    v.object("walk", s.walk, part);
    v.object("detour", s.latent_override, part);
    v.object("truncation", s.truncation, part);
    v.object("mix", s.mix, part);
    v.object("noise", s.noise, part);
    v.list("directions", s.directions, 0, 200, part);
    v.list("oscillators", s.oscillators, 0, 200, part);
    v.object("controls", s, [](auto& in, auto& scene) { controls(in, scene); });
}

template <class V> void fields(V& v, LayerMix& s) {
    v.number("weight", s.weight, 0, 1);
    v.count("seed", s.seed);
    latent_field(v, "source", s.source);
}

template <class V> void fields(V& v, RenderSettings& s) {
    const auto part = [](auto& in, auto& value) { fields(in, value); };
    latent_field(v, "latent", s.latent, 1);
    v.number("psi", s.psi, -5, 5);
    v.whole("cutoff", s.cutoff, -1, 64);
    v.floats("layer_psi", s.layer_psi, 64);
    v.list("mix", s.mix, 0, 64, part);
    v.list("directions", s.directions, 0, 1000, part);
    v.choice("noise", s.noise, noise_names);
    v.number("noise_strength", s.noise_strength, 0, 10);
    v.floats("layer_noise", s.layer_noise, 64);
    v.whole("class_index", s.class_index, 0, 1 << 20);
    v.shared("label", s.label.latent, [](auto& in, ExplicitLatent& value) { fields(in, value); });
}

template <class V> void fields(V& v, Keyframe& s) {
    v.count("id", s.id);
    v.number("seconds", s.seconds, 0, 1e6);
    v.choice("ease", s.ease, easing_names);
    v.object("look", s.settings, [](auto& in, RenderSettings& value) { fields(in, value); });
}

template <class V> void fields(V& v, AutomationLane& s) {
    v.text("parameter", s.parameter);
    v.list("points", s.points, 1, 100000, [](auto& in, LanePoint& value) {
        in.number("at", value.at, 0, 1e6);
        in.number("value", value.value, -1000, 1000);
    });
    if constexpr (V::reading) {
        if (std::ranges::adjacent_find(s.points, std::ranges::greater_equal(), &LanePoint::at) != s.points.end())
            fail("{}: a lane's points must stand in the order of their times, no two at the same.", v.where());
    }
}

template <class V> void fields(V& v, TimelineState& s) {
    v.list("moments", s.curve.keyframes, 0, most_items, [](auto& in, Keyframe& value) { fields(in, value); });
    v.flag("loop", s.curve.loop);
    v.number("loop_seconds", s.curve.loop_seconds, 0.01, 1e6);
    v.flag("on", s.on);
    v.flag("playing", s.playing);
    v.flag("in_beats", s.in_beats);
    v.number("snap", s.snap, 0, 60);
    v.list("touched", s.touched, 0, 1000, [](auto& in, std::string& lane) { in.text("lane", lane); });
    v.list("lanes", s.lanes, 0, 300, [](auto& in, AutomationLane& value) { fields(in, value); });
    if constexpr (V::reading) {
        double before = -1;
        for (const Keyframe& keyframe : s.curve.keyframes) {
            if (keyframe.seconds <= before) {
                fail("{}: moments must stand in the order of their seconds, no two at the same time.", v.where());
            }
            before = keyframe.seconds;
        }
        s.on = s.on && !s.curve.keyframes.empty();
    }
}

template <class V> void fields(V& v, Star& s) {
    v.count("id", s.id);
    v.text("name", s.name);
    latent_field(v, "latent", s.latent, 1);
    v.whole("class_index", s.class_index, 0, 1 << 20);
}

template <class V> void fields(V& v, Preset& s) {
    v.flag("used", s.used);
    v.text("name", s.name);
    v.object("scene", s.scene, [](auto& in, Scene& value) { fields(in, value); });
    v.number("position", s.position, 0, 1e15);
}

template <class V> void fields(V& v, ViewState& s) {
    ranged(v, "zoom", s.zoom, "view.zoom", 0.01, 1000);
    ranged(v, "pan_x", s.pan_x, "view.pan_x", -1000, 1000);
    ranged(v, "pan_y", s.pan_y, "view.pan_y", -1000, 1000);
    v.flag("pixels", s.pixels);
    v.flag("blackout", s.blackout);
    ranged(v, "master", s.master, "view.master");
    v.flag("frozen", s.frozen);
    v.flag("ui_hidden", s.ui_hidden);
    v.flag("fullscreen", s.fullscreen);
    v.choice("compare", s.compare, compare_names);
    ranged(v, "wipe", s.wipe, "view.wipe");
}

template <class V> void fields(V& v, Modulated& s) {
    v.text("parameter", s.parameter);
    v.number("add", s.add, -1e9, 1e9);
    v.number("factor", s.factor, -1e9, 1e9);
}

// What makes the picture, and so is in a performance log; with what the log says of the view.
template <class V> void performed_fields(V& v, StudioState& s) {
    fields(v, static_cast<Scene&>(s));
    v.object("timeline", s.timeline, [](auto& in, TimelineState& value) { fields(in, value); });
    ranged(v, "bpm", s.bpm, "performance.tempo");
    ranged(v, "fade_seconds", s.fade_seconds, "performance.fade");
    v.list("modulated", s.modulated, 0, 1000, [](auto& in, Modulated& value) { fields(in, value); });
}

template <class V> void fields(V& v, Cue& s) {
    v.text("name", s.name);
    v.choice("kind", s.kind, cue_names);
    v.whole("preset", s.preset, 0, static_cast<int>(preset_slots) - 1);
    v.number("from", s.from, 0, 1e6);
    v.number("to", s.to, 0, 1e6);
    v.number("fade", s.fade, 0, 60);
    v.number("after", s.after, 0, 3600);
    v.flag("in_beats", s.in_beats);
}

template <class V> void fields(V& v, StudioState& s) {
    const auto part = [](auto& in, auto& value) { fields(in, value); };
    performed_fields(v, s);
    v.list("stars", s.stars, 0, most_items, part);
    v.list("presets", s.presets, 0, preset_slots, part);
    ranged(v, "morph_seconds", s.morph_seconds, "performance.morph");
    v.flag("morph_in_beats", s.morph_in_beats);
    v.flag("preset_seeds", s.preset_seeds);
    v.whole("beats_per_bar", s.beats_per_bar, 1, most_beats_per_bar);
    v.whole("bars_per_phrase", s.bars_per_phrase, 1, most_bars_per_phrase);
    v.list("cues", s.cues, 0, most_cues, part);
    v.count("next_id", s.next_id);
    v.object("view", s.view, part);
}

template <class V> void fields(V& v, PictureLook& s) {
    v.number("brightness", s.brightness, -1, 1);
    v.number("contrast", s.contrast, 0, 2);
    v.number("saturation", s.saturation, 0, 2);
    v.number("hue", s.hue, -180, 180);
}

template <class V> void fields(V& v, AnimatedValues& s) {
    const auto part = [](auto& in, auto& value) { fields(in, value); };
    v.number("position", s.position, 0, 1e15);
    latent_field(v, "glide_from", s.glide_from);
    v.number("glide", s.glide, 0, 1);
    v.flag("morphing", s.morphing);
    v.object("morph_from", s.morph_from, part);
    v.number("glide_elapsed", s.glide_elapsed, 0, 1e6);
    v.number("glide_length", s.glide_length, 0, 1e6);
    v.number("psi", s.psi, -5, 5);
    v.list("mix", s.mix, 0, max_layers, part);
    v.list("exchanging", s.exchanging, 0, max_layers, [](auto& in, bool& value) { in.flag("on", value); });
    v.number("noise_strength", s.noise_strength, 0, 10);
    v.count("noise_seed", s.noise_seed);
    v.list("directions", s.directions, 0, 200, [](auto& in, float& value) { in.number("amount", value, -1000, 1000); });
    v.list("smoothed", s.smoothed, 0, 1000, [](auto& in, SmoothedValue& value) {
        in.text("of", value.of);
        in.number("value", value.value, -1e9, 1e9);
    });
    v.object("look_from", s.look_from, part);
    v.number("noise_part", s.noise_part, 0, 1);
    v.count("noise_steps", s.noise_steps);
    v.number("clock", s.clock, 0, 1e9);
    v.number("beat", s.beat, 0, 1e9);
    v.number("timeline_seconds", s.timeline_seconds, 0, 1e9);
    v.number("dark", s.dark, 0, 1);
}

} // namespace atelier::studio
