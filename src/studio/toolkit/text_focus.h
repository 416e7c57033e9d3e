// SPDX-License-Identifier: Apache-2.0
// Whether what is typed goes into a text.
#pragma once

namespace atelier::studio {

// Whether a text field has the keyboard, after a frame is drawn: of that frame. ImGui's own io.WantTextInput is of the
// one before, so that a key that comes right after a dialog was closed would be taken for one of its text.
bool text_has_keyboard();

} // namespace atelier::studio
