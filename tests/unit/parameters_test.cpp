// SPDX-License-Identifier: Apache-2.0
// The table of parameters, row by row: names, ranges, and the way of a value through files, undo and modulation.
#include <cmath>
#include <limits>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "state_scrambler.h"
#include "studio/state/animation.h"
#include "studio/state/oscillators.h"
#include "studio/state/parameters.h"
#include "studio/state/serialization.h"
#include "studio/state/session.h"
#include "studio/state/undo.h"

namespace {

using namespace atelier;
using namespace atelier::studio;
using nlohmann::json;
using testing::HasSubstr;

// A state with sliders, two of them of one vector.
StudioState some_state() {
    StudioState state;
    for (const int index : {3, 0, 3})
        state.directions.push_back({"D" + std::to_string(state.directions.size()), {.index = index}});
    state.directions.push_back({"P", {.method = "pca", .index = 1}});
    return state;
}

// A value of the range, not the one that is set.
double another(const Parameter& row, double now, int which) {
    if (row.scale == Scale::toggle)
        return 1 - now;
    const double steps = row.max - row.min;
    if (row.scale == Scale::choice || row.scale == Scale::whole) {
        const double value = row.min + std::fmod(now - row.min + 1 + which, steps + 1);
        return value == now ? std::fmod(value + 1, steps + 1) : value;
    }
    const double value = row.min + steps * (0.125 + 0.25 * (which % 4)); // exact as a float, too
    return value == now ? row.max : value;
}

TEST(Parameters, IdsAreTheirOwnAndFindTheirWayBack) {
    const StudioState state = some_state();
    std::set<std::string> ids;
    for (const ParameterRef each : parameters_of(state)) {
        const std::string id = id_of(state, each);
        EXPECT_TRUE(ids.insert(id).second) << id;
        EXPECT_EQ(find_parameter(state, id), each) << id;
        EXPECT_EQ(pattern_of(id), each.parameter) << id;
        EXPECT_FALSE(label_of(state, each).empty()) << id;
    }
    EXPECT_TRUE(ids.contains("truncation.psi"));
    EXPECT_TRUE(ids.contains("mix.coarse.weight"));
    EXPECT_TRUE(ids.contains("mix.layer.17.weight"));
    EXPECT_TRUE(ids.contains("transport.preset.9"));
    EXPECT_TRUE(ids.contains("direction.sefa:3.amount"));
    EXPECT_TRUE(ids.contains("direction.sefa:3#2.amount"));
    for (const char* none : {"", "truncation", "truncation.psi.", "mix.layer.22.weight", "mix.layer.-1.weight",
                             "mix.layer.03.weight", "mix.rough.weight", "transport.preset.0", "transport.preset.10",
                             "direction..amount", "direction.sefa.amount", "direction.sefa:.amount"}) {
        EXPECT_EQ(find_parameter(state, none), std::nullopt) << none;
        EXPECT_EQ(pattern_of(none), nullptr) << none;
    }
    EXPECT_EQ(find_parameter(state, "direction.sefa:9.amount"), std::nullopt); // no slider has it
    EXPECT_NE(pattern_of("direction.sefa:9.amount"), nullptr);
}

TEST(Parameters, DirectionKeepsItsNameInAnotherPlace) {
    StudioState state = some_state();
    std::swap(state.directions[0], state.directions[3]);
    EXPECT_EQ(find_parameter(state, "direction.pca:1.amount")->instance, 0);
    EXPECT_EQ(find_parameter(state, "direction.1.amount")->instance, 1); // by place, as in files of before
    EXPECT_EQ(find_parameter(state, "direction.4.amount"), std::nullopt);
}

TEST(Parameters, RowsAreWhole) {
    for (const ParameterSection& section : parameter_sections()) {
        for (const Parameter& row : section.rows) {
            SCOPED_TRACE(row.id);
            EXPECT_GT(std::string(row.label).size(), 0U);
            EXPECT_GT(std::string(row.tooltip).size(), 0U);
            EXPECT_EQ(row.scale == Scale::trigger, row.holder == Holder::program);
            EXPECT_EQ(row.scale == Scale::trigger, row.trigger != Trigger::none);
            const bool of_scene = row.holder == Holder::scene;
            const bool of_state = row.holder == Holder::document || row.holder == Holder::view;
            EXPECT_EQ((row.get != nullptr) != (row.field != nullptr), of_scene);
            EXPECT_EQ(row.set != nullptr, row.get != nullptr);
            EXPECT_EQ(row.get_in != nullptr, of_state);
            EXPECT_EQ(row.set_in != nullptr, of_state);
            EXPECT_LT(row.min, row.max);
            EXPECT_EQ(clamped(row, row.standard), row.standard);
            EXPECT_EQ(row.scale == Scale::choice, !row.names.empty());
            EXPECT_EQ(row.names.size(), row.choices.size());
            if (row.scale == Scale::choice) {
                EXPECT_EQ(row.max - row.min + 1, static_cast<double>(row.names.size()));
            }
            EXPECT_TRUE(row.scale != Scale::logarithmic || row.min > 0);
            EXPECT_LE(row.modulation.depth, row.modulation.most);
            EXPECT_TRUE(!row.can_modulate() || of_scene || row.id == std::string("view.master")); // what a log has
            EXPECT_EQ(&parameter(row.id), &row);
        }
    }
    EXPECT_THROW(parameter("truncation.phi"), Error);
}

TEST(Parameters, StandardIsWhatAFreshStateHas) {
    StudioState fresh;
    for (const ParameterRef each : fixed_parameters()) {
        const bool seed = std::string(each->id).ends_with(".seed"); // each group begins with one of its own
        if (each->has_value() && !seed) {
            EXPECT_EQ(value_of(fresh, each), each->standard) << id_of(fresh, each);
        }
    }
}

TEST(Parameters, SettingClampsToTheRangeAndTouchesNothingElse) {
    const StudioState before = some_state();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    for (const ParameterRef each : parameters_of(before)) {
        if (!each->has_value())
            continue;
        SCOPED_TRACE(id_of(before, each));
        StudioState state = before;
        for (const auto& [given, expected] : {std::pair{each->max + 1e6, each->max},
                                              {each->min - 1e6, each->min},
                                              {infinity, each->max},
                                              {-infinity, each->min},
                                              {std::nan(""), each->standard}}) {
            set_value(state, each, given);
            EXPECT_EQ(value_of(state, each), expected) << given;
        }
        for (int which = 0; which < 4; ++which) {
            state = before;
            const double value = another(*each.parameter, value_of(before, each), which);
            set_value(state, each, value);
            EXPECT_EQ(value_of(state, each), value);
            for (const ParameterRef other : parameters_of(before)) {
                if (other->has_value() && other != each) {
                    EXPECT_EQ(value_of(state, other), value_of(before, other)) << id_of(before, other);
                }
            }
        }
    }
}

TEST(Parameters, ComeBackFromFiles) {
    const StudioState before = some_state();
    for (const ParameterRef each : parameters_of(before)) {
        if (!each->has_value())
            continue;
        StudioState state = before, back;
        set_value(state, each, another(*each.parameter, value_of(before, each), 1));
        const json text = state_to_json(state);
        EXPECT_NE(text, state_to_json(before)) << id_of(before, each);
        state_from_json(json::parse(text.dump()), "file", back);
        EXPECT_EQ(back, state) << id_of(before, each);
    }
}

TEST(Parameters, ChoicesHaveTheNamesOfFiles) {
    StudioState state;
    for (const ParameterRef each : fixed_parameters()) {
        if (each->scale != Scale::choice)
            continue;
        for (double value = each->min; value <= each->max; ++value) {
            set_value(state, each, value);
            EXPECT_THAT(state_to_json(state).dump(), HasSubstr('"' + text_of(*each.parameter, value) + '"'));
        }
    }
}

TEST(Parameters, AreUndoneAndRedone) {
    const StudioState before = some_state();
    for (const ParameterRef each : parameters_of(before)) {
        if (!each->has_value())
            continue;
        SCOPED_TRACE(id_of(before, each));
        Undo undo;
        undo.reset(before);
        StudioState after = before;
        set_value(after, each, another(*each.parameter, value_of(before, each), 2));
        undo.follow(after, false);
        // How one looks at the picture and whether it moves is no work that could be lost.
        const bool passing = each->holder == Holder::view || std::string(each->id) == "walk.playing";
        EXPECT_EQ(undo.can_undo(), !passing);
        EXPECT_EQ(changed_parameter(before, after), label_of(after, each));
        if (passing)
            continue;
        EXPECT_EQ(undo.undo(after), before);
        EXPECT_EQ(undo.redo(before), after);
    }
    StudioState two = before;
    two.truncation.psi = 0.1;
    two.noise.strength = 0.5F;
    EXPECT_EQ(changed_parameter(before, two), "");
    two = before;
    two.walk.seeds = {1, 2, 3}; // no parameter
    EXPECT_EQ(changed_parameter(before, two), "");
}

// The picture that the state asks for when every slider has come to rest.
RenderParams picture_of(const StudioState& state, double clock = 0) {
    Animator animator;
    animator.reset(state);
    AnimatedValues values = animator.values();
    values.clock = clock;
    const auto vector = std::make_shared<const ExplicitLatent>(ExplicitLatent{Space::w, 1, {1, 2, 3}});
    return make_params(state, values, {1, 10, [vector](const DirectionAmount&) {
                                           return std::pair{ExplicitRef{vector}, 1.0F};
                                       }});
}

// Whether what it sets can be seen at all.
void switch_on(StudioState& state) {
    for (MixGroup& group : state.mix.groups)
        group = {true, 5, 0.5F, {}};
    for (int i : {3, 4})
        state.mix.layers[static_cast<std::size_t>(i)] = {true, 6, 0.5F, {}};
    state.truncation.cutoff = 5;
    state.view.master = 0.5;
}

bool same_look(const StudioState& a, const StudioState& b) {
    Animator first, second;
    first.reset(a);
    second.reset(b);
    return look_now(a, first.values()) == look_now(b, second.values()) &&
           light_now(a, first.values()) == light_now(b, second.values());
}

bool moves_the_walk(const StudioState& state) {
    Animator with, without;
    with.advance(state, 0.25, 0.5);
    StudioState still = state;
    still.oscillators.clear();
    without.advance(still, 0.25, 0.5);
    return with.values().position != without.values().position;
}

TEST(Parameters, ModulationReachesThePicture) {
    StudioState before = some_state();
    switch_on(before);
    before.walk.playing = true;
    int modulated = 0;
    for (const ParameterRef each : parameters_of(before)) {
        if (!each->can_modulate())
            continue;
        const bool idle_layer = each->instances == Instances::layers && (each.instance < 3 || each.instance > 4);
        SCOPED_TRACE(id_of(before, each));
        StudioState state = before;
        Oscillator swing{.target = id_of(before, each), .depth = each->modulation.depth, .phase = 0.25};
        state.oscillators.push_back(swing);
        StudioState still = before;
        still.truncation.apart = state.truncation.apart = each->id == std::string("truncation.*.psi");
        if (still.truncation.apart)
            still.truncation.cutoff = state.truncation.cutoff = -1;
        const bool seen = picture_of(state) != picture_of(still) || !same_look(state, still) || moves_the_walk(state);
        EXPECT_EQ(seen, !idle_layer);
        state.oscillators[0].on = false;
        EXPECT_EQ(picture_of(state), picture_of(still));
        ++modulated;
    }
    EXPECT_GE(modulated, 35);
}

TEST(Parameters, ModulatorsAddUpAndAreClampedOnce) {
    StudioState state;
    state.truncation.psi = 1;
    const auto swing = [&](double depth) {
        state.oscillators.push_back({.target = "truncation.psi", .depth = depth, .phase = 0.25}); // at its height
    };
    swing(0.25);
    swing(0.5);
    EXPECT_DOUBLE_EQ(picture_of(state).psi, 1.75);
    swing(2); // beyond the end, were each clamped for itself
    swing(-2.5);
    EXPECT_DOUBLE_EQ(picture_of(state).psi, 1.25);
    swing(20);
    EXPECT_EQ(picture_of(state).psi, 2);
}

TEST(Parameters, OscillatorStaysWithItsDirection) {
    StudioState state = some_state();
    state.oscillators = {{.target = "direction.sefa:3#2.amount"}, {.target = "direction.1.amount"}, {}};
    rearrange_directions(state, {3, 2, 1});
    ASSERT_EQ(state.oscillators.size(), 3U);
    EXPECT_EQ(state.oscillators[0].target, "direction.sefa:3.amount"); // the first of the two is gone
    EXPECT_EQ(find_parameter(state, state.oscillators[0].target)->instance, 1);
    EXPECT_EQ(state.oscillators[1].target, "direction.sefa:0.amount");
    rearrange_directions(state, {0});
    ASSERT_EQ(state.oscillators.size(), 1U);
    EXPECT_EQ(state.oscillators[0].target, "truncation.psi");
}

TEST(Parameters, FilesNameOldTargetsAsBefore) {
    const auto written = [](const std::string& target) {
        StudioState state;
        state.oscillators.push_back({.target = target});
        const json one = state_to_json(state)["oscillators"][0];
        StudioState back;
        state_from_json(json{{"oscillators", json::array({one})}}, "file", back);
        EXPECT_EQ(back.oscillators[0].target, target);
        return one["target"].get<std::string>() + ' ' + std::to_string(one["index"].get<int>());
    };
    EXPECT_EQ(written("truncation.psi"), "psi 0");
    EXPECT_EQ(written("mix.middle.weight"), "mix middle 0");
    EXPECT_EQ(written("mix.layer.4.weight"), "mix layer 4");
    EXPECT_EQ(written("direction.2.amount"), "direction 2");
    EXPECT_EQ(written("direction.pca:7.amount"), "direction.pca:7.amount 0");
    EXPECT_EQ(written("noise.strength#1"), "noise strength 1"); // moves nothing, as then
    for (const char* wrong : {"", "phi", "walk.kind", "view.zoom", "transport.play", "direction.2.first"}) {
        StudioState state;
        const json bad{{"oscillators", {{{"target", wrong}}}}};
        try {
            state_from_json(bad, "file", state);
            ADD_FAILURE() << wrong;
        } catch (const Error& error) {
            EXPECT_THAT(error.what(), HasSubstr("file, oscillators 1: target must be a parameter that oscillates"));
        }
    }
}

TEST(Parameters, SessionsNameDirectionsByTheirVector) {
    const Session session = read_session(
        R"({"atelier": "session", "version": 1, "state": {
            "directions": [{"name": "A", "method": "sefa", "index": 0}, {"name": "B", "method": "pca", "index": 4}],
            "oscillators": [{"target": "direction", "index": 1}]}})",
        "old.atelier");
    EXPECT_EQ(session.state.oscillators[0].target, "direction.pca:4.amount");
}

