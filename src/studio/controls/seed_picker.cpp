// SPDX-License-Identifier: Apache-2.0
// Choosing a seed by its picture: pages of thumbnails, or a number typed; for a mix also a starred latent or a moment.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include <imgui_internal.h>

#include "studio/controls/controls.h"
#include "studio/core/dialog.h"
#include "studio/toolkit/texts.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {
namespace {
constexpr int columns = 8;
constexpr int rows = 5;
constexpr std::uint32_t in_page = columns * rows;
constexpr std::uint32_t last_page = 0xffffffffu / in_page;

// As large as the width gives and the height leaves, with a caption below each and the buttons at the foot.
struct Grid {
    float side = 0, gap = 0; // px
};
Grid grid_here(float foot) {
    Ui& ui = Ui::current();
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const float row_rest = measure(Face::small, "0").y + ui.px(2 + 4);
    const float height = room.y - ui.px(foot);
    Grid grid;
    grid.side = std::floor(
        std::min((room.x - ui.px(8) * (columns - 1)) / columns, height / static_cast<float>(rows) - row_rest));
    grid.gap = std::floor((room.x - grid.side * columns) / (columns - 1));
    return grid;
}

void choose(Controls& controls, std::uint32_t seed) {
    controls.context.ui.dialog = Dialog::none;
    if (const auto then = std::exchange(controls.context.ui.pick.picked, nullptr))
        then(seed);
}

// One of several: the dialog stays.
void collect(Controls& controls, std::uint32_t seed) {
    if (!controls.context.ui.pick.collected)
        return;
    controls.context.ui.pick.collected(seed);
    controls.seed_picker.collected.push_back(seed);
}

void choose(Controls& controls, const LatentBlend& latent) {
    controls.context.ui.dialog = Dialog::none;
    if (const auto then = std::exchange(controls.context.ui.pick.picked_latent, nullptr))
        then(latent);
}

void begin(const Controls& controls, SeedPicker& picker) {
    picker.typed.clear();
    picker.collected.clear();
    picker.shelf = Shelf::seeds;
    picker.page = controls.context.ui.pick.seed / in_page;
    const auto is_chosen = [&](const LatentBlend& latent) { return latent == controls.context.ui.pick.latent; };
    const auto& stars = controls.context.state.stars;
    const auto& keyframes = controls.context.state.timeline.curve.keyframes;
    if (controls.context.ui.pick.latent.empty())
        return;
    if (std::any_of(stars.begin(), stars.end(), [&](const Star& star) { return is_chosen(star.latent); }))
        picker.shelf = Shelf::stars;
    else if (std::any_of(keyframes.begin(), keyframes.end(),
                         [&](const Keyframe& m) { return is_chosen(m.settings.latent); }))
        picker.shelf = Shelf::keyframes;
}

void draw_page(Controls& controls, SeedPicker& picker) {
    const Grid grid = grid_here(theme::control + 14);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {grid.gap, Ui::current().px(4)});
    const std::uint64_t first = static_cast<std::uint64_t>(picker.page) * in_page;
    const bool several = controls.context.ui.pick.collected != nullptr;
    const char* hint = several ? "Click takes it, Shift+click adds it to the walk and goes on" : "Click takes it";
    for (std::uint32_t i = 0; i < in_page; ++i) {
        const std::uint64_t wide = first + i;
        if (wide > 0xffffffffu)
            break;
        const auto seed = static_cast<std::uint32_t>(wide);
        if (i % columns != 0)
            ImGui::SameLine();
        ImGui::PushID(static_cast<int>(i));
        const bool begun_with = seed == controls.context.ui.pick.seed && controls.context.ui.pick.latent.empty();
        const bool clicked = thumb("seed", {.texture = controls.context.thumbnails.get(seed),
                                            .side = grid.side / Ui::current().scale(),
                                            .selected = begun_with || std::ranges::count(picker.collected, seed) > 0,
                                            .caption = fmt::format("{}", seed),
                                            .tooltip = seed_tooltip(seed, hint)});
        offer(controls.context, controls.pointed, {{.seed_a = seed, .seed_b = seed}}, fmt::format("Seed {}", seed));
        // Keys that open an item's menu are those that press it, with Shift.
        if (several && ((clicked && ImGui::GetIO().KeyShift) || Ui::current().reach.wants_menu(ImGui::GetItemID()))) {
            collect(controls, seed);
        } else if (clicked) {
            choose(controls, seed);
        }
        ImGui::PopID();
    }
    ImGui::PopStyleVar();
}

