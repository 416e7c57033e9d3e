// SPDX-License-Identifier: Apache-2.0
// The seed map: a sheet of pictures around the place that is shown, without end in all directions.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <imgui.h>
#include <imgui_internal.h>

#include "latent/walk.h"
#include "studio/controls/controls.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {
namespace {

constexpr float tile = 92;
constexpr float space = 6;
constexpr float caption_height = 44;

LatentBlend node_latent(const Explore& map, std::int64_t x, std::int64_t y) {
    if (x == 0 && y == 0)
        return map.home;
    const std::uint32_t seed = explore_seed(map.map_seed, x, y);
    return {{.seed_a = seed, .seed_b = seed}};
}

std::string name_of(const Explore& map, std::int64_t x, std::int64_t y) {
    return x == 0 && y == 0 ? "Where you began" : fmt::format("Seed {}", explore_seed(map.map_seed, x, y));
}

void draw_node(Controls& controls, const Explore& map, std::int64_t x, std::int64_t y, ImVec2 from) {
    Ui& ui = Ui::current();
    const LatentBlend latent = node_latent(map, x, y);
    const Explore& now = controls.context.state.latent_override.explore;
    const bool here = controls.context.state.latent_override.kind == LatentOverride::explore && now.home == map.home &&
                      now.map_seed == map.map_seed && std::lround(now.x) == x && std::lround(now.y) == y;
    ImGui::SetCursorScreenPos(from);
    ImGui::PushID(static_cast<int>(x));
    ImGui::PushID(static_cast<int>(y));
    const ImTextureID texture = latent.size() == 1 && !latent[0].fixed && latent[0].t == 0
                                    ? controls.context.thumbnails.get(latent[0].seed_a)
                                    : controls.context.thumbnails.get(latent);
    const bool clicked = thumb("##node", {.texture = texture,
                                          .side = tile,
                                          .selected = here,
                                          .tooltip = name_of(map, x, y) + ". Click to glide there, Shift+click adds it "
                                                                          "to the walk, the star keeps it"});
    offer(controls.context, controls.pointed, latent, name_of(map, x, y));
    const ImVec2 way = ImGui::GetMouseDragDelta(ImGuiMouseButton_Left, 5); // also in the frame of its release
    const bool dragged = way.x != 0 || way.y != 0;
    const ImVec2 corner{from.x + ui.px(tile - 12), from.y + ui.px(12)};
    const bool hovered = ImGui::IsItemHovered();
    const ImVec2 half{ui.px(11), ui.px(11)};
    const bool on_star = hovered && ImGui::IsMouseHoveringRect({corner.x - half.x, corner.y - half.y},
                                                               {corner.x + half.x, corner.y + half.y});
    if (hovered) {
        ImDrawList& list = *ImGui::GetWindowDrawList();
        list.AddCircleFilled(corner, ui.px(10), theme::faded(theme::background, 0.85f));
        draw_icon(list, Icon::star, corner, ui.px(13), on_star ? theme::accent : theme::text);
    }
    const bool by_menu = ui.reach.wants_menu(ImGui::GetItemID()); // Shift and Ctrl are held with it
    if ((clicked && !dragged) || by_menu) {
        if (on_star) {
            controls.context.commands.star(latent, name_of(map, x, y));
        } else if (by_menu || ImGui::GetIO().KeyShift) {
            if (x == 0 && y == 0) {
                controls.context.commands.add_keyframe(latent);
            } else {
                controls.walk.add_seed(explore_seed(map.map_seed, x, y), false);
                ++controls.map_collected;
            }
        } else {
            controls.walk.go_to_node(static_cast<double>(x), static_cast<double>(y));
        }
    }
    ImGui::PopID();
    ImGui::PopID();
}

} // namespace

void draw_seed_map(Controls& controls, const Box& box) {
    Ui& ui = Ui::current();
    SeedMap& map = controls.context.ui.map;
    draw_text(*ImGui::GetWindowDrawList(), Face::body, {box.x + ui.px(16), box.y + ui.px(14)}, theme::secondary,
              controls.map_collected > 0 ? fmt::format("{} added to the walk's seeds", controls.map_collected)
                                         : std::string("Seeds around you. Drag to look further"),
              box.width - ui.px(16 + 270));
    ImGui::SetCursorScreenPos({box.x + box.width - ui.px(106 + 8), box.y + ui.px(8)});
    if (button("##map-back",
               {.icon = Icon::back, .text = "Picture", .tooltip = "Back to the picture", .key = "M", .width = 106}))
        controls.walk.toggle_map();
    ImGui::SetCursorScreenPos({box.x + box.width - ui.px(106 + 8 + 8 + 118), box.y + ui.px(8)});
    if (button("##map-here", {.icon = Icon::dice,
                              .text = "New map",
                              .tooltip = "Other seeds, around the place that is shown now",
                              .width = 118}))
        controls.walk.new_map();

    const float height = std::max(1.0f, box.height - ui.px(caption_height));
    const float beside = box.width > ui.px(3 * beside_width) ? ui.px(beside_width + 16) : 0;
    const Box rest{box.x, box.y + ui.px(caption_height), box.width - beside, height};
    const float pitch = ui.px(tile + space);
    ImGui::SetCursorScreenPos(rest.from());
    ImGui::BeginChild("map", rest.size(), false,
                      ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    const ImVec2 pressed = ImGui::GetIO().MouseClickedPos[0]; // a slider's drag may lead over the map
    const bool here = pressed.x >= rest.x && pressed.x < rest.x + rest.width && pressed.y >= rest.y &&
                      pressed.y < rest.y + rest.height;
    if (here && ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem) &&
        ImGui::IsMouseDragging(ImGuiMouseButton_Left, 5)) {
        map.x -= static_cast<double>(ImGui::GetIO().MouseDelta.x / pitch);
        map.y -= static_cast<double>(ImGui::GetIO().MouseDelta.y / pitch);
    }
    const ImGuiID whole = ImGui::GetID("map"); // the arrow keys move it
    ui.reach.control(whole, rest.from(), {rest.x + rest.width, rest.y + rest.height});
    if (whole == ui.touched() && ui.reach.free()) {
        map.x += controls.context.ui.arrows.x;
        map.y += controls.context.ui.arrows.y;
    }
    ui.mark("##seed-map", rest.from(), {rest.x + rest.width, rest.y + rest.height}, true);
    const double columns = rest.width / pitch, rows = rest.height / pitch;
    const auto first_x = static_cast<std::int64_t>(std::floor(map.x - columns / 2 - 0.5));
    const auto first_y = static_cast<std::int64_t>(std::floor(map.y - rows / 2 - 0.5));
    for (std::int64_t y = first_y; static_cast<double>(y) < map.y + rows / 2 + 0.5; ++y) {
        for (std::int64_t x = first_x; static_cast<double>(x) < map.x + columns / 2 + 0.5; ++x) {
            const auto dx = static_cast<float>(static_cast<double>(x) - map.x);
            const auto dy = static_cast<float>(static_cast<double>(y) - map.y);
            draw_node(controls, map.place, x, y,
                      {std::round(rest.x + rest.width / 2 + dx * pitch - ui.px(tile) / 2),
                       std::round(rest.y + rest.height / 2 + dy * pitch - ui.px(tile) / 2)});
        }
    }
    ImGui::EndChild();
    if (beside > 0)
        draw_beside(controls.context, controls.pointed,
                    {rest.x + rest.width + ui.px(4), rest.y, ui.px(beside_width), height - ui.px(12)});
}

} // namespace atelier::studio
