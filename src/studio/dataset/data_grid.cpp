// SPDX-License-Identifier: Apache-2.0
// The Data tab's middle: all pictures as a grid that fills while they are looked at. Only rows in sight are drawn, so
// thousands of pictures cost no more than a screenful.
#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <imgui_internal.h>

#include "studio/dataset/data_panel.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {
namespace {

constexpr float tile = 116;
constexpr float caption = 18;
constexpr float space = 8;
constexpr float head_height = 44;

void centred(const Box& box, Face face, float y, ImU32 colour, std::string_view text) {
    const float width = measure(face, text).x;
    draw_text(*ImGui::GetWindowDrawList(), face, {box.x + std::max(0.0f, (box.width - width) / 2), y}, colour, text,
              box.width);
}

void begin_here(DatasetController& dataset, const Box& box) {
    Ui& ui = Ui::current();
    const float y = std::round(box.y + box.height / 2 - ui.px(70));
    centred(box, Face::title, y, theme::text, "Drop your pictures here");
    centred(box, Face::body, y + ui.px(36), theme::secondary,
            "A folder, a zip, a video or single pictures become a set to train on.");
    ImGui::SetCursorScreenPos({std::round(box.x + (box.width - ui.px(160)) / 2), y + ui.px(76)});
    if (button("##data-begin", {.icon = Icon::plus,
                                .text = "Add pictures...",
                                .tooltip = "Choose a folder, zip, picture or video",
                                .key = "Ctrl+D",
                                .primary = true,
                                .width = 160}))
        dataset.context.ui.dialog = Dialog::open_pictures;
}

void draw_badge(const DataItem& item, ImVec2 at) {
    Ui& ui = Ui::current();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const bool by_hand = item.request != prepare::Override::none;
    list.AddCircleFilled(at, ui.px(9), item.kept ? theme::good : theme::bad, 24);
    if (by_hand)
        list.AddCircle(at, ui.px(11), theme::accent, 24, ui.px(2));
    draw_icon(list, item.kept ? Icon::check : Icon::out, at, ui.px(11), theme::background);
}

std::string caption_of(const DatasetController& dataset, const DataItem& item) {
    if (dataset.sort() == DataSort::score && item.cut) {
        for (const ScoreSpec& spec : score_specs()) {
            if (spec.score == dataset.sort_score())
                return fmt::format(fmt::runtime(spec.format), item.scores[static_cast<std::size_t>(spec.score)]);
        }
    }
    const std::size_t slash = item.name.rfind('/');
    return slash == std::string::npos ? item.name : item.name.substr(slash + 1);
}

// The crop, fitted into the tile at the ratio it will be shown at.
void draw_crop(DatasetController& dataset, const DataItem& item, ImVec2 from) {
    Ui& ui = Ui::current();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float side = ui.px(tile);
    const ImTextureID texture = dataset.picture(item, DataPictureKind::tile);
    list.AddRectFilled(from, {from.x + side, from.y + side}, theme::panel, ui.px(theme::rounding));
    if (!texture) {
        if (dataset.is_broken(item))
            draw_icon(list, Icon::alert, {from.x + side / 2, from.y + side / 2}, ui.px(28), theme::disabled);
        return;
    }
    const prepare::CutOptions& cut = dataset.context.settings.data.cut;
    const bool square = cut.mode == prepare::Mode::faces && item.cut;
    const float wide = static_cast<float>(item.cut ? (square ? 1 : cut.ratio_width) : item.width);
    const float high = static_cast<float>(item.cut ? (square ? 1 : cut.ratio_height) : item.height);
    const float longest = std::max(wide, high);
    const ImVec2 half{std::round(side * wide / longest / 2), std::round(side * high / longest / 2)};
    const ImVec2 middle{from.x + side / 2, from.y + side / 2};
    const ImU32 tint = item.kept ? IM_COL32_WHITE : IM_COL32(255, 255, 255, 90);
    list.AddImageRounded(texture, {middle.x - half.x, middle.y - half.y}, {middle.x + half.x, middle.y + half.y},
                         {0, 0}, {1, 1}, tint, ui.px(theme::rounding));
}

void draw_tile(DatasetController& dataset, const DataItem& item, ImVec2 from, ImGuiID grid) {
    Ui& ui = Ui::current();
    const float side = ui.px(tile);
    ImGui::SetCursorScreenPos(from);
    ImGui::PushID(reinterpret_cast<const void*>(static_cast<std::uintptr_t>(item.id)));
    const bool clicked = ImGui::InvisibleButton("##data-tile", {side, side});
    const bool hovered = ImGui::IsItemHovered();
    ui.mark("##data-tile", from, {from.x + side, from.y + side}, true);
    draw_crop(dataset, item, from);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    if (dataset.is_selected(item)) {
        const float out = ui.px(2);
        list.AddRect({from.x - out, from.y - out}, {from.x + side + out, from.y + side + out}, theme::accent,
                     ui.px(theme::rounding), 0, ui.px(2));
    }
    draw_badge(item, {from.x + ui.px(14), from.y + ui.px(14)});
    const ImVec2 corner{from.x + side - ui.px(14), from.y + ui.px(14)};
    const ImVec2 half{ui.px(13), ui.px(13)};
    const bool on_corner = hovered && ImGui::IsMouseHoveringRect({corner.x - half.x, corner.y - half.y},
                                                                 {corner.x + half.x, corner.y + half.y});
    if (hovered) {
        list.AddCircleFilled(corner, ui.px(11), theme::faded(theme::background, 0.85f));
        draw_icon(list, Icon::pencil, corner, ui.px(13), on_corner ? theme::accent : theme::text);
        ui.tooltip(ImGui::GetItemID(),
                   data_item_text(item, dataset.context.settings.data.cut.mode) +
                       (on_corner ? "\n\nClick: large, with its crop"
                                  : "\n\nClick keeps or drops it; the pencil shows it large"),
                   on_corner ? "Enter" : "K, X");
    }
    const std::string text = caption_of(dataset, item);
    ui.want(text);
    draw_text(list, Face::small, {from.x + ui.px(2), from.y + side + ui.px(2)},
              item.kept ? theme::text : theme::secondary, text, side - ui.px(4));
    if (clicked) {
        ui.touch(grid);
        dataset.select(item);
        if (on_corner) {
            dataset.large = true;
        } else {
            dataset.toggle(item);
        }
    }
    ImGui::PopID();
}

void scroll(DatasetController& dataset, float pitch, float height) {
    for (const int page : std::exchange(dataset.context.ui.page_keys, {}))
        ImGui::SetScrollY(ImGui::GetScrollY() + static_cast<float>(page) * std::max(pitch, height - pitch));
    if (!std::exchange(dataset.follow, false) || dataset.place() < 0)
        return;
    const float top = static_cast<float>(dataset.place() / dataset.columns) * pitch;
    if (top < ImGui::GetScrollY())
        ImGui::SetScrollY(top);
    if (top + pitch > ImGui::GetScrollY() + height)
        ImGui::SetScrollY(top + pitch - height);
}

void draw_tiles(DatasetController& dataset, const Box& box) {
    Ui& ui = Ui::current();
    ImGui::SetCursorScreenPos(box.from());
    ImGui::BeginChild("tiles", box.size(), false, ImGuiWindowFlags_NoNav);
    const ImGuiID grid = ImGui::GetID("grid");
    if (std::exchange(dataset.context.ui.take_grid_keys, false))
        ui.touch(grid);
    ui.reach.control(grid, box.from(), {box.x + box.width, box.y + box.height});
    dataset.grid_keys = ui.touched() == grid;
    const float pitch = ui.px(tile + space), pitch_y = ui.px(tile + caption + space), margin = ui.px(16);
    const float room = box.width - margin * 2 - ImGui::GetStyle().ScrollbarSize;
    dataset.columns = std::max(1, static_cast<int>((room + ui.px(space)) / pitch));
    const float left = std::round((room + 2 * margin - static_cast<float>(dataset.columns) * pitch + ui.px(space)) / 2);
    const DataView& view = dataset.view();
    const int count = static_cast<int>(view.order.size());
    const int rows = (count + dataset.columns - 1) / dataset.columns;
    scroll(dataset, pitch_y, box.height);
    const ImVec2 origin = ImGui::GetCursorScreenPos(); // moves with scrolling
    const int first = std::max(0, static_cast<int>((box.y - origin.y) / pitch_y));
    const int last = std::min(rows, first + static_cast<int>(box.height / pitch_y) + 2);
    for (int i = first * dataset.columns; i < std::min(count, last * dataset.columns); ++i) {
        const ImVec2 from{std::round(origin.x + left + static_cast<float>(i % dataset.columns) * pitch),
                          std::round(origin.y + ui.px(4) + static_cast<float>(i / dataset.columns) * pitch_y)};
        draw_tile(dataset, view.items[view.order[static_cast<std::size_t>(i)]], from, grid);
    }
    ImGui::SetCursorScreenPos(origin);
    ImGui::Dummy({1, static_cast<float>(rows) * pitch_y + ui.px(8)});
    ImGui::EndChild();
}

} // namespace

