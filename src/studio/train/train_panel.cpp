// SPDX-License-Identifier: Apache-2.0
// The Train panel: where the run stands and what can be done with it. Its other parts have files of their own.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include <unistd.h>

#include <fmt/format.h>

#include <imgui_internal.h>

#include "studio/toolkit/form_rows.h"
#include "studio/toolkit/texts.h"
#include "studio/train/train_panel.h"

namespace atelier::studio {
namespace {

double machine_gb() {
    static const double gb =
        static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE)) / 1e9;
    return gb;
}

// Text at both ends of one line.
void ends(std::string_view left, ImU32 left_colour, std::string_view right, Face face = Face::body) {
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 size = measure(face, right);
    draw_text(list, face, from, left_colour, left, width - size.x);
    draw_text(list, face, {from.x + width - size.x, from.y}, theme::secondary, right);
    ImGui::Dummy({width, measure(face, "0").y});
}

// A fact with its bar, half the panel wide.
void fact(const char* id, std::string_view name, std::string_view value, double part, std::string_view tooltip) {
    Ui& ui = Ui::current();
    ImGui::BeginGroup();
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float width =
        std::floor((ImGui::GetWindowContentRegionMax().x - ImGui::GetWindowContentRegionMin().x - ui.px(16)) / 2);
    const float line = measure(Face::small, "0").y;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    draw_text(list, Face::small, from, theme::secondary, name);
    draw_text(list, Face::small, {from.x + width - measure(Face::small, value).x, from.y}, theme::text, value);
    ImGui::InvisibleButton(id, {width, line + ui.px(2)});
    ui.mark(id, from, {from.x + width, from.y + line}, !tooltip.empty());
    if (ImGui::IsItemHovered())
        ui.tooltip(ImGui::GetItemID(), tooltip);
    if (part >= 0)
        progress_bar(part, width);
    ImGui::EndGroup();
}

const char* title_of(TrainState state) {
    switch (state) {
    case TrainState::idle: return "Not training";
    case TrainState::preparing: return "Preparing";
    case TrainState::running: return "Training";
    case TrainState::pausing: return "Pausing";
    case TrainState::paused: return "Paused";
    case TrainState::stopping: return "Saving";
    case TrainState::finished: return "Saved";
    case TrainState::failed: return "Stopped";
    }
    return "";
}

void draw_progress(const TrainStatus& status) {
    Ui& ui = Ui::current();
    const bool moving = status.state == TrainState::running;
    std::string right = status.seconds_left >= 0 ? time_text(std::ceil(status.seconds_left)) + " left" : "";
    if (!status.stage.empty())
        right = status.stage;
    ends(title_of(status.state), moving ? theme::accent : theme::text, right);
    const float width = ImGui::GetContentRegionAvail().x;
    if (status.state == TrainState::preparing || status.state == TrainState::stopping) {
        progress_bar(0.5 - 0.5 * std::cos(ImGui::GetTime() * 2), width);
    } else {
        progress_bar(status.total_kimg > 0 ? status.kimg / status.total_kimg : 0, width);
    }
    gap(6);
    ends(fmt::format("{:.2f} of {:g} kimg", status.kimg, status.total_kimg), theme::text,
         status.width == 0 ? ""
         : status.width == status.height
             ? fmt::format("{} pictures, {} px", status.pictures, status.width)
             : fmt::format("{} pictures, {} x {} px", status.pictures, status.width, status.height),
         Face::small);
    gap(8);
    fact("speed", "Speed",
         status.sec_per_kimg > 0 ? fmt::format("{:.1f} s/kimg", status.sec_per_kimg) : std::string("measuring"),
         status.tick_progress, "Seconds for a thousand pictures. The bar fills until the next numbers are written");
    ImGui::SameLine(0, ui.px(16));
    std::string memory = status.memory_gb > 0 ? fmt::format("{:.1f} GB", status.memory_gb) : "-";
    if (status.device_memory_gb > 0)
        memory += fmt::format(", GPU {:.1f} GB", status.device_memory_gb);
    fact("memory", "Memory", memory, status.watched ? -1 : status.memory_gb / machine_gb(),
         status.watched ? "Of the run, on its machine"
                        : "Of this program; the bar shows how much of the machine's memory that is");
    gap(10);
}

