// SPDX-License-Identifier: Apache-2.0
// The strength p that a fine-tuning starts with. No torch in this header.
#pragma once

#include <string>

namespace atelier::train {

// A number from 0 to 1, or the p that a run's checkpoint or a public pickle's augment_pipe holds. Throws Error.
double strength_from(const std::string& number_or_file);

} // namespace atelier::train
