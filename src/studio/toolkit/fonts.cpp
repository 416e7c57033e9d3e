// SPDX-License-Identifier: Apache-2.0
#include "studio/toolkit/fonts.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>

#include "base/log.h"

namespace atelier::studio {
namespace fs = std::filesystem;
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

std::vector<fs::path> font_folders() {
    std::vector<fs::path> folders;
    const auto add = [&folders](const fs::path& folder) {
        std::error_code ignored;
        if (fs::is_directory(folder, ignored))
            folders.push_back(folder);
    };
    const char* home = std::getenv("HOME");
    const char* data = std::getenv("XDG_DATA_HOME");
    if (data && *data)
        add(fs::path(data) / "fonts");
    if (home && *home) {
        add(fs::path(home) / ".local/share/fonts");
        add(fs::path(home) / ".fonts");
    }
    add("/usr/local/share/fonts");
    add("/usr/share/fonts");
    add("/run/host/fonts");
    return folders;
}

fs::path find_font(const std::vector<fs::path>& folders, const std::vector<std::string_view>& names) {
    fs::path best;
    std::size_t best_rank = names.size();
    for (const fs::path& folder : folders) {
        std::error_code error;
        auto it = fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied, error);
        for (; !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
            const std::string name = it->path().filename().string();
            const auto rank = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
            if (rank < best_rank) {
                best = it->path();
                best_rank = rank;
            }
        }
        if (best_rank == 0)
            break;
    }
    return best;
}

ImFont* Fonts::add(const fs::path& file, float size, float spacing) {
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    if (file.empty()) {
        ImFontConfig config;
        config.SizePixels = std::max(10.0f, std::floor(size * 0.9f));
        return atlas.AddFontDefault(&config);
    }
    const std::string path = file.string();
    ImFontConfig config = config_for(spacing);
    ImFont* font = atlas.AddFontFromFileTTF(path.c_str(), size, &config, text_ranges);
    // Inter's digits are at most 0.635 em wide, and ImGui's size is 1.21 em of it.
    ImFontConfig digits = config_for(0);
    digits.MergeMode = true;
    digits.GlyphMinAdvanceX = digits.GlyphMaxAdvanceX = std::round(size * 0.525f);
    atlas.AddFontFromFileTTF(path.c_str(), size, &digits, digit_range);
    if (!extra_ranges_.empty()) {
        for (const fs::path& fallback : fallbacks_) {
            ImFontConfig other = config_for(0);
            other.MergeMode = true;
            other.OversampleH = 1;
            atlas.AddFontFromFileTTF(fallback.string().c_str(), size, &other, extra_ranges_.Data);
        }
    }
    return font;
}

void Fonts::build(float scale) {
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    atlas.Clear();
    static const std::vector<fs::path> folders = font_folders();
    static const fs::path regular =
        find_font(folders, {"Inter-Regular.otf", "Inter-Regular.ttf", "Inter.ttf", "NotoSans-Regular.ttf",
                            "DejaVuSans.ttf", "LiberationSans-Regular.ttf"});
    static const fs::path medium =
        find_font(folders, {"Inter-SemiBold.otf", "Inter-SemiBold.ttf", "Inter-Medium.otf", "NotoSans-SemiBold.ttf",
                            "DejaVuSans-Bold.ttf", "LiberationSans-Bold.ttf"});
    static const bool told = [] {
        if (regular.empty()) {
            log_warning("no interface font found (Debian package fonts-inter): using the built-in one");
        } else if (regular.filename().string().rfind("Inter", 0) != 0) {
            log_info("Inter (Debian package fonts-inter) is not installed: using {}", regular.string());
        }
        return true;
    }();
    (void)told;

    extra_ranges_.clear();
    if (!extra_.empty()) {
        ImFontGlyphRangesBuilder builder;
        for (const ImWchar c : extra_)
            builder.AddChar(c);
        builder.BuildRanges(&extra_ranges_);
        static const fs::path cjk = find_font(
            folders, {"NotoSansCJK-Regular.ttc", "NotoSansCJKkr-Regular.otf", "NotoSansCJKjp-Regular.otf",
                      "NotoSansCJKsc-Regular.otf", "SourceHanSans-Regular.ttc", "wqy-microhei.ttc", "wqy-zenhei.ttc",
                      "NanumGothic.ttf", "DroidSansFallbackFull.ttf", "fonts-japanese-gothic.ttf"});
        static const fs::path rest = find_font(folders, {"DejaVuSans.ttf", "NotoSans-Regular.ttf"});
        fallbacks_.clear();
        if (!cjk.empty())
            fallbacks_.push_back(cjk);
        if (!rest.empty())
            fallbacks_.push_back(rest);
    }

    const fs::path& strong = medium.empty() ? regular : medium;
    // ImGui measures a font from its highest ascender to its lowest descender, type in ems.
    const auto px = [scale](float em) { return std::round(em * 1.21f * scale); };
    faces_[static_cast<std::size_t>(Face::body)] = add(regular, px(15), 0);
    faces_[static_cast<std::size_t>(Face::strong)] = add(strong, px(15), 0);
    faces_[static_cast<std::size_t>(Face::small)] = add(regular, px(13), 0);
    faces_[static_cast<std::size_t>(Face::label)] = add(strong, px(12), 0.8f * scale);
    faces_[static_cast<std::size_t>(Face::title)] = add(strong, px(20), 0);
    ImGui::GetIO().FontDefault = face(Face::body);
#if IMGUI_VERSION_NUM < 19200
    if (!atlas.Build()) {
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
            more |= extra_.insert(static_cast<ImWchar>(c)).second;
    }
    return more;
}

} // namespace atelier::studio
