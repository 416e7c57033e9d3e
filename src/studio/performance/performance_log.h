// SPDX-License-Identifier: Apache-2.0
// The performance log: what was done while playing, against a clock, as JSON lines - a walk is a function of time, so
// only changes are kept. docs/files.md has the format. The writer belongs to the Studio, its file to a thread.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "studio/state/animation.h"
#include "studio/state/log_latents.h"

namespace atelier::studio {

// 1: no edits of lists, and each latent wherever it is used. 2: random noise of other numbers. 3: nothing was connected
// from outside. 4: no turns.
inline constexpr int performance_version = 5;

// A change at a time: fields of the state and of the motion as partial JSON objects (see serialization.h).
struct PerformanceEvent {
    double seconds = 0;
    std::string state, animated; // JSON; empty: nothing of it
    std::string model;           // file that plays from here on; empty: the one before
    double glide_seconds = -1;   // from here on; below 0: as before
};

// Random noise that is new in each picture: its seed in the pictures from then on.
struct NoiseAt {
    double seconds = 0;
    std::uint32_t seed = 0;
};

// The window's turn: the motion went on by `seconds`, from `begin` to `end` of the performance. Between two of them it
// stood.
struct PlayedTurn {
    double begin = 0, end = 0;
    double seconds = 0;
};

struct Performance {
    std::string model;                            // file
    double glide_seconds = default_glide_seconds; // until an event says otherwise
    StudioState state;                            // at second 0
    AnimatedValues animated;
    std::vector<PerformanceEvent> events; // in order of time
    std::vector<NoiseAt> noise;           // in order of time; empty: older logs, which didn't keep it
    std::vector<PlayedTurn> turns;        // in order of time; empty: older logs, which didn't keep them
    NoiseNumbers noise_numbers = NoiseNumbers::counter;
    LogLatents latents; // that events name by their numbers
    double seconds = 0; // how long it lasts
};

// Throws Error: what is wrong in which line of which file. A last line that was cut off (the program was killed) is
// left out.
Performance load_performance(const std::filesystem::path& file);

// The timeline of a state from start to end as a performance of its own.
Performance performance_of_timeline(const StudioState& state, const std::string& model);

class PerformanceLog {
public:
    // Begins the file. Trouble with it shows in error() later; no call waits for the disk, nor does what waits for it
    // grow without end: a disk that is too slow ends the log.
    PerformanceLog(std::filesystem::path file, const std::string& model, double glide_seconds, const StudioState& state,
                   const AnimatedValues& animated);
    ~PerformanceLog(); // ends the file
    PerformanceLog(const PerformanceLog&) = delete;
    PerformanceLog& operator=(const PerformanceLog&) = delete;

    // Once a tick, before Animator::advance: what people did since the last one, the model's file, and how long a glide
    // takes.
    void before(const StudioState& state, const AnimatedValues& animated, const std::string& model,
                double glide_seconds);
    // And after it; seconds: what the motion was advanced by.
    void after(const AnimatedValues& animated, double seconds);
    // Ahead of both: the picture stood for so long, though nobody had frozen it.
    void stand_still(double seconds);

    double seconds() const { return seconds_; }
    const std::filesystem::path& file() const { return file_; }
    std::string error() const;         // one sentence; empty: all is well
    std::size_t bytes_waiting() const; // for the disk

private:
    void add_line(const std::string& rest); // `,"name":value`s after the time

    struct Kept;
    std::filesystem::path file_;
    std::unique_ptr<Kept> kept_;
    std::string model_;
    double glide_seconds_;
    double seconds_ = 0;
    double told_ = 0; // of the last line
    std::optional<std::uint32_t> noise_told_;
    std::string turns_; // since the last line
};

} // namespace atelier::studio
