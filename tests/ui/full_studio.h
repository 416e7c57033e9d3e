// SPDX-License-Identifier: Apache-2.0
// FullStudio: a test with a studio that has something of everything: seeds, moments, stars, presets, directions,
// pictures. For tests only.
#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <regex>
#include <set>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "support/scratch.h"
#include "ui/stage.h"
#include "ui/synthetic_dataset_service.h"

namespace atelier::testing {

class FullStudio : public ::testing::Test {
protected:
    explicit FullStudio(ImVec2 size)
        : stage_(std::unique_ptr<studio::DatasetService>(data_ = new SyntheticData), {scratch_ / "studio.json", 85},
                 size) {
        stage_.studio->playback.open(file("cat.pkl"));
        stage_.settle();
    }

    // From now on; what has no translation is noted.
    void speak(const char* language) {
        studio().settings.language = language;
        stage_.frames(2);
        studio::Ui::current().translator().unsaid = &unsaid_;
    }
    // Without the names of this test's own things, ids of parameters and addresses.
    std::string untranslated() const {
        static const std::regex own(
            R"((.*(atelier-test|\.pkl|\.png|Seed map of).*)|[a-z0-9:#*_-]+([./][a-z0-9:#*_-]+)+|/.*)");
        std::string out;
        for (const std::string& each : unsaid_) {
            if (!std::regex_match(each, own))
                out += each + "\n";
        }
        return out;
    }

    std::filesystem::path file(const char* name) {
        std::ofstream(scratch_ / name) << "text";
        return scratch_ / name;
    }
    void key(char c, bool shift = false, bool ctrl = false) {
        handle_key(*stage_.studio, {Key::letter, c, shift, ctrl, false, false}, ImGui::GetIO().WantTextInput);
        stage_.frame();
    }
    void fill() {
        const ImVec2 size = ImGui::GetIO().DisplaySize;
        const float scale = studio::Ui::current().scale();
        ImGui::GetIO().DisplaySize = {1280 * scale, 2400 * scale}; // where all of the panel can be clicked
        stage_.frames(2);
        for (const char* section : {"PRESETS", "STARRED", "DIRECTIONS", "OSCILLATE", "Per layer"})
            studio().settings.folds[section] = true;
        for (std::uint32_t i = 0; i < 3; ++i) {
            studio().playback.go_to_seed(11 * i + 3);
            stage_.settle();
            studio().library.stars.add_shown();
            key('k');
        }
        studio().controls.walk.set_kind(WalkKind::seeds);
        studio().controls.walk.add_seed(7);
        studio().library.presets.save(1);
        studio().state.mix.groups[0].on = true;
        stage_.frames(2);
        stage_.click("SeFa");
        for (int i = 0; i < 2000 && !studio().controls.directions.set(DirectionMethod::sefa); ++i) {
            stage_.frame();
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        stage_.click("##add-direction");
        stage_.frames(2);
        ImGui::GetIO().DisplaySize = size;
        stage_.frames(2);
        EXPECT_EQ(studio().state.directions.size(), 1U);
        EXPECT_EQ(studio().state.timeline.curve.keyframes.size(), 3U);
    }
    studio::Studio& studio() { return *stage_.studio; }

    test::Scratch scratch_;
    std::set<std::string> unsaid_;
    SyntheticData* data_;
    Stage stage_;
};

} // namespace atelier::testing
