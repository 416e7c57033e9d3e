// SPDX-License-Identifier: Apache-2.0
#include "studio/train/training_controller.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/error.h"
#include "base/log.h"
#include "studio/core/context.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

constexpr double check_seconds = 0.5; // between two looks at files on the disk
constexpr double stale_limit = 2;     // seconds that thumbnails may be behind the model in training
constexpr int keepsake_side = 96;     // px of the pictures kept of snapshots

// Every n-th pixel is enough for a keepsake.
PixelBuffer small_copy(const PixelBuffer& picture) {
    const int step = std::max(1, picture.width / keepsake_side);
    PixelBuffer small{picture.width / step, picture.height / step, {}, {}, picture.alpha};
    small.rgba.reserve(static_cast<std::size_t>(small.width) * static_cast<std::size_t>(small.height) * 4);
    for (int y = 0; y < small.height; ++y) {
        for (int x = 0; x < small.width; ++x) {
            const auto at = (static_cast<std::size_t>(y * step) * static_cast<std::size_t>(picture.width) +
                             static_cast<std::size_t>(x * step)) *
                            4;
            small.rgba.insert(small.rgba.end(), &picture.rgba[at], &picture.rgba[at] + 4);
        }
    }
    return small;
}

bool looks_same(const TrainStatus& a, const TrainStatus& b) {
    return a.state == b.state && a.stage == b.stage && a.kimg == b.kimg && a.tick_progress == b.tick_progress &&
           a.weights == b.weights && a.history == b.history && a.augmented == b.augmented &&
           a.snapshots.size() == b.snapshots.size() && a.warnings.size() == b.warnings.size() &&
           std::lround(a.memory_gb * 10) == std::lround(b.memory_gb * 10) &&
           std::lround(a.device_memory_gb * 10) == std::lround(b.device_memory_gb * 10) && a.message == b.message &&
           a.answered == b.answered;
}

} // namespace

TrainingController::TrainingController(StudioContext& context, std::unique_ptr<TrainingService> source,
                                       ImageMaker images)
    : context(context), plot_reading(std::numeric_limits<double>::quiet_NaN()), source_(std::move(source)),
      images_(std::move(images)) {
    if (source_) {
        status_ = source_->status();
        follow_ = opens_aside_ = status_.watched; // its first snapshot is shown as soon as it is read
    }
}

TrainingController::~TrainingController() = default;

ViewedModel TrainingController::viewed() const {
    return context.playback.viewed;
}

void TrainingController::show_panel() {
    context.ui.show_tab(Tab::train);
    context.settings.train_folded = false;
}

void TrainingController::finish() {
    source_.reset();
    images_of_.clear();
    augmented_.reset();
}

std::string TrainingController::file_on_screen() const {
    switch (context.playback.viewed) {
    case ViewedModel::opened: break;
    case ViewedModel::training: return (fs::path(status_.run_dir) / "checkpoint.safetensors").string();
    case ViewedModel::start: return start_model_;
    case ViewedModel::snapshot: return snapshot_path_;
    }
    return context.playback.opened_file();
}

TrainingController::Question TrainingController::question() const {
    const int resolution = form.start == StartFrom::shown && context.playback.model() != nullptr
                               ? context.playback.model()->resolution
                               : 0;
    const fs::path runs =
        context.settings.runs_folder.empty() ? standard_runs_folder() : fs::path(context.settings.runs_folder);
    return {form, file_on_screen(), resolution, runs};
}

TrainOptions TrainingController::options_now() const {
    const Question now = question();
    return options_of(now.form, now.shown, now.resolution, now.runs);
}

// Twice a second, on another thread.
bool TrainingController::follow_disk() {
    const auto find = [](const Question& of) -> Look {
        try {
            const TrainOptions options = options_of(of.form, of.shown, of.resolution, of.runs);
            return {options.out, why_not(of.form, options)};
        } catch (const std::exception& error) {
            return {"", message_of(error)};
        }
    };
    const Look* look = looking_.ask(question(), find, check_seconds);
    return look && std::exchange(look_, *look) != look_;
}

bool TrainingController::has_result() {
    const bool* there = result_.ask(
        status_.run_dir, [](const std::string& folder) { return is_run_folder(folder); }, check_seconds);
    return there && *there;
}

void TrainingController::begin(const TrainOptions& options) {
    log_info("Training begins: data {}, start {}, into {}", options.data,
             options.resume.empty() ? "from scratch" : options.resume, options.out);
    runs_before_ = show_status().runs;
    told_warnings_ = 0;
    raw_ = false; // a run begins with the averaged weights
    follow_ = true;
    start_model_ = options.resume;
    context.settings.train_data = options.data.empty() ? context.settings.train_data : options.data;
    source_->start(options);
}

