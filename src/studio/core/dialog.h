// SPDX-License-Identifier: Apache-2.0
// The dialogs' shared frame, by UiState::dialog.
#pragma once

#include "studio/core/ui_state.h"
#include "studio/toolkit/dialog.h"

namespace atelier::studio {

// A centred window over everything else for the dialog `which`; its size in 96 dpi pixels. False while it is closed;
// else end_dialog() must follow. A click on the cross or Esc closes it.
inline bool begin_dialog(UiState& state, Dialog which, const char* title, ImVec2 size) {
    bool wanted = state.dialog == which;
    const bool was_wanted = wanted;
    const bool open = begin_dialog_frame(wanted, title, size);
    if (was_wanted && !wanted)
        state.dialog = Dialog::none;
    return open;
}

inline void end_dialog() {
    end_dialog_frame();
}

// At its foot: a button that closes it, and the one that does what it is for. True when the latter was clicked.
inline bool dialog_buttons(UiState& state, const char* close_id, const ButtonSpec& close, const char* id,
                           const ButtonSpec& spec) {
    bool wanted = true;
    const bool clicked = dialog_foot(wanted, close_id, close, id, spec);
    if (!wanted)
        state.dialog = Dialog::none;
    return clicked;
}

// Enter was pressed since the last frame, and no field has taken it for a value.
inline bool enter_pressed(UiState& state) {
    return state.take_enter() && !Ui::current().enter_used;
}

} // namespace atelier::studio
