// SPDX-License-Identifier: Apache-2.0
// The section SOUND: the device that is listened to, what is heard, and the song beside the timeline.
#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

#include "studio/live/live.h"
#include "studio/state/oscillators.h"
#include "studio/toolkit/form_rows.h"
#include "studio/toolkit/texts.h"

namespace atelier::studio {
namespace {

constexpr float label_width = 84;

// A line to be chosen from: the system's choice, and each device.
void device_row(const char* id, const char* name, const char* tooltip, const std::vector<std::string>& devices,
                const std::string& standard, std::string& chosen) {
    const std::string shown = !chosen.empty() ? chosen : standard.empty() ? "The system's" : standard;
    if (!begin_list_row(id, name, label_width, shown, tooltip))
        return;
    const auto item = [&](const std::string& text, const std::string& value, std::string_view explained) {
        if (list_row(value.c_str(), text, explained, chosen == value))
            chosen = value;
    };
    item("The system's", "", standard.empty() ? "There is none just now" : std::string_view(standard));
    for (const std::string& each : devices)
        item(each, each, each);
    if (!chosen.empty() && std::ranges::find(devices, chosen) == devices.end())
        item(chosen, chosen, "It isn't there just now; it is taken when it comes back");
    ImGui::EndPopup();
}

void draw_meter(const char* name, double value, bool heard) {
    Ui& ui = Ui::current();
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const ImVec2 size{ImGui::GetContentRegionAvail().x, ui.px(18)};
    ImGui::Dummy(size);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    draw_text(list, Face::small, from, heard ? theme::text : theme::secondary, name);
    const float left = from.x + ui.px(label_width), y = from.y + ui.px(8), half = ui.px(3);
    list.AddRectFilled({left, y - half}, {from.x + size.x, y + half}, theme::line, half);
    const auto part = static_cast<float>(std::clamp(value, 0.0, 1.0));
    if (heard && part > 0)
        list.AddRectFilled({left, y - half},
                           {std::max(left + 2 * half, left + (from.x + size.x - left) * part), y + half}, theme::accent,
                           half);
}

void draw_onset(const SoundMeters& meters) {
    Ui& ui = Ui::current();
    const ImVec2 from = ImGui::GetCursorScreenPos();
    ImGui::Dummy({ImGui::GetContentRegionAvail().x, ui.px(18)});
    ImDrawList& list = *ImGui::GetWindowDrawList();
    draw_text(list, Face::small, from, meters.heard ? theme::text : theme::secondary, "Onset");
    constexpr double lit = 0.12; // seconds
    const bool on = meters.heard && meters.onset_age < lit;
    list.AddCircleFilled({from.x + ui.px(label_width + 5), from.y + ui.px(8)}, ui.px(5),
                         on ? theme::accent : theme::line, 20);
    if (on)
        ui.fades(static_cast<float>(lit));
}

void draw_tempo_found(Live& live, const SoundMeters& meters) {
    Ui& ui = Ui::current();
    const bool known = meters.tempo.bpm > 0;
    row_label("Tempo", label_width);
    const std::string text =
        known ? fmt::format("{:.1f} bpm, {:.0f} % sure", meters.tempo.bpm, 100 * meters.tempo.confidence)
              : "not known yet";
    const ImVec2 at = ImGui::GetCursorScreenPos();
    draw_text(*ImGui::GetWindowDrawList(), Face::small, {at.x, at.y + ui.px(7)}, known ? theme::text : theme::secondary,
              text);
    ImGui::Dummy({ImGui::GetContentRegionAvail().x, ui.px(theme::control)});
    if (button("##use-tempo", {.text = "Use this tempo",
                               .tooltip = "Steps of the walk, morphs, swings and the timeline count in it from now on",
                               .enabled = known,
                               .width = ImGui::GetContentRegionAvail().x / ui.scale()})) {
        const OscillatorPhaseLock steady(live.context.state, live.context.playback.animator().values().clock);
        live.context.state.bpm = std::clamp(std::round(meters.tempo.bpm * 10) / 10, 20.0, 300.0);
    }
}

void edge_slider(const char* id, const char* name, const char* tooltip, double standard, double least, double most,
                 double& value) {
    slider(id,
           {.label = name,
            .min = 10,
            .max = 24000,
            .standard = standard,
            .step = 0.02,
            .format = "%.0f Hz",
            .logarithmic = true,
            .origin = 10,
            .tooltip = tooltip,
            .label_width = beside_fields(label_width),
            .value_width = 72},
           value);
    value = std::clamp(value, least, most);
}

void draw_bands(SoundState& state) {
    constexpr double apart = 10; // Hz
    edge_slider("bass-from", "Bass from", "What is lower counts for no band", 20, 10, state.mid_from - apart,
                state.bass_from);
    edge_slider("mid-from", "Mid from", "Where bass ends and mid begins", 160, state.bass_from + apart,
                state.high_from - apart, state.mid_from);
    edge_slider("high-from", "High from", "Where mid ends and high begins", 2500, state.mid_from + apart,
                state.high_to - apart, state.high_from);
    edge_slider("high-to", "High to", "What is higher counts for no band", 16000, state.high_from + apart, 24000,
                state.high_to);
}

void draw_hearing(Live& live, SoundState& state) {
    slider("gain",
           {.label = "Gain",
            .min = 0.1,
            .max = 30,
            .standard = 1,
            .step = 0.05,
            .format = "x %.2f",
            .logarithmic = true,
            .origin = 1,
            .tooltip = "How much louder it is taken than it comes",
            .label_width = beside_fields(label_width)},
           state.gain);
    toggle_row("levelling",
               {.label = "Levelling",
                .tooltip = "The loudest of the last while is 1, whether the room is loud or quiet",
                .label_width = label_width},
               state.levelling);
    slider("sensitivity",
           {.label = "Onsets",
            .standard = 0.5,
            .format = "%.2f",
            .tooltip = "How little has to begin to sound for an onset",
            .label_width = beside_fields(label_width)},
           state.sensitivity);
    if (subsection("Bands", live.sound_form.bands, "Where bass, mid and high begin and end"))
        draw_bands(state);
}

void draw_song(Live& live, SoundState& state) {
    Ui& ui = Ui::current();
    LiveSound& sound = live.sound;
    if (state.song.empty()) {
        paragraph("Drop a song on the window: it plays in time with the timeline and moves what is connected.");
        return;
    }
    const std::string name = std::filesystem::path(state.song).filename().string();
    ui.want(name);
    const bool reading = sound.reading();
    if (button("##song-play", {.icon = sound.plays() ? Icon::pause : Icon::play,
                               .tooltip = "Play or pause the song: with the timeline, or by itself where that is empty",
                               .key = live.context.state.timeline.curve.keyframes.empty() ? "" : "Shift+Space",
                               .active = sound.plays(),
                               .enabled = sound.song() != nullptr}))
        sound.toggle_play();
    ImGui::SameLine(0, ui.px(8));
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float room = ImGui::GetContentRegionAvail().x - ui.px(36);
    const std::string text = reading        ? fmt::format("Listening, {:.0f} %", 100 * sound.read_part())
                             : sound.song() ? fmt::format("{} of {}  {}", time_text(sound.position()),
                                                          time_text(sound.song()->seconds), name)
                                            : name;
    draw_text(*ImGui::GetWindowDrawList(), Face::small, {from.x, from.y + ui.px(7)}, theme::text, text, room);
    ImGui::Dummy({room, ui.px(theme::control)});
    if (ImGui::IsItemHovered())
        ui.tooltip(ImGui::GetID("##song-name"), state.song);
    ImGui::SameLine(0, ui.px(8));
    if (button("##song-close",
               {.icon = Icon::close, .tooltip = "Without the song; Ctrl+Z brings it back", .quiet = true})) {
        state.song.clear();
        return;
    }
    if (!sound.trouble().empty())
        paragraph(sound.trouble(), theme::bad);
    slider("volume",
           {.label = "Volume",
            .standard = 1,
            .format = "%.2f",
            .tooltip = "Of the loudspeakers; what moves by the song is the same",
            .label_width = beside_fields(label_width)},
           state.volume);
    const inputs::AudioInputStatus devices = sound.input();
    device_row("##sound-output", "Output", "The device that the song is heard through", devices.devices.outputs,
               devices.devices.standard_output, state.output);
    if (!sound.unheard().empty())
        paragraph(sound.unheard() + " The song moves the picture all the same.", theme::bad);
    if (const std::string trouble = sound.output().trouble; !trouble.empty())
        paragraph(trouble + " The song moves the picture all the same.");
    toggle_row("snap-to-beats",
               {.label = "Snap",
                .tooltip = "Moments that are dragged along the timeline fall on beats of the song",
                .label_width = label_width},
               state.snap_to_beats);
}

} // namespace

void draw_sound_panel(Live& live) {
    draw_closed_note(live);
    Ui& ui = Ui::current();
    SoundState& state = live.state.sound;
    LiveSound& sound = live.sound;
    if (!std::exchange(live.sound_form.looked, true))
        sound.look();
    const inputs::AudioInputStatus status = sound.input();
    toggle_row(
        "listen",
        {.label = "Listen",
         .tooltip = "Listen to the device: audio/level, bass, mid, high and onset move what is connected to them",
         .label_width = label_width},
        state.on);
    device_row("##sound-input", "Input", "The device that is listened to", status.devices.inputs,
               status.devices.standard_input, state.device);
    if (button("##look-for-devices", {.icon = Icon::follow,
                                      .text = "Look again",
                                      .tooltip = "For devices that have been plugged in since",
                                      .quiet = true}))
        sound.look();
    if (!status.trouble.empty())
        paragraph(status.trouble, theme::bad);
    else if (status.listening)
        paragraph(fmt::format("{:.0f} Hz, {:.0f} ms from the air to the picture's wish{}", status.rate,
                              1000 * status.latency, status.peak >= 0.999 ? "; too loud: it is cut" : ""),
                  status.peak >= 0.999 ? theme::bad : theme::secondary);
    else if (status.looked && status.devices.inputs.empty())
        paragraph("There is no sound input on this machine just now.");
    gap(4);
    const SoundMeters meters = sound.meters();
    draw_meter("Level", meters.reading.level, meters.heard);
    draw_meter("Bass", meters.reading.bass, meters.heard);
    draw_meter("Mid", meters.reading.mid, meters.heard);
    draw_meter("High", meters.reading.high, meters.heard);
    draw_onset(meters);
    draw_tempo_found(live, meters);
    gap(4);
    draw_hearing(live, state);
    gap(8);
    draw_song(live, state);
    ui.fades(meters.heard ? 0.05f : 0);
}

} // namespace atelier::studio
