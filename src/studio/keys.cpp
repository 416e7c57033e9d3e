// SPDX-License-Identifier: Apache-2.0
#include "studio/keys.h"

#include <algorithm>
#include <cmath>

namespace atelier::studio {
namespace {

constexpr Shortcut table[] = {
    {"Space", "play or pause the walk"},
    {"N", "new random seed"},
    {"+  -", "walk faster, slower"},
    {"[  ]", "psi down, up"},
    {"R", "record, stop recording"},
    {"Shift+R", "recording options"},
    {"K", "add what is shown as a moment"},
    {"S", "star the latent that is shown"},
    {"M", "seed map, and back"},
    {"Shift+Space", "play or pause the timeline"},
    {"1 - 9", "recall a preset; Shift saves it"},
    {"Ctrl+Z", "undo; Shift: redo"},
    {"Ctrl+S", "save the session; Shift: as"},
    {"P", "save the picture"},
    {"T", "train, pause, resume"},
    {"Shift+T", "stop training and save"},
    {"Shift+C", "write a checkpoint now"},
    {"Ctrl+T", "Train panel, and back"},
    {"Shift+E", "export the timeline"},
    {"Ctrl+L", "fold the left panel (Shift: Train)"},
    {"B", "hold: the start model"},
    {"C", "compare: wipe, side by side, off"},
    {",  .", "snapshot before, after"},
    {"E", "averaged or raw weights"},
    {"G", "seeds, what D sees, picture"},
    {"F", "full screen"},
    {"Tab", "hide everything but the picture"},
    {"Home", "fit the picture"},
    {"X", "pixels or smooth"},
    {"Z", "freeze the picture"},
    {"0", "blackout"},
    {"Ctrl+O", "open a model or session"},
    {"F1", "this page"},
    {"Enter", "tap the tempo"},
    {"Esc", "close a window, never Atelier"},
};

void cycle_compare(Studio& studio) {
    Compare& compare = studio.state.view.compare;
    if (compare == Compare::off && !studio.training.can_compare()) {
        studio.toasts.add(ToastKind::note, "There is nothing to compare with yet",
                          "The start model is there as soon as training has begun.");
        return;
    }
    compare = static_cast<Compare>((static_cast<int>(compare) + 1) % 3);
}

void show_train(Studio& studio) {
    studio.tab = studio.tab == Tab::train ? Tab::perform : Tab::train;
    studio.focus_train = studio.tab == Tab::train;
    studio.settings.train_folded = studio.settings.train_folded && !studio.focus_train;
}

void press_letter(Studio& studio, char letter, bool shift, bool repeat) {
    ViewState& view = studio.state.view;
    if (letter == 'n')
        studio.new_random_seed();
    if (repeat)
        return; // a key held down must not switch on and off
    if (letter >= '1' && letter <= '9') {
        const auto slot = static_cast<std::size_t>(letter - '1');
        shift ? studio.keeping.save_preset(slot) : studio.keeping.recall_preset(slot);
        return;
    }
    switch (letter) {
    case 'k': studio.moments.add(); break;
    case 's': studio.star_now(); break;
    case 'm': studio.toggle_map(); break;
    case 'l':
        if (shift)
            studio.moments.set_loop(!studio.state.timeline.curve.loop);
        break;
    case 'r':
        if (shift)
            studio.dialog = Dialog::record;
        else
            studio.toggle_record();
        break;
    case 'f': view.fullscreen = !view.fullscreen; break;
    case 'p': studio.save_picture(); break;
    case 'x': view.pixels = !view.pixels; break;
    case 'z': view.frozen = !view.frozen; break;
    case '0': view.blackout = !view.blackout; break;
    case 't': shift ? studio.training.stop() : studio.training.pause_or_resume(); break;
    case 'b': studio.training.compare_held = true; break;
    case 'c': shift ? studio.training.save() : cycle_compare(studio); break;
    case 'e':
        if (shift) {
            if (studio.moments.shown())
                studio.dialog = Dialog::export_timeline;
            break;
        }
        studio.training.set_raw(!studio.training.raw());
        break;
    case 'g': studio.training.next_middle(); break;
    default: break;
    }
}

} // namespace

std::span<const Shortcut> shortcuts() {
    return table;
}

float handle_key(Studio& studio, const gfx::KeyEvent& event, bool typing) {
    using gfx::Key;
    if (event.released) {
        if (event.letter == 'b')
            studio.training.compare_held = false;
        return 0;
    }
    if (event.key == Key::escape) {
        if (!typing && event.shift) {
            studio.moments.leave();
            return 0;
        }
        if (!typing) {
            studio.dialog = Dialog::none;
            studio.close_wanted = false;
        }
        return 0;
    }
    studio.enter = studio.enter || (event.key == Key::enter && !event.repeat);
    if (event.key == Key::enter && !event.repeat && !typing && studio.dialog == Dialog::none)
        studio.tap_tempo();
    if (event.key == Key::f1 && !event.repeat) {
        studio.dialog = studio.dialog == Dialog::help ? Dialog::none : Dialog::help;
        return 0;
    }
    if (typing)
        return 0;
    if (event.ctrl) {
        if (event.key == Key::letter && event.letter == 'o' && !event.repeat)
            studio.dialog = Dialog::open;
        if (event.key == Key::letter && event.letter == 'z')
            event.shift ? studio.keeping.redo() : studio.keeping.undo();
        if (event.key == Key::letter && event.letter == 'y')
            studio.keeping.redo();
        if (event.key == Key::letter && event.letter == 's' && !event.repeat) {
            if (event.shift) {
                studio.dialog = Dialog::save_session;
            } else {
                studio.keeping.save();
            }
        }
        if (event.key == Key::letter && event.letter == 't' && !event.repeat && studio.dialog == Dialog::none)
            show_train(studio);
        if (event.key == Key::letter && event.letter == 'l' && !event.repeat && studio.dialog == Dialog::none) {
            bool& folded = event.shift ? studio.settings.train_folded : studio.settings.panel_folded;
            folded = !folded;
        }
        return 0;
    }
    if (event.alt)
        return 0;
    if (event.key == Key::page_up || event.key == Key::page_down) {
        studio.page_keys.push_back(event.key == Key::page_up ? -1 : 1);
        return 0;
    }
    const float steps = event.shift ? 10.0f : 1.0f;
    switch (event.key) {
    case Key::left:
    case Key::down: return -steps;
    case Key::right:
    case Key::up: return steps;
    default: break;
    }
    if (studio.dialog != Dialog::none)
        return 0;
    ViewState& view = studio.state.view;
    switch (event.key) {
    case Key::space:
        if (!event.repeat)
            event.shift ? studio.moments.toggle_play() : studio.toggle_play();
        break;
    case Key::tab:
        if (!event.repeat)
            view.ui_hidden = !view.ui_hidden;
        break;
    case Key::home:
        if (event.shift) {
            studio.moments.scrub(0);
            break;
        }
        view.zoom = 1;
        view.pan_x = view.pan_y = 0;
        break;
    case Key::f11:
        if (!event.repeat)
            view.fullscreen = !view.fullscreen;
        break;
    case Key::letter: press_letter(studio, event.letter, event.shift, event.repeat); break;
    default: break;
    }
    return 0;
}

void handle_character(Studio& studio, char32_t character, bool typing) {
    if (typing || studio.dialog != Dialog::none)
        return;
    double& psi = studio.state.truncation.psi;
    const auto move_psi = [&psi](double by) { psi = std::clamp(std::round((psi + by) * 100) / 100, -1.0, 2.0); };
    switch (character) {
    case U'+':
    case U'=': studio.change_speed(1.25); break;
    case U'-':
    case U'_': studio.change_speed(1 / 1.25); break;
    case U'[': move_psi(-0.05); break;
    case U']': move_psi(0.05); break;
    case U',': studio.training.step_stop(-1); break;
    case U'.': studio.training.step_stop(1); break;
    default: break;
    }
}

} // namespace atelier::studio
