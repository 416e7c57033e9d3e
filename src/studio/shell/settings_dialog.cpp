// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "studio/capture/video_rows.h"
#include "studio/core/language.h"
#include "studio/core/parameter_slider.h"
#include "studio/shell/panels.h"
#include "studio/toolkit/form_rows.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {
namespace {

constexpr float label_width = 116;

std::string monitor_note(const Output& output, const std::string& remembered) {
    const int chosen = choose_monitor(output.monitors, remembered);
    if (chosen < 0)
        return "No monitor is connected.";
    const OutputMonitor& monitor = output.monitors[static_cast<std::size_t>(chosen)];
    if (!remembered.empty() && monitor.label != remembered)
        return fmt::format("{} is not connected; until it is, {} is filled.", remembered, monitor.label);
    return fmt::format("It fills {}{}.", monitor.label, monitor.holds_studio ? ", where the studio is" : "");
}

void output_row(Studio& studio) {
    const std::vector<OutputMonitor>& monitors = studio.output.monitors;
    std::string& remembered = studio.settings.output_monitor;
    std::vector<Choice> choices{{"Automatic", "A monitor that the studio isn't on, if there is one"}};
    int chosen = remembered.empty() ? 0 : -1;
    for (std::size_t i = 0; i < monitors.size(); ++i) {
        Ui::current().want(monitors[i].label);
        choices.push_back({monitors[i].label.c_str(), "Always this one"});
        if (monitors[i].label == remembered)
            chosen = static_cast<int>(i) + 1;
    }
    if (chosen < 0) {
        chosen = static_cast<int>(choices.size());
        choices.push_back({remembered.c_str(), "It is not connected now"});
    }
    if (choice_row("monitor",
                   {.label = "Output window",
                    .tooltip = "The monitor that the output window fills; O opens and closes it",
                    .label_width = label_width},
                   choices, chosen)) {
        const std::string now = chosen == 0 ? "" : choices[static_cast<std::size_t>(chosen)].text;
        remembered = now;
    }
    const std::string note = monitor_note(studio.output, remembered);
    ImGui::Indent(Ui::current().px(label_width));
    paragraph(note);
    ImGui::Unindent(Ui::current().px(label_width));
}

// Percents of 96 dpi.
constexpr int scales[] = {75, 100, 125, 150, 175, 200, 250, 300};

void scale_row(Studio& studio) {
    double& remembered = studio.settings.interface_scale;
    double& fixed = studio.ui.fixed_scale;
    const double now = fixed > 0 ? fixed : remembered;
    std::vector<std::string> texts;
    for (const int each : scales)
        texts.push_back(fmt::format("{} %", each));
    std::vector<Choice> choices{
        {"By the monitor", "As large as the system says for the monitor that the window is on"}};
    for (const std::string& each : texts)
        choices.push_back({each.c_str(), "Text and controls at this size, whatever the monitor"});
    const auto of_list = std::ranges::find(scales, static_cast<int>(std::lround(now * 100)));
    int chosen = now == 0 ? 0 : static_cast<int>(of_list - std::begin(scales)) + 1;
    const std::string other = fmt::format("{:.0f} %", now * 100);
    if (now != 0 && of_list == std::end(scales))
        choices.push_back({other.c_str(), fixed > 0 ? "As the command line says" : "As it is now"});
    if (choice_row("scale",
                   {.label = "Interface",
                    .tooltip = "How large text and controls are; at once, and in all windows to come",
                    .label_width = label_width},
                   choices, chosen) &&
        chosen <= static_cast<int>(std::size(scales))) {
        remembered = chosen == 0 ? 0 : scales[chosen - 1] / 100.0;
        fixed = 0;
    }
}

void language_row(Studio& studio) {
    std::string& remembered = studio.settings.language;
    std::vector<Choice> choices{{"The system's", "As LC_ALL, LC_MESSAGES or LANG say"}};
    int chosen = 0;
    for (const Language& each : languages()) {
        Ui::current().want(each.name);
        if (remembered == each.code)
            chosen = static_cast<int>(choices.size());
        choices.push_back({each.name, "Texts of the studio in this language; logs and the command line stay English"});
    }
    if (choice_row("language",
                   {.label = "Language", .tooltip = "What the studio speaks; at once", .label_width = label_width},
                   choices, chosen))
        remembered = chosen == 0 ? "" : languages()[static_cast<std::size_t>(chosen) - 1].code;
}

void look_rows(Settings& settings) {
    constexpr Choice choices[] = {{"Dark", "For dark rooms and for shows"},
                                  {"Daylight", "Dark on light, for bright rooms"}};
    int light = settings.light ? 1 : 0;
    if (choice_row("look",
                   {.label = "Colours",
                    .tooltip = "Of the interface; the pictures and what an audience sees stay as they are",
                    .label_width = label_width},
                   choices, light))
        settings.light = light == 1;
    toggle_row("calm",
               {.label = "Less motion",
                .tooltip = "Dialogs and tooltips are there at once, without fading; the pictures move as they did",
                .label_width = label_width},
               settings.calm);
}

void flash_rows(Settings& settings) {
    constexpr Choice choices[] = {
        {"Allow", "Nothing is measured"},
        {"Warn", "The status line says so, and the log where a recording or an export has some"},
        {"Soften", "Recordings and exports are evened out; on the screen the status line warns"}};
    int guard = static_cast<int>(settings.flash.guard);
    if (choice_row(
            "flashes",
            {.label = "Flashes",
             .tooltip = "What is done where a large part of the picture flashes so fast that it could harm people",
             .label_width = label_width},
            choices, guard))
        settings.flash.guard = static_cast<FlashGuard>(guard);
    slider("flash-limit",
           {.label = "Flash limit",
            .min = least_flashes,
            .max = most_flashes,
            .standard = FlashLimit().per_second,
            .step = 1,
            .format = "%.0f / s",
            .whole = true,
            .tooltip = "So many flashes within a second are not too many yet; 3 is what accessibility rules say",
            .enabled = settings.flash.guard != FlashGuard::off,
            .label_width = label_width},
           settings.flash.per_second);
}

} // namespace

