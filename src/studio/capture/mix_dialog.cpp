// SPDX-License-Identifier: Apache-2.0
// The style-mixing sheet: every source of the rows with the chosen layers of every source of the columns, as one PNG.
#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/format.h>

#include "export/sheet.h"
#include "studio/shell/panels.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

enum class Edge { sources, stars, keyframes };

struct Form {
    Edge rows = Edge::sources, cols = Edge::sources;
    std::array<bool, mix_groups> groups{true, false, false};
    std::string path;
};

void add_new(std::vector<LatentBlend>& list, LatentBlend latent) {
    if (std::find(list.begin(), list.end(), latent) == list.end())
        list.push_back(std::move(latent));
}

// What is shown and the three groups' sources, each once.
std::vector<LatentBlend> sources(const Studio& studio) {
    std::vector<LatentBlend> list{studio.render_settings_now().latent};
    for (const MixGroup& group : studio.state.mix.groups)
        add_new(list, group.source.empty() ? LatentBlend{{.seed_a = group.seed, .seed_b = group.seed}} : group.source);
    return list;
}

std::vector<LatentBlend> latents_of(const Studio& studio, Edge edge) {
    if (edge == Edge::sources)
        return sources(studio);
    std::vector<LatentBlend> list;
    if (edge == Edge::stars) {
        for (const Star& star : studio.state.stars)
            add_new(list, star.latent);
    } else {
        for (const Keyframe& keyframe : studio.state.timeline.curve.keyframes)
            add_new(list, keyframe.settings.latent);
    }
    return list;
}

MixExport job_of(const Studio& studio, const Form& form) {
    MixExport job;
    job.rows = latents_of(studio, form.rows);
    job.cols = latents_of(studio, form.cols);
    for (int group = 0; group < mix_groups; ++group) {
        const LayerRange range = layers_of_group(group, studio.num_ws());
        for (int layer = range.first; form.groups[static_cast<std::size_t>(group)] && layer < range.last; ++layer)
            job.layers.push_back(layer);
    }
    job.params = studio.params();
    job.params.precision = Precision::fp32; // a file's
    job.path = form.path;
    return job;
}

void choose_edge(const Studio& studio, const char* name, const char* id, Edge& edge) {
    const bool stars = !studio.state.stars.empty(), keyframes = !studio.state.timeline.curve.keyframes.empty();
    const Choice choices[] = {
        {"Sources", "What is shown, and the sources of coarse, middle and fine"},
        {"Stars", stars ? "All starred latents" : "Nothing is starred yet", stars},
        {"Moments", keyframes ? "Those of the timeline" : "The timeline has no moments yet", keyframes},
    };
    if ((edge == Edge::stars && !stars) || (edge == Edge::keyframes && !keyframes))
        edge = Edge::sources;
    choose(name, id, choices, edge);
}

void draw_groups(const Studio& studio, Form& form) {
    constexpr const char* names[mix_groups] = {"Coarse", "Middle", "Fine"};
    row_label("From above");
    for (int group = 0; group < mix_groups; ++group) {
        bool& on = form.groups[static_cast<std::size_t>(group)];
        const bool there = !layers_of_group(group, studio.num_ws()).empty();
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
std::string problem_of(const Studio& studio, const MixExport& job) {
    if (!studio.model())
        return "Open a model first.";
    if (job.layers.empty())
        return "Choose the layers that come from above.";
    const std::size_t cells = std::max(job.rows.size(), job.cols.size()) + 1;
    const ModelInfo& model = *studio.model();
    const auto [width, height] = shown_size(model.resolution, model.resolution, model.ratio);
    const int most = largest_sheet_side / std::max({1, width, height});
    if (cells > static_cast<std::size_t>(most))
        return fmt::format("{} pictures of {} px would be more than {} px a side: at most {} fit.", cells,
                           std::max(width, height), largest_sheet_side, most);
    if (job.path.extension() != ".png")
        return "The file needs a name that ends in .png.";
    return {};
}

// The groups that the mix has on, else the coarse one.
void begin(const Studio& studio, Form& form) {
    form.path = studio.new_file("-mix.png").string();
    for (std::size_t i = 0; i < form.groups.size(); ++i)
        form.groups[i] = studio.state.mix.groups[i].on;
    if (std::none_of(form.groups.begin(), form.groups.end(), [](bool on) { return on; }))
        form.groups[0] = true;
}

} // namespace

void draw_mix_dialog(Studio& studio) {
    static Form form;
    static bool was_open = false, was_busy = false;
    const bool open = studio.dialog == Dialog::mix_sheet;
    if (open && !was_open) {
        begin(studio, form);
        was_busy = false;
    }
    was_open = open;
    if (!begin_dialog(studio, Dialog::mix_sheet, "Mixing sheet", {620, 348}))
        return;
    const ExportStatus status = studio.exporter.status();
    if (std::exchange(was_busy, status.busy()) && status.state == ExportState::done)
        studio.dialog = Dialog::none; // a toast says where it is
    if (status.busy()) {
        draw_export_running(studio, status);
        end_dialog();
        return;
    }
    const float width = ImGui::GetContentRegionAvail().x;
    choose_edge(studio, "Rows", "rows", form.rows);
    choose_edge(studio, "Columns", "cols", form.cols);
    draw_groups(studio, form);
    gap(12);
    text_field("##sheet-path", "PNG file", form.path, width);
    gap(10);
    const MixExport job = job_of(studio, form);
    const std::string problem = problem_of(studio, job);
    if (!problem.empty()) {
        paragraph(problem, theme::bad);
    } else {
        paragraph(fmt::format("{} by {} sources, {} pictures{}", job.rows.size(), job.cols.size(),
                              (job.rows.size() + 1) * (job.cols.size() + 1) - 1,
                              is_there(job.path) ? "; the file is there and is replaced" : ""));
    }
    if ((dialog_buttons(studio, "##sheet-cancel",
                        {.text = "Close", .tooltip = "Back to the studio", .key = "Esc", .width = 96}, "##sheet-export",
                        {.text = "Export",
                         .tooltip = "Render the sheet",
                         .key = "Enter",
                         .primary = true,
                         .enabled = problem.empty(),
                         .width = 96}) ||
         enter_pressed(studio)) &&
        problem.empty())
        studio.start_export(job);
    end_dialog();
}

} // namespace atelier::studio
