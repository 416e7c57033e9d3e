// SPDX-License-Identifier: Apache-2.0
// Ui: what every widget needs of the current frame - scale, fonts, the arrow keys' nudge, which tooltip
// is due. One per ImGui context, owned by the app (or a test).
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <imgui.h>

#include "studio/toolkit/fonts.h"
#include "studio/toolkit/keyboard_focus.h"
#include "studio/toolkit/theme.h"
#include "studio/toolkit/translator.h"

namespace atelier::studio {

// The dialog that is open, by its title; see toolkit/dialog.h.
struct OpenDialog {
    std::string title; // empty: none
    float age = 0;     // seconds
    float body = 0;    // what it holds is so high where the window is too small for it, and is scrolled; 0: it isn't
};

class Ui {
public:
    Ui();
    ~Ui();
    Ui(const Ui&) = delete;
    Ui& operator=(const Ui&) = delete;
    static Ui& current(); // of the frame being built

    // Builds fonts and style for an interface scale.
    void set_scale(float scale);
    // Colours and fades of all that is drawn from then on.
    void set_look(const theme::Palette& palette, bool calm);
    float scale() const { return scale_; }
    float px(float v) const; // a length, scaled to whole pixels

    // After ImGui::NewFrame(). `nudge`: arrow keys pressed since the last frame, in steps.
    void begin_frame(float nudge);
    // Draws the tooltip that is due; before ImGui::Render().
    void end_frame();

    Fonts& fonts() { return fonts_; }
    ImFont* face(Face which) const { return fonts_.face(which); }
    void want(std::string_view utf8) { fonts_stale_ = fonts_.want(utf8) || fonts_stale_; }
    // Builds the atlas anew when texts have asked for more characters; true if it did.
    bool refresh_fonts();
    bool take_fonts_changed(); // true once after the atlas was built

    // What the interface says, in its language; valid for this frame. Asks for the characters that it needs.
    std::string_view say(std::string_view english) { return translator_(english); }
    void speak(std::string language, Translator translator);
    // Tests: whether there is a translation of what isn't to be seen now, as a tooltip.
    void check(std::string_view english) {
        if (translator_.unsaid)
            translator_(english);
    }
    const std::string& language() const { return language_; } // code; empty: nobody has chosen, which is English
    Translator& translator() { return translator_; }

    KeyboardFocus reach;
    // The control last touched takes the nudge; others get 0.
    void touch(ImGuiID id) { reach.touch(id); }
    ImGuiID touched() const { return reach.touched(); }
    float nudge_for(ImGuiID id) const { return id == reach.touched() && reach.free() ? nudge_ : 0; }

    // Call while the item is hovered. `key` names the shortcut, may be empty.
    void tooltip(ImGuiID id, std::string_view text, std::string_view key = {});
    // A heading was unfolded at this height of the window; whoever draws what it is part of brings that into view.
    void unfolded(float y) { unfolded_ = y; }
    std::optional<float> take_unfolded() { return std::exchange(unfolded_, std::nullopt); }
    // What is drawn fades in or out for so long: it has to be drawn again without anything happening.
    void fades(float seconds) { fading_ = std::max(fading_, seconds); }
    bool wants_frame() const {
        return fading_ > 0 || (hovered_ != 0 && !tooltip_text_.empty() && hover_seconds_ >= 0 && hover_seconds_ < 0.8f);
    }

    // Where each control of the last frame lies, for tests that click by name; null: not kept.
    struct Mark {
        std::string id;
        ImVec2 from, to;
        bool explained;       // it has a tooltip, or is a place and no control
        bool clipped = false; // its text has no room in it
        int icon = 0;         // Icon
        std::string text{};   // on it
    };
    std::vector<Mark>* marks = nullptr;
    void mark(std::string_view id, ImVec2 from, ImVec2 to, bool explained) {
        if (marks) {
            marks->push_back({std::string(id), from, to, explained});
        }
        for (const char* watched : watched_ids_) {
            if (id == watched && std::none_of(watched_.begin(), watched_.end(), [id](auto& m) { return m.id == id; }))
                watched_.push_back({std::string(id), from, to, explained});
        }
    }

    void mark_icon(int icon) {
        if (marks && !marks->empty())
            marks->back().icon = icon;
    }
    // On the control marked last: its text, which is so wide, and has so much room.
    void mark_text(std::string_view text, float wide, float room) {
        if (!marks || marks->empty())
            return;
        marks->back().text = text;
        marks->back().clipped = wide > room + 0.5f;
    }

    // Controls to point at: those of these names that are drawn in this frame, the first of each name. Set it before
    // they are drawn.
    void watch(std::span<const char* const> ids) { watched_ids_ = ids, watched_.clear(); }
    const std::vector<Mark>& watched() const { return watched_; }

    // What the text field with the keyboard holds, in the last frame. For the state dump.
    std::optional<std::string> field;

    OpenDialog open_dialog;

    // A slider whose value is being typed.
    ImGuiID typing = 0;
    bool typing_begins = false;
    std::string typed;
    bool enter_used = false;   // in this frame, for a value
    bool close_popups = false; // Esc was pressed over a context menu

private:
    std::span<const char* const> watched_ids_; // of the tour's table
    std::vector<Mark> watched_;
    std::string language_;
    Translator translator_;
    Fonts fonts_;
    float scale_ = 0;
    float nudge_ = 0;
    float fading_ = 0; // seconds left
    std::optional<float> unfolded_;
    bool fonts_stale_ = false;
    bool fonts_changed_ = false;
    ImGuiID hovered_ = 0;
    ImGuiID hovered_before_ = 0;
    float hover_seconds_ = 0;
    std::string tooltip_text_;
    std::string tooltip_key_;
};

} // namespace atelier::studio
