// SPDX-License-Identifier: Apache-2.0
#include "studio/core/learn_menu.h"

#include <utility>

#include "studio/toolkit/widgets.h"

namespace atelier::studio {

void learn_entry(StudioContext& context, const std::string& id) {
    if (!context.commands.learn)
        return;
    const bool waits = context.commands.learning && context.commands.learning() == id;
    if (!button("##learn",
                {.icon = Icon::plug,
                 .text = waits ? "Stop learning" : "Learn",
                 .tooltip = waits ? "Nothing is connected to it"
                                  : "Then move a knob, press a pad or send a message: that moves it from then on",
                 .quiet = true,
                 .left = true}))
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

void learn_menu(StudioContext& context, const std::string& id) {
    if (!context.commands.learn)
        return;
    Ui& ui = Ui::current();
    ImGui::PushID(id.c_str());
    if (item_menu_wanted())
        open_menu("learn");
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(6), ui.px(6)});
    const bool open = ImGui::BeginPopup("learn");
    ImGui::PopStyleVar();
    if (open) {
        learn_entry(context, id);
        ImGui::EndPopup();
    }
    ImGui::PopID();
}

} // namespace atelier::studio
