// SPDX-License-Identifier: Apache-2.0
#include "studio/window_keys.h"

namespace atelier::studio {
namespace {

void fit_picture(ViewState& view) {
    view.zoom = 1;
    view.pan_x = view.pan_y = 0;
}

// The dialog, or else the messages that stand.
void close_dialog(StudioContext& context) {
    if (context.ui.dialog == Dialog::none)
        context.toasts.dismiss_all();
    context.ui.dialog = Dialog::none;
    context.ui.close_wanted = false;
}

void help(UiState& ui) {
    ui.dialog = ui.dialog == Dialog::help ? Dialog::none : Dialog::help;
}

} // namespace

std::vector<KeyRows> window_keys(StudioContext& context, Output& output) {
    using namespace chords;
    StudioState& state = context.state;
    Settings& settings = context.settings;
    UiState& ui = context.ui;
    const auto full_screen = [&state] { flip_switch(state, "view.fullscreen"); };
    const auto master = [&state](double steps) {
        return [&state, steps] { step_parameter(state, "view.master", steps); };
    };
    const auto move = [&ui](FocusMove which) { return [&ui, which] { ui.focus_moves.push_back(which); }; };
    const auto section = [&ui](int by) { return [&ui, by] { ui.section_moves.push_back(by); }; };
    const auto page = [&ui](int by) { return [&ui, by] { ui.page_keys.push_back(by); }; };
    return {
        {KeySubject::show,
         0,
         {
             {"O", "output window, and no more", letter('o'), [&output] { output.toggle(); }},
             {"F", "full screen", letter('f'), full_screen},
             {"", "", key(Key::f11), full_screen, When::playing, false, true},
             {"Tab", "hide all but the picture", key(Key::tab), [&state] { flip_switch(state, "view.ui_hidden"); }},
             {"Home", "fit the picture", key(Key::home), [&state] { fit_picture(state.view); }},
             {"X", "pixels or smooth", letter('x'), [&state] { flip_switch(state, "view.pixels"); }},
             {"Z", "freeze the picture", letter('z'), [&state] { flip_switch(state, "view.freeze"); }, When::show},
             {"0", "blackout, by a cut or a fade", letter('0'), [&state] { flip_switch(state, "view.blackout"); },
              When::show},
             {"Shift+Page", "up, down: master fade", key(Key::page_up, true), master(5), When::show, true},
             {"", "", key(Key::page_down, true), master(-5), When::show, true},
         }},
        {KeySubject::window,
         0,
         {
             {"F1", "this page", key(Key::f1), [&ui] { help(ui); }, When::always},
             {"F2", "times, queues and memory", key(Key::f2),
              [&settings] { settings.show_performance = !settings.show_performance; }, When::always},
             {"L", "left page; Ctrl folds, Shift: right", letter('l'),
              [&settings] {
                  settings.live_page = !settings.live_page;
                  settings.panel_folded = false;
              }},
             {"", "", ctrl('l'), [&settings] { settings.panel_folded = !settings.panel_folded; }},
             {"", "", ctrl_shift('l'), [&settings] { settings.train_folded = !settings.train_folded; }},
             {"Ctrl+Arrows", "down, up: to another control", ctrl(Key::down), move(FocusMove::next), When::always,
              true},
             {"", "", ctrl(Key::up), move(FocusMove::previous), When::always, true},
             {"Ctrl+Page up", "or down: to another section", ctrl(Key::page_down), section(1), When::playing, true},
             {"", "", ctrl(Key::page_up), section(-1), When::playing, true},
             {"Ctrl+Enter", "press it; Shift: its menu", ctrl(Key::enter), move(FocusMove::press), When::dialogs},
             {"", "", ctrl(Key::enter, true), move(FocusMove::menu), When::dialogs},
             {"", "", key(Key::menu), move(FocusMove::menu), When::dialogs, false, true},
             {"", "", key(Key::f10, true), move(FocusMove::menu), When::dialogs, false, true},
             {"Page up, down", "in a list of pictures", key(Key::page_up), page(-1), When::dialogs, true},
             {"", "", key(Key::page_down), page(1), When::dialogs, true},
             {"Esc", "close a dialog, or messages", key(Key::escape), [&context] { close_dialog(context); },
              When::dialogs, true},
         }},
    };
}

} // namespace atelier::studio