void draw_run_buttons(TrainingController& training, const TrainStatus& status) {
    Ui& ui = Ui::current();
    const float whole = ImGui::GetContentRegionAvail().x / ui.scale();
    const float save = 56, first = std::floor((whole - 16 - save) * 0.44f);
    const bool resume = status.can_resume();
    if (button("##train-pause",
               {.icon = resume ? Icon::play : Icon::pause,
                .text = resume ? "Resume" : "Pause",
                .tooltip = resume ? "Go on training" : "The step in progress ends first; playing is not disturbed",
                .key = "T",
                .primary = resume,
                .enabled = resume || status.can_pause(),
                .width = first}))
        training.pause_or_resume();
    ImGui::SameLine(0, ui.px(8));
    if (button("##train-stop", {.text = "Stop and save",
                                .tooltip = "Ends the run after this step; everything is saved and can be gone on with",
                                .key = "Shift+T",
                                .enabled = status.can_stop(),
                                .width = whole - 16 - save - first}))
        training.stop();
    ImGui::SameLine(0, ui.px(8));
    if (button("##train-save", {.text = "Save",
                                .tooltip = "Writes a checkpoint now and goes on; it also happens every two minutes",
                                .key = "Shift+C",
                                .enabled = status.can_stop(),
                                .width = save}))
        training.save();
}

// Of a run that another program makes.
void draw_watched_buttons(TrainingController& training, const TrainStatus& status) {
    Ui& ui = Ui::current();
    const float width = std::floor((ImGui::GetContentRegionAvail().x / ui.scale() - 8) / 2);
    if (button("##train-stop",
               {.text = "Ask to stop",
                .tooltip = "The run ends after the step in progress and saves; it may take a while to see "
                           "this. It can be gone on with where it was begun",
                .key = "Shift+T",
                .enabled = status.can_stop(),
                .width = width}))
        training.stop();
    ImGui::SameLine(0, ui.px(8));
    if (button("##train-save",
               {.text = "Ask for a snapshot",
                .tooltip = "The run writes its model after the step in progress and goes on; it is shown "
                           "here as soon as it is there",
                .key = "Shift+C",
                .enabled = status.can_stop(),
                .width = width}))
        training.save();
    gap(6);
    paragraph("Watched from here: " + status.run_dir);
}

void draw_unfinished(TrainingController& training) {
    Ui& ui = Ui::current();
    const std::string& run = training.context.settings.unfinished_run;
    if (run.empty())
        return;
    const std::string name = std::filesystem::path(run).filename().string();
    paragraph(fmt::format("The run {} is not finished.", name), theme::text);
    gap(6);
    if (button("##go-on", {.icon = Icon::play, .text = "Go on", .tooltip = run, .width = 96}))
        training.go_on();
    ImGui::SameLine(0, ui.px(8));
    if (button("##forget", {.text = "Forget it", .tooltip = "Its files stay where they are", .quiet = true}))
        training.forget_unfinished();
    gap(12);
}

void draw_result(TrainingController& training, const TrainStatus& status) {
    if (status.state == TrainState::idle)
        return;
    const bool failed = status.state == TrainState::failed;
    ends(title_of(status.state), failed ? theme::bad : theme::good,
         fmt::format("{:.2f} of {:g} kimg", status.kimg, status.total_kimg));
    if (!status.message.empty())
        paragraph(status.message, failed ? theme::bad : theme::secondary);
    if (!failed && status.message.find(status.run_dir) == std::string::npos)
        paragraph(status.run_dir);
    if (!failed && training.has_result()) {
        gap(6);
        if (button("##open-result", {.icon = Icon::folder,
                                     .text = "Open the result",
                                     .tooltip = "Plays the trained model from its file, as any other model"}))
            training.context.playback.open(std::filesystem::path(status.run_dir) / "checkpoint.safetensors");
    }
    gap(8);
}

} // namespace

