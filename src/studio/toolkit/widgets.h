// SPDX-License-Identifier: Apache-2.0
// The studio's own controls. Each takes the full row width left by the caller, is 28 px high, keeps its
// place, and explains itself in a tooltip.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <imgui.h>

#include "studio/toolkit/icons.h"
#include "studio/toolkit/ui.h"

namespace atelier::studio {

// Who has it: the hand alone, something else that moves it, or a hand that has taken it over from that.
enum class SliderMark { none, moved, taken };

struct SliderSpec {
    const char* label = "";
    double min = 0;
    double max = 1;
    double typed_min = 0; // what typing and arrow keys reach; both 0: min..max
    double typed_max = 0;
    double standard = 0;         // what Reset gives; a tick on the track
    double step = 0.01;          // of an arrow key
    const char* format = "%.2f"; // of the value, with its unit
    bool logarithmic = false;    // min must be above 0
    bool whole = false;          // whole numbers only
    double origin = 0;           // where the filled track begins, clamped to the range
    std::string_view tooltip = {};
    std::string_view key = {};
    bool enabled = true;
    bool lit = true;                     // the filled track in the accent colour: what it sets is in force
    bool own = false;                    // its label is somebody's own
    float label_width = 72;              // 96 dpi pixels; 0 leaves the label out
    float value_width = 54;              // room for the value at the right
    const char* text = nullptr;          // shown in place of the formatted value
    const char* standard_text = nullptr; // what its menu calls the standard value; null: as it is formatted
    SliderMark mark = SliderMark::none;
    std::optional<double> swing{}; // where an oscillator has it now: a second knob
    std::function<void()> menu{};  // draws more entries of its menu
};

// Drag, Ctrl+click types, right click resets, arrows nudge. True when the value changed.
bool slider(const char* id, const SliderSpec& spec, double& value);
bool slider(const char* id, const SliderSpec& spec, float& value);

// Text that is somebody's own, a name or a path, and stays as it is in every language.
struct Own {
    std::string_view text;
};

// Text fits its width: the end becomes "..." when it doesn't. English is said in the interface's language.
void draw_text(ImDrawList& list, Face face, ImVec2 at, ImU32 colour, std::string_view text, float width = 0);
void draw_text(ImDrawList& list, Face face, ImVec2 at, ImU32 colour, Own name, float width = 0);
ImVec2 measure(Face face, std::string_view text);
ImVec2 measure(Face face, Own name);
// The name of a row or a slider; where it has no room, tests find it cut off.
void draw_name(ImDrawList& list, ImVec2 at, ImU32 colour, Own name, float width);

// A heading that folds what follows. Returns whether it is open now. room: left free at its right, 96 dpi pixels.
bool section(const char* title, bool& open, float room = 0);
// The same inside a section, quieter.
bool subsection(const char* title, bool& open, std::string_view tooltip);

struct ButtonSpec {
    Icon icon = Icon::none;
    std::string_view text = {}; // may be empty for an icon alone
    std::string_view tooltip = {};
    std::string_view key = {};
    bool active = false;  // lit in the accent colour
    bool primary = false; // filled with the accent colour
    bool enabled = true;
    bool quiet = false; // no ground until hovered
    bool left = false;  // content at the left edge, as in menus
    bool own = false;   // its text is somebody's own
    ImU32 colour = theme::text;
    float width = 0; // 96 dpi pixels; 0: as wide as its content
};
bool button(const char* id, const ButtonSpec& spec);

// On and off by a click; the arrow keys switch the one last clicked.
bool toggle(const char* id, std::string_view tooltip, bool& on, bool enabled = true);

struct Choice {
    const char* text = "";
    const char* tooltip = "";
    bool enabled = true;
};
// A row of exclusive choices, `width` in 96 dpi pixels or 0 for the rest of the row. The arrow keys step through the
// one last clicked.
bool segmented(const char* id, std::span<const Choice> choices, int& chosen, float width = 0);

struct ThumbSpec {
    ImTextureID texture = {};
    float side = 48;
    bool selected = false;
    bool enabled = true;
    std::string_view caption = {}; // drawn below when not empty
    bool own = false;              // its caption is somebody's own
    std::string_view tooltip = {};
};
// An area that is clicked, or pressed from the keyboard; a control of its own.
bool pressable(const char* id, ImVec2 size, bool enabled = true);
// Makes the item just made one that keys lead to and a click touches; the arrow keys' nudge for it, in steps.
float item_nudge();
// The item `id` below the number `place` is the touched one from now on.
void touch_item(int place, const char* id);
// The item just made was clicked with the right button, or its menu was asked for by keys.
bool item_menu_wanted();
// ImGui::OpenPopup() for the item just made: where the mouse is, or below the item if keys have asked for it.
void open_menu(const char* name);
// A seed's picture. True when clicked.
bool thumb(const char* id, const ThumbSpec& spec);

// The text field just made has the keyboard: it is outlined. Every field calls it.
void mark_field();
void label(std::string_view text, ImU32 colour = theme::secondary, Face face = Face::small);
void label(Own name, ImU32 colour = theme::secondary, Face face = Face::small);
void gap(float height);
// Without a tooltip of its own it says its hint.
bool text_field(const char* id, const char* hint, std::string& text, float width, bool focus = false,
                bool* entered = nullptr, std::string_view tooltip = {}, std::string_view key = {});
void progress_bar(double part, float width);

} // namespace atelier::studio
