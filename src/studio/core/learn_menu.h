// SPDX-License-Identifier: Apache-2.0
// "Learn" in the menu of a control: the next knob, note or message moves it.
#pragma once

#include <functional>
#include <string>

#include "studio/core/context.h"

namespace atelier::studio {

// An entry of an open menu.
void learn_entry(StudioContext& context, const std::string& id);
// For SliderSpec::menu: what else is there, then Learn.
std::function<void()> with_learn(StudioContext& context, std::string id, std::function<void()> before = {});
// A menu of its own for the item just made, which is no slider.
void learn_menu(StudioContext& context, const std::string& id);

} // namespace atelier::studio
