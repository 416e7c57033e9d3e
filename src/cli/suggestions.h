// SPDX-License-Identifier: Apache-2.0
// What somebody may have meant by a command or option that isn't there: those of the public tools, and near misses.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace atelier {

// " Did you mean --psi for --trunc?" for the first word of the command line that is unknown; empty when there is
// nothing to suggest.
std::string suggestion_for(const CLI::App& app, const std::vector<std::string>& arguments);

} // namespace atelier
