// SPDX-License-Identifier: Apache-2.0
// Which model is looked at while one trains, what it is compared with, and the strip of snapshots.
#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include <imgui_internal.h>

#include "studio/toolkit/form_rows.h"
#include "studio/train/train_panel.h"

namespace atelier::studio {
namespace {

constexpr float label_width = 76;

// A labelled row of exclusive choices. True when another was chosen.
bool choices_row(const char* id, const char* text, std::span<const Choice> choices, int& chosen) {
    Ui& ui = Ui::current();
    const ImVec2 from = ImGui::GetCursorScreenPos();
    draw_text(*ImGui::GetWindowDrawList(), Face::body,
              {from.x, from.y + (ui.px(theme::control) - measure(Face::body, "0").y) / 2}, theme::secondary, text);
    ImGui::SetCursorScreenPos({from.x + ui.px(label_width), from.y});
    return segmented(id, choices, chosen);
}

std::string stop_text(const TrainingController& training, int stop) {
    if (stop < 0)
        return "the opened model";
    if (stop == 0)
        return "start";
    if (stop == training.positions() - 1)
        return fmt::format("now, {:.2f} kimg", training.status().kimg);
    const std::string& path = training.status().snapshots[static_cast<std::size_t>(stop - 1)];
    const auto kimg = kimg_of_snapshot(path);
    return kimg ? fmt::format("snapshot at {:g} kimg", *kimg) : std::string("snapshot");
}

// Cells side by side; each shows the stop in its middle, so that any number fits.
void draw_cells(const TrainingController& training, ImVec2 from, float width, float height) {
    Ui& ui = Ui::current();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float alpha = ImGui::GetStyle().Alpha;
    const int positions = training.positions();
    const int cells = std::max(1, std::min(positions, static_cast<int>(width / height)));
    const float cell = width / static_cast<float>(cells);
    for (int i = 0; i < cells; ++i) {
        const int stop =
            cells == 1 ? 0 : static_cast<int>(std::lround(static_cast<double>(i) * (positions - 1) / (cells - 1)));
        const float side = std::min(cell - ui.px(2), height);
        const ImVec2 a{std::round(from.x + cell * static_cast<float>(i) + (cell - side) / 2), from.y};
        const ImVec2 b{a.x + side, a.y + side};
        list.AddRectFilled(a, b, theme::faded(theme::raised, alpha), ui.px(3));
        if (const ImTextureID image = training.stop_image(stop)) {
            list.AddImageRounded(image, a, b, {0, 0}, {1, 1}, theme::faded(IM_COL32_WHITE, alpha), ui.px(3));
        } else {
            const std::string name = stop == 0 ? "start" : stop == positions - 1 ? "now" : fmt::format("{}", stop);
            const ImVec2 size = measure(Face::small, name);
            draw_text(list, Face::small, {(a.x + b.x - size.x) / 2, (a.y + b.y - size.y) / 2}, theme::secondary, name);
        }
    }
}

void draw_strip(TrainingController& training) {
    Ui& ui = Ui::current();
    const int positions = training.positions();
    if (positions == 0)
        return;
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const float height = ui.px(40);
    ImGui::InvisibleButton("##strip", {width, height + ui.px(8)});
    ui.mark("##strip", from, {from.x + width, from.y + height}, true);
    if (const float nudge = item_nudge(); nudge != 0)
        training.step_stop(nudge > 0 ? 1 : -1);
    const ImGuiIO& io = ImGui::GetIO();
    if (ImGui::IsItemActive()) {
        const float part = std::clamp((io.MousePos.x - from.x) / width, 0.0f, 0.9999f);
        training.view_position(static_cast<int>(part * static_cast<float>(positions)));
    }
    if (ImGui::IsItemHovered())
        ui.tooltip(ImGui::GetItemID(), "From the start model to the one in training: drag to see how it came to be",
                   ", .");
    draw_cells(training, from, width, height);
    const int now = training.current_position();
    if (now >= 0) {
        const float cell = width / static_cast<float>(positions);
        const float left = from.x + cell * static_cast<float>(now), y = from.y + height + ui.px(4);
        ImGui::GetWindowDrawList()->AddLine({left, y}, {std::max(left + cell, left + ui.px(4)), y}, theme::accent,
                                            ui.px(3));
    }
    const ShowStatus shown = training.show_status();
    label("Shown: " + stop_text(training, now) + (shown.loading ? ", being read" : ""),
          shown.message.empty() ? theme::secondary : theme::bad);
}

} // namespace

void draw_train_views(TrainingController& training) {
    ViewState& view = training.context.state.view;
    const bool begun = training.show_status().runs > 0;
    const Choice shows[] = {
        {"Opened", "The model file that was opened last"},
        {"Start", "The model that training began from", begun},
        {"Training",
         training.watching() ? "The newest snapshot of the run that is watched" : "The model in training, as it is now",
         begun}};
    constexpr ViewedModel meanings[] = {ViewedModel::opened, ViewedModel::start, ViewedModel::training};
    const auto at = std::find(std::begin(meanings), std::end(meanings), training.viewed());
    int show = at == std::end(meanings) ? -1 : static_cast<int>(at - std::begin(meanings));
    if (choices_row("show", "Picture", shows, show))
        training.view(meanings[show]);

    const bool trains = training.status().active_here();
    const Choice weights[] = {
        {"Averaged", "The weights averaged over the last steps (G_ema): steadier, what is saved for playing (E)",
         trains},
        {"Raw", "The weights as the last step left them: livelier, rougher (E)", trains}};
    int raw = training.raw() ? 1 : 0;
    if (choices_row("weights", "Weights", weights, raw))
        training.set_raw(raw == 1);

    const bool can_compare = training.can_compare();
    const Choice compares[] = {
        {"Off", "One picture. Hold B to see the start model (C)"},
        {"Wipe", "Left of a line that can be dragged the model now, right of it the start (C)", can_compare},
        {"Side", "Both, side by side (C)", can_compare}};
    int compare = static_cast<int>(view.compare);
    if (choices_row("compare", "Compare", compares, compare))
        view.compare = static_cast<Compare>(compare);

    const Choice centre_views[] = {{"Picture", "The picture that is played (G)"},
                                   {"Seeds", "A grid of fixed seeds, made anew while the model learns (G)"},
                                   {"Seen", "What the discriminator sees: the real pictures, augmented (G)",
                                    training.status().augmented != nullptr}};
    int middle = static_cast<int>(training.context.ui.centre_view);
    if (choices_row("middle", "Show", centre_views, middle))
        training.context.ui.centre_view = static_cast<CentreView>(middle);
    gap(8);
    draw_strip(training);
}

} // namespace atelier::studio
