// SPDX-License-Identifier: Apache-2.0
#include "ui/synthetic_training_service.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace atelier::testing {
namespace {

// Curves of the usual shape.
TrainPoint point_at(double kimg, int index, const TrainOptions& options) {
    const double wobble = std::sin(index * 1.7) * 0.06 + std::sin(index * 0.37) * 0.05;
    TrainPoint point;
    point.kimg = kimg;
    point.g_loss = 1.2 - 0.4 * std::exp(-kimg) + wobble;
    point.d_loss = 0.9 + 0.3 * std::exp(-kimg) - wobble;
    point.score_real = 0.9 - 0.5 * std::exp(-kimg / 2) + wobble;
    point.score_fake = -0.8 + 0.5 * std::exp(-kimg / 2) + wobble;
    point.rt = std::min(1.0, 0.3 + 0.4 * (1 - std::exp(-kimg)) + wobble);
    point.p = options.aug == AugmentMode::ada ? std::min(1.0, kimg / 20) : options.p.value_or(0);
    point.pl_penalty = index % 4 == 3 ? std::numeric_limits<double>::quiet_NaN() : 0.02 * std::exp(-kimg / 3) + 0.002;
    point.r1_penalty = 0.3 * std::exp(-kimg / 2) + 0.02 + 0.01 * wobble;
    point.sec_per_kimg = 62;
    return point;
}

std::shared_ptr<const PixelBuffer> augmented_grid(std::uint32_t seed) {
    constexpr int side = 48, columns = 5;
    auto grid = std::make_shared<PixelBuffer>(PixelBuffer{side * columns, side * columns, {}});
    grid->rgba.resize(static_cast<std::size_t>(grid->width) * static_cast<std::size_t>(grid->height) * 4);
    for (int cell = 0; cell < columns * columns; ++cell) {
        RenderParams params;
        params.walk.seeds = {seed * 100 + static_cast<std::uint32_t>(cell)};
        const auto picture = synthetic_picture(params, side);
        for (int y = 0; y < side; ++y) {
            const auto from = static_cast<std::size_t>(y * side) * 4;
            const auto to = (static_cast<std::size_t>((cell / columns * side + y) * grid->width) +
                             static_cast<std::size_t>(cell % columns * side)) *
                            4;
            std::copy_n(picture->rgba.begin() + static_cast<std::ptrdiff_t>(from), side * 4,
                        grid->rgba.begin() + static_cast<std::ptrdiff_t>(to));
        }
    }
    return grid;
}

} // namespace

void SyntheticTrainer::start(const TrainOptions& options) {
    started.push_back(options);
    if (!status_.can_start())
        return;
    options_ = options;
    status_ = {};
    status_.total_kimg = options.kimg.value_or(0);
    status_.run_dir = options.out;
    status_.target = options.target.value_or(0.6);
    if (options.data.find("broken") != std::string::npos) {
        fail(options.data + " holds no picture that can be used; put PNG or JPEG files there.");
        return;
    }
    status_.state = TrainState::preparing;
    status_.stage = "reading pictures";
    next_tick_ = 0;
    next_snapshot_ = options.tick * options.snap;
    waiting_ = 0;
}

void SyntheticTrainer::command(TrainCommand command) {
    commands.push_back(command);
    switch (command) {
    case TrainCommand::pause:
        if (status_.can_pause())
            status_.state = TrainState::pausing;
        break;
    case TrainCommand::resume:
        if (status_.can_resume())
            status_.state = TrainState::running;
        break;
    case TrainCommand::stop:
        if (status_.can_stop()) {
            status_.state = TrainState::stopping;
            status_.stage = "writing the checkpoint";
        }
        break;
    case TrainCommand::snapshot:
    case TrainCommand::save:
    case TrainCommand::show_ema:
    case TrainCommand::show_raw: break;
    }
    waiting_ = 0;
}

void SyntheticTrainer::be_watched(const std::string& run) {
    options_.out = run;
    options_.tick = 0.5;
    options_.snap = 2;
    status_.watched = true;
    status_.run_dir = run;
    status_.total_kimg = 100;
    status_.state = TrainState::preparing;
    next_snapshot_ = options_.tick * options_.snap;
}

void SyntheticTrainer::settle() {
    switch (status_.state) {
    case TrainState::preparing:
        status_.state = TrainState::running;
        status_.stage.clear();
        status_.pictures = options_.mirror_x ? 80 : 40;
        status_.width = status_.height = 64;
        publish(true);
        break;
    case TrainState::pausing: status_.state = TrainState::paused; break;
    case TrainState::stopping:
        status_.state = TrainState::finished;
        status_.stage.clear();
        status_.message = "The run can be gone on with at any time.";
        break;
    default: break;
    }
}

void SyntheticTrainer::publish(bool first) {
    ++status_.weights;
    if (viewer_)
        viewer_->publish(status_.weights, first);
}

void SyntheticTrainer::step(double kimg) {
    if (status_.state != TrainState::running)
        return;
    status_.kimg = std::min(status_.kimg + kimg, status_.total_kimg);
    status_.sec_per_kimg = 62;
    status_.seconds_left = (status_.total_kimg - status_.kimg) * status_.sec_per_kimg;
    status_.memory_gb = 1.4;
    status_.tick_progress = std::fmod(status_.kimg / options_.tick, 1.0);
    std::vector<TrainPoint> points;
    if (status_.history)
        points = *status_.history;
    const std::size_t before = points.size();
    for (; next_tick_ <= status_.kimg; next_tick_ += options_.tick)
        points.push_back(point_at(next_tick_, static_cast<int>(points.size()), options_));
    if (points.size() != before) {
        set_history(std::move(points));
        status_.augmented = augmented_grid(static_cast<std::uint32_t>(before));
    }
    for (; next_snapshot_ <= status_.kimg; next_snapshot_ += options_.tick * options_.snap)
        status_.snapshots.push_back(fmt::format("{}/snapshot-{:06.2f}.safetensors", options_.out, next_snapshot_));
    publish(false);
    if (status_.kimg >= status_.total_kimg) {
        status_.state = TrainState::finished;
        status_.message = "The run has reached its length.";
    }
}

void SyntheticTrainer::fail(const std::string& sentence) {
    status_.state = TrainState::failed;
    status_.stage.clear();
    status_.message = sentence;
}

void SyntheticTrainer::set_history(std::vector<TrainPoint> points) {
    if (!points.empty()) {
        status_.p = points.back().p;
        status_.rt = points.back().rt;
    }
    status_.history = std::make_shared<const std::vector<TrainPoint>>(std::move(points));
}

void SyntheticTrainer::follow_clock() {
    const auto now = std::chrono::steady_clock::now();
    const double seconds =
        last_.time_since_epoch().count() == 0 ? 0 : std::chrono::duration<double>(now - last_).count();
    last_ = now;
    if (status_.state == TrainState::running) {
        const double kimg = seconds * kimg_a_second_;
        if (kimg > 0)
            step(kimg);
    } else if (status_.active() && (waiting_ += seconds) > 1) {
        settle();
        waiting_ = 0;
    }
}

TrainStatus SyntheticTrainer::status() {
    if (kimg_a_second_ > 0)
        follow_clock();
    return status_;
}

} // namespace atelier::testing
