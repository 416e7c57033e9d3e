// SPDX-License-Identifier: Apache-2.0
// The Data panel: where the work stands, what is kept and why the rest isn't, the limits. How pictures are cut has a
// file of its own.
#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "studio/dataset/data_panel.h"
#include "studio/toolkit/form_rows.h"
#include "studio/toolkit/texts.h"

namespace atelier::studio {
namespace {

constexpr float label_width = 84;

// Text at both ends of one line.
void ends(std::string_view left, ImU32 colour, std::string_view right, const char* id = nullptr) {
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const ImVec2 size = measure(Face::body, right);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    draw_text(list, Face::body, from, colour, left, width - size.x - Ui::current().px(8));
    draw_text(list, Face::body, {from.x + width - size.x, from.y}, theme::secondary, right);
    ImGui::Dummy({width, measure(Face::body, "0").y});
    if (id)
        Ui::current().mark(id, from, {from.x + width, from.y + measure(Face::body, "0").y}, true);
}

std::string title_of(const DataStatus& status) {
    switch (status.state) {
    case DataState::empty: break;
    case DataState::finding: return "Looking for pictures";
    case DataState::working: return "Looking at them";
    case DataState::stopped: return "Stopped";
    case DataState::ready: return "Looked at";
    case DataState::writing: return "Writing the set";
    case DataState::failed: return "Failed";
    }
    return "";
}

// How far it is, and how long it will take.
std::string numbers_of(const DataStatus& status) {
    switch (status.state) {
    case DataState::working:
        return fmt::format("{} of {}{}", status.done, status.total,
                           status.seconds_left >= 0 ? ", " + time_text(std::ceil(status.seconds_left)) + " left" : "");
    case DataState::stopped: return fmt::format("{} of {}", status.done, status.total);
    case DataState::ready:
        return status.reused > 0 ? fmt::format("{}, {} known before", status.total, status.reused)
                                 : std::to_string(status.total);
    case DataState::writing: return fmt::format("{} of {}", status.written, status.to_write);
    default: return "";
    }
}

double part_of(const DataStatus& status) {
    const bool writing = status.state == DataState::writing;
    const std::size_t done = writing ? status.written : status.done, total = writing ? status.to_write : status.total;
    if (status.state == DataState::finding)
        return 0.5 - 0.5 * std::cos(ImGui::GetTime() * 2); // of unknown length
    return total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 0;
}

// As high whatever it says: what is below stays where it is.
void draw_where_it_stands(DatasetController& dataset) {
    const DataStatus& status = dataset.status();
    const bool failed = status.state == DataState::failed, stopped = status.state == DataState::stopped;
    ends(title_of(status), status.busy() ? theme::accent : failed ? theme::bad : theme::text, numbers_of(status));
    progress_bar(part_of(status), ImGui::GetContentRegionAvail().x);
    gap(4);
    if (failed || stopped) {
        if (button("##data-go-on", {.icon = Icon::play,
                                    .text = failed ? "Try again" : "Go on",
                                    .tooltip = "What is done already isn't done again"}))
            dataset.go_on();
    } else if (button("##data-cancel", {.text = "Cancel",
                                        .tooltip = status.state == DataState::writing
                                                       ? "Nothing of the set is left"
                                                       : "What is done so far is kept, and taken up by Go on",
                                        .enabled = status.busy()})) {
        dataset.stop();
    }
    if (failed)
        paragraph(status.message, theme::bad);
}

void draw_inputs(DatasetController& dataset) {
    const auto& inputs = dataset.inputs();
    constexpr std::size_t most = 4;
    for (std::size_t i = 0; i < std::min(inputs.size(), most); ++i) {
        const std::string name = inputs[i].filename().string();
        Ui::current().want(name);
        label(name);
        if (ImGui::IsItemHovered())
            Ui::current().tooltip(ImGui::GetID("input") + static_cast<ImGuiID>(i), inputs[i].string());
    }
    if (inputs.size() > most)
        label(fmt::format("and {} more", inputs.size() - most));
}

// Why pictures are out, with how many each, in two columns; those that don't happen are there too, so that nothing
// moves while a limit does.
void draw_counts(const DataView& view) {
    Ui& ui = Ui::current();
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float between = ui.px(20), line = ui.px(18);
    const float width = std::floor((ImGui::GetContentRegionAvail().x - between) / 2);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    for (std::size_t i = 0; i < view.left_out.size(); ++i) {
        const ReasonCount& each = view.left_out[i];
        const ImVec2 at{from.x + static_cast<float>(i % 2) * (width + between),
                        from.y + static_cast<float>(i / 2) * line};
        const std::string number = std::to_string(each.count);
        const float room = measure(Face::small, number).x;
        draw_text(list, Face::small, at, theme::secondary, each.text, width - room - ui.px(4));
        draw_text(list, Face::small, {at.x + width - room, at.y}, each.count > 0 ? theme::text : theme::secondary,
                  number);
        ui.mark("left-out", at, {at.x + width, at.y + line}, true);
    }
    ImGui::Dummy({1, static_cast<float>((view.left_out.size() + 1) / 2) * line});
}

void draw_sort(DatasetController& dataset, bool faces) {
    std::vector<Choice> choices{{"As added", "In the order of the files"},
                                {"Name", "By the name"},
                                {"Verdict", "What is kept first, then by the reason"}};
    std::vector<Score> scores;
    for (const ScoreSpec& spec : score_specs()) {
        if (!spec.faces || faces) {
            choices.push_back({spec.name, "By this score"});
            scores.push_back(spec.score);
        }
    }
    int chosen = static_cast<int>(dataset.sort());
    if (dataset.sort() == DataSort::score)
        chosen += static_cast<int>(std::ranges::find(scores, dataset.sort_score()) - scores.begin());
    const auto sort = [&](int index, bool reverse) {
        const auto kind = static_cast<DataSort>(std::min(index, static_cast<int>(DataSort::score)));
        const auto score = kind == DataSort::score ? scores[static_cast<std::size_t>(index) - 3] : Score::sharpness;
        dataset.sort_by(kind, score, reverse);
    };
    if (choice_row("data-sort", {.label = "Sort by", .tooltip = "The order of the grid", .label_width = label_width},
                   choices, chosen))
        sort(chosen, dataset.reversed());
    bool reversed = dataset.reversed();
    if (toggle_row(
            "data-reverse",
            {.label = "Reverse", .tooltip = "The other way round: the highest score first", .label_width = label_width},
            reversed))
        sort(chosen, reversed);
}

void draw_pictures(DatasetController& dataset) {
    Ui& ui = Ui::current();
    const bool some = !dataset.inputs().empty();
    const bool standing = dataset.status().state != DataState::writing;
    if (button("##data-add", {.icon = Icon::plus,
                              .text = "Add pictures...",
                              .tooltip = "A folder, zip, picture or video; or drop them on the window",
                              .key = "Ctrl+D",
                              .primary = !some,
                              .enabled = standing}))
        dataset.context.ui.dialog = Dialog::open_pictures;
    if (some) {
        ImGui::SameLine(0, ui.px(8));
        if (button("##data-clear", {.text = "Clear",
                                    .tooltip = "Begin anew with other pictures; no file is touched",
                                    .enabled = standing,
                                    .quiet = true}))
            dataset.clear();
    }
    gap(4);
    draw_inputs(dataset);
    gap(4);
    if (some)
        draw_where_it_stands(dataset);
    if (dataset.context.ui.centre_view != CentreView::data) {
        gap(4);
        if (button("##data-grid", {.icon = Icon::grid,
                                   .text = "Show the pictures",
                                   .tooltip = "The pictures in the middle of the window",
                                   .key = "G"}))
            dataset.context.ui.centre_view = CentreView::data;
    }
}

void draw_kept(DatasetController& dataset) {
    const DataView& view = dataset.view();
    ends(fmt::format("{} of {} kept", view.kept, view.items.size()), theme::text,
         dataset.by_hand() > 0 ? fmt::format("{} by hand", dataset.by_hand()) : "", "data-kept");
    draw_counts(view);
    gap(4);
    if (button("##data-forget", {.icon = Icon::reset,
                                 .text = "Undo all choices",
                                 .tooltip = "All pictures as the limits say, and all crops as they were",
                                 .enabled = dataset.by_hand() > 0 && dataset.status().state != DataState::writing}))
        dataset.forget_requests();
    draw_sort(dataset, dataset.context.settings.data.cut.mode == prepare::Mode::faces);
    gap(6);
    const DataStatus& status = dataset.status();
    // In its place where nothing is kept, so that nothing else moves.
    if (view.offer && !status.busy()) {
        if (button("##data-offer", {.icon = Icon::check,
                                    .text = view.offer->words,
                                    .tooltip = "No picture passes the limits as they are: sets them so",
                                    .primary = true,
                                    .width = ImGui::GetContentRegionAvail().x / Ui::current().scale()}))
            dataset.take_offer();
    } else if (button("##data-prepare", {.icon = Icon::check,
                                         .text = "Prepare...",
                                         .tooltip = "Writes the pictures that are kept as a set to train on",
                                         .key = "Ctrl+P",
                                         .primary = true,
                                         .enabled = !status.busy() && view.kept > 0,
                                         .width = ImGui::GetContentRegionAvail().x / Ui::current().scale()}))
        dataset.context.ui.dialog = Dialog::prepare_set;
    if (dataset.context.commands.train_on &&
        button("##data-train", {.icon = Icon::play,
                                .text = "Train on the set",
                                .tooltip = status.set.empty() ? "As soon as there is one" : status.set,
                                .enabled = !status.set.empty(),
                                .width = ImGui::GetContentRegionAvail().x / Ui::current().scale()}))
        dataset.train_on_it();
}

void draw_near(DatasetController& dataset, const prepare::Thresholds& standard, const prepare::Thresholds& now,
               bool enabled) {
    double near = now.near;
    const auto words = [](double bits) { return bits < 0 ? "kept" : fmt::format("{:.0f} bits", bits); };
    const std::string text = words(near), standard_text = words(static_cast<double>(standard.near));
    if (slider(near_limit,
               {.label = "Near alike",
                .min = -1,
                .max = 32,
                .standard = static_cast<double>(standard.near),
                .step = 1,
                .whole = true,
                .origin = -1,
                .tooltip = "Of pictures that are nearly the same, the largest is kept: by how many of 64 bits their "
                           "hashes may differ. All the way to the left they are all kept",
                .enabled = enabled,
                .label_width = label_width,
                .text = text.c_str(),
                .standard_text = standard_text.c_str()},
               near))
        dataset.set_limit(near_limit, near, standard.near);
    bool equal = now.duplicates;
    if (toggle_row(equal_limit,
                   {.label = "Drop equal",
                    .tooltip = "Pictures that are equal in every pixel are kept once",
                    .enabled = enabled,
                    .label_width = label_width + 6},
                   equal))
        dataset.set_limit(equal_limit, equal ? 1 : 0, standard.duplicates ? 1 : 0);
}

void draw_limits(DatasetController& dataset) {
    const prepare::Thresholds standard = dataset.standard_limits(), now = dataset.limits();
    const bool enabled = dataset.status().state != DataState::writing;
    for (const LimitSpec& spec : limit_specs()) {
        if (spec.faces && dataset.context.settings.data.cut.mode != prepare::Mode::faces)
            continue;
        double value = now.*spec.member;
        if (slider(spec.id,
                   {.label = spec.label,
                    .min = spec.min,
                    .max = spec.max,
                    .standard = standard.*spec.member,
                    .step = spec.step,
                    .format = spec.format,
                    .whole = spec.step >= 1,
                    .origin = spec.max == 180 ? spec.max : spec.min,
                    .tooltip = spec.tooltip,
                    .enabled = enabled,
                    .label_width = label_width},
                   value))
            dataset.set_limit(spec.id, value, standard.*spec.member);
    }
    draw_near(dataset, standard, now, enabled);
    if (button("##limits-reset", {.icon = Icon::reset,
                                  .text = "Usual limits",
                                  .tooltip = "All limits as they are at first, for this size and kind of picture",
                                  .enabled = enabled && !dataset.context.settings.data.changes().empty()}))
        dataset.context.settings.data.changes().clear();
}

} // namespace

// The folded panel: the way back, and how far it is.
void draw_data_rail(DatasetController& dataset) {
    Ui& ui = Ui::current();
    ImGui::SetCursorPos({ui.px(4), ui.px(8)});
    if (button("##unfold-data",
               {.icon = Icon::chevron_left, .tooltip = "Unfold the panel", .key = "Ctrl+Shift+L", .quiet = true}))
        dataset.context.settings.train_folded = false;
    ImGui::SetCursorPos({ui.px(4), ui.px(44)});
    if (button("##data-add",
               {.icon = Icon::plus, .tooltip = "Add a folder, zip, picture or video", .key = "Ctrl+D", .quiet = true}))
        dataset.context.ui.dialog = Dialog::open_pictures;
    const DataStatus& status = dataset.status();
    if (status.state != DataState::working || status.total == 0)
        return;
    const std::string part =
        fmt::format("{:.0f}%", std::floor(100 * static_cast<double>(status.done) / static_cast<double>(status.total)));
    const ImVec2 window = ImGui::GetWindowPos(), size = measure(Face::small, part);
    draw_text(*ImGui::GetWindowDrawList(), Face::small,
              {window.x + (ImGui::GetWindowWidth() - size.x) / 2, window.y + ui.px(80)}, theme::secondary, part);
}

void draw_data_panel(DatasetController& dataset, const Box& box) {
    Ui& ui = Ui::current();
    const bool roomy = box.height > ui.px(900);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(16), ui.px(roomy ? 12 : 6)});
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {ui.px(8), ui.px(roomy ? 8 : 4)});
    ImGui::BeginChild("data", box.size(), false, ImGuiWindowFlags_AlwaysUseWindowPadding);
    const bool some = !dataset.inputs().empty();
    const PanelSection sections[] = {{"PICTURES", [&] { draw_pictures(dataset); }, true},
                                     {"KEPT", [&] { draw_kept(dataset); }, some},
                                     {"LIMITS", [&] { draw_limits(dataset); }, some},
                                     {"CUT", [&] { draw_data_cut(dataset); }, true}};
    const PanelFold fold{"##fold-data", Icon::chevron_right, "Ctrl+Shift+L", dataset.context.settings.train_folded};
    draw_sections(dataset.context.settings, dataset.context.ui.sections, sections, &fold, roomy ? 20 : 6);
    ImGui::EndChild();
    ImGui::PopStyleVar(2);
}

FeatureUi ui_of(DatasetController& dataset) {
    FeatureUi ui;
    ui.dialogs = {[&dataset] { draw_prepare_dialog(dataset); }};
    ui.centre = {{CentreView::data, [&dataset](const Box& box) { draw_dataset_grid(dataset, box); }}};
    ui.tabs = {{Tab::data, [&dataset](const Box& box) { draw_data_panel(dataset, box); },
                [&dataset] { draw_data_rail(dataset); }}};
    ui.keys = data_keys(dataset);
    return ui;
}

} // namespace atelier::studio
