// SPDX-License-Identifier: Apache-2.0
// A real model for tests: the one bundled in assets/.
#pragma once

#include <filesystem>

#include "support/paths.h"

namespace atelier::test {

// The one that comes with the program; empty if there is none.
inline std::filesystem::path bundled_model() {
    std::error_code ignored;
    if (std::filesystem::is_directory(source_dir() / "assets", ignored)) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(source_dir() / "assets")) {
            if (entry.path().extension() == ".safetensors") {
                return entry.path();
            }
        }
    }
    return {};
}

// The one that tests play with: everywhere the same, so that what passes here passes in every clone.
inline std::filesystem::path model_file() {
    return bundled_model();
}

} // namespace atelier::test
