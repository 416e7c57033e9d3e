// SPDX-License-Identifier: Apache-2.0
// Rows of a form: a label at the left, what it is at the right. What is typed is in force at once; what isn't a value
// of that kind is dropped. Tab goes from field to field.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "studio/toolkit/widgets.h"

namespace atelier::studio {

struct RowSpec {
    const char* label = "";
    const char* hint = ""; // what an empty field stands for
    std::string_view tooltip = {};
    std::string_view key = {};
    const char* unit = ""; // behind a number
    bool enabled = true;
    float label_width = 108; // 96 dpi pixels
};

// True when the value changed.
bool text_row(const char* id, const RowSpec& spec, std::string& value);
// A path with a button that opens a dialog; `browse` is set when that was clicked.
bool path_row(const char* id, const RowSpec& spec, std::string& value, bool& browse);
// Clamped to the range; "inf" and "none" are infinity where max is.
bool number_row(const char* id, const RowSpec& spec, double min, double max, double& value);
bool number_row(const char* id, const RowSpec& spec, double min, double max, std::optional<double>& value);
bool number_row(const char* id, const RowSpec& spec, int min, int max, int& value);
bool number_row(const char* id, const RowSpec& spec, int min, int max, std::optional<int>& value);
bool toggle_row(const char* id, const RowSpec& spec, bool& value);
// One of many, from a list that drops down.
bool choice_row(const char* id, const RowSpec& spec, std::span<const Choice> choices, int& chosen);

// A label and a line to the right edge that names what is chosen; a click opens the list of what there is. True while
// that is open: the caller draws its lines, then calls ImGui::EndPopup().
bool begin_list_row(const char* id, const char* name, float label_width, std::string_view chosen,
                    std::string_view tooltip, bool own = false);
// One of its lines; id: of the line. True when it was chosen, which closes the list.
bool list_row(const char* id, std::string_view text, std::string_view tooltip, bool chosen, bool own = false);

// Of a section of the left panel.
constexpr RowSpec panel_row(const char* label, std::string_view tooltip, const char* unit = "",
                            float label_width = 84) {
    return {.label = label, .tooltip = tooltip, .unit = unit, .label_width = label_width};
}

// Of a slider, for its track to begin where the fields of the rows beside it do; as SliderSpec::label_width.
constexpr float beside_fields(float label_width) {
    return label_width - 6;
}

inline constexpr float form_label_width = 128; // of the dialogs' rows, 96 dpi pixels

// Text in the middle of a row's height, without moving on.
void row_text(const char* text);
// A name at the left of the row; what comes next stands beside it.
void row_label(const char* name, float label_width = form_label_width);
// The same with choices beside it, by their numbers. True when another one was chosen.
template <typename Value> bool choose(const char* name, const char* id, std::span<const Choice> choices, Value& value) {
    row_label(name);
    int chosen = static_cast<int>(value);
    const bool changed = segmented(id, choices, chosen);
    value = static_cast<Value>(chosen);
    return changed;
}

// Text over as many lines as it needs.
void paragraph(std::string_view text, ImU32 colour = theme::secondary, Face face = Face::small);

} // namespace atelier::studio
