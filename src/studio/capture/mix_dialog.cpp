// SPDX-License-Identifier: Apache-2.0
// The style-mixing sheet: every source of the rows with the chosen layers of every source of the columns, as one PNG.
#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/format.h>

#include "export/sheet.h"
#include "studio/capture/capture.h"
#include "studio/core/dialog.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

void add_new(std::vector<LatentBlend>& list, LatentBlend latent) {
    if (std::find(list.begin(), list.end(), latent) == list.end())
        list.push_back(std::move(latent));
}

// What is shown and the three groups' sources, each once.
std::vector<LatentBlend> sources(const Capture& capture) {
    std::vector<LatentBlend> list{capture.context.playback.render_settings_now().latent};
    for (const MixGroup& group : capture.context.state.mix.groups)
        add_new(list, group.source.empty() ? LatentBlend{{.seed_a = group.seed, .seed_b = group.seed}} : group.source);
    return list;
}

std::vector<LatentBlend> latents_of(const Capture& capture, SheetEdge edge) {
    if (edge == SheetEdge::sources)
        return sources(capture);
    std::vector<LatentBlend> list;
    if (edge == SheetEdge::stars) {
        for (const Star& star : capture.context.state.stars)
            add_new(list, star.latent);
    } else {
        for (const Keyframe& keyframe : capture.context.state.timeline.curve.keyframes)
            add_new(list, keyframe.settings.latent);
    }
    return list;
}

MixExport job_of(const Capture& capture, const MixSheetForm& form) {
    MixExport job;
    job.rows = latents_of(capture, form.rows);
    job.cols = latents_of(capture, form.cols);
    for (int group = 0; group < mix_groups; ++group) {
        const LayerRange range = layers_of_group(group, capture.context.playback.num_ws());
        for (int layer = range.first; form.groups[static_cast<std::size_t>(group)] && layer < range.last; ++layer)
            job.layers.push_back(layer);
    }
    job.params = capture.context.playback.params();
    job.params.precision = Precision::fp32; // a file's
    job.path = form.path;
    return job;
}

void choose_edge(const Capture& capture, const char* name, const char* id, SheetEdge& edge) {
    const bool stars = !capture.context.state.stars.empty(),
               keyframes = !capture.context.state.timeline.curve.keyframes.empty();
    const Choice choices[] = {
        {"Sources", "What is shown, and the sources of coarse, middle and fine"},
        {"Stars", stars ? "All starred latents" : "Nothing is starred yet", stars},
        {"Moments", keyframes ? "Those of the timeline" : "The timeline has no moments yet", keyframes},
    };
    if ((edge == SheetEdge::stars && !stars) || (edge == SheetEdge::keyframes && !keyframes))
        edge = SheetEdge::sources;
    choose(name, id, choices, edge);
}

void draw_groups(const Capture& capture, MixSheetForm& form) {
    constexpr const char* names[mix_groups] = {"Coarse", "Middle", "Fine"};
    row_label("From above");
    for (int group = 0; group < mix_groups; ++group) {
        bool& on = form.groups[static_cast<std::size_t>(group)];
        const bool there = !layers_of_group(group, capture.context.playback.num_ws()).empty();
        ImGui::PushID(group);
        if (group > 0)
            ImGui::SameLine(0, Ui::current().px(8));
        if (button("##sheet-group", {.text = names[group],
                                     .tooltip = there ? "These layers come from the picture above, the rest from the "
                                                        "picture at the left"
                                                      : "This model has no such layers",
                                     .active = on && there,
                                     .enabled = there,
                                     .width = 96}))
            on = !on;
        ImGui::PopID();
    }
}

// Why it can't be made; empty: it can.
std::string problem_of(const Capture& capture, const MixExport& job) {
    if (!capture.context.playback.model())
        return "Open a model first.";
    if (job.layers.empty())
        return "Choose the layers that come from above.";
    const std::size_t cells = std::max(job.rows.size(), job.cols.size()) + 1;
    const ModelInfo& model = *capture.context.playback.model();
    const auto [width, height] = shown_size(model);
    const int most = largest_sheet_side / std::max({1, width, height});
    if (cells > static_cast<std::size_t>(most))
        return fmt::format("{} pictures of {} px would be more than {} px a side: at most {} fit.", cells,
                           std::max(width, height), largest_sheet_side, most);
    if (job.path.extension() != ".png")
        return "The file needs a name that ends in .png.";
    return {};
}

// The groups that the mix has on, else the coarse one.
void begin(const Capture& capture, MixSheetForm& form) {
    form.path = capture.context.names.new_file("-mix.png").string();
    for (std::size_t i = 0; i < form.groups.size(); ++i)
        form.groups[i] = capture.context.state.mix.groups[i].on;
    if (std::none_of(form.groups.begin(), form.groups.end(), [](bool on) { return on; }))
        form.groups[0] = true;
}

} // namespace

void draw_mix_dialog(Capture& capture) {
    MixSheetForm& form = capture.mix_form;
    const bool open = capture.context.ui.dialog == Dialog::mix_sheet;
    if (open && !form.was_open) {
        begin(capture, form);
        form.was_busy = false;
    }
    form.was_open = open;
    if (!begin_dialog(capture.context.ui, Dialog::mix_sheet, "Mixing sheet", {620, 348}))
        return;
    const ExportStatus status = capture.exporter.status();
    if (std::exchange(form.was_busy, status.busy()) && status.state == ExportState::done)
        capture.context.ui.dialog = Dialog::none; // a toast says where it is
    if (status.busy()) {
        draw_export_running(capture, status);
        end_dialog();
        return;
    }
    const float width = ImGui::GetContentRegionAvail().x;
    choose_edge(capture, "Rows", "rows", form.rows);
    choose_edge(capture, "Columns", "cols", form.cols);
    draw_groups(capture, form);
    gap(12);
    text_field("##sheet-path", "PNG file", form.path, width);
    gap(10);
    const MixExport job = job_of(capture, form);
    const std::string problem = problem_of(capture, job);
    if (!problem.empty()) {
        paragraph(problem, theme::bad);
    } else {
        const auto [width, height] = shown_pixels(capture.context.playback.model());
        paragraph(fmt::format("{} by {} sources, {} pictures of {}x{}, {}x{} px in all{}", job.rows.size(),
                              job.cols.size(), (job.rows.size() + 1) * (job.cols.size() + 1) - 1, width, height,
                              (job.cols.size() + 1) * static_cast<std::size_t>(width),
                              (job.rows.size() + 1) * static_cast<std::size_t>(height),
                              capture.context.disk.is_there(job.path) ? "; the file is there and is replaced" : ""));
    }
    if ((dialog_buttons(capture.context.ui, "##sheet-cancel",
                        {.text = "Close", .tooltip = "Back to the studio", .key = "Esc", .width = 96}, "##sheet-export",
                        {.text = "Export",
                         .tooltip = "Render the sheet",
                         .key = "Enter",
                         .primary = true,
                         .enabled = problem.empty(),
                         .width = 96}) ||
         enter_pressed(capture.context.ui)) &&
        problem.empty())
        capture.start_export(job);
    end_dialog();
}

} // namespace atelier::studio
