// SPDX-License-Identifier: Apache-2.0
// Reach: the keyboard's way to every control. One of them is touched - by a click, or because keys lead to it - and
// takes the arrow keys; it can be pressed, and its menu opened, as by the mouse. Part of Ui, used while a frame is
// built.
#pragma once

#include <vector>

#include <imgui.h>

namespace atelier::studio {

class KeyboardFocus {
public:
    void begin_frame();
    void end_frame(float scale); // outlines the control that keys have led to

    // What keys ask for, at the frame's beginning; step: so many controls on in the order in which they are drawn,
    // among those of the menu or dialog that is open.
    void go(int step);
    void press();
    void ask_for_menu();

    // Each control says where it is, after its item was made. One that is disabled can't be led to.
    void control(ImGuiID id, ImVec2 from, ImVec2 to, bool enabled = true);
    void control(bool enabled = true); // the item just made
    bool pressed(ImGuiID id) const { return id != 0 && id == pressed_; }
    bool wants_menu(ImGuiID id) const { return id != 0 && id == menu_; }

    void touch(ImGuiID id) { last_used_ = id; }
    void lead(ImGuiID id) { last_used_ = id, led_to_ = true; }
    ImGuiID touched() const { return last_used_; }
    bool led() const { return led_to_; } // to the touched one, by keys
    // It takes the arrow keys: no menu or dialog lies over it.
    bool free() const { return free_; }

    struct Control {
        ImGuiID id = 0;
        ImVec2 from, to;
        ImGuiID window = 0; // the outermost
        bool enabled = false;
    };
    const std::vector<Control>& controls() const { return controls_; } // of this frame, so far

private:
    const Control* find(ImGuiID id) const; // in the frame before

    std::vector<Control> controls_, before_;
    ImGuiID last_used_ = 0, pressed_ = 0, menu_ = 0;
    bool led_to_ = false, moved_ = false, free_ = false;
    ImVec2 clip_from_{}, clip_to_{}; // of the touched one
};

} // namespace atelier::studio
