// SPDX-License-Identifier: Apache-2.0
// What a run writes: statistics, snapshots with their sheets, the checkpoint, the log.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/error.h"
#include "base/log.h"
#include "io/checkpoint_write.h"
#include "model/load.h"
#include "ops/device_queue.h"
#include "train/grid.h"
#include "train/guard.h"
#include "train/run.h"
#include "train/run_report.h"
#include "train/sampler.h"
#include "train/shared_pictures.h"

namespace atelier::train {
namespace {

// From scratch the pictures are noise before, whose variety says nothing.
constexpr double settled_kimg = 20;
constexpr double save_interval = 120; // seconds
constexpr int sheet_compression = 2;  // of 1 to 9: training waits for a sheet, and at 512 px it has 94 MB

std::string as_sentence(std::string text) {
    return text.empty() || text.back() == '.' ? text : text + ".";
}

bool all_finite(const model::Parameters& parameters) {
    const at::NoGradGuard no_grad;
    return std::all_of(parameters.all().begin(), parameters.all().end(), [](const model::Parameter& p) {
        // A sum is finite only if every term is, and costs no second tensor.
        return std::isfinite(p.value.detach().to(at::kDouble).sum().item<double>());
    });
}

SheetSize sheet_of(const TrainRun& run) {
    const auto [width, height] = run.size();
    return sheet_size(shown_size(width, height, run.progress().ratio));
}

} // namespace

double TrainRun::time_of_day() const {
    return std::chrono::duration<double>(began_.time_since_epoch()).count() + seconds_since(began_steady_);
}

void TrainRun::end_tick() {
    const auto start = Clock::now();
    if (several()) {
        tell_slow_ranks();
    }
    const double diversity = diversity_of(trainer_->networks.g_ema, ranks_);
    if (kimg() >= settled_kimg || !options_.resume.empty()) {
        progress_.most_diversity = std::max(progress_.most_diversity, diversity);
    }
    progress_.history.push_back(
        tick_point(*trainer_, tick_training_seconds_, trainer_->images - progress_.tick_start_images));
    unwritten_statistics_.push_back(
        describe_tick(*trainer_, progress_, tick_training_seconds_, maintenance_seconds_, time_of_day()));
    unless_the_disk_refuses([this] { write_statistics(); });
    log(tick_line(*trainer_, progress_, tick_training_seconds_, maintenance_seconds_));
    if (const auto odd = judge_diversity(diversity, progress_.most_diversity); odd && ranks_.first()) {
        warn(*odd);
    }
    if (const auto odd = judge_overfitting(progress_.history.back().rt, trainer_->p, config_.trainer.ada.max,
                                           config_.trainer.augment.has_value())) {
        warn(*odd);
    }
    const bool snapshot = done() || (config_.snapshot_ticks > 0 && progress_.ticks % config_.snapshot_ticks == 0);
    ++progress_.ticks;
    progress_.tick_start_images = trainer_->images;
    trainer_->statistics.clear();
    ops::restart_peak(device());
    tick_training_seconds_ = 0;
    if (done()) { // there is no later time to try
        write_snapshot(fakes());
        save();
    } else {
        if (snapshot) {
            const at::Tensor pictures = fakes();
            unless_the_disk_refuses([&] { write_snapshot(pictures); });
        }
        if (snapshot || (several() ? save_agreed_ : save_is_due())) {
            save_if_possible();
        }
    }
    maintenance_seconds_ = seconds_since(start);
}

void TrainRun::write_snapshot(const at::Tensor& pictures) {
    if (!ranks_.first()) {
        return;
    }
    io::CheckpointFile file;
    file.networks["G_ema"] = model::to_network_data(trainer_->networks.g_ema);
    file.metadata["training"] = {{"kimg", progress_.kimg_before + kimg()},
                                 {"data", std::filesystem::path(options_.data).filename().string()}};
    model::set_picture_ratio(file, progress_.ratio);
    model::set_class_facts(file, progress_.classes);
    io::write_checkpoint(folder_->snapshot(kimg()), file);
    folder_->keep_newest_snapshots(options_.keep);
    write_fakes(folder_->snapshot(kimg()).stem().string(), pictures);
}

at::Tensor TrainRun::labels_of_sheet() {
    std::vector<at::Tensor> rows;
    if (config_.g.mapping.c_dim > 0) {
        for (const int index : labelled_sheet()) {
            rows.push_back(data_->label(index));
        }
    }
    return rows.empty() ? at::Tensor() : at::stack(rows);
}

at::Tensor TrainRun::fakes() {
    return seed_pictures(trainer_->networks.g_ema, sheet_of(*this).count(), labels_of_sheet(), ranks_);
}

void TrainRun::write_fakes(const std::string& name, const at::Tensor& pictures) {
    io::write_png(folder_->picture(name), sheet(pictures, sheet_of(*this).columns, progress_.ratio), sheet_compression);
}

void TrainRun::save() {
    stage("saving");
    check_weights();
    check_same_networks();
    write_state();
    stage("");
}

void TrainRun::write_state() {
    if (!ranks_.first()) {
        return;
    }
    io::write_checkpoint(folder_->checkpoint(), to_checkpoint(*trainer_, progress_, options_, random_of_ranks_));
    last_save_ = Clock::now();
}

bool TrainRun::save_is_due() const {
    return seconds_since(last_save_) >= save_interval;
}

bool TrainRun::save_if_possible() {
    stage("saving");
    check_weights();
    check_same_networks();
    const bool saved = unless_the_disk_refuses([this] { write_state(); });
    last_save_ = Clock::now(); // also if it isn't: trying takes long, too
    stage("");
    return saved;
}

bool TrainRun::snapshot_if_possible() {
    const at::Tensor pictures =
        seed_pictures(trainer_->networks.g_ema, sheet_of(*this).count(), labels_of_sheet()); // asked of this rank alone
    return unless_the_disk_refuses([&] { write_snapshot(pictures); });
}

void TrainRun::check_weights() const {
    if (!all_finite(trainer_->networks.g.parameters) || !all_finite(trainer_->networks.d.parameters)) {
        throw AgreedError(
            fmt::format("The networks hold values that are no numbers, so they are not saved; the checkpoint "
                        "of before is kept in {}.",
                        folder_->path().string()));
    }
}

// A disk that is full for a while is no reason to lose what was learnt: it is told, and tried again.
bool TrainRun::unless_the_disk_refuses(const std::function<void()>& work) {
    try {
        work();
        return true;
    } catch (const Error& error) {
        warn(fmt::format("{} Training goes on, and tries again later.", as_sentence(error.what())));
        return false;
    }
}

void TrainRun::write_statistics() {
    if (!ranks_.first()) {
        unwritten_statistics_.clear();
    }
    while (!unwritten_statistics_.empty()) {
        folder_->append_statistics(unwritten_statistics_.front());
        unwritten_statistics_.pop_front();
    }
}

// With labels each row of a sheet is of one class, or of one label, as in the public code's.
const std::vector<int>& TrainRun::labelled_sheet() {
    if (labelled_sheet_.empty()) {
        const SheetSize shape = sheet_of(*this);
        const auto copy = [this](int picture, std::vector<float>& into) {
            into.resize(static_cast<std::size_t>(data_->used_label_dim()));
            data_->copy_label(picture, into.data());
        };
        labelled_sheet_ = labelled_grid(data_->size(), copy, shape.columns, shape.rows, 0).indices;
    }
    return labelled_sheet_;
}

at::Tensor TrainRun::write_reals() {
    std::vector<at::Tensor> reals;
    if (config_.g.mapping.c_dim > 0) {
        for (const int index : labelled_sheet()) {
            reals.push_back(data_->image(index));
        }
    }
    const int shown = reals.empty() ? std::min(data_->size(), sheet_of(*this).count()) : 0;
    for (int i = 0; i < shown; ++i) {
        reals.push_back(data_->image(static_cast<std::int64_t>(i) * data_->size() / shown));
    }
    const at::Tensor pictures = at::stack(reals);
    io::write_png(folder_->picture("reals"), sheet(pictures, sheet_of(*this).columns, progress_.ratio),
                  sheet_compression);
    return pictures;
}

void TrainRun::warn(const std::string& sentence) {
    if (std::find(told_.begin(), told_.end(), sentence) != told_.end()) {
        return;
    }
    told_.push_back(sentence);
    log(sentence);
    if (hooks_.warn && ranks_.first()) {
        hooks_.warn(sentence);
    }
}

void TrainRun::log(const std::string& line) {
    if (!ranks_.first()) {
        return;
    }
    if (folder_) {
        try {
            folder_->log(line);
        } catch (const Error& error) { // the line is told to whoever watches, all the same
            log_warning("{}", error.what());
        }
    }
    if (hooks_.line) {
        hooks_.line(line);
    }
}

} // namespace atelier::train