std::string data_item_text(const DataItem& item, prepare::Mode mode) {
    std::string text = item.name;
    if (item.width > 0)
        text += fmt::format(", {} x {} px", item.width, item.height);
    if (item.kept) {
        text += item.words.empty() ? "\nKept." : "\nKept: it " + item.words + ".";
    } else {
        text += "\nLeft out: it " + item.words + ".";
    }
    if (!item.cut)
        return text;
    text += "\n";
    for (const ScoreSpec& spec : score_specs()) {
        if (spec.faces && mode != prepare::Mode::faces)
            continue;
        text += fmt::format("\n{}: {}", spec.name,
                            fmt::format(fmt::runtime(spec.format), item.scores[static_cast<std::size_t>(spec.score)]));
    }
    return text;
}

void draw_dataset_grid(DatasetController& dataset, const Box& box) {
    Ui& ui = Ui::current();
    if (shows_data_large(dataset)) {
        draw_data_large(dataset, box);
        return;
    }
    dataset.large = false;
    if (dataset.inputs().empty()) {
        begin_here(dataset, box);
        return;
    }
    const DataView& view = dataset.view();
    const std::string text =
        view.items.empty() ? "" : fmt::format("{} of {} kept. A click keeps or drops", view.kept, view.items.size());
    draw_text(*ImGui::GetWindowDrawList(), Face::body, {box.x + ui.px(16), box.y + ui.px(14)}, theme::secondary, text,
              box.width - ui.px(16 + 130));
    ImGui::SetCursorScreenPos({box.x + box.width - ui.px(106 + 8), box.y + ui.px(8)});
    if (button("##data-back", {.icon = Icon::back,
                               .text = "Picture",
                               .tooltip = "Back to the model's picture",
                               .key = "G",
                               .width = 106}))
        dataset.context.ui.centre_view = CentreView::picture;
    if (view.items.empty()) {
        const bool failed = dataset.status().state == DataState::failed;
        centred(box, Face::body, box.y + box.height / 2, failed ? theme::bad : theme::secondary,
                failed ? dataset.status().message : "Looking at the first pictures ...");
        return;
    }
    const float top = ui.px(head_height);
    draw_tiles(dataset, {box.x, box.y + top, box.width, std::max(1.0f, box.height - top)});
}

} // namespace atelier::studio
