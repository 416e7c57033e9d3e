// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "base/render_params.h"

namespace atelier::studio {

// Latents of a performance log, by their numbers.
using LogLatents = std::vector<std::shared_ptr<const ExplicitLatent>>;

} // namespace atelier::studio
