// SPDX-License-Identifier: Apache-2.0
// The program with all of its commands.
#include "cli/program.h"
#include "strangers/readers.h"

namespace {

int run(int argc, char** argv) {
    using namespace atelier;
    const strangers::Readers readers; // before anything begins a thread or opens a file
    return run_program(argc, argv,
                       {add_studio_command, add_render_command, add_walk_command, add_perform_command, add_mix_command,
                        add_directions_command, add_dataset_command, add_train_command, add_watch_command,
                        add_metrics_command, add_info_command, add_parameters_command, add_convert_command,
                        add_formats_command, add_eval_command, add_doctor_command},
                       "studio");
}

} // namespace

int main(int argc, char** argv) {
    atelier::leave(run(argc, argv));
}
