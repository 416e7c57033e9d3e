// SPDX-License-Identifier: Apache-2.0
// TrainRun: a training run with its data, files and statistics; one iteration a call, on the caller's thread.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "train/checkpoint_state.h"
#include "train/config.h"
#include "train/dataset.h"
#include "train/loader.h"
#include "train/run_folder.h"

namespace atelier::train {

struct RunHooks {
    std::function<void(const std::string& stage)> stage;   // "reading pictures", "saving"
    std::function<void(const std::string& sentence)> warn; // something a person should know
    std::function<void(const std::string& line)> line;     // a line of log.txt
    std::function<void(const std::string& note)> note;     // what was chosen for a person, also a line of log.txt
    std::function<void(int threads)> use_threads;          // TrainOptions::threads, before anything is computed
    std::function<bool()> cancelled;                       // asked while preparing
    std::function<double()> free_memory;                   // tests: bytes, in place of what the device has
};

// A sentence on what of `asked` a run that was begun with `own` keeps as it is; empty: nothing.
std::string kept_by_the_run(const TrainOptions& asked, const TrainOptions& own);

class TrainRun {
public:
    // Reads data and networks, makes or opens the run folder, writes the first checkpoint. options.resume naming a run
    // folder goes on with it under the options it was started with; of `options` only data and kimg (if given), tick,
    // snap, keep (where they differ from the defaults) and threads (unless threads_as_begun) count then; what else
    // differs is told by a note. Throws Error with one sentence.
    // Of several ranks each makes its own, with the same options; the first one alone writes files, notes and the log,
    // and all functions below but the last block are called by all of them. What goes wrong on all, or is known to all,
    // is an AgreedError.
    TrainRun(const TrainOptions& options, RunHooks hooks, Ranks& ranks = one_rank());
    ~TrainRun();
    TrainRun(const TrainRun&) = delete;
    TrainRun& operator=(const TrainRun&) = delete;

    bool done() const; // the length is reached
    // Whether all ranks want to go on; asked between two steps.
    bool all_go_on(bool mine);
    // One iteration, then whatever is due: statistics, snapshot, checkpoint; all of them when it was the last. Throws
    // Error; the last checkpoint is that of before, or when only data or files failed, of now if it could be written.
    void step();
    void save(); // checkpoint now; throws Error
    // The same, but what the disk refuses is a warning. False then. Throws Error where the weights are no numbers.
    bool save_if_possible();
    // One of several ranks asks for a checkpoint; it comes with the next step. Alone it comes now.
    void ask_for_save();
    // A snapshot now, with its sheet; false: the disk refused it, which is a warning.
    bool snapshot_if_possible();

    double kimg() const { return static_cast<double>(trainer_->images) / 1000; }
    double total_kimg() const { return config_.total_kimg; }
    double tick_progress() const;
    double seconds_per_kimg() const { return seconds_per_kimg_; } // smoothed; 0: not known yet
    int pictures() const;
    std::pair<int, int> size() const; // of a picture: width and height, px
    c10::Device device() const { return trainer_->networks.g.parameters.device(); }
    const Trainer& trainer() const { return *trainer_; }
    Trainer& trainer() { return *trainer_; }
    const TrainOptions& options() const { return options_; }
    const TrainConfig& config() const { return config_; }
    const RunFolder& folder() const { return *folder_; }
    const RunProgress& progress() const { return progress_; }

private:
    using Clock = std::chrono::steady_clock;
    void prepare(const TrainOptions& options);
    void open_data();
    void use_threads() const;
    void choose_half_life();
    void fresh_start();
    void go_on(const io::CheckpointFile& file);
    void tell_ratio(PictureRatio before);
    void tell_labels();
    std::string taken_from(const io::CheckpointFile& file) const;
    Networks resumed_networks(const io::CheckpointFile& file, std::vector<std::string>& warnings,
                              std::vector<std::string>& notes);
    void note(const std::string& sentence);
    const std::vector<int>& labelled_sheet();
    void make_trainer(Networks networks);
    std::optional<std::string> fit_rounds();
    bool several() const { return ranks_.size() > 1; }
    std::vector<std::string> meet(const std::string& mine);
    void share_checks(DatasetOptions& how);
    void agree_on_saving();
    void tell_ranks();
    void check_same_networks();
    void tell_slow_ranks();
    IterationInput next_input();
    [[noreturn]] void end_for_want_of_data(const std::string& why);
    void end_tick();
    double time_of_day() const; // seconds since 1970
    void check_weights() const;
    void write_state();
    bool save_is_due() const;
    static double seconds_since(Clock::time_point start);
    bool unless_the_disk_refuses(const std::function<void()>& work);
    void write_statistics();
    at::Tensor write_reals();
    at::Tensor labels_of_sheet();
    at::Tensor fakes(); // of a sheet, by all ranks: uint8 [N,C,H,W] on the first, undefined elsewhere
    void write_snapshot(const at::Tensor& pictures);
    void write_fakes(const std::string& name, const at::Tensor& pictures);
    void warn(const std::string& sentence);
    void log(const std::string& line);
    void stage(const std::string& what);
    void prepare_stage(const std::string& what); // throws Error if called off

    RunHooks hooks_;
    Ranks& ranks_;
    TrainOptions options_;
    TrainConfig config_;
    std::optional<RunFolder> folder_;
    std::shared_ptr<Dataset> data_;
    std::unique_ptr<Loader> loader_;
    std::unique_ptr<Trainer> trainer_;
    RunProgress progress_;
    std::string note_; // of choose_half_life, until there is a folder to log it in
    std::deque<nlohmann::ordered_json> unwritten_statistics_; // lines that the disk had no room for
    std::vector<std::string> told_;                           // sentences of warn(), each once
    Clock::time_point last_save_;
    // When it began, by the machine's clock, which may be set under way, and by the steady one: times of statistics
    // rise.
    const std::chrono::system_clock::time_point began_ = std::chrono::system_clock::now();
    const Clock::time_point began_steady_ = Clock::now();
    double maintenance_seconds_ = 0, tick_training_seconds_ = 0;
    double seconds_per_kimg_ = 0;
    bool save_asked_ = false, save_agreed_ = false; // of several ranks
    std::vector<int> labelled_sheet_;               // once it is known, which is the same for the whole run
    std::vector<std::string> random_of_ranks_;      // where they have random numbers of their own
    double tick_waited_seconds_ = 0;                // of its training, for the other ranks
};

} // namespace atelier::train
