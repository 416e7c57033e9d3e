// SPDX-License-Identifier: Apache-2.0
// Studio: the application without its window. It says which features there are, what one does for another, and in which
// order they move; all they share is the StudioContext that it is. Owned by the App (or a test); used by the UI thread
// alone. No OpenGL, no torch.
#pragma once

#include <filesystem>
#include <future>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "studio/capture/capture.h"
#include "studio/capture/projector_panel.h"
#include "studio/controls/controls.h"
#include "studio/core/context.h"
#include "studio/core/feature_ui.h"
#include "studio/core/frame_stats.h"
#include "studio/core/output_window_state.h"
#include "studio/core/settings_file.h"
#include "studio/core/tour_state.h"
#include "studio/dataset/dataset_controller.h"
#include "studio/library/library.h"
#include "studio/live/live.h"
#include "studio/services/dataset_service.h"
#include "studio/services/model_file_service.h"
#include "studio/services/training_service.h"
#include "studio/session/document.h"
#include "studio/session/safe_start.h"
#include "studio/train/training_controller.h"

namespace atelier::studio {

struct StudioOptions {
    std::filesystem::path settings_file; // empty: nothing is remembered
    std::uint32_t seed = 0;
    bool play = false;
    Precision precision = Precision::model; // of the picture, where the model can and no session says otherwise
    bool tour = false;                      // begin with the tour
    bool tour_at_first = false;             // begin with it if there is no settings file yet
    bool devices = false;                   // MIDI devices are opened
    std::filesystem::path crashes{};        // the folder of crash reports; empty: there is none
    bool safe = false;                      // nothing is opened by itself, inputs and outputs stay closed
    std::filesystem::path bundled{};        // the model that comes with the program; empty: none
};

class Studio;

// This window stands before the audience: nothing but the picture is to be seen in it, or not even that.
bool audience_sees(const Studio& studio);
// The picture is black in this window. With an output window open, blackout is for the hall alone.
bool dark_here(const Studio& studio);
// Of the picture in this window, 0..1; blackout and master fade are for the hall alone, too.
double light_here(const Studio& studio);

class Studio : public StudioContext {
public:
    // trainer, data, models: null where training, preparing pictures or writing models is not built in.
    Studio(std::unique_ptr<RenderService> service, ImageMaker images, StudioOptions options,
           std::unique_ptr<TrainingService> trainer = nullptr, std::unique_ptr<DatasetService> data = nullptr,
           std::unique_ptr<ModelFileService> models = nullptr);
    ~Studio();

    // A turn has two halves, around the drawing of the panels. The first takes what has come by itself in `seconds`:
    // new pictures, loading, recording, export, toasts. True if what the window shows has changed.
    bool tick(double seconds);
    // The second moves the animation on by the same seconds and asks for the picture of what the state says by now, so
    // that what a hand does in a panel is asked for in the same turn. Once after every tick, whether or not panels are
    // drawn. True if a new picture has come meanwhile.
    bool advance();
    // Whether anything is moving or expected, so that the next tick should come soon.
    bool busy() const;

    // A model, a session, a picture with its recipe, a performance's log, latents: by the name, a .safetensors by what
    // it holds.
    void open_any(const std::filesystem::path& path);
    // What the window begins with; `named`: somebody has asked for that file. After a run that did not end properly it
    // waits for an answer; a safe start opens only what was named from the beginning.
    void open_first(const std::filesystem::path& path, bool named);
    // Files dropped on the window, oldest first: any dialog closes, the last file is opened and the others are not.
    // A folder or a zip is what to train on, where training is built in. While the Data tab is open all of them are
    // added to its pictures.
    void drop(const std::vector<std::filesystem::path>& files);

    void save_and_close();
    bool asks_before_closing() const; // training, an export or unsaved work would end with the window
    // How long nothing moves by itself, seconds; the beat's light aside it would be until something happens.
    double quiet_seconds() const;
    // For a window that is lost: saves training, settings, recording and pictures, waits at most so long, and says in
    // one sentence what became of them.
    std::string emergency_save(double seconds);
    bool in_data_grid() const; // the Data tab's pictures are in the middle of the window

    const std::filesystem::path bundled; // as in the options

    // What the features put into the window.
    const FeatureUi& features() const { return features_; }
    std::span<const PanelSection> left_sections() const { return left_sections_; } // in their order, Play's first
    std::span<const PanelSection> left_sections(LeftPage page) const;
    bool on_live_page(std::string_view title) const;
    const KeyTable& keys() const { return keys_; } // of the features and of the window itself

    SettingsFile settings_file;
    Controls controls;
    Library library;
    Capture capture;
    Live live;
    Document document;
    SafeStart start;
    TrainingController training;
    DatasetController dataset;
    Output output;
    ProjectorPanel projector;
    FrameStats frame_stats;
    Tour tour;

private:
    void remember_opened();
    void count_pace();
    void bind_commands();
    std::vector<NetworkFact> network_facts();
    void watch_tabs();
    void gather_ui();
    void begin_as(bool safe);

    std::filesystem::path first_; // waits for the answer
    bool first_named_ = false;
    FeatureUi features_;
    std::vector<PanelSection> left_sections_;
    std::size_t play_sections_ = 0; // of them
    KeyTable keys_;
    bool beat_was_on_ = false;
    bool was_frozen_ = false;
    std::uint64_t counted_pictures_ = 0;
    double tick_seconds_ = 0; // since the tick before
};

} // namespace atelier::studio