void TrainingController::start() {
    if (!source_ || !status_.can_start())
        return;
    const TrainOptions options = options_now();
    const std::string trouble = why_not(form, options);
    if (!trouble.empty()) {
        show_panel();
        context.toasts.add(ToastKind::note, "Training can't begin yet", trouble);
        return;
    }
    begin(options);
}

void TrainingController::go_on() {
    const std::string& run = context.settings.unfinished_run;
    if (!source_ || !status_.can_start() || run.empty())
        return;
    TrainForm again = form;
    again.start = StartFrom::run;
    again.start_file = run;
    const TrainOptions options = options_of(again, {}, 0, {});
    const std::string trouble = why_not(again, options);
    if (trouble.empty()) {
        begin(options);
        return;
    }
    context.toasts.add(ToastKind::bad, "The run can't be gone on with", run + ": " + trouble);
}

void TrainingController::forget_unfinished() {
    context.settings.unfinished_run.clear();
}

void TrainingController::pause_or_resume() {
    if (!source_) {
        context.toasts.add(ToastKind::note, "This build of Atelier can't train");
    } else if (status_.can_pause()) {
        source_->command(TrainCommand::pause);
    } else if (status_.can_resume()) {
        source_->command(TrainCommand::resume);
    } else if (status_.watched) {
        context.toasts.add(ToastKind::note, "A run that is watched can't be paused from here",
                           "It can be asked to stop (Shift+T) and for a snapshot (Shift+C).");
    } else {
        start();
    }
}

void TrainingController::stop() {
    if (source_ && status_.can_stop())
        source_->command(TrainCommand::stop);
}

void TrainingController::save() {
    if (source_ && status_.can_stop())
        source_->command(status_.watched ? TrainCommand::snapshot : TrainCommand::save);
}

void TrainingController::use_data(const fs::path& data) {
    show_panel();
    ++data_changes;
    if (is_run_folder(data)) {
        form.start = StartFrom::run;
        form.start_file = data.string();
        return;
    }
    if (form.start == StartFrom::run)
        form.start = StartFrom::shown;
    form.options.data = data.string();
    form.out.clear(); // so that a new name is proposed
}

ShowStatus TrainingController::show_status() const {
    return context.playback.service().show_status();
}

bool TrainingController::can_compare() const {
    return show_status().runs > 0 && context.playback.viewed != ViewedModel::start;
}

void TrainingController::view(ViewedModel what, int snapshot) {
    const int count = static_cast<int>(status_.snapshots.size());
    if (what == ViewedModel::snapshot && (snapshot < 0 || snapshot >= count))
        return;
    follow_ = false;
    context.playback.viewed = what;
    snapshot_ = what == ViewedModel::snapshot ? snapshot : -1;
    snapshot_path_ = snapshot_ >= 0 ? status_.snapshots[static_cast<std::size_t>(snapshot_)] : std::string();
    context.playback.service().show(what, snapshot_path_);
}

int TrainingController::positions() const {
    return show_status().runs > 0 ? static_cast<int>(status_.snapshots.size()) + 2 : 0;
}

int TrainingController::current_position() const {
    switch (context.playback.viewed) {
    case ViewedModel::opened: break;
    case ViewedModel::start: return 0;
    case ViewedModel::snapshot: return snapshot_ + 1;
    case ViewedModel::training: return positions() - 1;
    }
    return -1;
}

void TrainingController::view_position(int stop) {
    const int count = positions();
    if (count == 0)
        return;
    stop = std::clamp(stop, 0, count - 1);
    if (stop == current_position())
        return;
    if (stop == 0) {
        view(ViewedModel::start);
    } else if (stop == count - 1) {
        view(ViewedModel::training);
    } else {
        view(ViewedModel::snapshot, stop - 1);
    }
}

void TrainingController::step_stop(int by) {
    view_position(current_position() < 0 ? positions() - 1 : current_position() + by);
}

void TrainingController::next_centre_view() {
    CentreView& middle = context.ui.centre_view;
    if (context.ui.tab == Tab::data) {
        middle = middle == CentreView::data ? CentreView::picture : CentreView::data;
        return;
    }
    if (!source_ && middle == CentreView::picture)
        return;
    middle = middle == CentreView::picture                      ? CentreView::seeds
             : middle == CentreView::seeds && status_.augmented ? CentreView::augmented
                                                                : CentreView::picture;
}

void TrainingController::set_raw(bool raw) {
    if (!source_ || raw == raw_ || !status_.active_here())
        return;
    raw_ = raw;
    source_->command(raw ? TrainCommand::show_raw : TrainCommand::show_ema);
}

void TrainingController::model_opened() {
    if (std::exchange(opens_aside_, false))
        return;
    if (context.playback.viewed != ViewedModel::opened)
        view(ViewedModel::opened);
}

