// SPDX-License-Identifier: Apache-2.0
// "Learn" in the menu of a control: the next knob, note or message moves it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "studio/core/context.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {

// An entry of an open menu. what: behind the word, where a menu has more than one.
void learn_entry(StudioContext& context, const std::string& id, const std::string& what = {});
// For SliderSpec::menu: what else is there, then Learn.
std::function<void()> with_learn(StudioContext& context, std::string id, std::function<void()> before = {});
// A menu of its own for the item just made, which is no slider. before: what else is there.
void learn_menu(StudioContext& context, const std::string& id, const std::function<void()>& before = {});
// Of an item that sets several parameters: an entry for each, by its label.
void learn_menus(StudioContext& context, const std::vector<std::string>& ids, const std::function<void()>& before = {});

// A button that pulls a trigger of the table of parameters, now or when changes are due, as its key does; with Learn in
// its menu. Words and key are the row's where the spec has none. True when it was pressed.
bool trigger_button(StudioContext& context, const char* id, const std::string& trigger, ButtonSpec spec,
                    const std::function<void()>& menu = {});
// The same of a switch of the table, lit while it is on.
bool switch_button(StudioContext& context, const char* id, const std::string& parameter, ButtonSpec spec);

} // namespace atelier::studio
