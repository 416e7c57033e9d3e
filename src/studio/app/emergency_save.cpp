// SPDX-License-Identifier: Apache-2.0
// What is left to do once the window can't be drawn any more: everything is saved, nothing is shown.
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "studio/studio.h"

namespace atelier::studio {
namespace {

using Clock = std::chrono::steady_clock;

// Whether it came true in time.
template <typename Condition> bool wait_for(const Condition& condition, Clock::time_point deadline) {
    while (!condition()) {
        if (Clock::now() >= deadline)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
}

std::string fate_of(const TrainStatus& end) {
    switch (end.state) {
    case TrainState::idle: return "";
    case TrainState::finished: return fmt::format("; training is saved in {} and can be gone on with", end.run_dir);
    case TrainState::failed: return fmt::format("; training could not be saved: {}", end.message);
    default: return fmt::format("; training did not end in time, and the last checkpoint in {} is kept", end.run_dir);
    }
}

} // namespace

TrainStatus TrainingController::stop_and_wait(double seconds) {
    if (!source_ || !source_->status().active_here())
        return {};
    source_->command(TrainCommand::stop);
    const auto limit = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    wait_for([this] { return !source_->status().active(); }, Clock::now() + limit);
    return source_->status();
}

std::string Studio::emergency_save(double seconds) {
    const auto limit = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    const auto deadline = Clock::now() + limit;
    settings_file.save_now(); // they name the run in progress
    capture.recording.recorder.stop();
    document.autosave_now();
    capture.exporter.cancel();
    const TrainStatus end = training.stop_and_wait(seconds);
    wait_for([this] { return capture.recording.recorder.status().can_start() && !capture.exporter.status().busy(); },
             deadline);
    capture.pictures.wait_for_saves(deadline);
    return "the display is gone, so the window is closed" + fate_of(end);
}

} // namespace atelier::studio
