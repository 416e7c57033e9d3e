// SPDX-License-Identifier: Apache-2.0
// Training: the Train tab without its panels - what the next run is to be, where the run stands, which model is looked
// at. Owned by the Studio, used by the UI thread alone.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "studio/services/async_query.h"
#include "studio/services/render_service.h"
#include "studio/services/thumbnails.h"
#include "studio/services/training_service.h"
#include "studio/train/train_form.h"

namespace atelier::studio {

struct StudioContext;

class TrainingController {
public:
    // `source` may be null: then nothing here does anything.
    TrainingController(StudioContext& context, std::unique_ptr<TrainingService> source, ImageMaker images);
    ~TrainingController();
    void finish(); // lets the trainer go; it stops and saves first

    bool available() const { return source_ != nullptr; }
    const TrainStatus& status() const { return status_; }
    bool watching() const {
        return status_.watched;
    } // another program's run: it is shown, and asked, but not made here
    // Once a tick, before the pictures. True if what the window shows has changed.
    bool tick(double seconds);

    // --- the run
    TrainOptions options_now() const;                             // what start() would begin with; looks at the disk
    const std::string& proposed_out() const { return look_.out; } // the run's folder, as the last look at the disk says
    bool has_result();                                            // the run's folder holds what can be gone on with
    const std::string& obstacle() const { return look_.obstacle; } // why it can't, in one sentence; empty: it can
    void start();                                                  // says why not in a toast
    void pause_or_resume();                                        // T; where nothing trains, start
    void stop();                                                   // and save
    void save();                                                   // a checkpoint now; of a watched run a snapshot
    TrainStatus stop_and_wait(double seconds);                     // at most so long; idle if nothing trained
    void use_data(const std::filesystem::path& data);              // or goes on, if it is a run's folder
    void go_on();                                                  // with the unfinished run that the settings remember
    void forget_unfinished();
    void show_panel();

    // --- what is looked at
    ViewedModel viewed() const;
    int snapshot() const { return snapshot_; } // index into status().snapshots while one is shown, else -1
    void view(ViewedModel what, int snapshot = -1);
    // All there is to look at, in order: the start model, the snapshots, the model in training. -1: the opened model.
    int positions() const;
    int current_position() const;
    void view_position(int stop);
    void step_stop(int by);  // from the opened model to the one in training
    void next_centre_view(); // picture, seeds, augmented if there is something to see
    void set_raw(bool raw);
    bool raw() const { return raw_; }
    ShowStatus show_status() const;
    void model_opened(); // a file was opened: it is looked at from now on
    // Whether shown frames are to hold the start model's picture, and whether one can be had.
    bool comparing() const { return comparing_; }
    bool can_compare() const;

    // Pictures for ImGui; none while there is none.
    ImTextureID augmented();
    std::pair<int, int> augmented_size() const;
    ImTextureID stop_image(int stop) const; // what the picture was when that snapshot was written

    StudioContext& context;
    TrainForm form;
    int data_changes = 0;      // times that the data was set from outside: a field with the keyboard must let go of it
    bool compare_held = false; // B
    double plot_reading;       // where the mouse is on a plot, in kimg: all plots show their values there; NaN: nowhere

private:
    void follow_state(const TrainStatus& before);
    void tell_end();
    void tell_watched_end();
    void follow_snapshots();
    void follow_weights(double seconds);
    void remember_run();
    void begin(const TrainOptions& options);
    std::string file_on_screen() const; // the model file that what is looked at stands for; empty: none

    std::unique_ptr<TrainingService> source_;
    ImageMaker images_;
    TrainStatus status_;
    int snapshot_ = -1;
    std::string snapshot_path_;
    bool raw_ = false;
    bool comparing_ = false;
    bool follow_ = false;      // the model in training is to be shown as soon as there is one
    bool opens_aside_ = false; // the next model to be opened is what the studio begins with, not what is looked at
    std::size_t told_warnings_ = 0;
    std::string told_trouble_;
    std::string run_;                                               // whose snapshots' pictures are kept
    std::map<std::string, std::unique_ptr<ImageHandle>> images_of_; // by path; "" is the start model
    std::shared_ptr<const PixelBuffer> augmented_shown_;
    std::unique_ptr<ImageHandle> augmented_;
    double stale_seconds_ = 0;
    std::uint64_t epoch_ = 0;
    std::uint64_t runs_before_ = 0; // at the last start()
    std::string start_model_;       // of the last start()

    // What start() would begin with, and how the disk stands to it.
    struct Question {
        TrainForm form;
        std::string shown;
        int resolution = 0;
        std::filesystem::path runs;
        bool operator==(const Question&) const = default;
    };
    struct Look {
        std::string out, obstacle;
        bool operator==(const Look&) const = default;
    };
    Question question() const;
    bool follow_disk();
    Look look_{"", "The disk is being looked at."}; // the last one; what it is to a newer question comes in a moment
    AsyncQuery<Question, Look> looking_;
    AsyncQuery<std::string, bool> result_; // of the folder
};

} // namespace atelier::studio