bool TrainingController::tick(double seconds) {
    if (!source_)
        return false;
    const TrainStatus before = std::exchange(status_, source_->status());
    follow_state(before);
    source_->look_at(viewed() == ViewedModel::training || follow_, context.ui.centre_view == CentreView::augmented);
    follow_snapshots();
    follow_weights(seconds);
    const bool looked = follow_disk();
    const ViewState& view = context.state.view;
    const bool compare = (view.compare != Compare::off || compare_held) && can_compare();
    // Bars of unknown length move by themselves.
    const bool moving = status_.state == TrainState::preparing || status_.state == TrainState::stopping;
    const bool changed = looked || compare != comparing_ || moving || !looks_same(status_, before);
    if (compare != comparing_)
        context.playback.service().compare(compare);
    comparing_ = compare;
    return changed;
}

void TrainingController::follow_state(const TrainStatus& before) {
    if (follow_ && show_status().runs > runs_before_)
        view(ViewedModel::training);
    Toasts& toasts = context.toasts;
    if (status_.warnings.size() < told_warnings_)
        told_warnings_ = 0; // another run
    for (; told_warnings_ < status_.warnings.size(); ++told_warnings_) {
        toasts.add(ToastKind::note, "Training", status_.warnings[told_warnings_]);
    }
    const ShowStatus shown = show_status();
    if (!shown.message.empty() && shown.message != told_trouble_)
        toasts.add(ToastKind::bad, "The snapshot can't be shown", shown.message);
    told_trouble_ = shown.message;
    if (status_.active_here() && !status_.run_dir.empty()) // also for a run that ends without a word
        context.settings.unfinished_run = status_.run_dir;
    if (status_.answered > before.answered && before.watched)
        toasts.add(ToastKind::good, "The run has answered", status_.message);
    if (status_.state == before.state)
        return;
    if (status_.watched) {
        tell_watched_end();
    } else {
        tell_end();
    }
}

void TrainingController::tell_end() {
    if (status_.state == TrainState::failed) {
        follow_ = false;
        context.ui.close_wanted = false; // not before the person has read why
        context.toasts.add(ToastKind::bad, "Training has stopped", status_.message);
    } else if (status_.state == TrainState::finished) {
        if (status_.kimg >= status_.total_kimg)
            forget_unfinished();
        context.toasts.add(ToastKind::good, "Training is saved",
                           status_.message.empty() ? status_.run_dir : status_.message);
    }
}

void TrainingController::tell_watched_end() {
    if (status_.state == TrainState::failed) {
        context.toasts.add(ToastKind::bad, "The run that is watched has failed", status_.message);
    } else if (status_.state == TrainState::finished) {
        context.toasts.add(ToastKind::good, "The run that is watched has ended", status_.message);
    }
}

// What the picture was when a snapshot was written shows best what training did to it.
void TrainingController::follow_snapshots() {
    if (run_ != status_.run_dir) {
        run_ = status_.run_dir;
        images_of_.clear();
        for (const std::string& path : status_.snapshots) // older than this window
            images_of_[path] = nullptr;
    }
    const Frame& shown = context.playback.shown();
    if (context.playback.viewed != ViewedModel::training || !shown.pixels || shown.preview)
        return;
    if (!images_of_.contains("") && shown.compare)
        images_of_[""] = images_(small_copy(*shown.compare));
    for (const std::string& path : status_.snapshots) {
        if (!images_of_.contains(path))
            images_of_[path] = images_(small_copy(*shown.pixels));
    }
}

ImTextureID TrainingController::stop_image(int stop) const {
    const std::size_t index = static_cast<std::size_t>(stop) - 1;
    const std::string path = stop > 0 && index < status_.snapshots.size() ? status_.snapshots[index] : std::string();
    if (stop != 0 && path.empty())
        return {};
    const auto found = images_of_.find(path);
    return found == images_of_.end() || !found->second ? ImTextureID{} : found->second->id();
}

void TrainingController::follow_weights(double seconds) {
    stale_seconds_ += seconds;
    const std::uint64_t epoch = context.playback.shown().weights_epoch;
    if (epoch == epoch_ || stale_seconds_ < stale_limit)
        return;
    epoch_ = epoch;
    stale_seconds_ = 0;
    context.thumbnails.refresh();
}

ImTextureID TrainingController::augmented() {
    if (status_.augmented != augmented_shown_) {
        augmented_shown_ = status_.augmented;
        augmented_ = augmented_shown_ && augmented_shown_->width > 0 ? images_(*augmented_shown_) : nullptr;
    }
    return augmented_ ? augmented_->id() : ImTextureID{};
}

std::pair<int, int> TrainingController::augmented_size() const {
    return status_.augmented ? std::pair{status_.augmented->width, status_.augmented->height} : std::pair{0, 0};
}

} // namespace atelier::studio
