// SPDX-License-Identifier: Apache-2.0
// Studio: the application without its window - state, motion, services, and the verbs that panels and
// keys call. Owned by the App (or a test); used by the UI thread alone. No OpenGL, no torch.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <random>
#include <string>

#include "media/recorder.h"
#include "studio/capture/performance_recorder.h"
#include "studio/capture/picture_saver.h"
#include "studio/controls/direction_cache.h"
#include "studio/controls/direction_slider_store.h"
#include "studio/core/frame_stats.h"
#include "studio/core/output_window_state.h"
#include "studio/core/settings.h"
#include "studio/core/toasts.h"
#include "studio/dataset/dataset_controller.h"
#include "studio/library/latent_files.h"
#include "studio/library/timeline_editor.h"
#include "studio/services/export_worker.h"
#include "studio/services/render_service.h"
#include "studio/services/thumbnails.h"
#include "studio/session/document.h"
#include "studio/shell/tour.h"
#include "studio/state/animation.h"
#include "studio/state/state.h"
#include "studio/train/training_controller.h"

namespace atelier::studio {

enum class Dialog {
    none,
    open,
    pick_seed,
    export_walk,
    record,
    settings,
    help,
    log,
    open_data,
    open_start,
    open_run,
    closing,
    save_session,
    recover,
    export_timeline,
    export_performance,
    save_latents,
    mix_sheet,
    open_pictures,
    prepare_set,
};
// Facts for the status line and for tests.
struct Counters {
    std::uint64_t pictures = 0; // received from the source
    std::uint64_t requests = 0; // params handed to the source
    std::uint64_t drawn = 0;    // window frames
    double pictures_per_second = 0;
    StageTimes times; // smoothed
};

struct StudioOptions {
    std::filesystem::path settings_file; // empty: nothing is remembered
    std::uint32_t seed = 0;
    bool play = false;
    bool tour = false;          // begin with the tour
    bool tour_at_first = false; // begin with it if there is no settings file yet
};

class Studio {
public:
    // trainer, data: null where training, or preparing pictures, is not built in.
    Studio(std::unique_ptr<RenderService> source, ImageMaker images, StudioOptions options,
           std::unique_ptr<TrainingService> trainer = nullptr, std::unique_ptr<DatasetService> data = nullptr);
    ~Studio();
    Studio(const Studio&) = delete;
    Studio& operator=(const Studio&) = delete;

    // Moves everything on by `seconds`: motion, request, new picture, loading, recording, export, toasts.
    // True if what the window shows has changed.
    bool tick(double seconds);
    // Whether anything is moving or expected, so that the next tick should come soon.
    bool busy() const;

    // --- walk
    void toggle_play();
    void new_random_seed();               // N
    void go_to_seed(std::uint32_t seed);  // off the walk, glides
    void go_to_position(double position); // on the walk, glides
    void return_to_walk();
    void add_seed(std::uint32_t seed);
    void remove_seed(std::size_t index);
    void move_seed(std::size_t from, std::size_t to);
    void replace_seed(std::size_t index, std::uint32_t seed);
    void set_kind(WalkKind kind);
    void set_space(Space space);
    void set_ease(Ease ease);
    void set_loop(bool loop);
    void set_class(int index);
    std::optional<std::uint32_t> seed_now() const; // the seed shown, or the one nearest to it on the walk
    void change_speed(double factor);              // of the walk: above 1 is faster
    std::uint32_t random_seed();
    // --- wander; dx and dy in nodes of the map
    void explore_begin();
    void explore_by(double dx, double dy);
    // --- picture
    void save_picture() { pictures.save(); }
    void ask_for_full_picture(); // anew, of what is shown
    void toggle_record();
    bool recording() const;
    bool records_window() const; // the App hands it over after each drawing
    void start_export(WalkExport job);
    void start_export(PerformanceExport job);
    void start_export(MixExport job);
    // --- model
    void open(const std::filesystem::path& path);
    // A model, a session, a picture with its recipe, a performance's log, latents: by the name, a .safetensors by what
    // it holds.
    void open_any(const std::filesystem::path& path);
    // Files dropped on the window, oldest first: any dialog closes, the last file is opened and the others are not.
    // A folder or a zip is what to train on, where training is built in. While the Data tab is open all of them are
    // added to its pictures.
    void drop(const std::vector<std::filesystem::path>& files);
    const std::string& opened_file() const { return opened_file_; } // the newest that played
    // Of the model that plays, a snapshot too; empty: none, or one in training, which is in no file.
    std::string played_file() const { return status_.info ? status_.info->path : std::string(); }
    const ModelInfo* model() const { return status_.info.get(); }
    int num_ws() const { return status_.info ? status_.info->num_ws : 0; }
    const LoadStatus& load_status() const { return status_; }
    double loading_seconds() const { return loading_seconds_; }

    // What the state asks for at this moment, as params and as a look.
    RenderParams params() const;
    RenderSettings render_settings_now() const;
    PlayContext context() const;

    // --- motion: what is shown now leads to whatever the state says from now on
    void glide_from_here();                            // the latent alone
    void morph_from_here();                            // with all settings
    void softly(const std::function<void()>& change);  // of the state; what is shown morphs to it
    void morph_to(StudioState after, double position); // over state.morph_seconds
    void set_timeline_seconds(double seconds) { animator_.set_timeline_seconds(seconds); }
    void go_to_latent(const LatentBlend& latent);                        // off the walk, glides
    void go_to_settings(const RenderSettings& settings, double seconds); // the panels follow; oscillators and walk rest
    // The same picture, to the bit; random noise begins with the picture's, at once.
    void go_to_recipe(const Recipe& recipe, double seconds);
    void restore(const Session& session);        // at once
    void restore_screen(const Session& session); // tab, seed map, the Data panel's pictures

