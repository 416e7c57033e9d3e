// SPDX-License-Identifier: Apache-2.0
// What happens at a press, and the settings of a performance.
#include "studio/state/parameter_rows.h"

namespace atelier::studio::rows {
namespace {

constexpr Parameter trigger(const char* id, Trigger what, const char* label, const char* tooltip, const char* keys,
                            Instances instances = Instances::one) {
    return {.id = id,
            .label = label,
            .tooltip = tooltip,
            .scale = Scale::trigger,
            .holder = Holder::program,
            .instances = instances,
            .keys = keys,
            .trigger = what};
}

constexpr Parameter transport_table[] = {
    trigger("transport.play", Trigger::play, "Play", "Play or pause the walk, or the timeline while it is on", "Space"),
    trigger("transport.next_seed", Trigger::next_seed, "New seed", "A new random seed", "N"),
    trigger("transport.record", Trigger::record, "Record", "Record, or stop recording", "R"),
    trigger("transport.save_picture", Trigger::save_picture, "Save the picture", "Save the picture that is shown", "P"),
    trigger("transport.keyframe", Trigger::add_keyframe, "Add a moment", "Add what is shown to the timeline", "K"),
    trigger("transport.timeline", Trigger::play_timeline, "Play the timeline", "Play or pause the timeline",
            "Shift+Space"),
    trigger("transport.preset.*", Trigger::recall_preset, "Recall preset", "Morph to a preset", "1 - 9",
            Instances::presets),
    trigger("transport.save_preset.*", Trigger::save_preset, "Save preset", "Keep the scene as a preset", "Shift+1 - 9",
            Instances::presets),
    trigger("transport.tap", Trigger::tap_tempo, "Tap the tempo", "Press in time with the music", "Enter"),
    trigger(
        "transport.panic", Trigger::panic, "Panic",
        "Back to the plain picture of the playing walk: no blackout, no freeze, nothing that swings or is mixed in; "
        "one step of undo",
        "F12"),
    trigger("transport.prepare", Trigger::prepare, "Prepare",
            "Prepare another picture on a small preview while this one plays on, or drop what was prepared", "V"),
    trigger("transport.take", Trigger::take, "Take", "What is prepared comes, in the time of a preset's morph", "W"),
    trigger("transport.cut", Trigger::cut, "Cut", "What is prepared is there at once", "Shift+W"),
    trigger("transport.star", Trigger::star, "Star", "Star the latent that is shown", "S"),
    trigger("transport.next_cue", Trigger::next_cue, "Go", "The next cue of the show", "Q"),
    trigger("transport.previous_cue", Trigger::previous_cue, "Cue before", "The cue before the one that is shown",
            "Shift+Q"),
    trigger("transport.fade_out", Trigger::fade_out, "Freeze and fade",
            "The picture stands still and fades to black, in the time of a blackout, or 2 s where that is a cut; "
            "again: back",
            "Shift+F12"),
};

constexpr Parameter performance_table[] = {
    {.id = "performance.morph",
     .label = "Morph",
     .unit = "s",
     .tooltip = "How long it takes to come to a recalled preset, or to what was prepared; 0: at once",
     .format = "%.1f s",
     .max = 60,
     .standard = 2,
     .step = 0.1,
     .track_max = 30,
     .holder = Holder::document,
     .get_in = [](const StudioState& s, int) { return s.morph_seconds; },
     .set_in = [](StudioState& s, int, double v) { s.morph_seconds = v; }},
    {.id = "performance.morph_beats",
     .label = "Morph in beats",
     .tooltip = "Count the morph in beats of the tempo instead of seconds",
     .scale = Scale::toggle,
     .holder = Holder::document,
     .get_in = [](const StudioState& s, int) { return s.morph_in_beats ? 1.0 : 0.0; },
     .set_in = [](StudioState& s, int, double v) { s.morph_in_beats = v != 0; }},
    {.id = "performance.preset_seeds",
     .label = "With seeds",
     .tooltip = "A recalled preset brings the list of seeds that it was saved with; off, the list stays as it is",
     .scale = Scale::toggle,
     .holder = Holder::document,
     .get_in = [](const StudioState& s, int) { return s.preset_seeds ? 1.0 : 0.0; },
     .set_in = [](StudioState& s, int, double v) { s.preset_seeds = v != 0; }},
    {.id = "performance.tempo",
     .label = "Tempo",
     .unit = "bpm",
     .tooltip = "Of all that counts in beats: steps of the walk, morphs, swings, the timeline",
     .format = "%.0f bpm",
     .min = 20,
     .max = 300,
     .standard = 120,
     .step = 1,
     .scale = Scale::whole,
     .holder = Holder::document,
     .get_in = [](const StudioState& s, int) { return s.bpm; },
     .set_in = [](StudioState& s, int, double v) { s.bpm = v; },
     .keys = "Enter"},
    {.id = "performance.beats_per_bar",
     .label = "Bar",
     .unit = "beats",
     .tooltip = "How many beats a bar has: where changes that wait for a bar come, and how long clock/bar rises",
     .format = "%.0f beats",
     .min = 1,
     .max = most_beats_per_bar,
     .standard = 4,
     .step = 1,
     .scale = Scale::whole,
     .holder = Holder::document,
     .get_in = [](const StudioState& s, int) { return static_cast<double>(s.beats_per_bar); },
     .set_in = [](StudioState& s, int, double v) { s.beats_per_bar = static_cast<int>(v); }},
    {.id = "performance.bars_per_phrase",
     .label = "Phrase",
     .unit = "bars",
     .tooltip =
         "How many bars a phrase has: where changes that wait for a phrase come, and how long clock/phrase rises",
     .format = "%.0f bars",
     .min = 1,
     .max = most_bars_per_phrase,
     .standard = 4,
     .step = 1,
     .scale = Scale::whole,
     .holder = Holder::document,
     .get_in = [](const StudioState& s, int) { return static_cast<double>(s.bars_per_phrase); },
     .set_in = [](StudioState& s, int, double v) { s.bars_per_phrase = static_cast<int>(v); }},
    {.id = "performance.fade",
     .label = "Fade",
     .unit = "s",
     .tooltip = "How long a blackout takes to come, and to go; 0 is a cut",
     .format = "%.1f s",
     .max = 60,
     .step = 0.1,
     .track_max = 10,
     .holder = Holder::document,
     .get_in = [](const StudioState& s, int) { return s.fade_seconds; },
     .set_in = [](StudioState& s, int, double v) { s.fade_seconds = v; }},
    {.id = "performance.glide",
     .label = "Glide",
     .unit = "s",
     .tooltip = "How long a new seed takes to arrive; 0 is at once",
     .format = "%.1f s",
     .max = 10,
     .standard = default_glide_seconds,
     .step = 0.1,
     .holder = Holder::settings},
    {.id = "performance.frame_budget",
     .label = "Preview after",
     .unit = "ms",
     .tooltip = "A moving picture that takes longer is shown as a coarser preview until it rests. 0 always "
                "shows the full picture",
     .format = "%.0f ms",
     .max = 1000,
     .standard = 33,
     .step = 1,
     .track_max = 500,
     .holder = Holder::settings},
};

} // namespace

std::span<const Parameter> transport() {
    return transport_table;
}
std::span<const Parameter> performance() {
    return performance_table;
}

} // namespace atelier::studio::rows
