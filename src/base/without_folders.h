// SPDX-License-Identifier: Apache-2.0
// A text in which files keep their names alone, for what may be shown to others.
#pragma once

#include <string>
#include <string_view>

namespace atelier {

// "/home/ann/My Models/face.pkl: can't be read" becomes "face.pkl: can't be read", and so do relative paths. What looks
// like a path is taken for one: rather a word too few than a folder too many. The user's own folder goes first.
std::string without_folders(std::string_view text);

} // namespace atelier