// Pages, dice and the field for a number.
void draw_foot(Controls& controls, SeedPicker& picker) {
    Ui& ui = Ui::current();
    const float space = ui.px(8);
    std::uint32_t& page = picker.page;
    if (button("##before",
               {.icon = Icon::chevron_left, .tooltip = "Page before", .key = "Page up", .enabled = page > 0}))
        --page;
    ImGui::SameLine(0, space);
    if (button("##after",
               {.icon = Icon::chevron_right, .tooltip = "Next page", .key = "Page down", .enabled = page < last_page}))
        ++page;
    ImGui::SameLine(0, space);
    if (button("##dice", {.icon = Icon::dice, .text = "Anywhere", .tooltip = "A random page"}))
        page = controls.context.playback.random_seed() / in_page;
    ImGui::SameLine(0, ui.px(24));
    bool entered = false;
    const std::string& typed = picker.typed;
    text_field("##seed", "or type a seed", picker.typed, ui.px(160), false, &entered);
    std::uint32_t seed = 0;
    const auto [end, error] = std::from_chars(typed.data(), typed.data() + typed.size(), seed);
    const bool good = error == std::errc() && end == typed.data() + typed.size();
    ImGui::SameLine(0, space);
    if ((button("##take", {.text = "Take it",
                           .tooltip = "Whole numbers from 0 to 4294967295",
                           .key = "Enter",
                           .primary = good,
                           .enabled = good}) ||
         entered) &&
        good)
        choose(controls, seed);
    if (!picker.collected.empty()) {
        ImGui::SameLine(0, ui.px(12));
        ImGui::SetCursorPosY(ImGui::GetCursorPosY() + ui.px(6));
        label(fmt::format("{} added", picker.collected.size()), theme::accent);
        ui.mark("@collected", ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), true);
    }
    if (!typed.empty() && !good) {
        ImGui::SameLine(0, ui.px(12));
        ImGui::SetCursorPosY(ImGui::GetCursorPosY() + ui.px(6));
        label("0 to 4294967295", theme::bad);
    }
    for (const int step : std::exchange(controls.context.ui.page_keys, {})) {
        if (step < 0 && page > 0)
            --page;
        if (step > 0 && page < last_page)
            ++page;
    }
}

void draw_shelves(const Controls& controls, SeedPicker& picker) {
    const bool stars = !controls.context.state.stars.empty(),
               keyframes = !controls.context.state.timeline.curve.keyframes.empty();
    const Choice shelves[] = {
        {"Seeds", "Any seed, by its picture"},
        {"Starred", stars ? "A latent that was starred" : "Nothing is starred yet", stars},
        {"From timeline", keyframes ? "The latent of a moment" : "The timeline has no moments yet", keyframes},
    };
    int shelf = static_cast<int>(picker.shelf);
    segmented("shelf", shelves, shelf, 360);
    picker.shelf = static_cast<Shelf>(shelf);
    gap(12);
}

// `get` gives the latent and name of number i.
template <typename Get> void draw_latents(Controls& controls, const char* id, std::size_t count, const Get& get) {
    ImGui::BeginChild(id, {0, 0}, false, ImGuiWindowFlags_NoNav);
    const Grid grid = grid_here(0);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {grid.gap, Ui::current().px(4)});
    std::optional<LatentBlend> chosen; // what is done with it may change the list
    for (std::size_t i = 0; i < count; ++i) {
        if (i % columns != 0)
            ImGui::SameLine();
        const auto& [latent, name] = get(i);
        ImGui::PushID(static_cast<int>(i));
        const bool seen = ImGui::IsRectVisible({grid.side, grid.side});
        if (thumb(id, {.texture = seen ? controls.context.thumbnails.get(latent) : ImTextureID{},
                       .side = grid.side / Ui::current().scale(),
                       .selected = latent == controls.context.ui.pick.latent,
                       .caption = name,
                       .own = true,
                       .tooltip = name}))
            chosen = latent;
        offer(controls.context, controls.pointed, latent, name);
        ImGui::PopID();
    }
    ImGui::PopStyleVar();
    ImGui::EndChild();
    if (chosen)
        choose(controls, *chosen);
}

} // namespace

void draw_seed_picker(Controls& controls) {
    SeedPicker& picker = controls.seed_picker;
    const bool is_open = controls.context.ui.dialog == Dialog::pick_seed;
    if (is_open && !picker.was_open) {
        begin(controls, picker);
        picker.sources = controls.context.ui.pick.picked_latent != nullptr;
    }
    picker.was_open = is_open;
    if (!begin_dialog(controls.context.ui, Dialog::pick_seed, picker.sources ? "Choose a source" : "Choose a seed",
                      {760 + beside_width + 20, 664}))
        return;
    Ui& ui = Ui::current();
    const ImVec2 from = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
    const float left = room.x - ui.px(beside_width + 20);
    draw_beside(controls.context, controls.pointed, {from.x + left + ui.px(20), from.y, ui.px(beside_width), room.y});
    ImGui::BeginChild("choices", {left, 0}, false, ImGuiWindowFlags_NoNav);
    if (picker.sources)
        draw_shelves(controls, picker);
    using Named = std::pair<LatentBlend, std::string>;
    switch (picker.shelf) {
    case Shelf::seeds:
        draw_page(controls, picker);
        gap(14);
        draw_foot(controls, picker);
        break;
    case Shelf::stars:
        draw_latents(controls, "picked-star", controls.context.state.stars.size(), [&](std::size_t i) {
            const Star& star = controls.context.state.stars[i];
            return Named{star.latent, star.name};
        });
        break;
    case Shelf::keyframes:
        draw_latents(controls, "picked-moment", controls.context.state.timeline.curve.keyframes.size(),
                     [&](std::size_t i) {
                         const Keyframe& keyframe = controls.context.state.timeline.curve.keyframes[i];
                         return Named{keyframe.settings.latent, time_text(keyframe.seconds)};
                     });
    }
    ImGui::EndChild();
    end_dialog();
}

} // namespace atelier::studio
