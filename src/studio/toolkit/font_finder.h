// SPDX-License-Identifier: Apache-2.0
// FontFinder: which font files of the system the interface is drawn with. Asks fontconfig, so folders, order and what
// is left out are those of the user's settings. No ImGui.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <vector>

struct _FcConfig; // fontconfig's, whose headers stay out of here
struct _FcFontSet;

namespace atelier::studio {

struct FontFile {
    std::filesystem::path path;
    int face = 0;      // in a collection (.ttc)
    bool inter = true; // of the family the interface is designed for
    bool operator==(const FontFile&) const = default;
};

enum class FontWeight { regular, semibold };

class FontFinder {
public:
    // Reads fontconfig's settings (FONTCONFIG_FILE, the user's, the system's) as they are now. Never throws: where
    // there are none, nothing is found.
    FontFinder();

    // Inter; without it Noto Sans, DejaVu Sans, Liberation Sans, then what the user has for sans-serif. Empty: there is
    // no font that ImGui could draw.
    std::optional<FontFile> of_interface(FontWeight weight) const;

    // Fonts that have some of the characters (UCS-4), the best first, each with one that those before it lack; at most
    // 8. Fonts for Han, Kana and Hangul come first, in one order for all texts, so that a name looks the same
    // everywhere.
    std::vector<FontFile> covering(const std::set<char32_t>& characters) const;

private:
    struct Free {
        void operator()(_FcConfig* config) const;
        void operator()(_FcFontSet* set) const;
    };
    std::unique_ptr<_FcConfig, Free> config_;
    mutable std::unique_ptr<_FcFontSet, Free> fallbacks_; // sorted when first asked for
};

} // namespace atelier::studio
