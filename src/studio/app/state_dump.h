// SPDX-License-Identifier: Apache-2.0
// The studio's state and counters as JSON, for tests and for reports.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "studio/studio.h"

namespace atelier::studio {

nlohmann::json to_json(const Studio& studio);
// What the Train panel sets and shows, for tests of its controls.
nlohmann::json train_json(const TrainingController& training);

} // namespace atelier::studio
