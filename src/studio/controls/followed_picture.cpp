// SPDX-License-Identifier: Apache-2.0
#include "studio/controls/followed_picture.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "studio/toolkit/ui.h"

namespace atelier::studio {
namespace {
constexpr float follow_seconds = 0.25f;
} // namespace

ImTextureID follow(StudioContext& context, FollowedPicture& picture, const RenderSettings& now) {
    const ImTextureID texture = context.thumbnails.large(picture.wanted);
    picture.age += ImGui::GetIO().DeltaTime;
    if (texture && !picture.coming && picture.age > follow_seconds) {
        picture.age = 0;
        if (now != picture.wanted)
            picture.coming = now;
    }
    if (!picture.coming) {
        if (now != picture.wanted)
            Ui::current().fades(follow_seconds); // the window must not rest before
        return texture;
    }
    const ImTextureID newer = context.thumbnails.large(*picture.coming);
    if (!newer)
        return texture;
    picture.wanted = *std::exchange(picture.coming, std::nullopt);
    return newer;
}

void draw_small_picture(ImVec2 from, float side, ImTextureID texture, float shape, float light) {
    Ui& ui = Ui::current();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float round = ui.px(4);
    list.AddRectFilled(from, {from.x + side, from.y + side}, theme::raised, round);
    if (!texture)
        return;
    const float width = std::round(side * std::min(1.0f, shape)), height = std::round(side / std::max(1.0f, shape));
    const ImVec2 at{from.x + std::round((side - width) / 2), from.y + std::round((side - height) / 2)};
    const auto part = static_cast<int>(std::lround(255 * light));
    list.AddImageRounded(texture, at, {at.x + width, at.y + height}, {0, 0}, {1, 1}, IM_COL32(part, part, part, 255),
                         round);
}

} // namespace atelier::studio