void draw_train_run(TrainingController& training) {
    const TrainStatus& status = training.status();
    if (status.active()) {
        draw_progress(status);
        if (status.watched) {
            draw_watched_buttons(training, status);
        } else {
            draw_run_buttons(training, status);
        }
    } else {
        draw_result(training, status);
        if (!status.watched)
            draw_unfinished(training);
    }
    for (const std::string& warning : status.warnings)
        paragraph(warning, theme::accent);
}

// The folded panel: the way back, pause or resume, and how far it is.
void draw_train_rail(TrainingController& training) {
    Ui& ui = Ui::current();
    const TrainStatus& status = training.status();
    ImGui::SetCursorPos({ui.px(4), ui.px(8)});
    if (button("##unfold-train",
               {.icon = Icon::chevron_left, .tooltip = "Unfold the panel", .key = "Ctrl+Shift+L", .quiet = true}))
        training.context.settings.train_folded = false;
    if (!training.available())
        return;
    const bool running = status.state == TrainState::running;
    ImGui::SetCursorPos({ui.px(4), ui.px(44)});
    if (button("##train-pause", {.icon = running ? Icon::pause : Icon::play,
                                 .tooltip = status.watched    ? "A run that is watched can't be paused from here"
                                            : running         ? "Pause training"
                                            : status.active() ? "Go on training"
                                                              : "Start training",
                                 .key = "T",
                                 .active = running,
                                 .enabled = status.can_start() || status.can_pause() || status.can_resume(),
                                 .quiet = true}))
        training.pause_or_resume();
    if (!status.active() || status.total_kimg <= 0)
        return;
    const std::string part = fmt::format("{:.0f}%", std::floor(100 * status.kimg / status.total_kimg));
    const ImVec2 window = ImGui::GetWindowPos(), size = measure(Face::small, part);
    draw_text(*ImGui::GetWindowDrawList(), Face::small,
              {window.x + (ImGui::GetWindowWidth() - size.x) / 2, window.y + ui.px(80)}, theme::secondary, part);
}

void draw_train_panel(TrainingController& training, const Box& box) {
    Ui& ui = Ui::current();
    const bool roomy = box.height > ui.px(900);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(16), ui.px(roomy ? 12 : 6)});
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {ui.px(8), ui.px(roomy ? 8 : 5)});
    // Without NoNav, so that Tab goes from field to field.
    ImGui::BeginChild("train", box.size(), false, ImGuiWindowFlags_AlwaysUseWindowPadding);
    if (!training.available()) {
        gap(16);
        paragraph("This build of Atelier can't train.", theme::text, Face::body);
        paragraph("The part that trains models was left out when it was built.");
    } else {
        const bool active = training.status().active();
        const bool known = training.positions() > 0 || training.status().history;
        const PanelSection sections[] = {
            {"TRAINING", [&] { draw_train_run(training); },
             active || training.status().state != TrainState::idle ||
                 !training.context.settings.unfinished_run.empty()},
            {"NEW RUN", [&] { draw_train_options(training); }, !active && !training.watching()},
            {"LOOK AT", [&] { draw_train_views(training); }, known},
            {"CURVES", [&] { draw_train_curves(training); }, known}};
        const PanelFold fold{"##fold-train", Icon::chevron_right, "Ctrl+Shift+L",
                             training.context.settings.train_folded};
        draw_sections(training.context.settings, training.context.ui.sections, sections, &fold, roomy ? 20 : 6);
    }
    ImGui::EndChild();
    ImGui::PopStyleVar(2);
}

FeatureUi ui_of(TrainingController& training) {
    const auto grid = [&training](const Box& box) { draw_seed_grid(training, box); };
    FeatureUi ui;
    ui.centre = {{CentreView::seeds, grid}, {CentreView::augmented, grid}};
    ui.tabs = {{Tab::train, [&training](const Box& box) { draw_train_panel(training, box); },
                [&training] { draw_train_rail(training); }}};
    ui.keys = train_keys(training);
    return ui;
}

} // namespace atelier::studio
