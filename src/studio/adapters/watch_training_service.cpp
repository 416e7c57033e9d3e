// SPDX-License-Identifier: Apache-2.0
#include "studio/adapters/watch_training_service.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/log.h"
#include "engine/loaded_model.h"
#include "ops/threads.h"
#include "train/run_watch.h"

namespace atelier::studio {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds look_interval{1000};
constexpr double retry_seconds = 10;

double seconds_now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string time_of(double seconds) {
    return seconds < 90 ? fmt::format("{:.0f} s", seconds) : fmt::format("{:.0f} min", seconds / 60);
}

} // namespace

WatchTrainingService::WatchTrainingService(EngineRenderService& viewer, const fs::path& run,
                                           const EngineOptions& options)
    : viewer_(viewer), run_(run), device_(options.device), threads_(options.threads),
      watch_(std::make_unique<train::RunWatch>(run)) {
    watch_->look(seconds_now());
    status_ = watch_->status();
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

WatchTrainingService::~WatchTrainingService() = default;

void WatchTrainingService::start(const TrainOptions& /*options*/) {}

void WatchTrainingService::command(TrainCommand command) {
    const bool stop = command == TrainCommand::stop;
    if (!stop && command != TrainCommand::save && command != TrainCommand::snapshot) {
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        if (!status_.can_stop()) {
            return;
        }
        trouble_.clear();
        try {
            train::ask_of_run(run_, stop ? train::RunRequest::stop : train::RunRequest::snapshot);
        } catch (const Error& error) {
            trouble_ = error.what();
        }
        asked_anew_ = true;
    }
    changed_.notify_all();
}

TrainStatus WatchTrainingService::status() {
    const std::lock_guard lock(mutex_);
    return status_;
}

void WatchTrainingService::look_at(bool weights, bool /*augmented*/) {
    const std::lock_guard lock(mutex_);
    asked_anew_ = asked_anew_ || (weights && !wanted_);
    wanted_ = weights;
    if (asked_anew_) {
        changed_.notify_all();
    }
}

void WatchTrainingService::work(const std::stop_token& stop) {
    set_operation_threads(threads_);
    train::RunWatch& watch = *watch_;
    while (!stop.stop_requested()) {
        watch.look(seconds_now());
        for (const std::string& line : watch.new_lines()) {
            log_info("{}", line);
        }
        TrainStatus now = watch.status();
        if (watch.overdue()) {
            now.stage = fmt::format("no sign for {}", time_of(watch.silent_seconds()));
        } else if (train::is_asked(run_, train::RunRequest::stop)) {
            now.stage = "asked to stop";
        } else if (train::is_asked(run_, train::RunRequest::snapshot)) {
            now.stage = "asked for a snapshot";
        }
        bool wanted = false;
        {
            const std::lock_guard lock(mutex_);
            now.weights = status_.weights;
            if (!trouble_.empty()) {
                now.warnings.push_back(trouble_);
            }
            status_ = now;
            wanted = wanted_ || published_ == 0;
        }
        if (const std::string file = wanted ? next_to_read(now) : ""; !file.empty()) {
            read(file, stop);
            continue;
        }
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, stop, look_interval, [this] { return asked_anew_; });
        asked_anew_ = false;
    }
}

// The first is what the others are compared with: the oldest snapshot there is, or, before there is one, the
// checkpoint.
std::string WatchTrainingService::next_to_read(const TrainStatus& status) {
    std::string file;
    if (status.snapshots.empty()) {
        const fs::path checkpoint = run_ / "checkpoint.safetensors";
        std::error_code error;
        file = published_ == 0 && fs::is_regular_file(checkpoint, error) ? checkpoint.string() : "";
    } else {
        file = published_ == 0 ? status.snapshots.front() : status.snapshots.back();
    }
    const bool refused = file == refused_ && seconds_now() - refused_at_ < retry_seconds;
    return file == shown_ || refused ? "" : file;
}

void WatchTrainingService::read(const std::string& file, const std::stop_token& stop) {
    try {
        auto model = load_model(file, device_, stop, published_ + 1);
        if (!model) {
            return; // it is over
        }
        viewer_.publish(std::move(model), published_ == 0);
        shown_ = file;
        refused_.clear();
        ++published_;
        const std::lock_guard lock(mutex_);
        status_.weights = published_;
    } catch (const std::exception& error) { // it may be gone by now, or not be there yet as seen from here
        refused_ = file;
        refused_at_ = seconds_now();
        log_warning("{}", message_of(error));
    }
}

} // namespace atelier::studio
