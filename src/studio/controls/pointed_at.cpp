// SPDX-License-Identifier: Apache-2.0
#include "studio/controls/pointed_at.h"

#include <algorithm>
#include <cmath>

#include <imgui_internal.h>

#include "studio/toolkit/widgets.h"

namespace atelier::studio {
namespace {

RenderSettings settings_with(const StudioContext& context, const LatentBlend& latent) {
    RenderSettings settings = context.playback.render_settings_now();
    settings.latent = latent;
    return settings;
}

} // namespace

void offer(const StudioContext& context, PointedAt& pointed, const LatentBlend& latent, const std::string& name) {
    const KeyboardFocus& reach = Ui::current().reach;
    const bool by_keys = reach.led() && reach.touched() == ImGui::GetItemID();
    const bool known = !pointed.name.empty() && pointed.picture.wanted.latent == latent;
    if ((ImGui::IsItemHovered() || by_keys) && !known)
        pointed = {name, {settings_with(context, latent)}};
}

void draw_beside(StudioContext& context, PointedAt& pointed, const Box& column) {
    Ui& ui = Ui::current();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float caption = measure(Face::small, "0").y + ui.px(6), between = ui.px(14);
    const float side = std::min(column.width, std::floor((column.height - between) / 2 - caption));
    if (side < ui.px(32))
        return;
    const auto [width, height] = context.playback.picture_size();
    const float shape = height > 0 ? static_cast<float>(width) / static_cast<float>(height) : 1;
    ImVec2 at = column.from();
    draw_text(list, Face::small, at, theme::secondary, "Plays", column.width);
    at.y += caption;
    const Thumbnails::Playing& playing = context.thumbnails.playing;
    draw_small_picture(at, side, playing.texture, shape, playing.light);
    ui.mark("@beside-playing", at, {at.x + side, at.y + side}, true);

    at.y += side + between;
    const bool any = !pointed.name.empty();
    draw_text(list, Face::small, at, any ? theme::text : theme::secondary,
              any ? pointed.name + ", as set now" : "Point at a picture", column.width);
    at.y += caption;
    ImTextureID texture{};
    if (any)
        texture = follow(context, pointed.picture, settings_with(context, pointed.picture.wanted.latent));
    draw_small_picture(at, side, texture);
    ui.mark("@beside-pointed", at, {at.x + side, at.y + side}, true);
}

} // namespace atelier::studio
