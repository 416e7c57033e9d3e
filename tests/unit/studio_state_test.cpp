// SPDX-License-Identifier: Apache-2.0
// The state as JSON and back over every field; undo over random edits.
#include <malloc.h>

#include <set>

#include <gtest/gtest.h>

#include "state_scrambler.h"
#include "studio/state/serialization.h"
#include "studio/state/undo.h"
#include "support/heavy_state.h"

namespace {

using namespace atelier;
using namespace atelier::studio;
using nlohmann::json;

TEST(StateCodec, EveryFieldComesBack) {
    for (std::uint32_t seed = 0; seed < 200; ++seed) {
        const auto state = scrambled<StudioState>(seed);
        StudioState back;
        state_from_json(json::parse(state_to_json(state).dump()), "test", back);
        ASSERT_EQ(back, state) << seed;
        const auto animated = scrambled<AnimatedValues>(seed);
        AnimatedValues animated_back;
        animated_from_json(json::parse(animated_to_json(animated).dump()), "test", animated_back);
        ASSERT_EQ(animated_back, animated) << seed;
    }
}

// The round trip alone would not see a field that the list lacks: each part must be reached by it.
TEST(StateCodec, TheListReachesEveryPart) {
    const StudioState standard;
    std::set<std::string> reached;
    const auto note = [&reached](const char* name, bool differs) {
        if (differs) {
            reached.insert(name);
        }
    };
    for (std::uint32_t seed = 0; seed < 50; ++seed) {
        const auto state = scrambled<StudioState>(seed);
        note("walk", state.walk != standard.walk);
        note("detour", state.latent_override != standard.latent_override);
        note("truncation", state.truncation != standard.truncation);
        note("groups", state.mix.groups != standard.mix.groups);
        note("layers", state.mix.layers != standard.mix.layers);
        note("noise", state.noise != standard.noise);
        note("directions", state.directions != standard.directions);
        note("oscillators", state.oscillators != standard.oscillators);
        note("timeline", state.timeline != standard.timeline);
        note("moments", state.timeline.curve.keyframes != standard.timeline.curve.keyframes);
        note("stars", state.stars != standard.stars);
        note("presets", state.presets != standard.presets);
        note("bpm", state.bpm != standard.bpm);
        note("morph_seconds", state.morph_seconds != standard.morph_seconds);
        note("next_id", state.next_id != standard.next_id);
        note("view", state.view != standard.view);
    }
    EXPECT_EQ(reached.size(), 16U);
}

std::string refusal(const char* text) {
    StudioState state;
    const StudioState before = state;
    try {
        state_from_json(json::parse(text), "show.json", state);
    } catch (const Error& error) {
        EXPECT_EQ(state, before) << "a refused file must change nothing";
        return error.what();
    }
    return "";
}

TEST(StateCodec, RefusalsNameTheField) {
    EXPECT_EQ(refusal(R"({"truncation": {"psi": 7}})"), "show.json, truncation: psi must be a number from -5 to 5.");
    EXPECT_EQ(refusal(R"({"walk": {"loop": 1}})"), "show.json, walk: loop must be true or false.");
    EXPECT_EQ(refusal(R"({"walk": {"kind": "far"}})"), "show.json, walk: kind must be one of seeds random.");
    EXPECT_EQ(refusal(R"({"walk": {"seeds": []}})"),
              "show.json, walk: seeds must be a list of 1 to 10000 whole numbers from 0 to 4294967295.");
    EXPECT_EQ(refusal(R"({"bpm": 90, "stars": [{"latent": []}]})"),
              "show.json, stars 1: latent must be a list of 1 to 4096 entries.");
    EXPECT_EQ(refusal(R"({"mix": 3})"), "show.json, mix must be an object in braces.");
    EXPECT_NE(refusal(R"({"timeline": {"moments": [{"seconds": 2}, {"seconds": 1}]}})"), "");
    EXPECT_EQ(refusal(R"({"something": "newer"})"), "");
}

// A random edit of one part.
StudioState edited(StudioState state, std::uint32_t seed) {
    Scrambler any(seed);
    switch (any.below(6)) {
    case 0: any.number("", state.truncation.psi, -1, 2); break;
    case 1: fields(any, state.mix); break;
    case 2: fields(any, state.timeline); break;
    case 3: state.walk.seeds.push_back(seed); break;
    case 4: state.stars.push_back({seed, "star", {LatentTerm{}}, 0}); break;
    default: fields(any, state.noise); break;
    }
    return state;
}

StudioState document(StudioState state) {
    state.view = {};
    state.walk.playing = false;
    state.timeline.playing = state.timeline.on = false;
    state.next_id = 1;
    state.modulated.clear();
    return state;
}

TEST(Undo, AllTheWayBackAndForth) {
    for (std::uint32_t seed = 0; seed < 30; ++seed) {
        Scrambler any(seed + 500);
        StudioState now = scrambled<StudioState>(seed);
        const StudioState start = now;
        Undo undo;
        undo.reset(now);
        std::vector<StudioState> steps{start};
        for (std::uint32_t i = 0; i < 40; ++i) {
            const int ticks = 1 + any.below(4); // of a drag
            for (int t = 0; t < ticks; ++t) {
                now = edited(now, seed * 1000 + i * 10 + static_cast<std::uint32_t>(t));
                undo.follow(now, t + 1 < ticks);
            }
            if (document(now) != document(steps.back())) {
                steps.push_back(now);
            }
            if (any.below(5) == 0) { // a look round is no edit
                now.view.zoom += 1;
                now.walk.playing = !now.walk.playing;
                undo.follow(now, false);
            }
        }
        const StudioState end = now;
        for (std::size_t i = steps.size() - 1; i-- > 0;) {
            auto back = undo.undo(now);
            ASSERT_TRUE(back) << i;
            now = *back;
            undo.follow(now, false);
            ASSERT_EQ(document(now), document(steps[i])) << "seed " << seed << " step " << i;
            ASSERT_EQ(now.view, end.view) << "the view stays";
        }
        EXPECT_FALSE(undo.undo(now));
        EXPECT_EQ(document(now), document(start));
        while (auto ahead = undo.redo(now)) {
            now = *ahead;
            undo.follow(now, false);
        }
        EXPECT_EQ(document(now), document(end));
    }
}

TEST(Undo, ANewEditForgetsWhatLayAhead) {
    StudioState now;
    Undo undo;
    undo.reset(now);
    for (const double psi : {0.1, 0.2, 0.3}) {
        now.truncation.psi = psi;
        undo.follow(now, false);
    }
    now = *undo.undo(now);
    EXPECT_EQ(now.truncation.psi, 0.2);
    EXPECT_TRUE(undo.can_redo());
    now.truncation.psi = 0.9;
    undo.follow(now, false);
    EXPECT_FALSE(undo.can_redo());
    now = *undo.undo(now);
    EXPECT_EQ(now.truncation.psi, 0.2);
}

TEST(Undo, ADragIsOneStepAlsoWhenUndoneInItsMiddle) {
    StudioState now;
    Undo undo;
    undo.reset(now);
    for (int i = 0; i < 20; ++i) {
        now.truncation.psi = 0.01 * i;
        undo.follow(now, true);
    }
    now = *undo.undo(now);
    EXPECT_EQ(now.truncation.psi, default_psi);
    EXPECT_FALSE(undo.can_undo());
    now = *undo.redo(now);
    EXPECT_EQ(now.truncation.psi, 0.01 * 19);
}

TEST(Snapshot, EveryFieldComesBack) {
    for (std::uint32_t seed = 0; seed < 100; ++seed) {
        const auto state = scrambled<StudioState>(seed), other = scrambled<StudioState>(seed + 1000);
        const StateSnapshot alone(state), another(other);
        const StateSnapshot beside(state, &another), again(state, &beside);
        for (const StateSnapshot* each : {&alone, &beside, &again}) {
            ASSERT_EQ(each->state(state), state) << seed;
            ASSERT_TRUE(each->holds(state)) << seed;
            ASSERT_FALSE(each->holds(other)) << seed;
            ASSERT_EQ(*each, alone) << seed;
            ASSERT_NE(*each, another) << seed;
        }
    }
}

// Each of 500 steps has 100 keyframes, 1000 stars and 40 sliders.
TEST(Undo, StepsShareWhatTheyHaveInCommon) {
    StudioState now = atelier::testing::heavy_state();
    const StudioState start = now;
    Undo undo;
    undo.reset(now);
    const std::size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
    for (std::size_t i = 0; i < Undo::most_steps; ++i) {
        switch (i % 5) {
        case 0: now.timeline.curve.keyframes[i % 100].seconds += 0.001; break;
        case 1: now.truncation.psi = 0.001 * static_cast<double>(i); break;
        case 2: now.stars.erase(now.stars.begin() + static_cast<std::ptrdiff_t>(i)); break;
        case 3: now.presets[i % 9].position += 1; break;
        default: now.directions[i % 40].direction.amount += 1; break;
        }
        undo.follow(now, false);
    }
    const std::size_t after = mallinfo2().uordblks + mallinfo2().hblkhd;
    EXPECT_LT(after - before, std::size_t{16} << 20U) << "bytes";
    for (std::size_t i = 0; i < Undo::most_steps; ++i)
        now = undo.undo(now).value();
    EXPECT_EQ(now.stars, start.stars);
    EXPECT_EQ(now.timeline.curve, start.timeline.curve);
    EXPECT_EQ(now.presets, start.presets);
    EXPECT_EQ(now.directions, start.directions);
    EXPECT_EQ(now.truncation, start.truncation);
}

} // namespace
