// SPDX-License-Identifier: Apache-2.0
// Stage: the studio with all its panels but without a window: frames are made by hand, the mouse is
// synthetic, controls are found by their name. For tests only.
#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <imgui.h>

#include "studio/shell/keyboard.h"
#include "studio/shell/panels.h"
#include "studio/toolkit/ui.h"
#include "support/soon.h"
#include "ui/synthetic_model_files.h"
#include "ui/synthetic_training_service.h"

namespace atelier::testing {

class NoImage final : public studio::ImageHandle {
public:
    ImTextureID id() const override { return (ImTextureID)(std::uintptr_t{1}); }
};

class Stage {
public:
    explicit Stage(int resolution = 64, int num_ws = 10, studio::StudioOptions options = {}, ImVec2 size = {1280, 720},
                   bool with_trainer = false, const std::string& watched_run = "") {
        auto synthetic = std::make_unique<SyntheticSource>(resolution, num_ws);
        source = synthetic.get();
        auto synthetic_training_service = with_trainer ? std::make_unique<SyntheticTrainer>(source) : nullptr;
        trainer = synthetic_training_service.get();
        if (!watched_run.empty())
            trainer->be_watched(watched_run);
        begin(std::move(synthetic), std::move(synthetic_training_service), std::move(options), size,
              num_ws > 0 ? "/models/test.pkl" : "");
    }
    // With a source of its own, which `source` and last_request know nothing of.
    Stage(std::unique_ptr<studio::RenderService> own, const std::filesystem::path& model, studio::StudioOptions options,
          ImVec2 size) {
        begin(std::move(own), nullptr, std::move(options), size, model);
    }
    // With a maker of data sets.
    Stage(std::unique_ptr<studio::DatasetService> data, studio::StudioOptions options, ImVec2 size) {
        auto synthetic = std::make_unique<SyntheticSource>(64, 10);
        source = synthetic.get();
        auto synthetic_training_service = std::make_unique<SyntheticTrainer>(source);
        trainer = synthetic_training_service.get();
        begin(std::move(synthetic), std::move(synthetic_training_service), std::move(options), size, "/models/test.pkl",
              std::move(data));
    }
    ~Stage() {
        studio.reset();
        ui_.reset();
        ImGui::DestroyContext();
    }
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    // One turn, as the App does it: what has come by itself, all panels, then what they ask for.
    void frame(double seconds = 1.0 / 60) {
        ImGuiIO& io = ImGui::GetIO();
        io.DeltaTime = static_cast<float>(seconds);
        studio->tick(seconds);
        ImGui::NewFrame();
        marks_.clear();
        ui_->begin_frame(nudge_);
        nudge_ = 0;
        layout = studio::make_layout(*studio, io.DisplaySize, ui_->scale());
        studio::draw_window(*studio, chooser_, layout);
        ui_->end_frame();
        studio->advance();
        ImGui::Render();
        vertices = ImGui::GetDrawData()->TotalVtxCount;
    }
    void frames(int count) {
        for (int i = 0; i < count; ++i) {
            frame();
        }
    }
    // Frame by frame until it holds, for what other threads do; false if it doesn't for two minutes, which are far
    // beyond any machine's slowness.
    template <typename Condition> bool soon(const Condition& condition) {
        return test::soon([&] {
            frame();
            return condition();
        });
    }
    // Long enough for every glide and every smoothing.
    void settle() { frames(90); }

    bool has(const std::string& id) const {
        for (const auto& mark : marks_) {
            if (mark.id == id) {
                return true;
            }
        }
        return false;
    }
    // All of the last frame.
    const std::vector<studio::Ui::Mark>& marks() const { return marks_; }
    // What keys can lead to, of the last frame.
    const studio::KeyboardFocus& reach() const { return ui_->reach; }
    // Whether the tour outlines it.
    bool pointed_at(const std::string& id) const {
        for (const auto& mark : ui_->watched()) {
            if (mark.id == id) {
                return true;
            }
        }
        return false;
    }
    // The `nth` control of that name, counted from 0 in the order of drawing.
    studio::Ui::Mark find(const std::string& id, int nth = 0) const {
        for (const auto& mark : marks_) {
            if (mark.id == id && nth-- == 0) {
                return mark;
            }
        }
        throw std::runtime_error("there is no control named " + id);
    }
    ImVec2 place(const std::string& id, int nth = 0, float part = 0.5f) const {
        const auto mark = find(id, nth);
        return {mark.from.x + (mark.to.x - mark.from.x) * part, (mark.from.y + mark.to.y) / 2};
    }

