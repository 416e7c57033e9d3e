// SPDX-License-Identifier: Apache-2.0
// The rows of the table by subject, each in a file of its own. For parameters.cpp alone.
#pragma once

#include "studio/state/parameters.h"

namespace atelier::studio::rows {

std::span<const Parameter> walk();
std::span<const Parameter> truncation();
std::span<const Parameter> mix();
std::span<const Parameter> noise();
std::span<const Parameter> look();
std::span<const Parameter> directions();
std::span<const Parameter> view();
std::span<const Parameter> transport();
std::span<const Parameter> performance();

} // namespace atelier::studio::rows
