// SPDX-License-Identifier: Apache-2.0
#include "train/run_watch.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "train/run_status.h"

namespace atelier::train {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t most_points = 1'000'000; // of curves, and of snapshots
constexpr double least_patience = 30;

double mean_of(const json& line, const char* name) {
    const auto found = line.find(name);
    if (found == line.end() || !found->is_object()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const auto mean = found->find("mean");
    return mean != found->end() && mean->is_number() ? mean->get<double>() : std::numeric_limits<double>::quiet_NaN();
}

// A line of stats.jsonl as the panel's curves have it, see tick_point; false: it is none.
bool point_of(const std::string& text, TrainPoint& point) {
    const json line = json::parse(text, nullptr, false);
    if (!line.is_object()) {
        return false;
    }
    point.kimg = mean_of(line, "Progress/kimg");
    point.g_loss = mean_of(line, "Loss/G/loss");
    point.d_loss = mean_of(line, "Loss/D/loss");
    point.score_real = mean_of(line, "Loss/scores/real");
    point.score_fake = mean_of(line, "Loss/scores/fake");
    point.rt = mean_of(line, "Loss/signs/real");
    point.p = mean_of(line, "Progress/augment");
    point.pl_penalty = mean_of(line, "Loss/pl_penalty");
    point.r1_penalty = mean_of(line, "Loss/r1_penalty");
    point.sec_per_kimg = mean_of(line, "Timing/sec_per_kimg");
    return std::isfinite(point.kimg);
}

bool is_active(TrainState state) {
    return state != TrainState::idle && state != TrainState::finished && state != TrainState::failed;
}

std::vector<std::string> snapshots_in(const fs::path& run) {
    std::vector<std::string> found;
    std::error_code error;
    for (fs::directory_iterator it(run, error), end; !error && it != end && found.size() < most_points;
         it.increment(error)) {
        const std::string name = it->path().filename().string();
        if (name.starts_with("snapshot-") && it->path().extension() == ".safetensors") {
            found.push_back(it->path().string());
        }
    }
    std::ranges::sort(found);
    return found;
}

} // namespace

RunWatch::RunWatch(fs::path run) : run_(std::move(run)), statistics_(run_ / "stats.jsonl"), log_(run_ / "log.txt") {
    std::error_code error;
    if (!fs::is_regular_file(run_ / "options.json", error) &&
        !fs::is_regular_file(run_ / "checkpoint.safetensors", error)) {
        fail("{}: no run has begun in it; name the folder that 'atelier train --out' writes.", run_.string());
    }
    status_.run_dir = run_.string();
    status_.watched = true;
}

void RunWatch::read_statistics() {
    bool anew = false, changed = false;
    const std::vector<std::string> lines = statistics_.take(anew);
    if (anew) { // it was gone on with from an earlier checkpoint
        points_.clear();
        changed = true;
    }
    for (const std::string& line : lines) {
        TrainPoint point;
        if (points_.size() < most_points && point_of(line, point)) {
            points_.push_back(point);
            changed = true;
        }
    }
    if (changed) {
        status_.history = std::make_shared<const std::vector<TrainPoint>>(points_);
    }
}

void RunWatch::look(double now) {
    const auto history = status_.history;
    bool anew = false;
    lines_ = log_.take(anew);
    std::ranges::transform(lines_, lines_.begin(), shown_line);
    std::error_code error;
    const fs::file_time_type told = fs::last_write_time(run_ / "status.json", error);
    try {
        if (std::optional<RunSign> sign = read_sign(run_)) {
            status_ = std::move(sign->status);
            patience_ = std::max(least_patience, sign->next_within);
            heard_ = true;
        } else if (!heard_) { // else the disk is gone for a while: it is silent

            status_ = {};
            status_.state = TrainState::finished;
            status_.message = "The run tells nothing of its state: it has ended, or an older Atelier writes it.";
        }
    } catch (const Error&) { // of the moment, or a stranger's: what was told before stays
    }
    status_.watched = true;
    status_.run_dir = run_.string();
    status_.history = history;
    if (told_at_ < 0 || (!error && told != told_)) {
        told_ = told;
        told_at_ = now;
    }
    silent_ = is_active(status_.state) ? now - told_at_ : 0;
    read_statistics();
    status_.snapshots = snapshots_in(run_);
    if (status_.kimg == 0 && !points_.empty()) {
        status_.kimg = points_.back().kimg;
    }
}

} // namespace atelier::train
