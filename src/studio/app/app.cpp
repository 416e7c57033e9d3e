// SPDX-License-Identifier: Apache-2.0
#include "studio/app/app.h"

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/log.h"
#include "base/path_text.h"
#include "gfx/frame_upload.h"
#include "gfx/imgui_layer.h"
#include "gfx/picture_view.h"
#include "gfx/window.h"
#include "io/atomic_file.h"
#include "io/image.h"
#include "studio/app/app_parts.h"
#include "studio/app/end_signals.h"
#include "studio/app/frame_guard.h"
#include "studio/app/frame_times.h"
#include "studio/app/output_presenter.h"
#include "studio/app/state_dump.h"
#include "studio/shell/keyboard.h"
#include "studio/shell/panels.h"
#include "studio/toolkit/text_focus.h"
#include "studio/toolkit/ui.h"

namespace atelier::studio {
namespace {

using Clock = std::chrono::steady_clock;

// In whole microseconds, so that performance logs keep the turns in few digits.
Clock::time_point tick_clock() {
    return std::chrono::floor<std::chrono::microseconds>(Clock::now());
}

double seconds_between(Clock::time_point a, Clock::time_point b) {
    return std::chrono::duration<double>(b - a).count();
}

Clock::duration in_clock(double seconds) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

// Of training that is saved while there is no window any more: a step may take a minute at a high resolution.
constexpr double emergency_save_seconds = 300;

constexpr const char* plain_display = "cpu";

class App {
public:
    App(std::unique_ptr<RenderService> source, std::unique_ptr<TrainingService> trainer,
        std::unique_ptr<DatasetService> data, std::unique_ptr<ModelFileService> models, const AppOptions& options);
    ~App() {
        studio_.live.hub.on_news({});
        source_.on_frame({});
        window_.on_display_lost({}); // the studio goes before the window
    }
    App(const App&) = delete;
    App& operator=(const App&) = delete;
    void run();

private:
    void take_input();
    void draw();
    void upload_pictures();
    void draw_picture(const Layout& layout);
    void follow_close();
    void follow_window();
    void follow_safe_start();
    void sleep_until_needed(Clock::time_point frame_start);
    void wait_until(Clock::time_point end);
    void write_screenshot();
    void write_state();

