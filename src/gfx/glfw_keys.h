// SPDX-License-Identifier: Apache-2.0
// GLFW's keys as the studio's plain values; for the windows of this folder.
#pragma once

#include "base/key.h"

namespace atelier::gfx {

// The arguments of GLFW's key callback.
KeyEvent key_event(int key, int scancode, int action, int mods);

} // namespace atelier::gfx
