// SPDX-License-Identifier: Apache-2.0
// How a run is told: options.json, a line of stats.jsonl and of log.txt, a point of the curves.
#pragma once

#include <string>

#include <c10/core/Device.h>
#include <nlohmann/json.hpp>

#include "train/checkpoint_state.h"
#include "train/config.h"

namespace atelier::train {

// The options asked for, and what they came to under the names of the public tool's training_options.json.
nlohmann::ordered_json describe_options(const TrainOptions& options, const TrainConfig& config);

// One line of stats.jsonl, fields as the public tool writes them. Seconds: spent training in this tick, and on
// statistics and files before it. time_of_day: seconds since 1970.
nlohmann::ordered_json describe_tick(const Trainer& trainer, const RunProgress& progress, double seconds,
                                     double maintenance_seconds, double time_of_day);
std::string tick_line(const Trainer& trainer, const RunProgress& progress, double seconds, double maintenance_seconds);
TrainPoint tick_point(const Trainer& trainer, double seconds, std::int64_t images);

double process_memory_gb();                  // resident
double device_memory_gb(c10::Device device); // of tensors now; 0 of the CPU

} // namespace atelier::train
