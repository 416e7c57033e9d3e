// SPDX-License-Identifier: Apache-2.0
// Grids in the middle of the window: fixed seeds as the model in training makes them, or what the discriminator sees.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "studio/toolkit/texts.h"
#include "studio/toolkit/widgets.h"
#include "studio/train/train_panel.h"

namespace atelier::studio {
namespace {

constexpr int most_columns = 8;
constexpr float caption_height = 44;

void draw_seeds(TrainingController& training, const Box& box) {
    Ui& ui = Ui::current();
    const float space = ui.px(6);
    const float side_limit = std::min(box.width, box.height) - 2 * space;
    const int columns = std::clamp(static_cast<int>(side_limit / ui.px(84)), 2, most_columns);
    const float side = std::floor((side_limit - space * static_cast<float>(columns - 1)) / static_cast<float>(columns));
    const float whole = side * static_cast<float>(columns) + space * static_cast<float>(columns - 1);
    const ImVec2 from{std::round(box.x + (box.width - whole) / 2), box.y + space};
    for (int i = 0; i < columns * columns; ++i) {
        const auto seed = static_cast<std::uint32_t>(i);
        ImGui::SetCursorScreenPos({from.x + static_cast<float>(i % columns) * (side + space),
                                   from.y + static_cast<float>(i / columns) * (side + space)});
        ImGui::PushID(i);
        const bool now = training.context.playback.seed_now() == seed;
        if (thumb("##grid-seed", {.texture = training.context.thumbnails.get(seed),
                                  .side = side / ui.scale(),
                                  .selected = now,
                                  .tooltip = seed_tooltip(seed, "Click to play it")})) {
            training.context.playback.go_to_seed(seed);
            training.context.ui.centre_view = CentreView::picture;
        }
        ImGui::PopID();
    }
}

void draw_augmented(TrainingController& training, const Box& box) {
    const ImTextureID texture = training.augmented();
    if (!texture) {
        const char* text = "Nothing has been shown to the discriminator yet";
        draw_text(*ImGui::GetWindowDrawList(), Face::body,
                  {box.x + (box.width - measure(Face::body, text).x) / 2, box.y + box.height / 2}, theme::secondary,
                  text);
        return;
    }
    const auto [width, height] = training.augmented_size();
    ViewState fitted;
    const Box place = place_picture(fitted, box, width, height);
    ImGui::GetWindowDrawList()->AddImage(texture, place.from(), {place.x + place.width, place.y + place.height});
    Ui::current().mark("##augmented", place.from(), {place.x + place.width, place.y + place.height}, true);
}

} // namespace

void draw_seed_grid(TrainingController& training, const Box& box) {
    Ui& ui = Ui::current();
    const bool seeds = training.context.ui.centre_view == CentreView::seeds;
    const std::string text =
        seeds ? "Fixed seeds, psi 0.7, made anew while the model learns"
              : fmt::format("What the discriminator sees: augmented pictures, p {:.2f}", training.status().p);
    const float top = ui.px(caption_height);
    draw_text(*ImGui::GetWindowDrawList(), Face::body, {box.x + ui.px(16), box.y + ui.px(14)}, theme::secondary, text,
              box.width - ui.px(16 + 130));
    ImGui::SetCursorScreenPos({box.x + box.width - ui.px(106 + 8), box.y + ui.px(8)});
    if (button("##back",
               {.icon = Icon::back, .text = "Picture", .tooltip = "Back to the picture", .key = "G", .width = 106}))
        training.context.ui.centre_view = CentreView::picture;
    const Box rest{box.x, box.y + top, box.width, std::max(1.0f, box.height - top)};
    if (seeds) {
        draw_seeds(training, rest);
    } else {
        draw_augmented(training, rest);
    }
}

} // namespace atelier::studio
