// SPDX-License-Identifier: Apache-2.0
// The model that comes with the program.
#pragma once

#include <filesystem>

namespace atelier {

// assets/portraits-128.safetensors of the source tree that the program was built in, or ../share/atelier beside an
// installed program's folder; empty if neither is there.
std::filesystem::path bundled_model();

} // namespace atelier
