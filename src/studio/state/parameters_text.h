// SPDX-License-Identifier: Apache-2.0
// The table of parameters as text, for people (docs/parameters.md is the Markdown) and for programs (JSON).
#pragma once

#include <string>

namespace atelier::studio {

std::string parameters_text();     // a line for each row
std::string parameters_markdown(); // a page
std::string parameters_json();     // an array of objects

} // namespace atelier::studio