TEST(Parameters, FilesOfBeforeMayHoldMore) {
    const auto read = [](const char* text) {
        StudioState state;
        state_from_json(json::parse(text), "file", state);
        return state;
    };
    EXPECT_EQ(read(R"({"truncation": {"psi": 4.5, "cutoff": 40}})").truncation, (TruncationState{2, max_layers}));
    EXPECT_EQ(read(R"({"truncation": {"psi": -5}})").truncation.psi, -1);
    EXPECT_EQ(read(R"({"noise": {"strength": 9.5}})").noise.strength, 2);
    EXPECT_EQ(read(R"({"walk": {"seconds_per_step": 3600}})").walk.seconds_per_step, 60);
    EXPECT_EQ(read(R"({"directions": [{"amount": 900}]})").directions[0].direction.amount, max_amount);
    EXPECT_EQ(read(R"({"view": {"zoom": 900}})").view.zoom, 64);
    EXPECT_THROW(read(R"({"truncation": {"psi": 6}})"), Error); // nothing has ever written that
}

TEST(Parameters, StepsStayInRange) {
    EXPECT_DOUBLE_EQ(stepped(parameter("truncation.psi"), 0.7, 5), 0.75);
    EXPECT_EQ(stepped(parameter("truncation.psi"), 1.99, 5), 2);
    EXPECT_DOUBLE_EQ(stepped(parameter("walk.speed"), 2, 1), 2.1);
    EXPECT_EQ(stepped(parameter("view.freeze"), 0, 1), 1);
    EXPECT_EQ(stepped(parameter("noise.mode"), 2, 1), 2);
}

} // namespace
