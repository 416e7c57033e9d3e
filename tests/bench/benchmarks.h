// SPDX-License-Identifier: Apache-2.0
// The groups of benchmarks that main() registers, in the order of the table.
#pragma once

namespace atelier::bench {

void register_picture_benchmarks();  // synthesis/R, plain/R, synthesis_bf16/R, limit/R, limit_bf16/R, mapping/R
void register_export_benchmarks();   // pictures/R/N, export/R/N
void register_op_benchmarks();       // ops/..., plain_ops/...
void register_train_benchmarks();    // train/R, train_fp32/R, train_plain/R
void register_together_benchmarks(); // viewer_alone, training_alone, viewer_beside_training
void register_publish_benchmarks();  // publishing/R
void register_record_benchmarks();   // record_60fps, flash_guard/W
void register_studio_benchmarks();   // longest_ui_stall
void register_live_benchmarks();     // live_turn, message_to_picture
void register_latency_benchmarks();  // slider_to_picture
void register_prepare_benchmarks();  // prepare/64, sandbox/SET
void register_program_benchmarks();  // parameter_to_frame, model_load, start_to_first_picture

} // namespace atelier::bench
