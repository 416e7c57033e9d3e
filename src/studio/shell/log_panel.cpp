// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/log.h"
#include "studio/shell/panels.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {

void draw_log(Studio& studio) {
    if (!begin_dialog(studio.ui, Dialog::log, "Log", {900, 560}))
        return;
    Ui& ui = Ui::current();
    static std::uint64_t newest = 0;
    const std::vector<LogLine> lines = recent_log();
    ImGui::BeginChild("lines", {0, 0}, false, ImGuiWindowFlags_NoNav);
    ImGui::PushFont(ui.face(Face::small));
    if (lines.empty())
        label("Nothing has been reported.");
    for (const LogLine& line : lines) {
        ui.want(line.text);
        const ImU32 colour = line.level == LogLevel::error     ? theme::bad
                             : line.level == LogLevel::warning ? theme::accent
                             : line.level == LogLevel::info    ? theme::text
                                                               : theme::secondary;
        ImGui::PushStyleColor(ImGuiCol_Text, theme::secondary);
        ImGui::TextUnformatted(time_text(line.seconds).c_str());
        ImGui::PopStyleColor();
        ImGui::SameLine(ui.px(64));
        ImGui::PushStyleColor(ImGuiCol_Text, colour);
        ImGui::PushTextWrapPos(0);
        ImGui::TextUnformatted(line.text.c_str());
        ImGui::PopTextWrapPos();
        ImGui::PopStyleColor();
    }
    ImGui::PopFont();
    if (!lines.empty() && lines.back().number != newest) {
        newest = lines.back().number;
        ImGui::SetScrollHereY(1);
    }
    ImGui::EndChild();
    end_dialog();
}

} // namespace atelier::studio
