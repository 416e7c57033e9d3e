// SPDX-License-Identifier: Apache-2.0
#include "studio/library/library.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace atelier::studio {

namespace {

std::vector<KeyRows> timeline_keys(Library& library) {
    using namespace chords;
    TimelineEditor& timeline = library.timeline;
    StudioContext& context = library.context;
    const auto export_it = [&timeline, &context] {
        if (timeline.shown())
            context.ui.dialog = Dialog::export_timeline;
    };
    const auto zoom = [&library](double factor) {
        return
            [&library, factor] { library.strip.zoom.by(factor, library.timeline.playhead(), library.strip.seconds); };
    };
    return {
        {KeySubject::timeline,
         0,
         {
             {.keys = "K",
              .text = "add what is shown as a moment",
              .chord = letter('k'),
              .trigger = Trigger::add_keyframe},
             {.keys = "Shift+Space",
              .text = "play or pause the timeline",
              .chord = key(Key::space, true),
              .trigger = Trigger::play_timeline},
             {"Shift+Home", "back to its beginning", key(Key::home, true), [&timeline] { timeline.scrub(0); }},
             {"Shift+L", "loop it, or not", shift('l'),
              [&timeline, &context] { timeline.set_loop(!context.state.timeline.curve.loop); }},
             {"Shift+E", "export it", shift('e'), export_it},
             {"Ctrl+C, Ctrl+X", "copy, cut the chosen moments", ctrl('c'), [&timeline] { timeline.copy_chosen(); }},
             {"", "", ctrl('x'),
              [&timeline] {
                  timeline.copy_chosen();
                  timeline.remove_chosen();
              }},
             {"Ctrl+V", "put them at the playhead", ctrl('v'), [&timeline] { timeline.paste(); }},
             {"<  >", "show less of it, more", sign(U'<'), zoom(1.25), When::playing, true},
             {"", "", sign(U'>'), zoom(1 / 1.25), When::playing, true},
             {"Shift+A", "arm it: record gestures into lanes", shift('a'),
              [&library] { library.gestures.arm(!library.gestures.armed()); }},
             {"Shift+G", "give all back to it", shift('g'), [&context] { context.playback.give_all_back(); }},
             {"Shift+Esc", "leave it", key(Key::escape, true), [&timeline] { timeline.leave(); }, When::dialogs, true},
         }},
    };
}

std::vector<KeyRows> kept_keys(Library& library) {
    using namespace chords;
    UiState& ui = library.context.ui;
    return {
        {KeySubject::play,
         20,
         {
             {.keys = "1 - 9",
              .text = "recall a preset; Shift saves it",
              .chord = digits(false),
              .trigger = Trigger::recall_preset},
             {.chord = digits(true), .trigger = Trigger::save_preset},
             {.keys = "Q",
              .text = "the next cue; Shift: the one before",
              .chord = letter('q'),
              .trigger = Trigger::next_cue},
             {.chord = shift('q'), .trigger = Trigger::previous_cue},
         }},
        {KeySubject::keep,
         20,
         {
             {.keys = "S", .text = "star the latent that is shown", .chord = letter('s'), .trigger = Trigger::star},
             {"Shift+S", "save latents as numbers", shift('s'), [&ui] { ui.dialog = Dialog::save_latents; }},
         }},
        {KeySubject::keep,
         50,
         {
             {"Ctrl+E", "write the model as a file", ctrl('e'),
              [&library, &ui] {
                  if (library.copies.available())
                      ui.dialog = Dialog::export_model;
              }},
         }},
    };
}

} // namespace

FeatureUi ui_of(Library& library) {
    FeatureUi ui;
    ui.sections = {
        {50,
         {.title = "PRESETS",
          .draw = [&library] { draw_presets_panel(library); },
          .open = false,
          .beside = [&library] { draw_preset_seeds_button(library); }}},
        {10, {.title = "CUES", .draw = [&library] { draw_cues_panel(library); }}, LeftPage::live},
        {60, {.title = "STARRED", .draw = [&library] { draw_stars_panel(library); }, .open = false}},
    };
    ui.dialogs = {[&library] { draw_latents_dialog(library); }, [&library] { draw_model_copy_dialog(library); }};
    ui.keys = timeline_keys(library);
    std::ranges::move(kept_keys(library), std::back_inserter(ui.keys));
    const auto slot = [](int instance) { return static_cast<std::size_t>(instance); };
    // Without a model there is nothing to keep: that is said, and no blank is kept.
    const auto shown = [&library](const char* to_what, auto act) {
        return [&library, to_what, act](int instance) {
            if (library.context.playback.model())
                act(instance);
            else
                library.context.toasts.add(ToastKind::note, fmt::format("There is no picture to {} yet", to_what),
                                           "Open a model first: Ctrl+O, or drop one on the window.");
        };
    };
    ui.triggers = {{Trigger::add_keyframe, shown("add", [&library](int) { library.timeline.add(); })},
                   {Trigger::play_timeline, [&library](int) { library.timeline.toggle_play(); }},
                   {Trigger::recall_preset, [&library, slot](int which) { library.presets.recall(slot(which)); }},
                   {Trigger::save_preset,
                    shown("keep as a preset", [&library, slot](int which) { library.presets.save(slot(which)); })},
                   {Trigger::next_cue, [&library](int) { library.cues.go(); }},
                   {Trigger::previous_cue, [&library](int) { library.cues.back(); }},
                   {Trigger::star, shown("star", [&library](int) { library.stars.add_shown(); })}};
    return ui;
}

} // namespace atelier::studio
