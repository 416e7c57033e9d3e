// SPDX-License-Identifier: Apache-2.0
// The table of parameters: every value that a hand, a key, an oscillator, a performance or an option of the command
// line may move is born here, in one row. Panels, files, undo, oscillators, keys and docs/parameters.md read it.
// Pure: no ImGui, no threads, no torch.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "studio/state/state.h"

namespace atelier::studio {

enum class Scale {
    linear,
    logarithmic, // min is above 0; a step is a part of the value
    whole,       // whole numbers alone
    choice,      // the number of one of Parameter::names
    toggle,      // 0 or 1
    trigger,     // something that happens; it has no value
};

// Who holds it, and with it what keeps it.
enum class Holder {
    scene,    // presets, sessions, performance logs
    document, // sessions; morph_seconds aside, logs too
    view,     // how the picture is looked at: sessions, but neither presets nor undo; what the audience sees, logs too
    settings, // of the person, not of the work: core/settings.h
    program,  // nothing: a trigger
};

// What exists more than once, each with a name of its own in the id.
enum class Instances {
    one,
    groups,     // coarse, middle, fine
    layers,     // w layers 0..17
    directions, // the sliders of directions, see id_of()
    presets,    // 1..9
};

// What the program does when one of these is pulled: the feature that does it says so in its FeatureUi.
enum class Trigger {
    none,
    play,
    next_seed,
    record,
    save_picture,
    add_keyframe,
    play_timeline,
    recall_preset,
    save_preset,
    tap_tempo,
    panic,
    prepare,
    take,
    cut,
    star,
    next_cue,
    previous_cue,
    fade_out,
};

struct ChoiceText {
    const char* text; // on the button
    const char* tooltip;
};

// How an oscillator moves it.
struct Modulation {
    double depth = 0;      // to begin with, in `unit`
    double most = 0;       // 0: it can't be modulated
    const char* unit = ""; // of the depth
    bool octaves = false;  // the sum of all is a power of 2 of its rate, in place of an offset that is clamped
};

using ParameterField = std::variant<double*, float*, bool*, NoiseOrder*>;

struct Parameter {
    const char* id = "";    // "truncation.psi"; "mix.layer.*.weight": * is the instance's name
    const char* label = ""; // on the panel
    const char* unit = "";
    const char* tooltip = "";
    const char* format = "%.2f"; // of the value, with its unit
    double min = 0, max = 1;
    double standard = 0;
    double step = 0.01; // of an arrow key
    Scale scale = Scale::linear;
    double track_min = 0, track_max = 0;     // what a slider's track spans; both 0: the range. Typing reaches all of it
    std::span<const char* const> names = {}; // of a choice, as files have them
    std::span<const ChoiceText> choices = {}; // of a choice, as the panel has them
    Modulation modulation = {};
    Holder holder = Holder::scene;
    Instances instances = Instances::one;
    // Holder::scene: of the scene; document and view: of the state. The value that is set is in range.
    double (*get)(const Scene& scene, int instance) = nullptr;
    void (*set)(Scene& scene, int instance, double value) = nullptr;
    double (*get_in)(const StudioState& state, int instance) = nullptr;
    void (*set_in)(StudioState& state, int instance, double value) = nullptr;
    // In place of get and set: where the scene has it. Files keep it by its id among the "controls" of a scene, so that
    // schema.h needs no line for it.
    ParameterField (*field)(Scene& scene, int instance) = nullptr;
    bool smooth = false;             // AnimatedValues::smoothed follows it
    const char* keys = "";           // shortcuts that move it
    Trigger trigger = Trigger::none; // of Scale::trigger

    bool has_value() const { return get != nullptr || get_in != nullptr || field != nullptr; }
    bool can_modulate() const { return modulation.most > 0; }
};

// A parameter and which of its instances: a place in the state's lists, good until they change.
struct ParameterRef {
    const Parameter* parameter = nullptr;
    int instance = 0;
    const Parameter* operator->() const { return parameter; }
    bool operator==(const ParameterRef&) const = default;
};

// All rows, by section. Section titles are for people.
struct ParameterSection {
    const char* title;
    std::span<const Parameter> rows;
};
std::span<const ParameterSection> parameter_sections();

// The row of that pattern ("mix.layer.*.weight"). Throws Error if there is none.
const Parameter& parameter(std::string_view pattern);

// Every instance that the scene has, in the order of the table. Triggers and settings are among them.
std::vector<ParameterRef> parameters_of(const Scene& scene);
// Those that any state has: all but directions.
std::span<const ParameterRef> fixed_parameters();
std::span<const ParameterRef> smoothed_parameters(); // of them, with Parameter::smooth

// Those of them with Parameter::field, and their ids.
struct FieldOfScene {
    ParameterRef which;
    std::string id;
};
std::span<const FieldOfScene> fields_of_scene();

// "mix.layer.3.weight". A direction's slider is named by its vector, not by its place in the list, so that it stays
// the same when the list is put in another order: "direction.sefa:2.amount" (the third of SeFa); a second slider of the
// same vector is "direction.sefa:2#2.amount".
std::string id_of(const Scene& scene, ParameterRef which);
// None: there is no such parameter, or no such instance now. A direction may also be named by its place, as files of
// before do: "direction.2.amount".
std::optional<ParameterRef> find_parameter(const Scene& scene, std::string_view id);
// Whether it has the form of a parameter's id, whatever the scene has.
const Parameter* pattern_of(std::string_view id);
std::string id_by_place(const Parameter& parameter, int instance);
std::optional<int> place_in(const Parameter& parameter, std::string_view id); // the number in place of the star

std::optional<int> whole_number(std::string_view text); // as ids have it: digits alone, no zero ahead

// "psi", "Coarse weight", "Layer 3 weight", or the slider's name.
std::string label_of(const Scene& scene, ParameterRef which);

double clamped(const Parameter& parameter, double value); // NaN: the standard value
// Of what has a value in the state; 0 for settings and triggers.
double value_of(const Scene& scene, ParameterRef which);       // Holder::scene
double value_of(const StudioState& state, ParameterRef which); // any holder
// Clamped; whole numbers and choices are rounded.
void set_value(Scene& scene, ParameterRef which, double value);
void set_value(StudioState& state, ParameterRef which, double value);
// By so many steps, as an arrow key does.
double stepped(const Parameter& parameter, double value, double steps);
std::string text_of(const Parameter& parameter, double value); // "0.70", "random", "on"

// What has changed between the two, for "Undo psi": the parameter's label, or empty when it is none or several.
std::string changed_parameter(const StudioState& before, const StudioState& after);

} // namespace atelier::studio
