// SPDX-License-Identifier: Apache-2.0
// The commands that need neither FFmpeg nor OpenCV, for machines that have nothing but torch (scripts/gpu-bundle.sh).
#include "cli/program.h"

int main(int argc, char** argv) {
    using namespace atelier;
    leave(run_program(argc, argv,
                      {add_doctor_command, add_render_command, add_train_command, add_info_command, add_convert_command,
                       add_formats_command, add_eval_command},
                      nullptr));
}
