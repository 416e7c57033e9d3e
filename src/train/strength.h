// SPDX-License-Identifier: Apache-2.0
// The strength p that a fine-tuning starts with. No torch in this header.
#pragma once

#include <optional>
#include <string>

namespace atelier::io {
struct CheckpointFile;
}

namespace atelier::train {

// A number from 0 to 1, or the p that a run's checkpoint or a public pickle's augment_pipe holds. Throws Error.
double strength_from(const std::string& number_or_file);

// Of a model file's data; empty: it holds none.
std::optional<double> strength_in(const io::CheckpointFile& file);

} // namespace atelier::train
