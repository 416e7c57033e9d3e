// SPDX-License-Identifier: Apache-2.0
#include "base/file_names.h"

#include <algorithm>
#include <cctype>

namespace atelier {

std::string lower_extension(const std::filesystem::path& path) {
    std::string extension = path.extension().string();
    std::ranges::transform(extension, extension.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return extension;
}

bool is_dropping(const std::filesystem::path& path) {
    return std::ranges::any_of(
        path, [](const std::filesystem::path& part) { return part.string().starts_with('.') || part == "__MACOSX"; });
}

} // namespace atelier