    const AppOptions options_;
    EndSignals signals_;
    gfx::Window window_;
    ImGuiScope imgui_;
    Ui ui_;
    gfx::ImGuiLayer layer_;
    gfx::PictureView view_;
    std::unique_ptr<gfx::FrameUpload> upload_;
    std::unique_ptr<gfx::FrameUpload> compare_upload_; // of the start model's picture
    OutputShow output_;
    RenderService& source_; // the studio's
    std::atomic<bool> picture_waits_ = false;
    Studio studio_;
    FileChooser chooser_;
    FrameGuard guard_{studio_};
    float nudge_ = 0;
    Clock::time_point turn_start_; // of the frame loop
    Clock::time_point drawn_at_;   // when the last drawing began
    int frames_to_draw_ = 3;       // ImGui needs a few to settle after each event
    bool screenshot_due_ = false;
    std::optional<PixelBuffer> screenshot_; // of the window drawn then
    bool finished_ = false;
    bool plain_ = options_.safe; // pictures take the plain way to the window
    bool typing_ = false;
    bool popup_ = false;
    std::string title_;
    std::vector<Ui::Mark> marks_; // for the state dump, as are these
    struct {
        float x = 0, y = 0;       // the mouse
        std::int64_t buttons = 0; // pressed and let go so far
        std::int64_t keys = 0;    // pressed so far, without repeats
    } seen_;                      // by the interface
    FrameTimes frame_times_;
    std::string dumped_;
};

App::App(std::unique_ptr<RenderService> source, std::unique_ptr<TrainingService> trainer,
         std::unique_ptr<DatasetService> data, std::unique_ptr<ModelFileService> models, const AppOptions& options)
    : options_(options), window_(window_options(options)), layer_(window_),
      upload_(gfx::make_frame_upload(options.safe ? plain_display : options.display)),
      compare_upload_(gfx::make_frame_upload(plain_display)), output_(window_, !options.state_dump.empty()),
      source_(*source),
      studio_(
          std::move(source), [](const PixelBuffer& picture) { return std::make_unique<GlImage>(picture); },
          studio_options(options), std::move(trainer), std::move(data), std::move(models)) {
    window_.on_display_lost([this] { return studio_.emergency_save(emergency_save_seconds); });
    source_.on_frame([this] {
        picture_waits_ = true;
        window_.wake();
    });
    studio_.live.hub.on_news([this] { window_.wake(); });
    studio_.ui.fixed_scale = options.scale;
    ui_.set_scale(interface_scale(studio_, window_.monitor_scale()));
    studio_.ui.display_path = upload_->describe();
    if (!options_.state_dump.empty()) {
        ui_.marks = &marks_;
    }
    const bool named = !options_.model.empty();
    studio_.open_first(named ? options_.model : first_to_open(studio_.settings, options_.bundled), named);
}

void App::take_input() {
    nudge_ = 0;
    for (const KeyEvent& key : window_.take_keys()) {
        seen_.keys += key.repeat || key.released ? 0 : 1;
        // A context menu has no dialog of its own: ImGui closes it on a click elsewhere, Esc closes it here.
        if (key.key == Key::escape && !key.released && popup_ && studio_.ui.dialog == Dialog::none)
            ui_.close_popups = true;
        nudge_ += handle_key(studio_, key, typing_);
    }
    for (const char32_t c : window_.take_characters())
        handle_character(studio_, c, typing_);
    studio_.drop(window_.take_dropped());
}

// Nothing has been shown yet when it is chosen, so nothing is lost with the other way.
void App::follow_safe_start() {
    if (!studio_.start.safe() || std::exchange(plain_, true))
        return;
    upload_ = gfx::make_frame_upload(plain_display);
    studio_.ui.display_path = upload_->describe();
}

void App::follow_window() {
    window_.set_fullscreen(studio_.state.view.fullscreen);
    studio_.state.view.fullscreen = window_.fullscreen();
    const ModelInfo* model = studio_.playback.model();
    const std::string title = model ? readable_text(model->name) + " - Atelier" : "Atelier";
    if (title != title_) {
        title_ = title;
        window_.set_title(title);
    }
    if (studio_.settings.show_performance)
        studio_.frame_stats.screen_ms = 1000 / window_.refresh_rate();
    // It may stand on another monitor now, or another scale was chosen.
    if (const float scale = interface_scale(studio_, window_.monitor_scale()); scale != ui_.scale()) {
        ui_.set_scale(scale);
        frames_to_draw_ = 3;
    }
}

void App::draw() {
    drawn_at_ = Clock::now();
    if (ui_.take_fonts_changed() || ui_.refresh_fonts()) {
        ui_.take_fonts_changed();
        layer_.reload_fonts();
    }
    layer_.new_frame();
    ImGui::NewFrame();
    marks_.clear();
    ui_.begin_frame(nudge_);
    nudge_ = 0;
    const ImGuiIO& io = ImGui::GetIO();
    seen_.x = io.MousePos.x;
    seen_.y = io.MousePos.y;
    for (int button = 0; button < ImGuiMouseButton_COUNT; ++button)
        seen_.buttons += int{io.MouseClicked[button]} + int{io.MouseReleased[button]};
    studio_.thumbnails.playing.texture = (ImTextureID)(static_cast<std::uintptr_t>(upload_->texture()));
    studio_.thumbnails.playing.light = static_cast<float>(light_here(studio_));
    const Layout layout = make_layout(studio_, io.DisplaySize, ui_.scale());
    draw_window(studio_, chooser_, layout);
    ui_.end_frame();
    if (studio_.advance())
        frames_to_draw_ = std::max(frames_to_draw_, 2); // the panels don't know of that picture yet
    ImGui::Render();

    const ViewState& view = studio_.state.view;
    const bool dark = audience_sees(studio_);
    // Without the interface the window may be what an audience sees: then nothing around the picture shines.
    const bool shown = studio_.settings.light && !view.ui_hidden;
    const ImVec4 ground = theme::vec(dark ? theme::rgb(0) : (shown ? theme::light : theme::dark).background);
    window_.clear(ground.x, ground.y, ground.z);
    upload_pictures();
    if (studio_.ui.centre_view == CentreView::picture || view.ui_hidden)
        draw_picture(layout);
    layer_.draw();
    if (studio_.capture.recording.of_window())
        studio_.capture.recording.recorder.submit(window_.read_back());
    ++studio_.playback.counters.drawn;
    typing_ = text_has_keyboard();
    popup_ = ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel);
    if (screenshot_due_)
        screenshot_ = window_.read_back();
    const double ms = seconds_between(turn_start_, Clock::now()) * 1000;
    studio_.frame_stats.window_frame(ms);
    frame_times_.add(ms);
    window_.swap();
}

void App::upload_pictures() {
    if (!studio_.playback.take_new_picture())
        return;
    const auto start = Clock::now();
    upload_->upload(studio_.playback.shown());
    studio_.frame_stats.uploaded(seconds_between(start, Clock::now()) * 1000);
    if (studio_.playback.shown().compare) {
        Frame compare;
        compare.pixels = studio_.playback.shown().compare;
        compare_upload_->upload(compare);
    }
    if (studio_.ui.display_path != upload_->describe()) {
        studio_.ui.display_path = upload_->describe();
        frames_to_draw_ = std::max(frames_to_draw_, 2); // the status line of this one has been drawn already
    }
}

void App::draw_picture(const Layout& layout) {
    const ImGuiIO& io = ImGui::GetIO();
    const ViewState& view = studio_.state.view;
    const float x = io.DisplayFramebufferScale.x, y = io.DisplayFramebufferScale.y;
    for (const PicturePart& part : picture_parts(studio_.training, layout.picture)) {
        const gfx::FrameUpload& from = part.start_model ? *compare_upload_ : *upload_;
        gfx::PictureDraw picture;
        picture.texture = from.texture();
        picture.width = from.width();
        picture.height = from.height();
        picture.place = {part.place.x * x, part.place.y * y, part.place.width * x, part.place.height * y};
        picture.clip = {part.clip.x * x, part.clip.y * y, part.clip.width * x, part.clip.height * y};
        picture.pixels = view.pixels && !studio_.playback.shown().preview;
        picture.brightness = static_cast<float>(light_here(studio_));
        picture.look = look_map(studio_.playback.look());
        picture.checker = ui_.px(8) * x;
        view_.draw(picture, window_.framebuffer_size());
    }
}

// No work is lost with the window: closing by hand asks first, a signal saves without asking.
void App::follow_close() {
    const bool training = studio_.training.status().active_here();
    if (EndSignals::asked() && training && !studio_.ui.close_wanted)
        studio_.save_and_close();
    if (window_.close_requested() && studio_.asks_before_closing()) {
        window_.refuse_close();
        studio_.ui.dialog = Dialog::closing;
        frames_to_draw_ = 3;
    }
    if (studio_.ui.close_wanted && !training && !studio_.document.saving()) {
        studio_.capture.exporter.cancel(); // after a signal; else it was asked
        finished_ = !studio_.capture.exporter.status().busy();
    }
}

void App::write_screenshot() {
    if (!screenshot_)
        fail("{}: there is nothing to write, for the window could not be drawn.", options_.screenshot.string());
    io::write_png(options_.screenshot, {screenshot_->width, screenshot_->height, 4, screenshot_->rgba});
}

// Vsync paces the drawing; this paces the ticks between, and lets an idle window sleep.
void App::sleep_until_needed(Clock::time_point frame_start) {
    const bool soon = frames_to_draw_ > 0 || studio_.busy() || ui_.wants_frame();
    if (soon) {
        wait_until(frame_start + in_clock(1 / window_.refresh_rate()));
    } else {
        wait_until(Clock::now() + in_clock(std::min(0.1, studio_.quiet_seconds())));
    }
}

// Or until there is something to do. A picture that comes is shown at once, but no sooner than the screen can show one
// after the last.
void App::wait_until(Clock::time_point end) {
    while (true) {
        if (picture_waits_)
            end = std::min(end, drawn_at_ + in_clock(1 / window_.refresh_rate()));
        const double rest = seconds_between(Clock::now(), end);
        if (rest <= 0.001) {
            window_.poll();
            return;
        }
        window_.wait(rest);
        if (!picture_waits_ || window_.has_activity())
            return;
    }
}

void App::write_state() {
    nlohmann::json state = to_json(studio_);
    state["field"] = ui_.field ? nlohmann::json(*ui_.field) : nlohmann::json(nullptr);
    state["input"] = {
        {"mouse", {seen_.x, seen_.y}}, {"buttons", seen_.buttons}, {"keys", seen_.keys + output_.keys_pressed()}};
    state["still"] = frames_to_draw_ == 0 && !ui_.wants_frame(); // what is drawn stays so until something happens
    state["controls"] = controls_json(marks_);
    state["frames"] = {{"longest_ms", frame_times_.longest()}, {"steps", frame_times_.steps()}};
    const std::string text = state.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    if (text == dumped_) {
        return;
    }
    io::show_file(options_.state_dump, text);
    dumped_ = text;
}

void App::run() {
    const auto start = tick_clock();
    auto last = start;
    auto dumped_at = start;
    double since_slow_draw = 0; // for what changes by itself, but slowly: a text cursor, the recording's clock
    while (!finished_ && (!window_.close_requested() || studio_.asks_before_closing())) {
        turn_start_ = Clock::now();
        if (window_.take_activity()) {
            frames_to_draw_ = 3;
        }
        guard_.run("A key", [this] { take_input(); });
        const auto now = tick_clock(); // what a key begins, begins with this tick
        const double seconds = seconds_between(last, now);
        last = now;
        since_slow_draw += seconds;
        const bool slow = since_slow_draw > 0.25 && (typing_ || studio_.capture.recording.active());
        picture_waits_ = false;
        bool changed = true;
        guard_.run("A step", [&] { changed = studio_.tick(seconds); });
        if (changed || ui_.wants_frame() || slow) {
            since_slow_draw = 0;
            frames_to_draw_ = std::max(frames_to_draw_, 1);
        }
        follow_window();
        follow_safe_start();
        follow_close();
        if (output_.follow(studio_, seconds))
            frames_to_draw_ = 3;
        if (!options_.screenshot.empty() && (seconds_between(start, now) >= options_.after || EndSignals::asked())) {
            screenshot_due_ = true;
            frames_to_draw_ = std::max(frames_to_draw_, 1);
        } else if (EndSignals::asked() && !studio_.training.status().active_here()) {
            break;
        }
        if (window_.minimized() && !screenshot_due_) {
            frames_to_draw_ = 0;
            drawn_at_ = Clock::now(); // as far as pace goes
            guard_.run("A step", [this] {
                studio_.advance();
                upload_pictures(); // for the output window
            });
        } else if (frames_to_draw_ > 0) {
            if (!guard_.run("Drawing", [this] { draw(); }))
                FrameGuard::abandon_frame();
            --frames_to_draw_;
            if (screenshot_due_) {
                write_screenshot();
                finished_ = true;
            }
        } else {
            bool moved = true;
            guard_.run("A step", [&] { moved = studio_.advance(); });
            frames_to_draw_ = moved ? 1 : 0;
            const double ms = seconds_between(turn_start_, Clock::now()) * 1000;
            if (ms > 1000 / window_.refresh_rate()) // longer than a frame may take
                frame_times_.add(ms);
        }
        guard_.run("The output window", [this] { output_.draw(studio_, *upload_); });
        if (!options_.state_dump.empty() && seconds_between(dumped_at, now) > 0.1) {
            write_state();
            dumped_at = now;
        }
        sleep_until_needed(now);
    }
    if (!options_.state_dump.empty()) {
        write_state();
    }
}

} // namespace

void run_app(std::unique_ptr<RenderService> source, const AppOptions& options, std::unique_ptr<TrainingService> trainer,
             std::unique_ptr<DatasetService> data, std::unique_ptr<ModelFileService> models) {
    App app(std::move(source), std::move(trainer), std::move(data), std::move(models), options);
    app.run();
}

} // namespace atelier::studio
