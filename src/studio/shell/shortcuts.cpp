// SPDX-License-Identifier: Apache-2.0
#include "studio/shell/shortcuts.h"

#include "studio/shell/triggers.h"
#include "studio/state/parameters.h"

namespace atelier::studio {
namespace {
using gfx::Key;

constexpr Chord key(Key which, bool shift = false) {
    return {.key = which, .shift = shift};
}
constexpr Chord letter(char c) {
    return {.key = Key::letter, .letter = c, .last = c};
}
constexpr Chord shift(char c) {
    return {.key = Key::letter, .letter = c, .last = c, .shift = true};
}
constexpr Chord ctrl(char c) {
    return {.key = Key::letter, .letter = c, .last = c, .ctrl = true};
}
constexpr Chord ctrl_shift(char c) {
    return {.key = Key::letter, .letter = c, .last = c, .shift = true, .ctrl = true};
}
constexpr Chord ctrl(Key which, bool shift = false) {
    return {.key = which, .shift = shift, .ctrl = true};
}
constexpr Chord digits(bool shift) {
    return {.key = Key::letter, .letter = '1', .last = '9', .shift = shift};
}
constexpr Chord sign(char32_t c) {
    return {.sign = c};
}

void step(Studio& studio, const char* id, double steps) {
    const ParameterRef which{&parameter(id)};
    set_value(studio.state, which, stepped(*which.parameter, value_of(studio.state, which), steps));
}
void flip(Studio& studio, const char* id) {
    step(studio, id, value_of(studio.state, {&parameter(id)}) == 0 ? 1 : -1);
}
void faster(Studio& s, char) {
    s.controls.walk.change_speed(1.25);
}
void slower(Studio& s, char) {
    s.controls.walk.change_speed(1 / 1.25);
}
void redo(Studio& s, char) {
    s.document.redo();
}
void full_screen(Studio& s, char) {
    flip(s, "view.fullscreen");
}

void fit_picture(Studio& studio, char) {
    ViewState& view = studio.state.view;
    view.zoom = 1;
    view.pan_x = view.pan_y = 0;
}

void cycle_compare(Studio& studio, char) {
    Compare& compare = studio.state.view.compare;
    if (compare == Compare::off && !studio.training.can_compare()) {
        studio.toasts.add(ToastKind::note, "There is nothing to compare with yet",
                          "The start model is there as soon as training has begun.");
        return;
    }
    compare = static_cast<Compare>((static_cast<int>(compare) + 1) % 3);
}

void show_train(Studio& studio, char) {
    studio.ui.show_tab(studio.ui.tab == Tab::train ? Tab::perform : Tab::train);
    studio.ui.focus_train = studio.ui.tab == Tab::train;
    studio.settings.train_folded = studio.settings.train_folded && !studio.ui.focus_train;
}

void show_data(Studio& studio, char) {
    if (!studio.dataset.available()) {
        studio.toasts.add(ToastKind::note, "This build of Atelier can't prepare pictures");
        return;
    }
    studio.ui.show_tab(studio.ui.tab == Tab::data ? Tab::perform : Tab::data);
    studio.settings.train_folded = studio.settings.train_folded && studio.ui.tab != Tab::data;
}

void add_pictures(Studio& studio, char) {
    if (!studio.dataset.available())
        return;
    studio.ui.show_tab(Tab::data);
    studio.ui.dialog = Dialog::open_pictures;
}

void prepare_set(Studio& studio, char) {
    const DatasetController& dataset = studio.dataset;
    if (studio.ui.tab == Tab::data && dataset.standing() && dataset.view().kept > 0)
        studio.ui.dialog = Dialog::prepare_set;
}

void request(Studio& studio, prepare::Override verdict) {
    const DataItem* item = studio.dataset.selected();
    if (item && item->cut)
        studio.dataset.request(item->id, verdict);
}

// By hundredths of the picture.
void move_crop(Studio& studio, double x, double y, double scale = 1) {
    const DataItem* item = studio.dataset.selected();
    if (!item)
        return;
    CropChange change = studio.dataset.crop_of(item->id);
    change.x += x / 100;
    change.y += y / 100;
    change.scale *= scale;
    studio.dataset.move_crop(*item, change);
}

void close_dialog(Studio& studio, char) {
    studio.ui.dialog = Dialog::none;
    studio.ui.close_wanted = false;
}

void help(Studio& studio, char) {
    studio.ui.dialog = studio.ui.dialog == Dialog::help ? Dialog::none : Dialog::help;
}

void export_timeline(Studio& studio, char) {
    if (studio.library.timeline.shown())
        studio.ui.dialog = Dialog::export_timeline;
}

constexpr Binding play[] = {
    {"Space", "play or pause the walk", key(Key::space), [](Studio& s, char) { pull(s, Trigger::play); }},
    {"N", "new random seed", letter('n'), [](Studio& s, char) { pull(s, Trigger::next_seed); }, When::playing, true},
    {"+  -", "walk faster, slower", sign(U'+'), faster, When::playing, true},
    {"", "", sign(U'='), faster, When::playing, true, true},
    {"", "", sign(U'-'), slower, When::playing, true},
    {"", "", sign(U'_'), slower, When::playing, true, true},
    {"[  ]", "psi down, up", sign(U'['), [](Studio& s, char) { step(s, "truncation.psi", -5); }, When::playing, true},
    {"", "", sign(U']'), [](Studio& s, char) { step(s, "truncation.psi", 5); }, When::playing, true},
    {"1 - 9", "recall a preset; Shift saves it", digits(false),
     [](Studio& s, char c) { pull(s, Trigger::recall_preset, c - '1'); }},
    {"", "", digits(true), [](Studio& s, char c) { pull(s, Trigger::save_preset, c - '1'); }},
    {"Enter", "tap the tempo", key(Key::enter), [](Studio& s, char) { pull(s, Trigger::tap_tempo); }},
    {"M", "seed map, and back", letter('m'), [](Studio& s, char) { s.controls.walk.toggle_map(); }},
};

constexpr Binding timeline[] = {
    {"K", "add what is shown as a moment", letter('k'), [](Studio& s, char) { pull(s, Trigger::add_keyframe); }},
    {"Shift+Space", "play or pause the timeline", key(Key::space, true),
     [](Studio& s, char) { pull(s, Trigger::play_timeline); }},
    {"Shift+Home", "back to its beginning", key(Key::home, true), [](Studio& s, char) { s.library.timeline.scrub(0); }},
    {"Shift+L", "loop it, or not", shift('l'),
     [](Studio& s, char) { s.library.timeline.set_loop(!s.state.timeline.curve.loop); }},
    {"Shift+E", "export it", shift('e'), export_timeline},
    {"Shift+Esc", "leave it", key(Key::escape, true), [](Studio& s, char) { s.library.timeline.leave(); },
     When::dialogs, true},
};

constexpr Binding keep[] = {
    {"P", "save the picture", letter('p'), [](Studio& s, char) { pull(s, Trigger::save_picture); }},
    {"R", "record, stop recording", letter('r'), [](Studio& s, char) { pull(s, Trigger::record); }},
    {"Shift+R", "recording options", shift('r'), [](Studio& s, char) { s.ui.dialog = Dialog::record; }},
    {"S", "star the latent that is shown", letter('s'), [](Studio& s, char) { pull(s, Trigger::star); }},
    {"Shift+S", "save latents as numbers", shift('s'), [](Studio& s, char) { s.ui.dialog = Dialog::save_latents; }},
    {"Shift+M", "mixing sheet", shift('m'), [](Studio& s, char) { s.ui.dialog = Dialog::mix_sheet; }},
    {"Shift+P", "render a performance again", shift('p'), [](Studio& s, char) { s.capture.render_again({}); }},
    {"Ctrl+S", "save the session; Shift: as", ctrl('s'), [](Studio& s, char) { s.document.save(); }, When::dialogs},
    {"", "", ctrl_shift('s'), [](Studio& s, char) { s.ui.dialog = Dialog::save_session; }, When::dialogs},
    {"Ctrl+O", "open a model, session or picture", ctrl('o'), [](Studio& s, char) { s.ui.dialog = Dialog::open; },
     When::dialogs},
    {"Ctrl+Z", "undo; Shift: redo", ctrl('z'), [](Studio& s, char) { s.document.undo(); }, When::dialogs, true},
    {"", "", ctrl_shift('z'), redo, When::dialogs, true},
    {"", "", ctrl('y'), redo, When::dialogs, true, true},
};

constexpr Binding show[] = {
    {"O", "output window, and no more", letter('o'), [](Studio& s, char) { s.output.toggle(); }},
    {"F", "full screen", letter('f'), full_screen},
    {"", "", key(Key::f11), full_screen, When::playing, false, true},
    {"Tab", "hide all but the picture", key(Key::tab), [](Studio& s, char) { flip(s, "view.ui_hidden"); }},
    {"Home", "fit the picture", key(Key::home), fit_picture},
    {"X", "pixels or smooth", letter('x'), [](Studio& s, char) { flip(s, "view.pixels"); }},
    {"Z", "freeze the picture", letter('z'), [](Studio& s, char) { flip(s, "view.freeze"); }},
    {"0", "blackout", letter('0'), [](Studio& s, char) { flip(s, "view.blackout"); }},
};

constexpr Binding train[] = {
    {"Ctrl+T", "Train panel, and back", ctrl('t'), show_train},
    {"T", "train, pause, resume", letter('t'), [](Studio& s, char) { s.training.pause_or_resume(); }},
    {"Shift+T", "stop training and save", shift('t'), [](Studio& s, char) { s.training.stop(); }},
    {"Shift+C", "write a checkpoint now", shift('c'), [](Studio& s, char) { s.training.save(); }},
    {"B", "hold: the start model", letter('b'), [](Studio& s, char) { s.training.compare_held = true; }, When::playing,
     false, false, [](Studio& s) { s.training.compare_held = false; }},
    {"C", "compare: wipe, side by side, off", letter('c'), cycle_compare},
    {",  .", "snapshot before, after", sign(U','), [](Studio& s, char) { s.training.step_stop(-1); }, When::playing,
     true},
    {"", "", sign(U'.'), [](Studio& s, char) { s.training.step_stop(1); }, When::playing, true},
    {"E", "averaged or raw weights", letter('e'), [](Studio& s, char) { s.training.set_raw(!s.training.raw()); }},
    {"G", "seeds, what D sees, picture", letter('g'), [](Studio& s, char) { s.training.next_centre_view(); }},
};

constexpr Binding data[] = {
    {"D", "Data panel, and back", letter('d'), show_data},
    {"Ctrl+D, Ctrl+P", "add pictures, prepare the set", ctrl('d'), add_pictures},
    {"", "", ctrl('p'), prepare_set},
    {"Arrows", "another picture", key(Key::left), [](Studio& s, char) { s.dataset.step(-1); }, When::grid, true},
    {"", "", key(Key::right), [](Studio& s, char) { s.dataset.step(1); }, When::grid, true},
    {"", "", key(Key::up), [](Studio& s, char) { s.dataset.step_row(-1); }, When::grid, true},
    {"", "", key(Key::down), [](Studio& s, char) { s.dataset.step_row(1); }, When::grid, true},
    {"K  X", "keep it, drop it", letter('k'), [](Studio& s, char) { request(s, prepare::Override::keep); }, When::grid},
    {"", "", letter('x'), [](Studio& s, char) { request(s, prepare::Override::drop); }, When::grid},
    {"Backspace", "by the limits; Shift: its crop", key(Key::backspace),
     [](Studio& s, char) { request(s, prepare::Override::none); }, When::grid},
    {"", "", key(Key::backspace, true),
     [](Studio& s, char) {
         if (const DataItem* item = s.dataset.selected())
             s.dataset.reset_crop(item->id);
     },
     When::grid},
    {"Enter", "large, and back", key(Key::enter), [](Studio& s, char) { s.dataset.large = !s.dataset.large; },
     When::grid},
    {"Shift+Arrows", "its crop; Page up, down: size", key(Key::left, true),
     [](Studio& s, char) { move_crop(s, -1, 0); }, When::grid, true},
    {"", "", key(Key::right, true), [](Studio& s, char) { move_crop(s, 1, 0); }, When::grid, true},
    {"", "", key(Key::up, true), [](Studio& s, char) { move_crop(s, 0, -1); }, When::grid, true},
    {"", "", key(Key::down, true), [](Studio& s, char) { move_crop(s, 0, 1); }, When::grid, true},
    {"", "", key(Key::page_up, true), [](Studio& s, char) { move_crop(s, 0, 0, 1.05); }, When::grid, true},
    {"", "", key(Key::page_down, true), [](Studio& s, char) { move_crop(s, 0, 0, 1 / 1.05); }, When::grid, true},
};

constexpr Binding window[] = {
    {"F1", "this page", key(Key::f1), help, When::always},
    {"F2", "times, queues and memory", key(Key::f2),
     [](Studio& s, char) { s.settings.show_performance = !s.settings.show_performance; }, When::always},
    {"Ctrl+L", "fold the left panel; Shift: right", ctrl('l'),
     [](Studio& s, char) { s.settings.panel_folded = !s.settings.panel_folded; }},
    {"", "", ctrl_shift('l'), [](Studio& s, char) { s.settings.train_folded = !s.settings.train_folded; }},
    {"Ctrl+Arrows", "down, up: to another control", ctrl(Key::down),
     [](Studio& s, char) { s.ui.focus_moves.push_back(FocusMove::next); }, When::always, true},
    {"", "", ctrl(Key::up), [](Studio& s, char) { s.ui.focus_moves.push_back(FocusMove::previous); }, When::always,
     true},
    {"Ctrl+Enter", "press it; Shift: its menu", ctrl(Key::enter),
     [](Studio& s, char) { s.ui.focus_moves.push_back(FocusMove::press); }, When::dialogs},
    {"", "", ctrl(Key::enter, true), [](Studio& s, char) { s.ui.focus_moves.push_back(FocusMove::menu); },
     When::dialogs},
    {"Page up, down", "in a list of pictures", key(Key::page_up), [](Studio& s, char) { s.ui.page_keys.push_back(-1); },
     When::dialogs, true},
    {"", "", key(Key::page_down), [](Studio& s, char) { s.ui.page_keys.push_back(1); }, When::dialogs, true},
    {"Esc", "close a window, never Atelier", key(Key::escape), close_dialog, When::dialogs, true},
};

constexpr KeyGroup groups[] = {{"PLAY", play},   {"TIMELINE", timeline}, {"KEEP", keep}, {"SHOW", show},
                               {"TRAIN", train}, {"WINDOW", window},     {"DATA", data}};

template <class Matches> const Binding* find(Matches matches) {
    for (const KeyGroup& group : groups) {
        for (const Binding& binding : group.bindings) {
            if (matches(binding))
                return &binding;
        }
    }
    return nullptr;
}

} // namespace

std::span<const KeyGroup> key_groups() {
    return groups;
}

const Binding* find_binding(const gfx::KeyEvent& event, bool grid) {
    const Binding* found = find([&event, grid](const Binding& binding) {
        const Chord& chord = binding.chord;
        return (binding.when == When::grid) == grid && chord.sign == 0 && chord.key == event.key &&
               chord.shift == event.shift && chord.ctrl == event.ctrl &&
               (event.key != Key::letter || (event.letter >= chord.letter && event.letter <= chord.last));
    });
    return found == nullptr && grid ? find_binding(event) : found;
}

const Binding* find_binding(char32_t sign) {
    return find([sign](const Binding& binding) { return binding.chord.sign != 0 && binding.chord.sign == sign; });
}

} // namespace atelier::studio
