// SPDX-License-Identifier: Apache-2.0
// The modulation matrix: every row of the table by every mode, the take-over, the envelope.
#include <cmath>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "studio/state/animation.h"
#include "studio/state/matrix.h"
#include "studio/state/oscillators.h"

namespace {

using namespace atelier;
using namespace atelier::studio;
using testing::SizeIs;

SourceReading moved(const std::string& source, double value) {
    return {.source = source, .value = value, .moved = true, .down = value > 0.5};
}
SourceReading hit(const std::string& source, double strength = 1, int hits = 1) {
    return {.source = source, .value = strength, .moved = true, .hits = hits, .strength = strength, .down = true};
}

// A state, its connections, and turns that do what they say, as Live does.
struct Played {
    StudioState state;
    std::vector<Connection> connections{};
    Matrix matrix{};
    std::optional<ParameterRef> held{};

    MatrixEffects turn(const std::vector<SourceReading>& news = {}, double seconds = 1.0 / 60) {
        MatrixEffects out = matrix.advance(connections, state,
                                           {.news = news,
                                            .seconds = seconds,
                                            .value = [this](ParameterRef which) { return value_of(state, which); },
                                            .held = held});
        for (const auto& each : out.set)
            set_value(state, each.which, each.value);
        state.modulated = out.modulated;
        return out;
    }
    double value(const char* id) const { return value_of(state, *find_parameter(state, id)); }
    void put(const char* id, double value) { set_value(state, *find_parameter(state, id), value); }
};

StudioState with_directions() {
    StudioState state;
    state.directions.push_back({"age", {.index = 2}});
    return state;
}

// ---- every parameter

TEST(Matrix, SetsEveryParameterWithinItsRange) {
    std::mt19937 random(3);
    std::uniform_real_distribution<double> part(0, 1);
    for (const ParameterRef which : parameters_of(with_directions())) {
        if (!which->has_value())
            continue;
        Played played{.state = with_directions()};
        Connection each = new_connection("knob", which, id_of(played.state, which));
        each.mode = ConnectionMode::set;
        each.soft = false;
        played.connections = {each};
        for (int i = 0; i < 20; ++i) {
            const double x = part(random);
            played.turn({moved("knob", x)});
            const double expected = clamped(*which.parameter, between(*which.parameter, each.from, each.to, x));
            EXPECT_NEAR(value_of(played.state, which), expected, 1e-5 * (which->max - which->min)) << each.target;
        }
        // A range that goes beyond the parameter's ends at its bounds, and never somewhere else.
        played.connections[0].from = -1e10;
        played.connections[0].to = 1e10;
        for (const double x : {0.0, 1.0}) {
            played.turn({moved("knob", 0.5)});
            played.turn({moved("knob", x)});
            EXPECT_NEAR(value_of(played.state, which), x == 0 ? which->min : which->max,
                        1e-5 * (which->max - which->min))
                << each.target;
        }
    }
}

TEST(Matrix, AddsUpAndIsClampedOnce) {
    for (const ParameterRef which : parameters_of(with_directions())) {
        if (!which->can_modulate() || which->modulation.octaves)
            continue;
        Played played{.state = with_directions()};
        const std::string id = id_of(played.state, which);
        const double span = which->max - which->min;
        // Alone the first would be far beyond the range; together they are a little.
        played.connections = {{.source = "a", .target = id, .mode = ConnectionMode::add, .from = 0, .to = 3 * span},
                              {.source = "b", .target = id, .mode = ConnectionMode::add, .from = 0, .to = -2.9 * span}};
        played.turn({moved("a", 1), moved("b", 1)});
        const double set = which->min + 0.25 * span;
        const Swings swings(played.state, 0);
        EXPECT_NEAR(swings.moved(which->id, set, which.instance), set + 0.1 * span, 1e-6 * span) << id;
        EXPECT_LE(swings.moved(which->id, which->max, which.instance), which->max) << id;
    }
}

TEST(Matrix, MultipliesWhatIsSet) {
    Played played;
    played.put("truncation.psi", 0.8);
    played.connections = {
        {.source = "a", .target = "truncation.psi", .mode = ConnectionMode::multiply, .from = 1, .to = 0},
        {.source = "b", .target = "truncation.psi", .mode = ConnectionMode::add, .from = 0, .to = 0.1}};
    played.turn({moved("a", 0.5), moved("b", 1)});
    Animator animator;
    animator.reset(played.state);
    EXPECT_NEAR(make_params(played.state, animator.values(), 1, 10).psi, 0.8 * 0.5 + 0.1, 1e-9);
    played.connections.clear();
    played.turn();
    EXPECT_NEAR(make_params(played.state, animator.values(), 1, 10).psi, 0.8, 1e-9) << "nothing is left of it";
}

// Sound over a timeline: what a moment sets is moved, what the controls show is not.
TEST(Matrix, MovesWhatATimelineSets) {
    Played played;
    Keyframe moment;
    moment.settings.latent = {LatentTerm{}};
    moment.settings.psi = 0.5;
    moment.settings.noise_strength = 1;
    played.state.timeline.curve.keyframes = {moment};
    played.state.timeline.on = true;
    played.connections = {
        {.source = "a", .target = "truncation.psi", .mode = ConnectionMode::add, .from = 0, .to = 0.3},
        {.source = "a", .target = "noise.strength", .mode = ConnectionMode::multiply, .from = 1, .to = 0}};
    played.turn({moved("a", 1)});
    Animator animator;
    animator.reset(played.state);
    const RenderParams params = make_params(played.state, animator.values(), 1, 10);
    EXPECT_NEAR(params.psi, 0.8, 1e-6);
    EXPECT_NEAR(params.noise_strength, 0, 1e-6);
    EXPECT_NEAR(shown_by_controls(played.state, animator.values(), 10).truncation.psi, 0.5, 1e-6);
}

TEST(Matrix, PullsTriggersOncePerHit) {
    Played played;
    played.connections = {{.source = "pad", .target = "transport.next_seed", .mode = ConnectionMode::trigger},
                          {.source = "pad", .target = "transport.preset.3", .mode = ConnectionMode::trigger}};
    EXPECT_THAT(played.turn({hit("pad", 1, 2)}).pulled, SizeIs(4));
    const auto pulled = played.turn({hit("pad")}).pulled;
    ASSERT_THAT(pulled, SizeIs(2));
    EXPECT_EQ(pulled[1]->trigger, Trigger::recall_preset);
    EXPECT_EQ(pulled[1].instance, 2);
    EXPECT_THAT(played.turn().pulled, SizeIs(0)) << "a turn without news";
    EXPECT_THAT(played.turn({moved("pad", 0)}).pulled, SizeIs(0)) << "let go";
}

TEST(Matrix, TogglesByHits) {
    Played played;
    played.connections = {{.source = "pad", .target = "view.blackout", .mode = ConnectionMode::toggle}};
    played.turn({hit("pad")});
    EXPECT_TRUE(played.state.view.blackout);
    played.turn({moved("pad", 0)});
    EXPECT_TRUE(played.state.view.blackout);
    played.turn({hit("pad", 1, 2)});
    EXPECT_TRUE(played.state.view.blackout) << "there and back";
    played.turn({hit("pad")});
    EXPECT_FALSE(played.state.view.blackout);
}

// Of a range of four thousand million two that are so near are two.
TEST(Matrix, TogglesBetweenTwoSeeds) {
    Played played;
    played.connections = {
        {.source = "pad", .target = "mix.coarse.seed", .mode = ConnectionMode::toggle, .from = 5, .to = 9}};
    for (const double expected : {9, 5, 9, 5}) {
        played.turn({hit("pad")});
        EXPECT_EQ(played.value("mix.coarse.seed"), expected);
        played.turn({moved("pad", 0)});
    }
}

// ---- take-over

TEST(Matrix, AKnobTakesHoldWhenItPassesTheValue) {
    Played played;
    played.put("truncation.psi", 0.5);
    played.connections = {{.source = "knob", .target = "truncation.psi", .from = -1, .to = 2}};
    played.turn({moved("knob", 1)});
    played.turn({moved("knob", 0.8)});
    EXPECT_EQ(played.value("truncation.psi"), 0.5);
    EXPECT_TRUE(played.matrix.waits_for_take_over(played.connections[0]));
    played.turn({moved("knob", 0.4)}); // 0.2: it has passed 0.5
    EXPECT_NEAR(played.value("truncation.psi"), 0.2, 1e-9);
    EXPECT_FALSE(played.matrix.waits_for_take_over(played.connections[0]));
    played.turn({moved("knob", 0.9)});
    EXPECT_NEAR(played.value("truncation.psi"), 1.7, 1e-9) << "from then on it leaps";
    played.put("truncation.psi", 0); // a hand
    played.turn({moved("knob", 0.8)});
    EXPECT_EQ(played.value("truncation.psi"), 0) << "somebody else has moved it";
}

TEST(Matrix, AHandOnTheSliderWins) {
    Played played;
    played.connections = {{.source = "knob", .target = "truncation.psi", .from = 0, .to = 1, .soft = false}};
    played.held = find_parameter(played.state, "truncation.psi");
    played.put("truncation.psi", 0.3);
    for (const double x : {0.1, 0.9, 0.5})
        played.turn({moved("knob", x)});
    EXPECT_EQ(played.value("truncation.psi"), 0.3);
    played.held.reset();
    played.turn({moved("knob", 0.9)});
    EXPECT_NEAR(played.value("truncation.psi"), 0.9, 1e-9);
}

TEST(Matrix, FollowsInItsTimeAndArrives) {
    Played played;
    played.connections = {{.source = "knob",
                           .target = "truncation.psi",
                           .from = 0,
                           .to = 1,
                           .attack = 100,
                           .release = 400,
                           .soft = false}};
    played.turn({moved("knob", 0)});
    played.turn({moved("knob", 1)}, 0.1);
    EXPECT_NEAR(played.value("truncation.psi"), 1 - std::exp(-1), 1e-9);
    bool moving = true;
    for (int i = 0; i < 200 && moving; ++i)
        moving = played.turn().moving;
    EXPECT_FALSE(moving);
    EXPECT_EQ(played.value("truncation.psi"), 1);
    played.turn({moved("knob", 0)}, 0.4);
    EXPECT_NEAR(played.value("truncation.psi"), std::exp(-1), 1e-9);
    // How the seconds are cut into turns makes no difference.
    Played fine = played, coarse = played;
    for (int i = 0; i < 40; ++i)
        fine.turn({}, 0.01);
    coarse.turn({}, 0.4);
    EXPECT_NEAR(fine.value("truncation.psi"), coarse.value("truncation.psi"), 1e-9);
}

TEST(Matrix, CurvesRiseBetweenTheirEnds) {
    for (int curve = 0; curve < 4; ++curve) {
        const auto which = static_cast<ConnectionCurve>(curve);
        EXPECT_EQ(shaped(which, 0), 0);
        EXPECT_EQ(shaped(which, 1), 1);
        for (int i = 0; i < 100; ++i)
            EXPECT_LT(shaped(which, i / 100.0), shaped(which, (i + 1) / 100.0)) << curve;
    }
}

// ---- envelopes

TEST(Envelopes, RiseHoldAndFall) {
    const EnvelopeShape shape{.attack = 100, .hold = 50, .decay = 200, .sustain = 0.5, .release = 100};
    Envelope envelope;
    envelope.hit(0.8);
    EXPECT_NEAR(envelope.advance(shape, 0.05), 0.4, 1e-9);
    EXPECT_NEAR(envelope.advance(shape, 0.05), 0.8, 1e-9);
    EXPECT_NEAR(envelope.advance(shape, 0.05), 0.8, 1e-9);
    EXPECT_NEAR(envelope.advance(shape, 0.1), 0.6, 1e-9);
    EXPECT_NEAR(envelope.advance(shape, 0.2), 0.4, 1e-9);
    EXPECT_NEAR(envelope.advance(shape, 10), 0.4, 1e-9) << "held";
    envelope.release();
    EXPECT_NEAR(envelope.advance(shape, 0.05), 0.2, 1e-9);
    EXPECT_EQ(envelope.advance(shape, 0.06), 0);
    EXPECT_TRUE(envelope.resting());
}

TEST(Envelopes, DoNotDependOnTheTurns) {
    const EnvelopeShape shape{.attack = 37, .hold = 11, .decay = 230, .sustain = 0.3, .release = 90};
    for (const double step : {0.001, 0.0071, 0.05}) {
        Envelope fine;
        fine.hit(1);
        double at = 0;
        const double end = 0.2;
        for (; at + step < end; at += step)
            fine.advance(shape, step);
        const double level = fine.advance(shape, end - at);
        Envelope coarse;
        coarse.hit(1);
        EXPECT_NEAR(level, coarse.advance(shape, end), 1e-9) << step;
    }
}

TEST(Envelopes, MoveAParameterByANote) {
    Played played;
    played.connections = {{.source = "note",
                           .target = "truncation.psi",
                           .mode = ConnectionMode::add,
                           .from = 0,
                           .to = 1,
                           .envelope = true,
                           .shape = {.attack = 0, .hold = 0, .decay = 1000}}};
    played.turn({hit("note", 0.5)}, 0);
    EXPECT_NEAR(played.state.modulated.at(0).add, 0.5, 1e-9);
    played.turn({}, 0.5);
    EXPECT_NEAR(played.state.modulated.at(0).add, 0.25, 1e-9);
    EXPECT_FALSE(played.turn({}, 0.6).moving);
    EXPECT_EQ(played.state.modulated.at(0).add, 0);
}

// ---- hostile and odd

TEST(Matrix, WhatIsMissingMovesNothing) {
    Played played;
    const StudioState before = played.state;
    played.connections = {{.source = "away", .target = "truncation.psi"},
                          {.source = "knob", .target = "direction.sefa:9.amount"},
                          {.source = "knob", .target = "nothing.at.all"},
                          {.source = "knob", .target = "truncation.psi", .on = false}};
    played.turn({moved("knob", 1)});
    EXPECT_EQ(played.state, before);
}

} // namespace
