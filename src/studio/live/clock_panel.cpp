// SPDX-License-Identifier: Apache-2.0
// Which clock the tempo follows, and what changes wait for.
#include <fmt/format.h>

#include "studio/core/learn_menu.h"
#include "studio/core/parameter_slider.h"
#include "studio/live/live.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {
namespace {

constexpr float label_width = 80; // 96 dpi pixels

constexpr RowSpec row(const char* name, std::string_view tooltip, const char* unit = "") {
    return panel_row(name, tooltip, unit, label_width);
}

template <typename Value>
void choose_row(const char* name, const char* id, std::span<const Choice> choices, Value& value) {
    row_label(name, label_width);
    int chosen = static_cast<int>(value);
    if (segmented(id, choices, chosen) && choices[static_cast<std::size_t>(chosen)].enabled)
        value = static_cast<Value>(chosen);
}

// A slider of whole numbers of the table.
void count_row(StudioContext& context, const char* id, const char* name) {
    const ParameterRef which{&parameter(name)};
    double value = value_of(context.state, which);
    if (!slider(id,
                slider_of(*which.parameter, {.origin = which->min,
                                             .label_width = beside_fields(label_width),
                                             .menu = with_learn(context, name)}),
                value))
        return;
    context.ui.held = which;
    set_value(context.state, which, value);
}

void draw_device(Live& live) {
    std::vector<std::string> names{""};
    for (const inputs::MidiDevice& each : live.midi ? live.midi->devices() : std::vector<inputs::MidiDevice>())
        names.push_back(each.name);
    int chosen = -1;
    for (int i = 0; i < static_cast<int>(names.size()); ++i)
        chosen = names[static_cast<std::size_t>(i)] == live.state.clock_device ? i : chosen;
    if (chosen < 0) { // it is away
        chosen = static_cast<int>(names.size());
        names.push_back(live.state.clock_device);
    }
    std::vector<Choice> choices{{"Any that ticks", "The first one whose clock comes in"}};
    for (std::size_t i = 1; i < names.size(); ++i)
        choices.push_back({names[i].c_str(), "The clock of this device alone"});
    if (choice_row("clock-device", row("Device", "Whose MIDI clock is followed"), choices, chosen))
        live.state.clock_device = names[static_cast<std::size_t>(chosen)];
}

void draw_reading(const Live& live) {
    const inputs::ClockReading& clock = live.tempo.reading();
    if (!clock.there)
        return paragraph(live.state.tempo_from == TempoFrom::midi ? "No MIDI clock comes in: the tempo stays as it is."
                                                                  : "Link isn't there: the tempo stays as it is.",
                         theme::disabled);
    std::string text = fmt::format("{:.2f} bpm, {}", clock.bpm, clock.running ? "running" : "stopped");
    if (live.state.tempo_from == TempoFrom::midi)
        text += fmt::format(", uneven by {:.1f} ms", clock.jitter_ms);
    else if (live.link)
        text += fmt::format(", with {} other{}", live.link->peers(), live.link->peers() == 1 ? "" : "s");
    paragraph(text, theme::text);
}

} // namespace

void draw_clock_panel(Live& live) {
    LiveState& state = live.state;
    const Choice from[] = {{"Own", "The tempo is what the tempo bar says: tapped, dragged or typed"},
                           {"MIDI", "The tempo follows a device's MIDI clock"},
                           {"Link",
                            inputs::link_is_built_in() ? "The tempo is shared with other programs by Ableton Link"
                                                       : "Ableton Link isn't built into this program",
                            inputs::link_is_built_in()}};
    choose_row("Tempo", "##tempo-from", from, state.tempo_from);
    if (state.tempo_from == TempoFrom::midi)
        draw_device(live);
    if (state.tempo_from != TempoFrom::own)
        draw_reading(live);
    if (state.tempo_from == TempoFrom::midi)
        toggle_row("clock-transport", row("Transport", "Start and stop of that clock play and pause here"),
                   state.transport);
    static constexpr Choice launches[] = {
        {"Now", "Presets, cues, new seeds, play, take and cut come at once"},
        {"Beat", "Presets, cues, new seeds, play, take and cut wait for the next beat"},
        {"Bar", "They wait for the next bar"},
        {"Phrase", "They wait for the next phrase"}};
    count_row(live.context, "bar-beats", "performance.beats_per_bar");
    count_row(live.context, "phrase-bars", "performance.bars_per_phrase");
    choose_row("Changes", "##launch", launches, state.launch);
    if (state.launch != Launch::now)
        number_row("look-ahead",
                   row("Ahead", "They come so much before the beat, for what the display and projector take", "ms"), 0,
                   most_look_ahead, state.look_ahead);
    if (live.waiting() > 0)
        paragraph(live.waiting() == 1 ? std::string("A change waits.")
                                      : fmt::format("{} changes wait.", live.waiting()),
                  theme::accent);
}

} // namespace atelier::studio
