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

bool would_change(const std::filesystem::path& target, const std::vector<std::filesystem::path>& inputs) {
    namespace fs = std::filesystem;
    std::error_code error;
    const auto real = [&](const fs::path& path) { return fs::weakly_canonical(fs::absolute(path, error), error); };
    const fs::path part = real(target);
    const bool there = fs::exists(target, error);
    return std::ranges::any_of(inputs, [&](const fs::path& input) {
        if (there && fs::equivalent(target, input, error)) {
            return true;
        }
        if (!fs::is_directory(input, error)) {
            return false;
        }
        const fs::path whole = real(input);
        return std::mismatch(whole.begin(), whole.end(), part.begin(), part.end()).first == whole.end();
    });
}

} // namespace atelier
