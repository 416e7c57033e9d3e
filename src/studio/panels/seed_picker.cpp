// SPDX-License-Identifier: Apache-2.0
// Choosing a seed by its picture: pages of thumbnails, or a number typed.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "studio/panels/panels.h"
#include "studio/widgets.h"

namespace atelier::studio {
namespace {
constexpr int columns = 8;
constexpr int rows = 5;
constexpr std::uint32_t in_page = columns * rows;
constexpr std::uint32_t last_page = 0xffffffffu / in_page;
} // namespace

void draw_seed_picker(Studio& studio) {
    static std::uint32_t page = 0;
    static std::string typed;
    static bool was_open = false;
    const bool is_open = studio.dialog == Dialog::pick_seed;
    if (is_open && !was_open) {
        page = studio.picker_seed / in_page;
        typed.clear();
    }
    was_open = is_open;
    if (!begin_dialog(studio, Dialog::pick_seed, "Choose a seed", {760, 664}))
        return;
    Ui& ui = Ui::current();
    const float width = ImGui::GetContentRegionAvail().x;
    const auto choose = [&](std::uint32_t seed) {
        studio.dialog = Dialog::none;
        if (const auto then = std::exchange(studio.picked, nullptr))
            then(seed);
    };

    const float gap_x = ui.px(8);
    // As large as the width gives and the height leaves, with a caption below each and the buttons at the foot.
    const float row_rest = measure(Face::small, "0").y + ui.px(2 + 4);
    const float height = ImGui::GetContentRegionAvail().y - ui.px(theme::control + 14);
    const float side =
        std::floor(std::min((width - gap_x * (columns - 1)) / columns, height / static_cast<float>(rows) - row_rest));
    const float gap_fit = std::floor((width - side * columns) / (columns - 1));
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap_fit, ui.px(4)});
    const std::uint64_t first = static_cast<std::uint64_t>(page) * in_page;
    for (std::uint32_t i = 0; i < in_page; ++i) {
        const std::uint64_t wide = first + i;
        if (wide > 0xffffffffu)
            break;
        const auto seed = static_cast<std::uint32_t>(wide);
        if (i % columns != 0)
            ImGui::SameLine();
        ImGui::PushID(static_cast<int>(i));
        if (thumb("seed", {.texture = studio.thumbnails.get(seed),
                           .side = side / ui.scale(),
                           .selected = seed == studio.picker_seed,
                           .caption = fmt::format("{}", seed)}))
            choose(seed);
        ImGui::PopID();
    }
    ImGui::PopStyleVar();
    gap(14);

    if (button("##before",
               {.icon = Icon::chevron_left, .tooltip = "Page before", .key = "Page up", .enabled = page > 0}))
        --page;
    ImGui::SameLine(0, gap_x);
    if (button("##after",
               {.icon = Icon::chevron_right, .tooltip = "Next page", .key = "Page down", .enabled = page < last_page}))
        ++page;
    ImGui::SameLine(0, gap_x);
    if (button("##dice", {.icon = Icon::dice, .text = "Anywhere", .tooltip = "A random page"}))
        page = studio.random_seed() / in_page;
    ImGui::SameLine(0, ui.px(24));
    bool entered = false;
    text_field("##seed", "or type a seed", typed, ui.px(160), false, &entered);
    std::uint32_t seed = 0;
    const auto [end, error] = std::from_chars(typed.data(), typed.data() + typed.size(), seed);
    const bool good = error == std::errc() && end == typed.data() + typed.size();
    ImGui::SameLine(0, gap_x);
    if ((button("##take", {.text = "Take it",
                           .tooltip = "Whole numbers from 0 to 4294967295",
                           .key = "Enter",
                           .primary = good,
                           .enabled = good}) ||
         entered) &&
        good)
        choose(seed);
    if (!typed.empty() && !good) {
        ImGui::SameLine(0, ui.px(12));
        ImGui::SetCursorPosY(ImGui::GetCursorPosY() + ui.px(6));
        label("0 to 4294967295", theme::bad);
    }
    for (const int step : std::exchange(studio.page_keys, {})) {
        if (step < 0 && page > 0)
            --page;
        if (step > 0 && page < last_page)
            ++page;
    }
    end_dialog();
}

} // namespace atelier::studio
