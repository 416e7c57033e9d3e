// SPDX-License-Identifier: Apache-2.0
// A label as people type it: its numbers, apart by commas or blanks.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/render_params.h"

namespace atelier {

std::string text_of_label(const ExplicitRef& label); // empty: there is none
// Its finite numbers, none for blanks alone; nothing where something else stands, or a comma without a number.
std::optional<std::vector<float>> numbers_of_label(std::string_view text);
// Nothing while the text isn't c_dim numbers; no label of an empty text.
std::optional<ExplicitRef> label_of_text(std::string_view text, int c_dim);

} // namespace atelier
