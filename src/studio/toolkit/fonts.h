// SPDX-License-Identifier: Apache-2.0
// The interface's type: Inter found on the system, digits of one width, other scripts as they are needed.
#pragma once

#include <array>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include <imgui.h>

#include "studio/toolkit/font_finder.h"

namespace atelier::studio {

enum class Face { body, strong, small, label, title };
inline constexpr int face_count = 5;

class Fonts {
public:
    // Fills ImGui's atlas for an interface scale. Without Inter another sans, or ImGui's own font, and a
    // line in the log. Fonts are looked for when this is first called.
    void build(float scale);

    // Remembers characters outside Latin that a text needs; true if build() must run again to show it.
    bool want(std::string_view utf8);

    ImFont* face(Face which) const { return faces_[static_cast<std::size_t>(which)]; }

private:
    void find();
    void fill(float scale);
    ImFont* add(const std::optional<FontFile>& file, float size, float spacing);

    std::array<ImFont*, face_count> faces_{};
    std::set<char32_t> extra_;
    ImVector<ImWchar> extra_ranges_;
    std::optional<FontFinder> finder_;
    std::optional<FontFile> regular_, strong_;
    std::vector<FontFile> fallbacks_;
};

} // namespace atelier::studio
