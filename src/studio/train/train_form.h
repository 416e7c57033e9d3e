// SPDX-License-Identifier: Apache-2.0
// TrainForm: what the Train panel sets, as one plain value, and what becomes of it. Pure but for looking at files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/train_values.h"

namespace atelier::studio {

enum class StartFrom {
    shown,   // the model on the screen
    file,    // another model file
    scratch, // random weights
    run,     // a run folder, to go on with
};

struct TrainForm {
    bool expert = false;
    StartFrom start = StartFrom::shown;
    std::string start_file; // StartFrom::file: the model; StartFrom::run: the folder
    std::string out;        // run folder; empty: proposed
    TrainOptions options;   // simple mode takes data, kimg, mirrors, aug and p of it
    TrainForm();
    bool operator==(const TrainForm&) const = default;
};

inline constexpr double studio_tick = 0.25; // kimg: a line of numbers every few seconds, not minutes
inline constexpr double standard_kimg = 5;

// The options of the run. `shown` is the file that the model on the screen stands for, empty: none; `resolution` its
// side in pixels, 0: not known.
TrainOptions options_of(const TrainForm& form, const std::string& shown, int resolution,
                        const std::filesystem::path& runs);

// Why that run can't begin, in one sentence that says what to do; empty: it can.
std::string why_not(const TrainForm& form, const TrainOptions& options);

// What options.aug == fixed means without a p, and how the panel shows it.
inline constexpr double standard_p = 0.4;

// XDG_DATA_HOME/atelier/runs, or ~/.local/share/atelier/runs; else a folder "runs" here.
std::filesystem::path standard_runs_folder();
// The first of <runs>/<name of the data>-001, -002, ... that does not exist.
std::filesystem::path propose_run(const std::filesystem::path& runs, const std::filesystem::path& data);

// Whether it can be trained on: a folder or a .zip; and whether it holds a run to go on with.
bool is_training_data(const std::filesystem::path& path);
bool is_run_folder(const std::filesystem::path& path);

// "snapshot-000012.safetensors" -> 12; none without digits.
std::optional<double> kimg_of_snapshot(const std::filesystem::path& path);

} // namespace atelier::studio
