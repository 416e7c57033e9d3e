// SPDX-License-Identifier: Apache-2.0
// One picture of the Data tab as it came, with the crop that goes into the set: a drag moves it, the wheel scales it.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <imgui_internal.h>

#include "studio/dataset/data_panel.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {
namespace {

constexpr float head_height = 44;

// The picture with room around it where its crop reaches beyond it.
Box fitted(const Box& box, const DataItem& item) {
    double least = 0, most = 1;
    for (const prepare::Point& corner : item.automatic) {
        least = std::min({least, corner.x, corner.y});
        most = std::max({most, corner.x, corner.y});
    }
    const auto beyond = static_cast<float>(std::min(1.0, std::max(-least, most - 1)));
    const float x = box.width * beyond / (1 + 2 * beyond), y = box.height * beyond / (1 + 2 * beyond);
    ViewState view;
    return place_picture(view, {box.x + x, box.y + y, box.width - 2 * x, box.height - 2 * y}, std::max(1, item.width),
                         std::max(1, item.height));
}

void draw_box(const std::array<prepare::Point, 4>& corners, const Box& place, const Box& clip) {
    Ui& ui = Ui::current();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.PushClipRect(clip.from(), {clip.x + clip.width, clip.y + clip.height}, true);
    ImVec2 at[4];
    for (std::size_t i = 0; i < 4; ++i) {
        at[i] = {place.x + place.width * static_cast<float>(corners[i].x),
                 place.y + place.height * static_cast<float>(corners[i].y)};
    }
    // What an upright crop leaves out is darker.
    const ImU32 dark = theme::faded(theme::background, 0.6f);
    const bool upright = std::abs(at[0].y - at[1].y) < 0.5f;
    if (upright) {
        const ImVec2 to{place.x + place.width, place.y + place.height};
        list.AddRectFilled(place.from(), {to.x, std::max(place.y, at[0].y)}, dark);
        list.AddRectFilled({place.x, std::min(to.y, at[2].y)}, to, dark);
        list.AddRectFilled({place.x, std::max(place.y, at[0].y)}, {std::max(place.x, at[0].x), std::min(to.y, at[2].y)},
                           dark);
        list.AddRectFilled({std::min(to.x, at[1].x), std::max(place.y, at[0].y)}, {to.x, std::min(to.y, at[2].y)},
                           dark);
    }
    list.AddPolyline(at, 4, theme::accent, ImDrawFlags_Closed, ui.px(2));
    list.PopClipRect();
}

// Returns the corners to draw.
std::array<prepare::Point, 4> hand_on_crop(DatasetController& dataset, const DataItem& item, const Box& place,
                                           const Box& area) {
    HeldCrop& hand = dataset.held_crop;
    if (hand.id != item.id)
        hand = {};
    ImGui::SetCursorScreenPos(area.from());
    ImGui::InvisibleButton("##data-crop", area.size());
    Ui::current().mark("##data-crop", place.from(), {place.x + place.width, place.y + place.height}, true);
    const ImGuiIO& io = ImGui::GetIO();
    const bool can = item.cut && dataset.status().state != DataState::writing;
    CropChange now = hand.id == item.id ? hand.change : dataset.crop_of(item.id);
    if (can && ImGui::IsItemHovered()) {
        Ui::current().tooltip(ImGui::GetItemID(), "Drag moves the crop, the wheel scales it", "Shift+arrows");
        ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);
        if (io.MouseWheel != 0) {
            now.scale *= std::pow(0.95, static_cast<double>(io.MouseWheel));
            dataset.move_crop(item, now);
            now = dataset.crop_of(item.id);
        }
    }
    if (can && ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 2)) {
        now.x += static_cast<double>(io.MouseDelta.x / place.width);
        now.y += static_cast<double>(io.MouseDelta.y / place.height);
        hand = {item.id, now};
        now = kept_inside(item.automatic, now, item.width, item.height);
    }
    if (hand.id == item.id && !ImGui::IsItemActive()) {
        dataset.move_crop(item, hand.change);
        hand = {};
        now = dataset.crop_of(item.id);
    }
    return changed_crop(item.automatic, now);
}

void draw_head(DatasetController& dataset, const DataItem& item, const Box& box) {
    Ui& ui = Ui::current();
    const DataView& view = dataset.view();
    ui.want(item.name);
    ImGui::SetCursorScreenPos({box.x + ui.px(8), box.y + ui.px(8)});
    if (button("##data-previous", {.icon = Icon::chevron_left, .tooltip = "The picture before", .key = "Left"}))
        dataset.step(-1);
    ImGui::SameLine(0, ui.px(4));
    if (button("##data-next", {.icon = Icon::chevron_right, .tooltip = "The picture after", .key = "Right"}))
        dataset.step(1);
    draw_text(*ImGui::GetWindowDrawList(), Face::body, {box.x + ui.px(80), box.y + ui.px(14)}, theme::text,
              fmt::format("{} of {}: {}", dataset.place() + 1, view.order.size(), item.name),
              box.width - ui.px(80 + 106 + 16));
    ImGui::SetCursorScreenPos({box.x + box.width - ui.px(106 + 8), box.y + ui.px(8)});
    if (button("##data-small",
               {.icon = Icon::grid, .text = "All", .tooltip = "Back to all pictures", .key = "Enter", .width = 106}))
        dataset.large = false;
}

