// SPDX-License-Identifier: Apache-2.0
// What the tests of work that must not be lost share.
#pragma once

#include <chrono>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::testing {

using namespace studio;
using ::testing::HasSubstr;

class KeepSafe : public ::testing::Test {
protected:
    KeepSafe() { stage_.settle(); }

    StudioState& state() { return stage_.state(); }
    Studio& studio() { return *stage_.studio; }
    void key(char c, bool shift = false, bool ctrl = false) {
        handle_key(studio(), {Key::letter, c, shift, ctrl, false, false}, ImGui::GetIO().WantTextInput);
        stage_.frame();
    }
    bool soon(const std::function<bool()>& condition) { return stage_.soon(condition); }
    bool told(const std::string& text) {
        return soon([&] {
            for (const Toast& each : studio().toasts.all()) {
                if (each.text.find(text) != std::string::npos || each.detail.find(text) != std::string::npos)
                    return true;
            }
            return false;
        });
    }
    // However long the encoder takes on a busy machine.
    bool recorded() {
        for (int i = 0; i < 40; ++i) {
            if (told("Recorded"))
                return true;
        }
        return false;
    }
    void add_direction() {
        studio().settings.folds["DIRECTIONS"] = true;
        stage_.frames(2);
        stage_.click("SeFa");
        ASSERT_TRUE(soon([&] { return studio().controls.directions.set(DirectionMethod::sefa) != nullptr; }));
        stage_.frames(2);
        stage_.click("##add-direction");
        stage_.frames(2);
        ASSERT_EQ(state().directions.size(), 1u);
    }

    // Leaves an autosave as a program that is gone would have, `age` minutes ago.
    std::filesystem::path leave(const char* name, double psi, int age) {
        Session session = studio().document.session();
        session.state.truncation.psi = psi;
        const auto file = scratch_ / name;
        std::ofstream(file) << session_text(session, file);
        std::filesystem::last_write_time(file,
                                         std::filesystem::file_time_type::clock::now() - std::chrono::minutes(age));
        return file;
    }
    void play_again() {
        const StudioOptions options{scratch_ / "studio.json", 85, false};
        stage_.studio->document.give_up();
        stage_.studio.reset();
        stage_.studio = std::make_unique<Studio>(
            std::make_unique<SyntheticSource>(), [](const PixelBuffer&) { return std::make_unique<NoImage>(); },
            options);
        stage_.studio->playback.open("/models/test.pkl");
        stage_.frames(5);
    }
    std::vector<std::filesystem::path> autosaves() const {
        std::vector<std::filesystem::path> found;
        for (const auto& each : std::filesystem::directory_iterator(scratch_.path())) {
            if (each.path().filename().string().starts_with("autosave-") && is_session_file(each.path()))
                found.push_back(each.path());
        }
        return found;
    }

    test::Scratch scratch_;
    Stage stage_{64, 10, {scratch_ / "studio.json", 85, false}, {1280, 2200}};
};

} // namespace atelier::testing
