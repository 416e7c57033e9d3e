// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace atelier {

// The weights of the network that tells what pictures show (metrics::LiteFeatures): the file that is named, else the
// one that lies beside the program, or that scripts/setup.sh has fetched into the checkout. Throws Error, saying how it
// can be had.
std::filesystem::path feature_file(const std::string& named);

} // namespace atelier
