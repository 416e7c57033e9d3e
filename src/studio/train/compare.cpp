// SPDX-License-Identifier: Apache-2.0
// The start model beside the one now playing: where their pictures lie, and the line between them that can be dragged.
#include <algorithm>
#include <cmath>

#include <imgui_internal.h>

#include "studio/toolkit/widgets.h"
#include "studio/train/train_panel.h"

namespace atelier::studio {
namespace {

Compare compare_now(const TrainingController& training) {
    const bool possible = training.comparing() && training.context.playback.shown().compare;
    return possible ? training.context.state.view.compare : Compare::off;
}

Box half_of(const Box& box, bool right) {
    const float left_width = std::round(box.width / 2);
    return right ? Box{box.x + left_width, box.y, box.width - left_width, box.height}
                 : Box{box.x, box.y, left_width, box.height};
}

// A name on the picture itself, readable on any ground.
void name_tag(ImVec2 corner, std::string_view text, bool from_right) {
    Ui& ui = Ui::current();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 size = measure(Face::small, text);
    const ImVec2 pad{ui.px(7), ui.px(3)};
    const float x = from_right ? corner.x - size.x - 2 * pad.x : corner.x;
    list.AddRectFilled({x, corner.y}, {x + size.x + 2 * pad.x, corner.y + size.y + 2 * pad.y},
                       theme::faded(theme::background, 0.75f), ui.px(4));
    draw_text(list, Face::small, {x + pad.x, corner.y + pad.y}, theme::text, text);
}

const char* name_now(const TrainingController& training) {
    switch (training.viewed()) {
    case ViewedModel::training: return training.raw() ? "in training (raw)" : "in training";
    case ViewedModel::snapshot: return "snapshot";
    case ViewedModel::start: return "start";
    case ViewedModel::opened: break;
    }
    return "opened";
}

} // namespace

Box picture_box(const TrainingController& training, const Box& box, ImVec2 mouse) {
    if (training.compare_held || compare_now(training) != Compare::side_by_side)
        return box;
    return half_of(box, mouse.x >= half_of(box, true).x);
}

std::vector<PicturePart> picture_parts(const TrainingController& training, const Box& box) {
    const auto [width, height] = training.context.playback.picture_size();
    const ViewState& view = training.context.state.view;
    const Box place = place_picture(view, box, width, height);
    if (training.compare_held && training.comparing() && training.context.playback.shown().compare)
        return {{true, place, box}};
    switch (compare_now(training)) {
    case Compare::off: break;
    case Compare::wipe: {
        const float line = std::round(place.x + static_cast<float>(view.wipe) * place.width);
        const float at = std::clamp(line, box.x, box.x + box.width);
        return {{false, place, {box.x, box.y, at - box.x, box.height}},
                {true, place, {at, box.y, box.x + box.width - at, box.height}}};
    }
    case Compare::side_by_side: {
        const Box left = half_of(box, false), right = half_of(box, true);
        return {{false, place_picture(view, left, width, height), left},
                {true, place_picture(view, right, width, height), right}};
    }
    }
    return {{false, place, box}};
}

void draw_compare(TrainingController& training, const Box& box) {
    const std::vector<PicturePart> parts = picture_parts(training, box);
    Ui& ui = Ui::current();
    const auto corner = [&](const PicturePart& part, bool right) {
        const float left = std::max(part.place.x, part.clip.x);
        const float end = std::min(part.place.x + part.place.width, part.clip.x + part.clip.width);
        return ImVec2{right ? end - ui.px(8) : left + ui.px(8), std::max(part.place.y, part.clip.y) + ui.px(8)};
    };
    if (parts.size() == 1) {
        if (parts[0].start_model)
            name_tag(corner(parts[0], false), "start", false);
        return;
    }
    const bool wipe = compare_now(training) == Compare::wipe;
    if (parts[0].clip.width > ui.px(90) || !wipe)
        name_tag(corner(parts[0], false), name_now(training), false);
    if (parts[1].clip.width > ui.px(60) || !wipe)
        name_tag(corner(parts[1], wipe), "start", wipe);
    if (!wipe)
        return;
    ViewState& view = training.context.state.view;
    const Box& place = parts[0].place;
    const float x = parts[1].clip.x;
    const float top = std::max(box.y, place.y), bottom = std::min(box.y + box.height, place.y + place.height);
    const float reach = ui.px(10);
    if (bottom <= top)
        return;
    ImGui::SetCursorScreenPos({x - reach, top});
    ImGui::InvisibleButton("##wipe", {2 * reach, bottom - top});
    ui.mark("##wipe", {x - reach, top}, {x + reach, bottom}, true);
    view.wipe = std::clamp(view.wipe + 0.01 * static_cast<double>(item_nudge()), 0.0, 1.0);
    const bool hot = ImGui::IsItemHovered() || ImGui::IsItemActive();
    if (ImGui::IsItemActive() && place.width > 0) {
        const float mouse = std::clamp(ImGui::GetIO().MousePos.x, box.x, box.x + box.width);
        view.wipe = std::clamp(static_cast<double>((mouse - place.x) / place.width), 0.0, 1.0);
    }
    if (hot)
        ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
    if (hot && !ImGui::IsItemActive()) {
        ui.tooltip(ImGui::GetItemID(), "Drag: left of the line the model now, right of it the start model", "C");
    }
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddLine({x, top}, {x, bottom}, theme::faded(theme::background, 0.6f), ui.px(4));
    list.AddLine({x, top}, {x, bottom}, hot ? theme::accent : theme::text, std::max(1.0f, ui.px(1.5f)));
    const float middle = std::round((top + bottom) / 2);
    list.AddCircleFilled({x, middle}, ui.px(9), hot ? theme::accent : theme::text);
    draw_icon(list, Icon::chevron_left, {x - ui.px(3), middle}, ui.px(7), theme::background);
    draw_icon(list, Icon::chevron_right, {x + ui.px(3), middle}, ui.px(7), theme::background);
}

} // namespace atelier::studio
