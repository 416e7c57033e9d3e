// SPDX-License-Identifier: Apache-2.0
// TourBase: a test that presses every control of a part of the real studio. What the state dump lists there and the
// tour leaves out makes it fail. For tests only.
#pragma once

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "ui/studio_fixture.h"

namespace atelier::testing {

using nlohmann::json;
using Condition = std::function<bool(const json&)>;

// What the state dump calls the control number `index`, counted from 0, of those of one name.
inline std::string numbered(const std::string& name, std::size_t index) {
    return index == 0 ? name : name + "#" + std::to_string(index + 1);
}

// The name that a numbered control shares.
inline std::string shared_name(const std::string& control) {
    const std::size_t end = control.find_last_not_of("0123456789");
    return end + 1 < control.size() && control[end] == '#' ? control.substr(0, end) : control;
}

class TourBase : public StudioFixture {
public:
    json at(const std::string& pointer) { return studio_->state().value(json::json_pointer(pointer), json()); }

    // The picture once nothing glides any more and the last change has been drawn, so that the next change is the next
    // control's. Of a picture that never rests, one after a while.
    std::size_t settled() {
        for (int i = 0; i < 2; ++i) {
            studio_->wait([](const json& s) { return s["settled"] == true; }, std::chrono::seconds(10));
            studio_->drawn_anew();
        }
        const json picture = at("/picture");
        return picture.is_number() ? picture.get<std::size_t>() : 0;
    }

    // Does one thing to a control and waits for its effect, and for the window being drawn after it.
    void visit(const std::string& control, const std::function<void()>& act, const Condition& effect) {
        if (HasFatalFailure()) {
            return;
        }
        note();
        visited_.insert(control);
        const json drawn = at("/counters/drawn");
        act();
        ASSERT_TRUE(studio_->wait(effect)) << control << " did nothing\n" << studio_->state().dump(1);
        ASSERT_TRUE(studio_->wait([&](const json& s) { return s["counters"]["drawn"] > drawn; })) << control;
        note();
    }
    void press(const std::string& control, const Condition& effect) {
        visit(
            control, [&] { studio_->click(control); }, effect);
    }
    // Pressed, it sets a value of the state; `shows` if the picture changes with it.
    void sets(const std::string& control, const std::string& pointer, const json& value, bool shows = false) {
        const std::size_t before = shows ? settled() : 0;
        ASSERT_NE(at(pointer), value) << control << " has nothing to change";
        press(control, [&](const json& s) {
            return s.value(json::json_pointer(pointer), json()) == value && (!shows || s["picture"] != before);
        });
    }
    // Dragged from its middle to a part of its width, a slider changes its value.
    void slides(const std::string& control, const std::string& pointer, double part, bool shows) {
        const std::size_t before = shows ? settled() : 0;
        const json value = at(pointer);
        visit(
            control, [&] { studio_->slide(control, 0.5, part); },
            [&](const json& s) {
                return s.value(json::json_pointer(pointer), json()) != value && (!shows || s["picture"] != before);
            });
    }
    void opens_and_escape_closes(const std::string& control) {
        press(control, [](const json& s) { return s["dialog"] != 0; });
        escape(control);
    }
    void escape(const std::string& control) {
        // A text field in the dialog may take the first one.
        for (int i = 0; i < 20 && at("/dialog") != 0; ++i) {
            studio_->key("Escape");
            studio_->wait([](const json& s) { return s["dialog"] == 0; }, std::chrono::seconds(2));
        }
        ASSERT_EQ(at("/dialog"), 0) << control << ": Escape does not close it";
    }
    // A heading folds what stands below it away, and brings it back.
    void folds(const std::string& heading, const std::string& inside) {
        press(heading, [&](const json& s) { return !s["controls"].contains(inside); });
    }
    void unfolds(const std::string& heading, const std::string& inside) {
        press(heading, [&](const json& s) { return s["controls"].contains(inside); });
    }

    // Whether a control that is drawn now belongs to what is toured.
    virtual bool belongs(const json& state, const json& box) const = 0;
    // What is shown now has to be toured.
    void note() {
        json now = studio_->state();
        if (!now.is_object() || now["dialog"] != 0) {
            return;
        }
        if (now["tab"] != noted_tab_) { // the controls may still be those of the tab that was left
            studio_->drawn_anew();
            now = studio_->state();
            noted_tab_ = now["tab"];
        }
        for (const auto& item : now["controls"].items()) {
            const bool shown_only = item.key().starts_with('@');
            if (!shown_only && belongs(now, item.value())) {
                listed_.insert(item.key());
            }
        }
    }
    // Everything listed has been visited but for what is left out, whatever its number.
    void expect_complete(const std::set<std::string>& left_out) {
        note();
        for (const std::string& control : listed_) {
            EXPECT_TRUE(visited_.contains(control) || left_out.contains(shared_name(control)))
                << "not toured: " << control;
        }
    }

    std::set<std::string> listed_, visited_;
    json noted_tab_;
};

} // namespace atelier::testing
