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
constexpr std::array<std::string_view, 9> raw_kinds{".raw", ".cr2", ".cr3", ".nef", ".arw",
                                                    ".dng", ".orf", ".rw2", ".pef"};
constexpr std::string_view description = "dataset.json";

} // namespace

SetFileKind set_file_kind(const std::string& name) {
    const std::string extension = is_dropping(name) ? "" : lower_extension(name);
    if (std::ranges::find(read_kinds, extension) != read_kinds.end()) {
        return SetFileKind::picture;
    }
    if (std::ranges::find(other_kinds, extension) != other_kinds.end()) {
        return SetFileKind::refused;
    }
    const bool other = is_dropping(name) || name.ends_with('/') || name == description ||
                       std::ranges::find(raw_kinds, extension) != raw_kinds.end();
    return other ? SetFileKind::other : SetFileKind::unclear;
}

std::string inner_description(const std::vector<std::string>& names) {
    const auto found = std::ranges::find_if(names, [](const std::string& name) {
        return !is_dropping(name) && name.ends_with(std::string("/") + std::string(description));
    });
    return found == names.end() || std::ranges::find(names, description) != names.end() ? "" : *found;
}

std::string inner_description_text(const std::string& name) {
    const std::string folder = name.substr(0, name.size() - description.size());
    return fmt::format(
        "keeps its labels in {}, where nobody looks for them; {} belongs to the top: pack or name what is in "
        "{}, not the folder itself",
        name, description, folder);
}

std::vector<std::string> files_below(const std::filesystem::path& folder, std::vector<std::string>* linked) {
    namespace fs = std::filesystem;
    std::vector<std::string> names;
    std::error_code error;
    fs::recursive_directory_iterator it(folder, error), end;
    for (; !error && it != end; it.increment(error)) {
        std::error_code odd; // a link to nowhere is no picture
        if (it->is_regular_file(odd)) {
            names.push_back(it->path().lexically_relative(folder).generic_string());
        } else if (linked != nullptr && it->is_symlink(odd) && it->is_directory(odd)) {
            linked->push_back(it->path().lexically_relative(folder).generic_string());
        }
    }
    if (error) {
        fail("{}: can't be read, or a folder in it ({}).", folder.string(), error.message());
    }
    return names;
}

} // namespace atelier
