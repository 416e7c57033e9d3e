// SPDX-License-Identifier: Apache-2.0
// Letting a control swing by itself: the entry in a slider's menu, and the list of what swings.
#pragma once

#include <functional>
#include <string>

#include "studio/controls/controls.h"

namespace atelier::studio {

// For SliderSpec::menu: adds an oscillator to the parameter of that id, or takes it away; and Learn.
std::function<void()> oscillate_menu(Controls& controls, std::string id);

} // namespace atelier::studio
