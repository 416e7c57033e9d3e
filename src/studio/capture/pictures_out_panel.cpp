// SPDX-License-Identifier: Apache-2.0
// What goes out to other programs, and whether the show keeps up.
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
    const ShowCounters& counters = capture.context.counters;
    draw_figure("Not rendered", counters.rendering());
    draw_figure("Not encoded", counters.encoding());
    draw_figure("Late on screen", counters.screen());
    paragraph("Of the last ten seconds, while something moves or records: amber above 1 %, red above 5 %.");
}

} // namespace atelier::studio
