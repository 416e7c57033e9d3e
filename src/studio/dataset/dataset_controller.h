// SPDX-License-Identifier: Apache-2.0
// Preparing: the Data tab without its panels - which pictures become a set, what a person chose about them, where the
// work stands. Owned by the Studio, used by the UI thread alone; nothing here waits for the work.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/job.h"
#include "base/job_queue.h"
#include "studio/core/dataset_settings.h"
#include "studio/dataset/choice_store.h"
#include "studio/dataset/data_pictures.h"
#include "studio/dataset/left_work.h"
#include "studio/services/async_query.h"
#include "studio/services/dataset_service.h"

namespace atelier::studio {

struct StudioContext;

// The crop that the mouse holds: as the hand moved it, before it was kept inside the picture.
struct HeldCrop {
    std::uint64_t id = 0; // of the picture; 0: none
    CropChange change;
};

class DatasetController {
public:
    // `source` may be null: then nothing here does anything. `choices`: the folder where those made by hand are kept.
    DatasetController(StudioContext& context, std::unique_ptr<DatasetService> source, ImageMaker images,
                      std::filesystem::path choices);
    ~DatasetController();
    // Looks on another thread for work folders that earlier runs have left, and offers to remove them.
    void look_for_left_work();
    void finish(); // lets the engine go; what is done stays in the work folder, and what was chosen is written

    bool available() const { return source_ != nullptr; }
    const DataStatus& status() const { return status_; }
    const DataView& view() const; // empty before the first
    // Once a tick. True if what the window shows has changed.
    bool tick(double seconds);
    bool busy() const; // pictures are being made that are looked at
    // What the source works at, and the view shows, is what is asked for now; it may still be at work.
    bool followed() const;

    // --- the pictures
    const std::vector<std::filesystem::path>& inputs() const { return inputs_; }
    void add(const std::vector<std::filesystem::path>& inputs);     // what is there already isn't added again
    void restore(const std::vector<std::filesystem::path>& inputs); // of a session; none: what is there stays
    void clear();                                                   // the files stay, of course, and what was chosen
    void stop();
    void go_on();          // after stop(), or where it failed
    bool standing() const; // neither worked on nor written: limits, cuts and pictures can change

    // --- choices; the cuts and limits are Settings::data
    double standard_limit(const LimitSpec& spec) const;
    prepare::Thresholds standard_limits() const;
    prepare::Thresholds limits() const;
    void set_limit(const char* id, double value, double standard);
    void take_offer(); // DataView::offer
    void request(std::uint64_t id, prepare::Override request);
    void toggle(const DataItem& item); // the other verdict by hand, or back to the limits'
    void forget_requests();            // and moved crops
    const HandChoices& hand_choices() const { return choices_; }
    void put_choices(const HandChoices& choices);       // of undo
    unsigned choices_of() const { return choices_of_; } // another number once they came with other pictures, or a file
    std::size_t by_hand() const { return choices_.overrides.size() + choices_.crops.size(); }
    void sort_by(DataSort sort, Score score, bool reverse);
    DataSort sort() const { return choices_.sort; }
    Score sort_score() const { return choices_.score; }
    bool reversed() const { return choices_.reverse; }

    // --- the selected picture
    const DataItem* selected() const; // null: none
    int place() const;                // in the view's order; -1: none
    bool is_selected(const DataItem& item) const { return item.id == selected_; }
    void select(const DataItem& item) { selected_ = item.id; }
    void step(int by); // in the view's order
    void step_row(int by) { step(by * columns); }
    int columns = 1;        // of the grid, when it was drawn last
    bool grid_keys = false; // the arrow keys move in the grid
    bool follow = false;    // the grid is to scroll to the selected picture
    bool large = false;     // it alone stands in the middle
    CropChange crop_of(std::uint64_t id) const;
    void move_crop(const DataItem& item, const CropChange& change); // kept inside
    void reset_crop(std::uint64_t id);

    // None while there is none; only what is asked for in a frame is made.
    ImTextureID picture(const DataItem& item, DataPictureKind kind) { return pictures_.picture(item, kind); }
    bool is_broken(const DataItem& item) const { return pictures_.is_broken(item); }
    std::size_t pictures() const { return pictures_.count(); }

    // --- the set
    std::string target; // of the dialog
    bool dialog_was_open = false;
    HeldCrop held_crop; // by the mouse
    StudioContext& context;
    void propose_target(); // unless there is one; it comes in a moment
    // Why nothing can be written there, in one sentence; empty: it can. None while the disk is looked at, on another
    // thread. write() goes by the disk as it is then.
    std::optional<std::string> obstacle();
    void write();
    void train_on_it(); // the set written last

private:
    DataWork wanted_work() const; // none without pictures
    bool choices_told() const;
    bool follow_place();
    bool follow_left_work();
    void follow_model();
    void follow_work();
    void follow_choices();
    void follow_kept_choices(double seconds);
    void follow_sets(const DataStatus& before);

    std::unique_ptr<DatasetService> source_;
    DataPictures pictures_;
    DataStatus status_;
    std::vector<std::filesystem::path> inputs_;
    // Of these, known in a moment; where they are to be kept in the meantime nothing begins.
    std::filesystem::path work_folder_;
    AsyncQuery<std::vector<std::filesystem::path>, std::filesystem::path> placing_;
    bool placed_ = true;
    bool proposes_ = false; // a target
    unsigned proposal_ = 0; // each is a look of its own
    AsyncQuery<std::pair<unsigned, std::vector<std::filesystem::path>>, std::string> proposing_;
    DataWork begun_;
    DataChoices choices_;
    unsigned choices_of_ = 0;
    ChoiceStore choice_store_;
    AsyncQuery<std::pair<std::string, std::vector<std::filesystem::path>>, std::string> disk_; // why_no_set()
    Job<Nothing, std::vector<LeftWork>> looking_back_;
    JobQueue<Nothing> removing_;  // of left work
    bool choices_changed_ = true; // wishes or crops
    std::uint64_t chosen_ = 0;    // calls of choose()
    std::uint64_t selected_ = 0;
};

} // namespace atelier::studio
