// SPDX-License-Identifier: Apache-2.0
// TrainOptions as JSON under the names of the command line: options.json of a run folder, and in its checkpoint.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "base/train_values.h"

namespace atelier {

nlohmann::ordered_json to_json(const TrainOptions& options);
// What is absent keeps its default; unknown names are ignored. Throws Error beginning with `what` for a wrong type.
TrainOptions options_from_json(const nlohmann::json& json, const std::string& what);

const char* augment_mode_name(AugmentMode mode);
// ada, fixed or noaug. Throws Error for any other.
AugmentMode augment_mode_from_name(const std::string& name);

} // namespace atelier
