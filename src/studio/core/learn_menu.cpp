// SPDX-License-Identifier: Apache-2.0
#include "studio/core/learn_menu.h"

#include <utility>

namespace atelier::studio {
namespace {

// Throws where the table has no such row.
ParameterRef row_of(const StudioContext& context, const std::string& id) {
    const auto found = find_parameter(context.state, id);
    return found ? *found : ParameterRef{&parameter(id)};
}

void complete(ButtonSpec& spec, const Parameter& row) {
    if (spec.tooltip.empty())
        spec.tooltip = row.tooltip;
    if (spec.key.empty())
        spec.key = row.keys;
    if (spec.text.empty() && spec.icon == Icon::none)
        spec.text = row.label;
}

} // namespace

void learn_entry(StudioContext& context, const std::string& id, const std::string& what) {
    if (!context.commands.learn)
        return;
    const bool waits = context.commands.learning && context.commands.learning() == id;
    const std::string text = waits ? "Stop learning" : what.empty() ? "Learn" : "Learn: " + what;
    ImGui::PushID(id.c_str());
    const bool chosen =
        button("##learn", {.icon = Icon::plug,
                           .text = text,
                           .tooltip = waits ? "Nothing is connected to it"
                                            : "Then move a knob, press a pad or send a message: that moves it from "
                                              "then on",
                           .quiet = true,
                           .left = true});
    ImGui::PopID();
    if (!chosen)
        return;
    context.commands.learn(id);
    ImGui::CloseCurrentPopup();
}

std::function<void()> with_learn(StudioContext& context, std::string id, std::function<void()> before) {
    return [&context, id = std::move(id), before = std::move(before)] {
        if (before)
            before();
        learn_entry(context, id);
    };
}

void learn_menu(StudioContext& context, const std::string& id, const std::function<void()>& before) {
    learn_menus(context, {id}, before);
}

void learn_menus(StudioContext& context, const std::vector<std::string>& ids, const std::function<void()>& before) {
    if (!context.commands.learn)
        return;
    Ui& ui = Ui::current();
    ImGui::PushID(ids.front().c_str());
    if (item_menu_wanted())
        open_menu("learn");
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(6), ui.px(6)});
    const bool open = ImGui::BeginPopup("learn");
    ImGui::PopStyleVar();
    if (open) {
        if (before)
            before();
        for (const std::string& id : ids)
            learn_entry(context, id, ids.size() > 1 ? label_of(context.state, row_of(context, id)) : std::string());
        ImGui::EndPopup();
    }
    ImGui::PopID();
}

bool trigger_button(StudioContext& context, const char* id, const std::string& trigger, ButtonSpec spec,
                    const std::function<void()>& menu) {
    const ParameterRef which = row_of(context, trigger);
    complete(spec, *which.parameter);
    const bool pressed = button(id, spec);
    learn_menu(context, trigger, menu);
    if (pressed)
        context.commands.pull(which->trigger, which.instance);
    return pressed;
}

bool switch_button(StudioContext& context, const char* id, const std::string& parameter, ButtonSpec spec) {
    const ParameterRef which = row_of(context, parameter);
    const bool on = value_of(context.state, which) != 0;
    complete(spec, *which.parameter);
    spec.active = on;
    const bool pressed = button(id, spec);
    learn_menu(context, parameter);
    if (pressed)
        set_value(context.state, which, on ? 0 : 1);
    return pressed;
}

} // namespace atelier::studio
