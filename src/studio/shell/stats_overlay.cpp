// SPDX-License-Identifier: Apache-2.0
// The performance overlay (F2) over the picture's corner. The mouse goes through it.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "studio/shell/panels.h"
#include "studio/toolkit/plot.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {
namespace {

constexpr float width = 272;
constexpr float line_height = 20;
constexpr double usual_screen_ms = 1000.0 / 60;

void row(const char* name, const std::string& value, ImU32 colour = theme::text) {
    Ui& ui = Ui::current();
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float whole = ImGui::GetContentRegionAvail().x;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    draw_text(list, Face::small, from, theme::secondary, name);
    draw_text(list, Face::small, {from.x + whole - measure(Face::small, value).x, from.y}, colour, value);
    ImGui::Dummy({whole, ui.px(line_height)});
}

void frame_plot(const FrameStats& pace) {
    static const auto numbers = [] {
        std::array<double, FrameStats::kept_frames> all{};
        std::iota(all.begin(), all.end(), 0.0);
        return all;
    }();
    // One long frame must not flatten all others: the row below has its time.
    const double most = 3 * (pace.screen_ms > 0 ? pace.screen_ms : usual_screen_ms);
    std::vector<double> frames = pace.window_frames();
    for (double& ms : frames)
        ms = std::min(ms, most);
    const PlotSeries series[] = {{"ms", theme::accent, {frames.data(), frames.size()}}};
    const PlotLine screen[] = {{"screen", pace.screen_ms}};
    const PlotSpec spec{.title = "Window, ms a frame",
                        .tooltip = "Time between the window's last frames; the line is the screen's",
                        .height = 48,
                        .min = 0,
                        .max = most,
                        .first_x = 0,
                        .last_x = static_cast<double>(FrameStats::kept_frames - 1)};
    plot("##frames", spec, {numbers.data(), frames.size()}, series, std::span(screen, pace.screen_ms > 0 ? 1U : 0U),
         std::nan(""));
}

std::string memory_text(std::uint64_t bytes) {
    const double mib = static_cast<double>(bytes) / (1 << 20);
    return mib < 1024 ? fmt::format("{:.0f} MiB", mib) : fmt::format("{:.2f} GiB", mib / 1024);
}

void rows(Studio& studio) {
    const StageTimes& times = studio.playback.counters.times;
    const double budget = studio.settings.frame_budget_ms;
    const double whole = times.map_ms + times.synth_ms + times.pack_ms;
    row("Slowest of these", fmt::format("{:.1f} ms", studio.frame_stats.slowest()));
    row("Pictures", fmt::format("{:.1f} per second", studio.playback.counters.pictures_per_second));
    row("Map, synth, pack", fmt::format("{:.1f}  {:.1f}  {:.1f} ms", times.map_ms, times.synth_ms, times.pack_ms));
    row("Upload", fmt::format("{:.2f} ms", studio.frame_stats.upload_ms()));
    row("Preview after", budget > 0 ? fmt::format("{:.1f} of {:.0f} ms", whole, budget) : "none",
        budget > 0 && whole > budget ? theme::accent : theme::text);
    const media::RecordStatus record = studio.capture.recording.recorder.status();
    row("Recorder", fmt::format("{} waiting, {} dropped", record.frames_waiting, record.frames_dropped),
        record.frames_dropped > 0 ? theme::bad : theme::text);
    row("Thumbnails", fmt::format("{} waiting", studio.thumbnails.waiting()));
    row("Log", fmt::format("{} bytes waiting", studio.capture.performance.bytes_waiting()));
    if (const auto resident = studio.frame_stats.resident_bytes())
        row("Memory", memory_text(*resident));
}

} // namespace

void draw_stats_overlay(Studio& studio, const Box& box) {
    if (!studio.settings.show_performance || studio.state.view.ui_hidden || tour_step(studio)) // the card lies there
        return;
    Ui& ui = Ui::current();
    const ImVec2 at{box.x + ui.px(12), box.y + ui.px(12)};
    ImGui::SetNextWindowPos(at);
    ImGui::SetNextWindowSize({std::min(ui.px(width), std::max(1.0f, box.width - ui.px(24))), 0});
    ImGui::SetNextWindowBgAlpha(0.92f);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(14), ui.px(10)});
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    ImGui::Begin("performance", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_NoInputs | ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoFocusOnAppearing |
                     ImGuiWindowFlags_AlwaysAutoResize);
    frame_plot(studio.frame_stats);
    ImGui::Dummy({1, ui.px(6)});
    rows(studio);
    ImGui::End();
    ImGui::PopStyleVar(2);
}

} // namespace atelier::studio
