// SPDX-License-Identifier: Apache-2.0
#include "base/set_file_names.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/error.h"
#include "base/file_names.h"

namespace atelier {
namespace {

constexpr std::array<std::string_view, 3> read_kinds{".png", ".jpg", ".jpeg"};
constexpr std::array<std::string_view, 13> other_kinds{".webp", ".bmp",  ".gif", ".tif", ".tiff", ".tga", ".heic",
                                                       ".heif", ".avif", ".jxl", ".jp2", ".ppm",  ".pgm"};

} // namespace

SetFileKind set_file_kind(const std::string& name) {
    const std::string extension = is_dropping(name) ? "" : lower_extension(name);
    if (std::ranges::find(read_kinds, extension) != read_kinds.end()) {
        return SetFileKind::picture;
    }
    return std::ranges::find(other_kinds, extension) != other_kinds.end() ? SetFileKind::refused : SetFileKind::other;
}

std::vector<std::string> files_below(const std::filesystem::path& folder) {
    namespace fs = std::filesystem;
    std::vector<std::string> names;
    std::error_code error;
    fs::recursive_directory_iterator it(folder, error), end;
    for (; !error && it != end; it.increment(error)) {
        std::error_code odd; // a link to nowhere is no picture
        if (it->is_regular_file(odd)) {
            names.push_back(it->path().lexically_relative(folder).generic_string());
        }
    }
    if (error) {
        fail("{}: can't be read, or a folder in it ({}).", folder.string(), error.message());
    }
    return names;
}

} // namespace atelier