void draw_verbs(DatasetController& dataset, const DataItem& item) {
    Ui& ui = Ui::current();
    using prepare::Override;
    const bool can = dataset.status().state != DataState::writing;
    if (button("##data-keep", {.icon = Icon::check,
                               .text = "Keep",
                               .tooltip = "It goes into the set whatever the limits say",
                               .key = "K",
                               .active = item.request == Override::keep,
                               .enabled = can && item.cut}))
        dataset.request(item.id, Override::keep);
    ImGui::SameLine(0, ui.px(8));
    if (button("##data-drop", {.icon = Icon::out,
                               .text = "Drop",
                               .tooltip = "It stays out",
                               .key = "X",
                               .active = item.request == Override::drop,
                               .enabled = can && item.cut}))
        dataset.request(item.id, Override::drop);
    ImGui::SameLine(0, ui.px(8));
    if (button("##data-undo", {.text = "By the limits",
                               .tooltip = "Takes your choice back",
                               .key = "Backspace",
                               .enabled = can && item.request != Override::none}))
        dataset.request(item.id, Override::none);
    ImGui::SameLine(0, ui.px(8));
    if (button("##data-uncrop", {.text = "Crop as it was",
                                 .tooltip = "Takes back what you moved and scaled",
                                 .key = "Shift+Backspace",
                                 .enabled = can && dataset.crop_of(item.id) != CropChange()}))
        dataset.reset_crop(item.id);
}

// What goes into the set, why, and all that was measured.
void draw_foot(DatasetController& dataset, const DataItem& item, const Box& box) {
    Ui& ui = Ui::current();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float side = ui.px(data_foot_height - 24);
    const ImVec2 from{box.x + ui.px(16), box.y + ui.px(4)};
    const prepare::CutOptions& cut = dataset.context.settings.data.cut;
    const ImTextureID texture = dataset.picture(item, DataPictureKind::tile);
    if (texture && item.cut) {
        const bool square = cut.mode == prepare::Mode::faces;
        const auto wide = static_cast<float>(square ? 1 : cut.ratio_width);
        const auto high = static_cast<float>(square ? 1 : cut.ratio_height);
        const ImVec2 size{side * wide / std::max(wide, high), side * high / std::max(wide, high)};
        list.AddImage(texture, from, {from.x + size.x, from.y + size.y});
    }
    const float x = from.x + side + ui.px(16), width = box.x + box.width - x - ui.px(16);
    ImGui::SetCursorScreenPos({x, from.y});
    draw_verbs(dataset, item);
    const std::string verdict(
        ui.say(item.kept ? (item.words.empty() ? "Kept" : "Kept: it " + item.words) : "Left out: it " + item.words));
    ui.want(verdict);
    ImFont* body = ui.face(Face::body);
    const ImVec2 at{x, from.y + ui.px(theme::control + 8)};
    list.AddText(body, body->FontSize, at, item.kept ? theme::good : theme::bad, verdict.c_str(), nullptr, width);
    const float below = at.y + body->CalcTextSizeA(body->FontSize, 1e6f, width, verdict.c_str()).y + ui.px(4);
    std::string scores;
    if (item.width > 0) // it could be read
        scores = fmt::format("{} x {} px", item.width, item.height);
    for (const ScoreSpec& spec : score_specs()) {
        if (item.cut && (!spec.faces || cut.mode == prepare::Mode::faces))
            scores +=
                fmt::format(", {} {}", spec.name,
                            fmt::format(fmt::runtime(spec.format), item.scores[static_cast<std::size_t>(spec.score)]));
    }
    ImFont* small = ui.face(Face::small);
    list.AddText(small, small->FontSize, {x, below}, theme::secondary, std::string(ui.say(scores)).c_str(), nullptr,
                 width);
}

} // namespace

bool shows_data_large(const DatasetController& dataset) {
    return dataset.context.ui.centre_view == CentreView::data && dataset.large && dataset.selected() != nullptr;
}

void draw_data_large(DatasetController& dataset, const Box& box) {
    Ui& ui = Ui::current();
    const DataItem& item = *dataset.selected();
    const ImGuiID large = ImGui::GetID("large");
    ui.reach.control(large, box.from(), {box.x + box.width, box.y + box.height});
    dataset.grid_keys = !ui.reach.led() || ui.touched() == large;
    draw_head(dataset, item, box);
    const Box area{box.x + ui.px(8), box.y + ui.px(head_height), box.width - ui.px(16),
                   std::max(1.0f, box.height - ui.px(head_height + data_foot_height))};
    const Box place = fitted(area, item);
    const ImTextureID texture = dataset.picture(item, DataPictureKind::whole);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    if (texture) {
        list.AddImage(texture, place.from(), {place.x + place.width, place.y + place.height});
    } else if (item.width == 0) {
        draw_icon(list, Icon::alert, {area.x + area.width / 2, area.y + area.height / 2}, ui.px(40), theme::disabled);
    }
    const auto corners = hand_on_crop(dataset, item, place, area);
    if (item.cut)
        draw_box(corners, place, area);
    draw_foot(dataset, item, {box.x, area.y + area.height + ui.px(8), box.width, ui.px(data_foot_height - 8)});
}

} // namespace atelier::studio
