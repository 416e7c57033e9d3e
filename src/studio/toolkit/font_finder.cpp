// SPDX-License-Identifier: Apache-2.0
#include "studio/toolkit/font_finder.h"

#include <array>
#include <fstream>
#include <string_view>

#include <fontconfig/fontconfig.h>

#include "base/installed_file.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t most_fallbacks = 8; // each is read once for every face
constexpr std::array interface_families{"Inter",       "Inter Variable",  "Noto Sans",
                                        "DejaVu Sans", "Liberation Sans", "sans-serif"};
constexpr std::array fallback_families{"Noto Sans CJK JP", "Noto Sans CJK KR",    "Noto Sans CJK SC",
                                       "Source Han Sans",  "WenQuanYi Micro Hei", "WenQuanYi Zen Hei",
                                       "NanumGothic",      "Droid Sans Fallback", "DejaVu Sans",
                                       "Noto Sans",        "sans-serif"};

template <auto function> struct By {
    template <class T> void operator()(T* what) const { function(what); }
};
using Pattern = std::unique_ptr<FcPattern, By<FcPatternDestroy>>;
using Characters = std::unique_ptr<FcCharSet, By<FcCharSetDestroy>>;

std::string_view text_of(FcPattern* font, const char* property) {
    FcChar8* text = nullptr;
    return FcPatternGetString(font, property, 0, &text) == FcResultMatch ? reinterpret_cast<const char*>(text) : "";
}

bool has(FcPattern* font, const char* property) {
    FcBool value = FcFalse;
    return FcPatternGetBool(font, property, 0, &value) == FcResultMatch && value == FcTrue;
}

bool is_inter(FcPattern* font) {
    FcChar8* family = nullptr;
    for (int i = 0; FcPatternGetString(font, FC_FAMILY, i, &family) == FcResultMatch; ++i) {
        const std::string_view name = reinterpret_cast<const char*>(family);
        if (name == interface_families[0] || name == interface_families[1])
            return true;
    }
    return false;
}

// Plain TrueType and OpenType: fontconfig knows packed ones (.woff) as well, and those that are gone by now.
bool is_plain(const fs::path& path) {
    std::array<char, 4> start{};
    std::ifstream(path, std::ios::binary).read(start.data(), start.size());
    const std::string_view tag(start.data(), start.size());
    return tag == "OTTO" || tag == "ttcf" || tag == "true" || tag == std::string_view("\0\1\0\0", 4);
}

// What ImGui's rasterizer (stb_truetype) can draw: outlines, not bitmaps; of variable fonts only those with TrueType's.
std::optional<FontFile> drawable(FcPattern* font) {
    int index = 0;
    FcPatternGetInteger(font, FC_INDEX, 0, &index);
    const std::string_view format = text_of(font, FC_FONTFORMAT);
    const bool varies = has(font, FC_VARIABLE) || index > 0xffff; // above: which of its named instances
    if (!has(font, FC_OUTLINE) || has(font, FC_COLOR) || (format != "TrueType" && (format != "CFF" || varies)))
        return std::nullopt;
    FontFile file{text_of(font, FC_FILE), index & 0xffff, is_inter(font)};
    if (!is_plain(file.path))
        return std::nullopt;
    return file;
}

// All fonts of the system, those of the families first, in their order; with the user's substitutions.
template <std::size_t count>
FcFontSet* sorted(FcConfig* config, const std::array<const char*, count>& families, int weight) {
    const Pattern pattern(config ? FcPatternCreate() : nullptr);
    if (!pattern)
        return nullptr;
    for (const char* family : families)
        FcPatternAddString(pattern.get(), FC_FAMILY, reinterpret_cast<const FcChar8*>(family));
    FcPatternAddInteger(pattern.get(), FC_WEIGHT, weight);
    FcPatternAddInteger(pattern.get(), FC_SLANT, FC_SLANT_ROMAN);
    FcPatternAddInteger(pattern.get(), FC_WIDTH, FC_WIDTH_NORMAL);
    FcPatternAddBool(pattern.get(), FC_OUTLINE, FcTrue);
    FcPatternAddBool(pattern.get(), FC_COLOR, FcFalse);
    FcConfigSubstitute(config, pattern.get(), FcMatchPattern);
    FcDefaultSubstitute(pattern.get());
    FcResult result = FcResultNoMatch;
    // Untrimmed: fontconfig would leave out what a font covers that ImGui can't draw.
    return FcFontSort(config, pattern.get(), FcFalse, nullptr, &result);
}

} // namespace

void FontFinder::Free::operator()(_FcConfig* config) const {
    FcConfigDestroy(config);
}

void FontFinder::Free::operator()(_FcFontSet* set) const {
    FcFontSetDestroy(set);
}

FontFinder::FontFinder() : config_(FcInitLoadConfigAndFonts()) {
    // What a package brought along, for systems that have not even one font.
    if (const fs::path brought = installed_file("fonts"); config_ && !brought.empty())
        FcConfigAppFontAddDir(config_.get(), reinterpret_cast<const FcChar8*>(brought.c_str()));
}

std::optional<FontFile> FontFinder::of_interface(FontWeight weight) const {
    const std::unique_ptr<FcFontSet, Free> fonts(sorted(
        config_.get(), interface_families, weight == FontWeight::regular ? FC_WEIGHT_REGULAR : FC_WEIGHT_DEMIBOLD));
    for (int i = 0; fonts && i < fonts->nfont; ++i) {
        if (const std::optional<FontFile> file = drawable(fonts->fonts[i]))
            return file;
    }
    return std::nullopt;
}

std::vector<FontFile> FontFinder::covering(const std::set<char32_t>& characters) const {
    std::vector<FontFile> files;
    if (!fallbacks_)
        fallbacks_.reset(sorted(config_.get(), fallback_families, FC_WEIGHT_REGULAR));
    Characters missing(FcCharSetCreate());
    for (const char32_t c : characters)
        FcCharSetAddChar(missing.get(), c);
    for (int i = 0; fallbacks_ && i < fallbacks_->nfont && files.size() < most_fallbacks; ++i) {
        FcPattern* font = fallbacks_->fonts[i];
        FcCharSet* covered = nullptr;
        if (FcPatternGetCharSet(font, FC_CHARSET, 0, &covered) != FcResultMatch ||
            FcCharSetIntersectCount(missing.get(), covered) == 0)
            continue;
        if (const std::optional<FontFile> file = drawable(font)) {
            files.push_back(*file);
            missing.reset(FcCharSetSubtract(missing.get(), covered));
        }
    }
    return files;
}

} // namespace atelier::studio
