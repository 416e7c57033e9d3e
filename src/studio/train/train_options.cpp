// SPDX-License-Identifier: Apache-2.0
// What the next run is to be, in two levels: the few things that everyone decides, and all of it.
#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

#include "studio/toolkit/form_rows.h"
#include "studio/toolkit/texts.h"
#include "studio/train/train_panel.h"

namespace atelier::studio {
namespace {

constexpr float label_width = 76;

void draw_start(TrainingController& training) {
    TrainForm& form = training.form;
    static constexpr Choice starts[] = {
        {"Shown", "Teach the model that is looked at now; the quickest way to something good"},
        {"File", "Teach another model file"},
        {"Scratch", "Begin with random weights: many hours, and thousands of pictures"},
        {"Run", "Go on with an earlier run where it stopped"}};
    row_label("Start", label_width);
    int start = static_cast<int>(form.start);
    if (segmented("start", starts, start)) {
        form.start = static_cast<StartFrom>(start);
        if (form.start == StartFrom::run && form.start_file.empty())
            form.start_file = training.context.settings.unfinished_run;
    }
    if (form.start == StartFrom::file || form.start == StartFrom::run) {
        const bool run = form.start == StartFrom::run;
        bool browse = false;
        path_row("start-file",
                 {.label = "",
                  .hint = run ? "Folder of the run" : "A .pkl or .safetensors file",
                  .tooltip = run ? "The folder that the run was saved in" : "The model file to start from",
                  .label_width = label_width},
                 form.start_file, browse);
        if (browse)
            training.context.ui.dialog = run ? Dialog::open_run : Dialog::open_start;
    }
}

void draw_strength(TrainOptions& options) {
    static constexpr Choice strengths[] = {
        {"Auto", "As strong as the number of pictures needs (ADA): right nearly always"},
        {"Fixed", "Always the same strength"},
        {"None", "No augmentation: only for many thousands of pictures"}};
    row_label("Augment", label_width);
    int aug = static_cast<int>(options.aug);
    if (segmented("aug", strengths, aug))
        options.aug = static_cast<AugmentMode>(aug);
    if (options.aug == AugmentMode::fixed) {
        double p = options.p.value_or(standard_p);
        if (slider("p",
                   {.label = "Strength p",
                    .min = 0,
                    .max = 1,
                    .standard = standard_p,
                    .step = 0.01,
                    .tooltip = "How likely each kind of change is for each picture; above 0.8 it begins to show",
                    .label_width = label_width},
                   p))
            options.p = p;
    }
}

void draw_mirror(TrainOptions& options) {
    Ui& ui = Ui::current();
    row_label("Mirror", label_width);
    const auto one = [&](const char* id, const char* text, const char* tooltip, bool& on) {
        toggle(id, tooltip, on);
        ImGui::SameLine(0, ui.px(8));
        const ImVec2 at = ImGui::GetCursorScreenPos();
        draw_text(*ImGui::GetWindowDrawList(), Face::body,
                  {at.x, at.y + (ui.px(theme::control) - measure(Face::body, "0").y) / 2},
                  on ? theme::text : theme::secondary, text);
        ImGui::Dummy({measure(Face::body, text).x + ui.px(8), ui.px(theme::control)});
    };
    one("mirror-x", "left-right", "Also learns every picture as in a mirror: twice the pictures, good for faces",
        options.mirror_x);
    ImGui::SameLine(0, ui.px(6));
    one("mirror-y", "up-down", "Also learns every picture upside down: for textures, not for faces", options.mirror_y);
}

void draw_begin(TrainingController& training) {
    Ui& ui = Ui::current();
    gap(10);
    const bool possible = training.obstacle().empty() && training.status().can_start();
    if (button("##train-start", {.icon = Icon::play,
                                 .text = training.form.start == StartFrom::run ? "Go on training" : "Start training",
                                 .tooltip = "The picture stays yours to play with while it trains",
                                 .key = "T",
                                 .primary = true,
                                 .enabled = possible,
                                 .width = ImGui::GetContentRegionAvail().x / ui.scale()}))
        training.start();
    if (!training.obstacle().empty())
        paragraph(training.obstacle(), theme::secondary);
}

} // namespace

void draw_train_options(TrainingController& training) {
    Ui& ui = Ui::current();
    TrainForm& form = training.form;
    TrainOptions& options = form.options;
    const bool run = form.start == StartFrom::run; // has its options already
    bool browse = false;
    ImGui::PushID(training.data_changes);
    path_row("data",
             {.label = "Pictures",
              .hint = "Folder or zip",
              .tooltip = "A folder or zip of pictures, all of one size (squares of 64, 128, 256 ... px, or as Data "
                         "makes them); or drop it on the "
                         "window",
              .enabled = !run,
              .label_width = label_width},
             options.data, browse);
    ImGui::PopID();
    if (browse)
        training.context.ui.dialog = Dialog::open_data;
    draw_start(training);
    if (!run) {
        double kimg = options.kimg.value_or(standard_kimg);
        slider("length",
               {.label = "Length",
                .min = 0.5,
                .max = 5000,
                .standard = standard_kimg,
                .step = 0.05,
                .format = kimg < 100 ? "%.1f kimg" : "%.0f kimg",
                .logarithmic = true,
                .origin = 0.5,
                .tooltip = "How long to train, in thousands of pictures shown: a change of style shows after 1 or 2, a "
                           "good likeness takes 10 to 100",
                .label_width = label_width,
                .value_width = 74},
               kimg);
        options.kimg = kimg;
        if (const double speed = training.status().sec_per_kimg; speed > 0)
            label(fmt::format("about {} at the last speed", time_text(speed * kimg)));
        draw_mirror(options);
        draw_strength(options);
        const std::string& proposed = training.proposed_out();
        const std::string name = std::filesystem::path(proposed).filename().string();
        const std::string tooltip = fmt::format("Folder of the run, for snapshots and the log: {}. Write another to "
                                                "change it; an earlier run is never written over",
                                                proposed);
        text_row("out", {.label = "Save in", .hint = name.c_str(), .tooltip = tooltip, .label_width = label_width},
                 form.out);
    }
    draw_begin(training);
    if (run)
        return;
    gap(12);
    bool expert = form.expert;
    if (subsection("All options", expert,
                   "Every option of the trainer; while this is folded, the standard values hold")) {
        draw_expert_options(training);
    }
    if (expert != form.expert)
        form.expert = training.context.settings.train_expert = expert;
    (void)ui;
}

} // namespace atelier::studio
