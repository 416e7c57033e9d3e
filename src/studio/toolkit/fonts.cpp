// SPDX-License-Identifier: Apache-2.0
#include "studio/toolkit/fonts.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/log.h"

namespace atelier::studio {
namespace {

// Latin with its extensions, Greek, Cyrillic, punctuation, arrows, mathematics; not the digits, which
// are merged with one width of their own.
constexpr ImWchar text_ranges[] = {0x0020, 0x002f, 0x003a, 0x024f, 0x0370, 0x03ff, 0x0400,
                                   0x052f, 0x1e00, 0x1eff, 0x2010, 0x2044, 0x20a0, 0x20bf,
                                   0x2190, 0x21ff, 0x2200, 0x22ff, 0x2318, 0x2318, 0};
constexpr ImWchar digit_range[] = {'0', '9', 0};

bool is_covered(unsigned c) {
    if (c >= '0' && c <= '9')
        return true;
    for (const ImWchar* r = text_ranges; *r; r += 2) {
        if (c >= r[0] && c <= r[1])
            return true;
    }
    return c < 0x20;
}

ImFontConfig config_for(float spacing) {
    ImFontConfig config;
    config.OversampleH = 3;
    config.OversampleV = 1;
    config.PixelSnapH = false;
    config.GlyphExtraSpacing.x = spacing;
    return config;
}

} // namespace

void Fonts::find() {
    finder_.emplace();
    regular_ = finder_->of_interface(FontWeight::regular);
    strong_ = finder_->of_interface(FontWeight::semibold);
    if (!regular_) {
        log_warning("no interface font found (Debian package fonts-inter): using the built-in one");
    } else if (!regular_->inter) {
        log_info("Inter (Debian package fonts-inter) is not installed: using {}", regular_->path.string());
    }
}

ImFont* Fonts::add(const std::optional<FontFile>& file, float size, float spacing) {
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    if (!file) {
        ImFontConfig config;
        config.SizePixels = std::max(10.0f, std::floor(size * 0.9f));
        return atlas.AddFontDefault(&config);
    }
    const std::string path = file->path.string();
    ImFontConfig config = config_for(spacing);
    config.FontNo = file->face;
    ImFont* font = atlas.AddFontFromFileTTF(path.c_str(), size, &config, text_ranges);
    // Inter's digits are at most 0.635 em wide, and ImGui's size is 1.21 em of it.
    ImFontConfig digits = config_for(0);
    digits.FontNo = file->face;
    digits.MergeMode = true;
    digits.GlyphMinAdvanceX = digits.GlyphMaxAdvanceX = std::round(size * 0.525f);
    atlas.AddFontFromFileTTF(path.c_str(), size, &digits, digit_range);
    for (const FontFile& fallback : fallbacks_) {
        ImFontConfig other = config_for(0);
        other.FontNo = fallback.face;
        other.MergeMode = true;
        other.OversampleH = 1;
        atlas.AddFontFromFileTTF(fallback.path.string().c_str(), size, &other, extra_ranges_.Data);
    }
    return font;
}

void Fonts::fill(float scale) {
    ImGui::GetIO().Fonts->Clear();
    // ImGui measures a font from its highest ascender to its lowest descender, type in ems.
    const auto px = [scale](float em) { return std::round(em * 1.21f * scale); };
    faces_[static_cast<std::size_t>(Face::body)] = add(regular_, px(15), 0);
    faces_[static_cast<std::size_t>(Face::strong)] = add(strong_, px(15), 0);
    faces_[static_cast<std::size_t>(Face::small)] = add(regular_, px(13), 0);
    faces_[static_cast<std::size_t>(Face::label)] = add(strong_, px(12), 0.8f * scale);
    faces_[static_cast<std::size_t>(Face::title)] = add(strong_, px(20), 0);
    ImGui::GetIO().FontDefault = face(Face::body);
}

void Fonts::build(float scale) {
    if (!finder_)
        find();
    extra_ranges_.clear();
    fallbacks_.clear();
    if (!extra_.empty()) {
        ImFontGlyphRangesBuilder builder;
        for (const char32_t c : extra_)
            builder.AddChar(static_cast<ImWchar>(c));
        builder.BuildRanges(&extra_ranges_);
        fallbacks_ = finder_->covering(extra_);
    }
    fill(scale);
#if IMGUI_VERSION_NUM < 19200
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    bool built = atlas.Build();
    if (!built && !fallbacks_.empty()) {
        log_warning("a font for other scripts can't be drawn: going without them");
        fallbacks_.clear();
        fill(scale);
        built = atlas.Build();
    }
    if (!built) {
        log_warning("the interface font can't be drawn: using the built-in one");
        atlas.Clear();
        faces_.fill(atlas.AddFontDefault());
        ImGui::GetIO().FontDefault = face(Face::body);
        atlas.Build();
    }
#endif
}

bool Fonts::want(std::string_view utf8) {
    bool more = false;
    for (std::size_t i = 0; i < utf8.size();) {
        const auto lead = static_cast<unsigned char>(utf8[i]);
        if (lead < 0x80) {
            ++i;
            continue;
        }
        const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
        if (i + length > utf8.size())
            break;
        unsigned c = length == 4 ? lead & 7 : length == 3 ? lead & 15 : lead & 31;
        for (std::size_t k = 1; k < length; ++k) {
            c = (c << 6) | (static_cast<unsigned char>(utf8[i + k]) & 63);
        }
        i += length;
        if (c <= 0xffff && !is_covered(c))
            more |= extra_.insert(c).second;
    }
    return more;
}

} // namespace atelier::studio
