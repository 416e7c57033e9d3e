// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "base/clock.h"
#include "studio/shell/panels.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {

void draw_status_line(Studio& studio, const Box& box) {
    Ui& ui = Ui::current();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float line = measure(Face::small, "0").y;
    const float y = box.y + (box.height - line) / 2;
    float x = box.x + ui.px(16);
    const auto put = [&](ImU32 colour, std::string_view text) {
        draw_text(list, Face::small, {x, y}, colour, text);
        x += measure(Face::small, text).x + ui.px(20);
    };

    if (const ModelInfo* model = studio.playback.model()) {
        ui.want(model->name);
        put(theme::secondary, fmt::format("{}  {}", model->name, shown_text(*model)));
        const char* precision = studio.playback.shown().precision == Precision::bf16   ? "bf16"
                                : studio.playback.shown().precision == Precision::fp16 ? "fp16"
                                                                                       : "fp32";
        put(theme::secondary, studio.playback.load_status().device + " " + precision);
        const StageTimes& t = studio.playback.counters.times;
        put(theme::secondary, fmt::format("map {:.1f}  synth {:.1f}  pack {:.1f} ms", t.map_ms, t.synth_ms, t.pack_ms));
    } else {
        put(theme::secondary, "no model");
    }

    // States that change what is seen stand at the right, lit.
    float right = box.x + box.width - ui.px(16);
    const auto put_right = [&](ImU32 colour, std::string_view text) {
        right -= measure(Face::small, text).x;
        draw_text(list, Face::small, {right, y}, colour, text);
        right -= ui.px(20);
    };
    if (ImGui::GetIO().WantTextInput)
        put_right(theme::accent, "keys go to the outlined field; Esc takes them away");
    if (const std::string& id = studio.live.learning(); !id.empty()) { // CONNECTIONS may be on the other page
        const auto which = find_parameter(studio.state, id);
        const float to = right;
        put_right(theme::accent,
                  fmt::format("learning {}: move a knob or press a pad", which ? label_of(studio.state, *which) : id));
        ui.mark("@learning", {right, box.y}, {to, box.y + box.height}, true);
    }
    if (studio.capture.flashes.flashing(steady_seconds())) {
        put_right(theme::bad, fmt::format("flashes more than {:g} times a second", studio.settings.flash.per_second));
        draw_icon(list, Icon::alert, {right + ui.px(8), box.y + box.height / 2}, ui.px(8), theme::bad);
        right -= ui.px(16);
    }
    const media::RecordStatus record = studio.capture.recording.recorder.status();
    if (record.state == media::RecordState::recording) {
        put_right(theme::bad,
                  fmt::format("recording {}  dropped {}", time_text(record.seconds), record.frames_dropped));
        list.AddCircleFilled({right + ui.px(8), box.y + box.height / 2}, ui.px(4), theme::bad);
        right -= ui.px(12);
    } else if (record.state == media::RecordState::finishing) {
        put_right(theme::accent, "finishing the recording");
    }
    const TrainStatus& train = studio.training.status();
    if (train.active())
        put_right(train.state == TrainState::running ? theme::accent : theme::secondary,
                  fmt::format("{} {:.2f} of {:g} kimg{}", train.watched ? "watching" : "training", train.kimg,
                              train.total_kimg, train.state == TrainState::paused ? " (paused)" : ""));
    if (studio.playback.shown().preview)
        put_right(theme::secondary, fmt::format("preview {} px", studio.playback.shown().pixels->width));
    if (studio.state.view.blackout)
        put_right(theme::accent, "blackout (0)");
    if (studio.playback.preparing())
        put_right(theme::accent, "preparing beside the program (V)");
    if (studio.state.view.master < 1)
        put_right(theme::accent, fmt::format("master {:.0f}%", studio.state.view.master * 100));
    if (studio.state.view.frozen)
        put_right(theme::accent, "frozen (Z)");
    if (studio.state.view.pixels)
        put_right(theme::secondary, "pixels (X)");
    if (studio.state.view.zoom != 1) {
        put_right(theme::secondary, fmt::format("zoom {:.0f}%", studio.state.view.zoom * 100));
    }
    // Last and cut off: a reason may be long, and all of it stands in the log.
    list.PushClipRect({x, box.y}, {std::max(x, right), box.y + box.height}, true);
    put(theme::secondary, "display: " + studio.ui.display_path);
    list.PopClipRect();
}

} // namespace atelier::studio
