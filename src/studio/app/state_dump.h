// SPDX-License-Identifier: Apache-2.0
// The studio's state and counters as JSON, for tests and for reports.
#pragma once

#include <span>

#include <nlohmann/json_fwd.hpp>

#include "studio/studio.h"
#include "studio/toolkit/ui.h"

namespace atelier::studio {

nlohmann::json to_json(const Studio& studio);
// Where to click, by name; of several of one name the second is name#2.
nlohmann::json controls_json(std::span<const Ui::Mark> marks);

} // namespace atelier::studio
