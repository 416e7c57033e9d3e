// SPDX-License-Identifier: Apache-2.0
// What goes out to other programs, and whether the show keeps up.
#include <algorithm>

#include <fmt/format.h>

#include "studio/capture/capture.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {
namespace {

std::string text_of(const outputs::OutStatus& status) {
    switch (status.state) {
    case outputs::OutState::starting: return "It begins with the next picture.";
    case outputs::OutState::waiting: return "The source Atelier is there; nobody reads it.";
    case outputs::OutState::streaming: return fmt::format("Somebody reads it: {} pictures so far.", status.delivered);
    case outputs::OutState::failed: break;
    }
    return status.message;
}

std::string device_text(const outputs::OutStatus& status, const std::string& device) {
    return status.state == outputs::OutState::streaming
               ? fmt::format("Written to {}: {} pictures so far.", device, status.delivered)
               : text_of(status);
}

void draw_device_menu(PicturesOut& out) {
    const auto item = [&](const std::string& text, const std::string& file, const std::string& explained) {
        if (list_row(file.c_str(), text, explained, out.device() == file, !file.empty()))
            out.set_device(file);
    };
    item("Off", "", "No pictures to a device");
    const std::vector<outputs::OutputDevice>* found = out.found_devices();
    if (!found)
        Ui::current().fades(0.1f); // drawn again when they are known
    for (const outputs::OutputDevice& each : found ? *found : std::vector<outputs::OutputDevice>{})
        item(each.name.empty() ? each.file.string() : each.name, each.file.string(), each.file.string());
    const auto chosen = [&out](const outputs::OutputDevice& each) { return each.file == out.device(); };
    if (!out.device().empty() && found && std::ranges::none_of(*found, chosen))
        item(out.device(), out.device(), "The one that is written to");
    if (found && found->empty())
        paragraph("No device here takes pictures. The kernel's module v4l2loopback makes one.");
}

void draw_device_row(PicturesOut& out) {
    const bool chosen = !out.device().empty();
    if (!begin_list_row("##video-device", "Video device", 116, chosen ? out.device() : "Off",
                        "What the audience sees to a device of v4l2loopback, which other programs read as a camera",
                        chosen))
        return;
    draw_device_menu(out);
    ImGui::EndPopup();
}

void draw_figure(const char* name, const Missed& figure) {
    const ImU32 colours[] = {theme::good, theme::accent, theme::bad};
    row_label(name, 116);
    const ImVec2 from = ImGui::GetCursorScreenPos();
    Ui& ui = Ui::current();
    ImGui::Dummy({ImGui::GetContentRegionAvail().x, ui.px(theme::control)});
    draw_text(*ImGui::GetWindowDrawList(), Face::body,
              {from.x, from.y + (ui.px(theme::control) - measure(Face::body, "0").y) / 2},
              colours[static_cast<int>(pace_of(figure))],
              fmt::format("{:.1f} %  {} of {}", 100 * figure.part(), figure.missed, figure.of));
}

} // namespace

void draw_pictures_out(Capture& capture) {
    bool on = capture.out.on();
    if (toggle_row("pipewire",
                   {.label = "PipeWire",
                    .tooltip = "What the audience sees as a video source of PipeWire, for OBS and other programs",
                    .label_width = 116},
                   on))
        capture.out.set(on);
    if (capture.out.on())
        paragraph(text_of(capture.out.status()));
    draw_device_row(capture.out);
    if (!capture.out.device().empty())
        paragraph(device_text(capture.out.device_status(), capture.out.device()));
    const ShowCounters& counters = capture.context.counters;
    draw_figure("Not rendered", counters.rendering());
    draw_figure("Not encoded", counters.encoding());
    draw_figure("Late on screen", counters.screen());
    paragraph("Of the last ten seconds, while something moves or records: amber above 1 %, red above 5 %.");
}

} // namespace atelier::studio
