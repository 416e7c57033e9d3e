// SPDX-License-Identifier: Apache-2.0
// A label as people type it: its numbers, apart by commas or spaces.
#pragma once

#include <optional>
#include <string>

#include "base/render_params.h"

namespace atelier::studio {

std::string text_of_label(const ExplicitRef& label); // empty: there is none
// Nothing while the text isn't c_dim numbers; no label of an empty text.
std::optional<ExplicitRef> label_of_text(const std::string& text, int c_dim);

} // namespace atelier::studio
