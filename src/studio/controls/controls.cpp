// SPDX-License-Identifier: Apache-2.0
#include "studio/controls/controls.h"

#include "studio/controls/panic.h"
#include "studio/controls/stage_panel.h"

namespace atelier::studio {

Controls::Controls(StudioContext& context, const std::filesystem::path& folder)
    : context(context), walk(context), directions(folder), direction_sliders(context, directions, folder) {
    context.playback.direction = [this](const DirectionAmount& amount) { return directions.find(amount); };
}

bool Controls::tick(double seconds) {
    walk.tick(seconds);
    if (!context.playback.preparing())
        prepared = {};
    if (context.ui.centre_view != CentreView::map) {
        map_collected = 0;
        if (context.ui.dialog != Dialog::pick_seed)
            pointed = {};
    }
    if (!context.playback.played_file().empty())
        directions.want(DirectionMethod::sefa); // closed form: there before anyone asks
    Playback& playback = context.playback;
    bool changed = directions.tick(playback.service(), playback.load_status().playing, context.state);
    changed |= direction_sliders.tick(seconds);
    return changed;
}

void Controls::finish() {
    direction_sliders.finish();
}

namespace {

std::vector<KeyRows> controls_keys(Controls& controls) {
    using namespace chords;
    WalkController& walk = controls.walk;
    const auto faster = [&walk] { walk.change_speed(1.25); };
    const auto slower = [&walk] { walk.change_speed(1 / 1.25); };
    const auto psi = [&controls](double steps) {
        return [&controls, steps] {
            controls.context.playback.touch(ParameterRef{&parameter("truncation.psi")});
            step_parameter(controls.context.state, "truncation.psi", steps);
        };
    };
    return {
        {KeySubject::play,
         10,
         {
             {.keys = "Space",
              .text = "play or pause the walk",
              .chord = key(Key::space),
              .when = When::show,
              .trigger = Trigger::play},
             {.keys = "N",
              .text = "new random seed",
              .chord = letter('n'),
              .repeats = true,
              .trigger = Trigger::next_seed},
             {"+  -", "walk faster, slower", sign(U'+'), faster, When::playing, true},
             {"", "", sign(U'='), faster, When::playing, true, true},
             {"", "", sign(U'-'), slower, When::playing, true},
             {"", "", sign(U'_'), slower, When::playing, true, true},
             {"[  ]", "psi down, up", sign(U'['), psi(-5), When::playing, true},
             {"", "", sign(U']'), psi(5), When::playing, true},
         }},
        {KeySubject::play,
         30,
         {
             {.keys = "Enter", .text = "tap the tempo", .chord = key(Key::enter), .trigger = Trigger::tap_tempo},
             {"M", "seed map, and back", letter('m'), [&walk] { walk.toggle_map(); }},
             {.keys = "F12",
              .text = "panic: the plain, calm picture",
              .chord = key(Key::f12),
              .when = When::always,
              .trigger = Trigger::panic},
             {.keys = "Shift+F12",
              .text = "fade to black, and back",
              .chord = key(Key::f12, true),
              .when = When::always,
              .trigger = Trigger::fade_out},
             {.chord = key(Key::pause), .when = When::always, .alias = true, .trigger = Trigger::panic},
         }},
        {KeySubject::show,
         10,
         {
             {.keys = "V", .text = "prepare beside, drop it", .chord = letter('v'), .trigger = Trigger::prepare},
             {.keys = "W", .text = "take it; Shift: by a cut", .chord = letter('w'), .trigger = Trigger::take},
             {.chord = shift('w'), .trigger = Trigger::cut},
         }},
    };
}

} // namespace

FeatureUi ui_of(Controls& controls) {
    const auto psi_groups = [&controls] { draw_psi_groups_button(controls); };
    const auto mix_sheet = [&controls] { draw_mix_sheet_button(controls); };
    FeatureUi ui;
    ui.sections = {
        {10, {.title = "WALK", .draw = [&controls] { draw_walk_panel(controls); }}},
        {20, {.title = "TRUNCATION", .draw = [&controls] { draw_truncation_panel(controls); }, .beside = psi_groups}},
        {30, {.title = "MIX", .draw = [&controls] { draw_mix_panel(controls); }, .beside = mix_sheet}},
        {40, {.title = "NOISE", .draw = [&controls] { draw_noise_panel(controls); }}},
        {45, {.title = "LOOK", .draw = [&controls] { draw_look_panel(controls); }, .open = false}},
        {47, {.title = "STAGE", .draw = [&controls] { draw_stage_panel(controls); }, .open = false}},
        {70, {.title = "DIRECTIONS", .draw = [&controls] { draw_directions_panel(controls); }, .open = false}},
        {80, {.title = "OSCILLATE", .draw = [&controls] { draw_oscillators_panel(controls); }, .open = false}},
    };
    ui.dialogs = {[&controls] { draw_seed_picker(controls); }};
    ui.centre = {{CentreView::map, [&controls](const Box& box) { draw_seed_map(controls, box); }}};
    ui.keys = controls_keys(controls);
    ui.triggers = {{Trigger::prepare, [&controls](int) { toggle_prepared(controls); }},
                   {Trigger::take, [&controls](int) { take_prepared(controls, controls.context.state.morph_seconds); }},
                   {Trigger::cut, [&controls](int) { take_prepared(controls, 0); }},
                   {Trigger::panic, [&controls](int) { panic(controls.context); }},
                   {Trigger::fade_out, [&controls](int) { freeze_and_fade(controls.context); }},
                   {Trigger::play, [&controls](int) { controls.walk.toggle_play(); }},
                   {Trigger::next_seed, [&controls](int) { controls.walk.new_random_seed(); }},
                   {Trigger::tap_tempo, [&controls](int) { controls.walk.tap_tempo(); }}};
    return ui;
}

} // namespace atelier::studio
