// SPDX-License-Identifier: Apache-2.0
// One function per command: registers it with the command line; its callback runs it and throws Error for bad input.
#pragma once

#include <CLI/CLI.hpp>

namespace atelier {

void add_info_command(CLI::App& app);
void add_dataset_command(CLI::App& app);
void add_dataset_check(CLI::App& dataset); // of add_dataset_command, as is
void add_dataset_shard(CLI::App& dataset);
void add_eval_command(CLI::App& app);
void add_convert_command(CLI::App& app);
void add_formats_command(CLI::App& app);
void add_render_command(CLI::App& app);
void add_train_command(CLI::App& app);
void add_walk_command(CLI::App& app);
void add_parameters_command(CLI::App& app);
void add_perform_command(CLI::App& app);
void add_metrics_command(CLI::App& app);
void add_mix_command(CLI::App& app);
void add_directions_command(CLI::App& app);
void add_doctor_command(CLI::App& app);
void add_studio_command(CLI::App& app);
void add_watch_command(CLI::App& app);

} // namespace atelier
