// SPDX-License-Identifier: Apache-2.0
#include "prepare/report.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/error.h"

namespace atelier::prepare {
namespace {

constexpr const char* style = R"(<style>
body{font:14px/1.45 system-ui,sans-serif;margin:2em;background:#16171a;color:#dcdde0}
h1{font-size:1.5em}h2{font-size:1.1em;margin:1.6em 0 .6em}a{color:#8ab4f8}
.grid{display:flex;flex-wrap:wrap;gap:12px}
figure{margin:0;width:208px;background:#212327;border-radius:6px;overflow:hidden;border-top:3px solid #c2554e}
figure.kept{border-top-color:#4f9d69}
.pic{position:relative;height:192px;display:flex;align-items:center;justify-content:center;background:#101113}
.pic div{position:relative;display:inline-block;line-height:0}
.pic svg{position:absolute;left:0;top:0;width:100%;height:100%;overflow:visible}
.end{flex-basis:100%;margin:.4em 0;color:#e0c27a}
figcaption{padding:8px 10px;font-size:12px;overflow-wrap:anywhere}
.why{color:#f0b9b5}.kept .why{color:#a9d8b8}.nums{color:#8d9096}
table{border-collapse:collapse}td{padding:2px 14px 2px 0}
</style>
)";

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        default: out += c;
        }
    }
    return out;
}

std::string base64(const std::vector<std::uint8_t>& bytes) {
    constexpr const char* digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t word = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            word = word << 8 | (k < left ? bytes[i + k] : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            out += k <= left ? digits[word >> (18 - 6 * k) & 63U] : '=';
        }
    }
    return out;
}

// What is cut and where the landmarks lie, over the thumbnail.
std::string drawing(const Item& item) {
    std::string points, dots;
    for (const Point& p : item.facts.corners) {
        points += fmt::format("{:.2f},{:.2f} ", p.x * 100, p.y * 100);
    }
    for (const Point& p : item.facts.landmarks) {
        dots += fmt::format("M{:.2f} {:.2f}h.01", p.x * 100, p.y * 100);
    }
    return fmt::format("<svg viewBox=\"0 0 100 100\" preserveAspectRatio=\"none\"><polygon points=\"{}\" fill=\"none\" "
                       "stroke=\"#fff\" stroke-width=\"2\" vector-effect=\"non-scaling-stroke\"/><path d=\"{}\" "
                       "stroke=\"#5ee0a0\" stroke-width=\"3\" stroke-linecap=\"round\" "
                       "vector-effect=\"non-scaling-stroke\"/></svg>",
                       points, dots);
}

std::string numbers(const Item& item, bool faces) {
    const Scores& s = item.facts.scores;
    std::string text = fmt::format("{} x {} px, {:.0f} px of it used; sharpness {:.2f}, exposure {:.2f}", item.width,
                                   item.height, s.source, s.sharpness, s.exposure);
    if (faces) {
        text +=
            fmt::format("; face {:.2f}, yaw {:.0f}°, pitch {:.0f}°, roll {:.0f}°, in view: eyes {:.2f}, mouth {:.2f}, "
                        "skin {:.2f}, fit {:.2f}",
                        s.face, s.yaw, s.pitch, s.roll, s.eyes, s.mouth, s.skin, s.fit);
    }
    return text;
}

std::string figure(const Item& item, const CutRun& job, bool with_picture) {
    std::string out = fmt::format("<figure class=\"{}\">", item.kept ? "kept" : "out");
    if (with_picture && item.width > 0) {
        std::string image;
        try {
            image = base64(job.thumbnail(item));
        } catch (const Error&) { // the words remain
        }
        out += fmt::format("<div class=\"pic\"><div><img alt=\"\" src=\"data:image/jpeg;base64,{}\">{}</div></div>",
                           image, item.crop >= 0 ? drawing(item) : "");
    }
    const std::string why = item.kept ? "kept" + (item.words.empty() ? "" : ": " + item.words)
                                      : std::string(name_of(item.reason)) + ": " + item.words;
    out += fmt::format("<figcaption><b>{}</b><br><span class=\"why\">{}</span>", escaped(item.name), escaped(why));
    if (item.crop >= 0) {
        out += fmt::format("<br><span class=\"nums\">{}</span>", numbers(item, job.options().mode == Mode::faces));
    }
    return out + "</figcaption></figure>\n";
}

std::string limits_text(const Thresholds& t, bool faces) {
    std::string text =
        fmt::format("At least {:.0f} px in the source, sharpness {:.2f}, exposure {:.2f}; duplicates {}, "
                    "near-duplicates {}.",
                    t.source, t.sharpness, t.exposure, t.duplicates ? "dropped" : "kept",
                    t.near >= 0 ? fmt::format("dropped up to {} bits", t.near) : "kept");
    if (faces) {
        text += fmt::format(
            " Faces: confidence {:.2f}, yaw {:.0f}°, pitch {:.0f}°, roll {:.0f}°, each part in view {:.2f}.", t.face,
            t.yaw, t.pitch, t.roll, t.occlusion);
    }
    return text;
}

} // namespace

std::vector<ReasonCount> counts_by_reason(const std::vector<Item>& items) {
    std::map<Reason, int> counts;
    for (const Item& item : items) {
        ++counts[item.reason];
    }
    std::vector<ReasonCount> list;
    for (const auto& [reason, count] : counts) {
        list.push_back({reason, count});
    }
    return list;
}

std::filesystem::path report_beside(const std::filesystem::path& set) {
    return set.parent_path() / (set.stem().string() + "-report.html");
}

std::string advice(std::size_t pictures, const CutOptions& options) {
    const char* start = options.mode == Mode::faces ? "a model of faces" : "a model of something alike";
    if (pictures == 1)
        return "A single picture is too little: the model will repeat it. Look for more, or add frames of videos.";
    if (pictures < 20) {
        return fmt::format(
            "{} pictures are very few: the model will repeat them. Look for more, or add frames of videos.", pictures);
    }
    if (pictures < 200) {
        return fmt::format(
            "{} pictures: start from {}, mirror them (x), augmentation bgc, Freeze-D 4, 200 to 1000 kimg. "
            "Expect good pictures close to yours early on, and repetition later: keep snapshots.",
            pictures, start);
    }
    if (pictures < 2000) {
        return fmt::format(
            "{} pictures: start from {}, mirror them (x) if left and right don't matter, augmentation bgc, "
            "1000 to 3000 kimg.",
            pictures, start);
    }
    return fmt::format("{} pictures are enough for adaptive augmentation to work as published; starting from {} still "
                       "saves most of the time.",
                       pictures, start);
}

std::string report_page(const std::string& title, const CutRun& job, const std::vector<Item>& items,
                        const Thresholds& limits, std::size_t thumbnails) {
    const bool faces = job.options().mode == Mode::faces;
    const auto kept = static_cast<std::size_t>(std::ranges::count_if(items, &Item::kept));
    std::string page =
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>" + escaped(title) + "</title>\n";
    page += style;
    page += fmt::format("<h1>{}</h1><p>{} of {} pictures kept, {} x {} px.</p><p>{}</p><p class=\"nums\">{}</p><table>",
                        escaped(title), kept, items.size(), job.options().size, job.options().size,
                        escaped(advice(kept, job.options())), escaped(limits_text(limits, faces)));
    for (const auto& [reason, count] : counts_by_reason(items)) {
        page += fmt::format("<tr><td>{}</td><td>{}</td></tr>", name_of(reason), count);
    }
    page += "</table>\n";
    if (job.sources().others > 0) {
        page += fmt::format("<p class=\"nums\">Files that are no pictures: {}.</p>", job.sources().others);
    }
    std::size_t shown = 0;
    for (const bool in : {false, true}) {
        page += fmt::format("<h2>{}</h2><div class=\"grid\">\n", in ? "In the set" : "Left out");
        for (const Item& item : items) {
            if (item.kept != in) {
                continue;
            }
            if (shown == thumbnails) {
                page += fmt::format("<p class=\"end\">From here on without thumbnails: a page shows those of {} "
                                    "pictures, those left out first.</p>\n",
                                    thumbnails);
            }
            page += figure(item, job, shown++ < thumbnails);
        }
        page += "</div>\n";
    }
    return page + "</html>\n";
}

} // namespace atelier::prepare
