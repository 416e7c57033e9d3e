// SPDX-License-Identifier: Apache-2.0
// A real model for tests: the one bundled in assets/.
#pragma once

#include <filesystem>

#include "support/paths.h"

namespace atelier::test {

// The first by name of those that come with the program, whatever order a folder lists them in; empty if there is none.
inline std::filesystem::path bundled_model() {
    std::filesystem::path first;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(source_dir() / "assets", ignored)) {
        if (entry.path().extension() == ".safetensors" && (first.empty() || entry.path() < first)) {
            first = entry.path();
        }
    }
    return first;
}

// The one that tests play with: everywhere the same, so that what passes here passes in every clone.
inline std::filesystem::path model_file() {
    return bundled_model();
}

} // namespace atelier::test
