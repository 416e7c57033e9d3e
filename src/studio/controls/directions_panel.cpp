// SPDX-License-Identifier: Apache-2.0
// Sliders along directions in W: SeFa's, at once, and those of a PCA, found in the background.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include <imgui.h>
#include <imgui_internal.h>

#include "studio/controls/controls.h"
#include "studio/controls/parameter_controls.h"
#include "studio/state/oscillators.h"
#include "studio/toolkit/form_rows.h"
#include "studio/toolkit/texts.h"

namespace atelier::studio {
namespace {

void draw_work(Controls& controls, DirectionMethod method) {
    Ui& ui = Ui::current();
    const DirectionStatus& status = controls.directions.status(method);
    const float width = ImGui::GetContentRegionAvail().x;
    if (status.state == DirectionState::failed) {
        paragraph("No directions: " + status.message, theme::bad);
        return;
    }
    if (controls.directions.cancelled(method)) {
        if (button("##look-directions",
                   {.text = "Look for directions", .tooltip = "Begin anew what was cancelled", .quiet = true}))
            controls.directions.resume(method);
        return;
    }
    const double part = status.total > 0 ? static_cast<double>(status.done) / static_cast<double>(status.total) : 0;
    label(status.seconds_left >= 0 ? fmt::format("Looking at many seeds, {} left", time_text(status.seconds_left))
                                   : std::string("Looking for directions"));
    progress_bar(part, width - ui.px(80));
    ImGui::SameLine(0, ui.px(8));
    if (button("##cancel-directions", {.text = "Cancel", .tooltip = "Stop looking", .quiet = true, .width = 72}))
        controls.directions.cancel(controls.context.playback.service(), method);
}

void layers_popup(Controls& controls, DirectionSlider& slider, bool& remove) {
    Ui& ui = Ui::current();
    ImGui::SetNextWindowSize({ui.px(280), 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(12), ui.px(12)});
    const bool open = ImGui::BeginPopup("direction");
    ImGui::PopStyleVar();
    if (!open)
        return;
    text_row("name", {.label = "Name", .tooltip = "What this slider is called"}, slider.name);
    DirectionAmount& direction = slider.direction;
    const int layers = std::max(1, controls.context.playback.num_ws());
    int last = std::min(direction.last, layers) - 1;
    if (number_row("first", {.label = "From layer", .tooltip = "The first w layer that it moves"}, 0, layers - 1,
                   direction.first))
        last = std::max(last, direction.first);
    if (number_row("last", {.label = "To layer", .tooltip = "The last w layer that it moves"}, 0, layers - 1, last))
        direction.first = std::min(direction.first, last);
    direction.last = last + 1 >= layers ? max_layers : last + 1;
    if (button(
            "##remove-direction",
            {.icon = Icon::bin, .text = "Remove", .tooltip = "Ctrl+Z brings it back", .quiet = true, .left = true})) {
        remove = true;
        ImGui::CloseCurrentPopup();
    }
    ImGui::EndPopup();
}

void add_slider(Controls& controls, DirectionMethod method) {
    auto& sliders = controls.context.state.directions;
    int index = 0; // the strongest that has no slider yet
    const std::string name = method_name(method);
    const auto taken = [&](int i) {
        return std::any_of(sliders.begin(), sliders.end(), [&](const DirectionSlider& s) {
            return s.direction.method == name && s.direction.index == i;
        });
    };
    while (taken(index))
        ++index;
    DirectionSlider slider;
    slider.direction.method = name;
    slider.direction.index = index;
    slider.name = fmt::format("{} {}", method == DirectionMethod::sefa ? "SeFa" : "PCA", index + 1);
    sliders.push_back(std::move(slider));
}

// The sliders in a new order of their old places, without those that are left out; what swings goes with its slider.
void rearrange(Controls& controls, const std::vector<int>& order) {
    controls.context.playback.softly([&] { rearrange_directions(controls.context.state, order); });
}

} // namespace

void draw_directions_panel(Controls& controls) {
    Ui& ui = Ui::current();
    int method = static_cast<int>(controls.chosen_method);
    static constexpr Choice methods[] = {
        {"SeFa", "Directions read from the model's weights, at once (Shen and Zhou 2021)"},
        {"PCA", "Directions in which many seeds differ most (GANSpace); takes a while the first time"}};
    auto& sliders = controls.context.state.directions;
    const SliderList before = list_of(sliders);
    // Above the list, which grows downwards: the button stays under the mouse.
    segmented("direction-method", methods, method, 120);
    ImGui::SameLine(0, ui.px(8));
    const auto chosen = controls.chosen_method = static_cast<DirectionMethod>(method);
    controls.directions.want(chosen);
    const DirectionSet* set = controls.directions.set(chosen);
    if (button("##add-direction", {.icon = Icon::plus,
                                   .text = "Slider",
                                   .tooltip = "Add a slider for the next strongest direction",
                                   .enabled = set != nullptr}))
        add_slider(controls, chosen);
    if (!sliders.empty()) {
        ImGui::SameLine(0, ui.px(8));
        if (button("##zero-directions",
                   {.icon = Icon::zero, .text = "To 0", .tooltip = "Put all sliders back to 0", .quiet = true})) {
            for (int i = 0; i < std::ssize(sliders); ++i) {
                controls.context.playback.touch(ParameterRef{&parameter("direction.*.amount"), i});
                sliders[static_cast<std::size_t>(i)].direction.amount = 0;
            }
        }
    }
    int remove = -1, move_from = -1, move_to = -1;
    bool by_keys = false;
    const int last = static_cast<int>(sliders.size()) - 1;
    for (std::size_t i = 0; i < sliders.size(); ++i) {
        DirectionSlider& each = sliders[i];
        ImGui::PushID(static_cast<int>(i));
        ui.want(each.name);
        const ImVec2 from = ImGui::GetCursorScreenPos();
        if (button("##direction-more",
                   {.icon = Icon::grip,
                    .tooltip = "Name, layers, remove. Drag to another place, or lead keys here: up and down",
                    .quiet = true}))
            open_menu("direction");
        const int index = static_cast<int>(i);
        if (const float nudge = ui.nudge_for(ImGui::GetItemID()); nudge != 0) // up is to the left
            by_keys = true, move_from = index, move_to = std::clamp(index - (nudge > 0 ? 1 : -1), 0, last);
        if (ImGui::BeginDragDropSource(ImGuiDragDropFlags_SourceNoPreviewTooltip)) {
            ImGui::SetDragDropPayload("direction", &index, sizeof index);
            ImGui::EndDragDropSource();
        }
        if (ImGui::BeginDragDropTarget()) {
            if (const ImGuiPayload* payload = ImGui::AcceptDragDropPayload("direction")) {
                move_from = *static_cast<const int*>(payload->Data);
                move_to = index;
            }
            ImGui::EndDragDropTarget();
        }
        bool gone = false;
        layers_popup(controls, each, gone);
        if (gone)
            remove = index;
        ImGui::SetCursorScreenPos({from.x + ui.px(34), from.y});
        const bool known = controls.directions.find(each.direction).first.latent != nullptr;
        parameter_slider(
            controls, "direction", {&parameter("direction.*.amount"), index},
            {.label = each.name.c_str(),
             .tooltip = known ? "How far w moves along this direction" : "This direction of the model is not known yet",
             .lit = known,
             .own = true,
             .label_width = 76,
             .value_width = 40});
        ImGui::PopID();
    }
    if (!set && controls.context.playback.num_ws() > 0)
        draw_work(controls, chosen);
    std::vector<int> order(sliders.size());
    std::iota(order.begin(), order.end(), 0);
    if (remove >= 0 && remove < std::ssize(order)) {
        order.erase(order.begin() + remove);
        rearrange(controls, order);
    } else if (move_from >= 0 && move_from != move_to && move_from < std::ssize(order)) {
        order.erase(order.begin() + move_from);
        order.insert(order.begin() + std::min<std::ptrdiff_t>(move_to, std::ssize(order)), move_from);
        rearrange(controls, order);
        if (by_keys)
            touch_item(move_to, "##direction-more"); // they stay with it
    }
    if (list_of(sliders) != before)
        controls.direction_sliders.edited();
}

} // namespace atelier::studio
