// SPDX-License-Identifier: Apache-2.0
// The song under the timeline's ruler: its outline, its onsets and its beats.
#include <algorithm>
#include <cmath>

#include "studio/library/library.h"
#include "studio/toolkit/ui.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {
namespace {

constexpr float row_height = 30;
constexpr float beats_apart = 6; // pixels at 96 dpi: nearer beats are a grey mist
// The outline fills its row, however quiet the song is. Of an hour's a part of the peaks will do.
float loudest_of(const sound::Song& song) {
    constexpr std::size_t enough = 50'000;
    const std::size_t step = std::max<std::size_t>(1, song.peaks.size() / enough);
    float most = 0.01F;
    for (std::size_t i = 0; i < song.peaks.size(); i += step)
        most = std::max({most, song.peaks[i].high, -song.peaks[i].low});
    return most;
}

} // namespace

float song_height(const Library& library) {
    return library.context.song.song ? row_height : 0;
}

void draw_song_row(const Library& library, const Ruler& ruler, const Box& box) {
    const SongView& view = library.context.song;
    if (!view.song || view.song->peaks.empty())
        return;
    Ui& ui = Ui::current();
    const sound::Song& song = *view.song;
    const double rate = timeline_rate(library.context.state); // of the ruler's unit, a second
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float middle = box.y + box.height / 2, half = box.height / 2 - ui.px(3);
    const float scale = 1 / loudest_of(song);
    list.PushClipRect({ruler.left, box.y}, {ruler.left + ruler.width, box.y + box.height}, true);
    const auto count = static_cast<std::ptrdiff_t>(song.peaks.size());
    const float step = std::max(1.0f, ui.px(1));
    for (float x = ruler.left; x < ruler.left + ruler.width; x += step) {
        const double from = (ruler.first + (x - ruler.left) / ruler.width * ruler.length) / rate;
        const double to = (ruler.first + (x + step - ruler.left) / ruler.width * ruler.length) / rate;
        const auto first = static_cast<std::ptrdiff_t>(from / song.peak_seconds);
        const auto end = std::min(count, std::max(first + 1, static_cast<std::ptrdiff_t>(to / song.peak_seconds)));
        if (from < 0 || first >= count)
            continue;
        float low = 0, high = 0;
        for (std::ptrdiff_t i = first; i < end; ++i) {
            low = std::min(low, song.peaks[static_cast<std::size_t>(i)].low);
            high = std::max(high, song.peaks[static_cast<std::size_t>(i)].high);
        }
        list.AddRectFilled({x, middle - std::max(half * std::min(1.0f, high * scale), ui.px(0.5F))},
                           {x + step, middle + std::max(half * std::min(1.0f, -low * scale), ui.px(0.5F))},
                           theme::faded(theme::secondary, 0.55F));
    }
    const double pixels_a_beat = song.tempo.bpm > 0 ? 60 / song.tempo.bpm * rate / ruler.length * ruler.width : 0;
    if (pixels_a_beat >= static_cast<double>(ui.px(beats_apart))) {
        for (const double beat : song.beats) {
            const float x = ruler.x(beat * rate);
            list.AddLine({x, box.y}, {x, box.y + box.height}, theme::faded(theme::text, view.snap ? 0.35F : 0.15F));
        }
    }
    for (const sound::Onset& onset : song.onsets) {
        const float x = ruler.x(onset.seconds * rate);
        list.AddLine({x, box.y + box.height - ui.px(2 + 5 * onset.strength)}, {x, box.y + box.height}, theme::accent,
                     ui.px(1.5F));
    }
    list.PopClipRect();
}

} // namespace atelier::studio
