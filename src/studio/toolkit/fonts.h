// SPDX-License-Identifier: Apache-2.0
// The interface's type: Inter found on the system, digits of one width, other scripts as they are needed.
#pragma once

#include <array>
#include <filesystem>
#include <set>
#include <string_view>
#include <vector>

#include <imgui.h>

namespace atelier::studio {

enum class Face { body, strong, small, label, title };
inline constexpr int face_count = 5;

// Folders where fonts live on this system, the user's first.
std::vector<std::filesystem::path> font_folders();
// The first of `names` found below the folders; empty if none is.
std::filesystem::path find_font(const std::vector<std::filesystem::path>& folders,
                                const std::vector<std::string_view>& names);

class Fonts {
public:
    // Fills ImGui's atlas for an interface scale. Without Inter another sans, or ImGui's own font, and a
    // line in the log.
    void build(float scale);

    // Remembers characters outside Latin that a text needs; true if build() must run again to show it.
    bool want(std::string_view utf8);

    ImFont* face(Face which) const { return faces_[static_cast<std::size_t>(which)]; }

private:
    ImFont* add(const std::filesystem::path& file, float size, float spacing);

    std::array<ImFont*, face_count> faces_{};
    std::set<ImWchar> extra_;
    ImVector<ImWchar> extra_ranges_;
    std::vector<std::filesystem::path> fallbacks_;
};

} // namespace atelier::studio