    // --- latents
    void star(const LatentBlend& latent, const std::string& name);
    void star_now();                     // S
    void toggle_map();                   // M: the seed map in the middle of the window
    void new_map();                      // around what is shown
    void go_to_node(double x, double y); // of the seed map, glides
    void cancel_directions(DirectionMethod method) { directions.cancel(*source_, method); }
    void tap_tempo(); // Enter, in time
    // The frame to show: frozen or newest; no pixels before the first.
    const Frame& shown() const { return shown_; }
    // Width and height of the full picture, also while a smaller preview of it is shown; 0 before the first.
    std::pair<int, int> picture_size() const;
    bool take_new_picture(); // true once after shown() has changed

    // Where a new recording or picture goes: the folder (empty: of videos), model and time, a number if anything there
    // has that name, whatever its ending, or it has been taken.
    std::filesystem::path new_file(const std::string& extension, const std::filesystem::path& folder = {}) const;
    // The same, and nobody else gets it, though nothing may be there yet.
    std::filesystem::path take_file(const std::string& extension, const std::filesystem::path& folder = {});
    void render_again(const std::filesystem::path& log); // opens the dialog
    std::string log_to_render;                           // for that dialog to begin with; empty: the last one

    StudioState state;
    Settings settings;
    Toasts toasts;
    Thumbnails thumbnails;
    Exporter exporter;
    media::Recorder recorder;
    Counters counters;
    Dialog dialog = Dialog::none;
    Tab tab = Tab::perform;
    TrainingController training;
    DatasetController dataset;
    Document document;
    PerformanceRecorder performance_recorder;
    PictureSaver pictures;
    LatentFiles latent_files;
    TimelineEditor timeline_editor;
    Directions directions;
    DirectionSliderStore direction_slider_store;
    Output output;
    FrameStats frame_stats;
    Tour tour;
    SeedMap map;
    bool close_wanted = false; // the window goes as soon as training is saved
    void save_and_close();
    bool asks_before_closing() const; // training, an export or unsaved work would end with the window
    // For a window that is lost: saves training, settings, recording and pictures, waits at most so long, and says in
    // one sentence what became of them.
    std::string emergency_save(double seconds);
    bool take_enter() { return std::exchange(enter, false); } // Enter was pressed since the last frame
    bool enter = false;
    void show_tab(Tab which); // and what belongs into the middle of the window
    void show_train_panel() { show_tab(Tab::train), settings.train_folded = false; }
    bool in_data_grid() const;                 // the Data tab's pictures are in the middle of the window
    bool focus_train = false;                  // the Train panel's first field takes the keyboard
    std::function<void(std::uint32_t)> picked; // takes the seed that the picker dialog is open for
    std::uint32_t picker_seed = 0;             // the one it begins with
    // Takes a star's or a moment's latent in place of a seed; none: seeds alone can be picked.
    std::function<void(const LatentBlend&)> picked_latent;
    LatentBlend picker_latent;  // the one it begins with, if any
    std::vector<int> page_keys; // Page up (-1) and Page down (1) since the last frame
    // Keys that lead to another control and use it, since the last frame.
    enum class FocusMove { next, previous, press, menu };
    std::vector<FocusMove> focus_moves;
    struct Arrows {
        int x = 0, y = 0;     // right and down count up
    } arrows;                 // arrow keys since the last frame
    double arrow_held = 0;    // seconds until one that is down counts as let go, unless it repeats
    std::string display_path; // for the status line
    const Animator& animator() const { return animator_; }

    void pick_seed(std::uint32_t now, std::function<void(std::uint32_t)> then);
    // A seed, or the latent of a star or a moment, with which `then` gets the seed of before.
    void pick_source(std::uint32_t now, const LatentBlend& latent,
                     std::function<void(std::uint32_t, const LatentBlend&)> then);
    void save_settings_soon(); // on another thread; failure: a line in the log
    void save_settings_now();  // the same, and waits for it

private:
    friend class TrainingController;
    friend class LatentFiles;
    void follow_load();
    bool follow_recorder();
    void follow_export();
    bool take_pictures();
    bool complete_frozen();
    void record_picture(const PixelBuffer& picture);
    void remember(double seconds);
    void follow_recovery();

    std::unique_ptr<RenderService> source_;
    StudioOptions options_;
    Animator animator_;
    LoadStatus status_;
    std::uint64_t told_failure_ = 0; // ticket
    std::uint64_t opened_ = 0;       // ticket of the model that plays
    std::string opened_file_;
    double loading_seconds_ = 0;
    std::optional<RenderParams> requested_;
    std::optional<RenderParams> answered_;
    Frame shown_;
    bool new_picture_ = false;
    bool was_frozen_ = false;
    Precision precision_ = Precision::model; // that a session was shown in
    double rate_seconds_ = 0;
    int rate_pictures_ = 0;
    std::string told_error_;
    std::vector<std::string> taken_names_; // by take_file; without endings
    std::future<std::vector<std::filesystem::path>> recovering_;
    media::RecordState record_state_ = media::RecordState::idle;
    bool recorded_black_ = false;
    bool record_begins_ = false;        // no picture of it yet
    std::optional<double> record_from_; // where its log begins, and its first picture
    bool completing_ = false;           // a frozen preview's full picture is asked for
    double tick_began_ = 0;             // seconds of a steady clock
    bool record_window_ = false;
    Settings saved_; // or being saved
    std::future<void> saving_settings_;
    double tap_age_ = 1e9; // seconds since the last tap
    std::vector<double> taps_;
    double unsaved_seconds_ = 0;
    std::mt19937 random_{std::random_device{}()};
};

} // namespace atelier::studio