void draw_settings_dialog(Studio& studio) {
    if (!begin_dialog(studio.ui, Dialog::settings, "Settings", {560, 632}))
        return;
    Ui& ui = Ui::current();
    Settings& settings = studio.settings;
    scale_row(studio);
    language_row(studio);
    look_rows(settings);
    slider("glide", slider_of(parameter("performance.glide"), {.label_width = label_width}), settings.glide_seconds);
    slider("budget", slider_of(parameter("performance.frame_budget"), {.label_width = label_width}),
           settings.frame_budget_ms);
    toggle_row("performance",
               {.label = "Speed",
                .tooltip = "Times, queues and memory over the picture's corner",
                .key = "F2",
                .label_width = label_width},
               settings.show_performance);
    toggle_row("recipes",
               {.label = "Recipes",
                .tooltip =
                    "A saved picture carries what made it, and dropped on the window it brings that back; turn it "
                    "off for pictures that shall not tell",
                .label_width = label_width},
               settings.save_recipes);
    draw_size_row(settings.saving, {.shown = shown_pixels(studio.playback.model()),
                                    .least_width = 0,
                                    .id = "saved-size",
                                    .label = "Saved pictures",
                                    .tooltip = "What P saves is as large as this, in pixels",
                                    .label_width = label_width});
    flash_rows(settings);
    gap(12);
    output_row(studio);
    gap(12);
    label("Recordings and saved pictures go to");
    gap(4);
    text_field("##folder", studio.names.standard_videos().string().c_str(), settings.videos_folder,
               ImGui::GetContentRegionAvail().x, false, nullptr, "A folder; empty: the standard one");
    ui.want(settings.videos_folder);
    const auto kind = studio.disk.kind(settings.videos_folder);
    if (!settings.videos_folder.empty() && kind && *kind != std::filesystem::file_type::directory) {
        label("There is no such folder.", theme::bad);
    } else {
        label("Leave it empty for the system's videos folder.");
    }
    end_dialog();
}

} // namespace atelier::studio
