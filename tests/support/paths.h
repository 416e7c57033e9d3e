// SPDX-License-Identifier: Apache-2.0
// Where the tests' data lies, decided at run time so that a build tree can be moved or tried on
// another tree of the same layout. Environment first, then ../shared beside the checkout, then the
// small subset in tests/data.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace atelier::test {

inline std::filesystem::path source_dir() {
    return ATELIER_SOURCE_DIR;
}

/// The checkout's own part of the data.
inline std::filesystem::path own_data_dir() {
    return source_dir() / "tests" / "data";
}

/// The folder named by `variable`, else ../shared/`name`, else tests/data/`name`. It need not exist.
inline std::filesystem::path data_dir(const char* variable, const std::string& name) {
    if (const char* value = std::getenv(variable); value != nullptr && *value != '\0') {
        return value;
    }
    std::error_code ignored;
    const auto shared = source_dir().parent_path() / "shared" / name;
    if (std::filesystem::is_directory(shared, ignored) && !std::filesystem::is_empty(shared, ignored)) {
        return shared;
    }
    return own_data_dir() / name;
}

inline std::filesystem::path reference_dir() {
    return data_dir("ATELIER_REFERENCE_DIR", "reference");
}

inline std::filesystem::path formats_dir() {
    return data_dir("ATELIER_FORMATS_DIR", "formats");
}

/// What people reported of tools like this, each case with its inputs.
inline std::filesystem::path reports_dir() {
    return data_dir("ATELIER_REPORTS_DIR", "reports");
}

inline std::filesystem::path shared_dir() {
    return data_dir("ATELIER_SHARED_DIR", "");
}

} // namespace atelier::test