    // A section of the left panel, on whichever page it is; it comes into view.
    void unfold(const std::string& title) {
        studio->settings.live_page = studio->on_live_page(title);
        studio->settings.folds[title] = true;
        studio->ui.sections.show(title, 0, true);
        frames(4);
    }
    void fold(std::initializer_list<const char*> titles) {
        for (const char* title : titles)
            studio->settings.folds[title] = false;
        frames(2);
    }

    void move(ImVec2 to) {
        ImGui::GetIO().MousePos = to;
        frame();
    }
    void press(int button = 0) {
        ImGui::GetIO().MouseDown[button] = true;
        frame();
    }
    void release(int button = 0) {
        ImGui::GetIO().MouseDown[button] = false;
        frame();
    }
    void click(ImVec2 at, int button = 0) {
        move(at);
        press(button);
        release(button);
        frame();
    }
    void click(const std::string& id, int nth = 0, int button = 0) { click(place(id, nth), button); }
    void drag(ImVec2 from, ImVec2 to, int button = 0) {
        move(from);
        press(button);
        for (int i = 1; i <= 4; ++i) {
            move({from.x + (to.x - from.x) * static_cast<float>(i) / 4,
                  from.y + (to.y - from.y) * static_cast<float>(i) / 4});
        }
        release(button);
    }
    void drag_slider(const std::string& id, float part, int nth = 0) { drag(place(id, nth), place(id, nth, part)); }

    void key(Key which, bool shift = false, bool ctrl = false) {
        nudge_ += studio::handle_key(*studio, {which, 0, shift, ctrl, false, false}, ImGui::GetIO().WantTextInput);
        frame();
        studio::handle_key(*studio, {which, 0, shift, ctrl, false, false, true}, ImGui::GetIO().WantTextInput);
    }
    // Held until it has repeated so often.
    void hold(Key which, int repeats) {
        for (int i = 0; i <= repeats; ++i) {
            nudge_ += studio::handle_key(*studio, {which, 0, false, false, false, i > 0}, false);
            frames(i == 0 ? 30 : 2); // as a keyboard does
        }
        studio::handle_key(*studio, {which, 0, false, false, false, false, true}, false);
        frame();
    }
    void letter(char c, bool ctrl = false) {
        studio::handle_key(*studio, {Key::letter, c, false, ctrl, false, false}, ImGui::GetIO().WantTextInput);
        frame();
    }
    void sign(char32_t c) {
        studio::handle_character(*studio, c, ImGui::GetIO().WantTextInput);
        frame();
    }
    void type(const std::string& text) {
        for (const char c : text) {
            ImGui::GetIO().AddInputCharacter(static_cast<unsigned char>(c));
            frame();
        }
    }
    void enter() {
        const int key = ImGui::GetIO().KeyMap[ImGuiKey_Enter];
        ImGui::GetIO().KeysDown[key] = true;
        frame();
        ImGui::GetIO().KeysDown[key] = false;
        frame();
    }

    // Of the whole interface; 1: 96 dpi.
    void set_scale(float scale) {
        ui_->set_scale(scale);
        frames(3);
    }
    // Whether the window would be drawn again without anything happening.
    bool wants_frame() const { return ui_->wants_frame(); }
    studio::StudioState& state() { return studio->state; }
    const RenderParams& last_request() const { return source->requests.back(); }

    SyntheticSource* source = nullptr;
    SyntheticTrainer* trainer = nullptr; // none unless asked for
    SyntheticModelFiles* models = nullptr;
    std::unique_ptr<studio::Studio> studio;
    studio::Layout layout;
    int vertices = 0;

private:
    void begin(std::unique_ptr<studio::RenderService> from, std::unique_ptr<studio::TrainingService> with,
               studio::StudioOptions options, ImVec2 size, const std::filesystem::path& model,
               std::unique_ptr<studio::DatasetService> data = nullptr) {
        ImGui::CreateContext();
        ImGui::GetIO().IniFilename = nullptr;
        ImGui::GetIO().DisplaySize = size;
        ImGui::GetIO().KeyMap[ImGuiKey_Enter] = 257;
        ui_ = std::make_unique<studio::Ui>();
        ui_->set_scale(1);
        ui_->marks = &marks_;
        auto synthetic_models = std::make_unique<SyntheticModelFiles>();
        models = synthetic_models.get();
        studio = std::make_unique<studio::Studio>(
            std::move(from), [](const PixelBuffer&) { return std::make_unique<NoImage>(); }, std::move(options),
            std::move(with), std::move(data), std::move(synthetic_models));
        if (!model.empty()) {
            studio->playback.open(model);
        }
        frames(3);
    }

    studio::FileChooser chooser_;
    std::unique_ptr<studio::Ui> ui_;
    std::vector<studio::Ui::Mark> marks_;
    float nudge_ = 0;
};

} // namespace atelier::testing
