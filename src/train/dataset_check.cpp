// SPDX-License-Identifier: Apache-2.0
#include "train/dataset_check.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/error.h"

namespace atelier::train {
namespace {

enum class Kind { unreadable, stranger, not_square, bad_size, deep, transparent, other_size, other_colour };

struct Trouble {
    Kind kind;
    std::string what; // and what mends it
};

// A picture as the set sees it, or what keeps it out.
struct Finding {
    std::string name;           // for messages
    std::pair<int, int> size{}; // px, width and height
    int channels = 0;           // as stored
    bool transparent = false;   // somewhere
    int colours() const { return channels <= 2 ? 1 : 3; }
    std::optional<Trouble> trouble;
};

bool is_transparent(const io::Image8& image) {
    const auto step = static_cast<std::size_t>(image.channels);
    for (std::size_t i = step - 1; i < image.pixels.size(); i += step) {
        if (image.pixels[i] != 255) {
            return true;
        }
    }
    return false;
}

std::optional<Trouble> trouble_of(const io::ImageFacts& facts) {
    if (!network_shape(facts.shown_width(), facts.shown_height())) {
        return Trouble{facts.shown_width() == facts.shown_height() ? Kind::bad_size : Kind::not_square,
                       no_network_makes(facts.shown_width(), facts.shown_height())};
    }
    if (facts.depth > 8) {
        return Trouble{Kind::deep, "has 16 bits a channel; save it with 8"};
    }
    return std::nullopt;
}

Finding look_at(const PictureStore& store, const std::string& name) {
    Finding finding;
    finding.name = store.describe(name);
    try {
        const io::ImageFacts facts = store.facts(name);
        finding.trouble = trouble_of(facts);
        finding.size = {facts.shown_width(), facts.shown_height()};
        finding.channels = facts.channels;
        // An alpha channel that hides nothing is none.
        finding.transparent = !finding.trouble && facts.channels % 2 == 0 &&
                              is_transparent(io::decode_image(store.read(name), store.describe(name)));
    } catch (const Error& error) {
        const std::string text = error.what(), prefix = finding.name + ": ";
        finding.trouble = {Kind::unreadable, (text.starts_with(prefix) ? text.substr(prefix.size()) : text) +
                                                 "; save it anew as PNG, or take it out"};
    }
    return finding;
}

// The commonest value of the pictures without trouble; of equally common ones the first.
template <typename Of> const Finding* commonest(const std::vector<Finding>& findings, Of of) {
    std::map<decltype(of(findings.front())), int> counts;
    for (const Finding& finding : findings) {
        counts[of(finding)] += finding.trouble ? 0 : 1;
    }
    const Finding* best = nullptr;
    for (const Finding& finding : findings) {
        if (!finding.trouble && (best == nullptr || counts[of(finding)] > counts[of(*best)])) {
            best = &finding;
        }
    }
    return best;
}

const char* colour_name(int channels) {
    return channels == 1 ? "gray" : "in colour";
}

std::string size_text(std::pair<int, int> size) {
    return size.first == size.second ? fmt::format("{} px a side", size.first)
                                     : fmt::format("{} x {} px", size.first, size.second);
}

// Whether it is a set with alpha: all are stored so and somewhere it hides something, or most have transparent parts.
// What is stored without counts as opaque there.
bool keeps_alpha(const std::vector<Finding>& findings) {
    std::size_t sound = 0, stored = 0, transparent = 0;
    for (const Finding& finding : findings) {
        sound += finding.trouble ? 0 : 1;
        stored += !finding.trouble && finding.channels % 2 == 0 ? 1 : 0;
        transparent += !finding.trouble && finding.transparent ? 1 : 0;
    }
    return (stored == sound && transparent > 0) || 2 * transparent > sound;
}

void mark_transparent_ones(std::vector<Finding>& findings) {
    for (Finding& finding : findings) {
        if (finding.transparent && !finding.trouble) {
            finding.trouble = {Kind::transparent, "has transparent parts; flatten it on a background, or save all "
                                                  "pictures with alpha"};
        }
    }
}

void mark_odd_ones(std::vector<Finding>& findings, const Finding& size, const Finding& colour) {
    const auto [width, height] = size.size;
    const int channels = colour.colours();
    const std::string size_name = size.name, colour_model = colour.name;
    for (Finding& finding : findings) {
        if (finding.trouble) {
            continue;
        }
        if (finding.size != std::pair(width, height)) {
            finding.trouble = {Kind::other_size,
                               fmt::format("is {}, but {} is {}; scale all to one size", size_text(finding.size),
                                           size_name, size_text({width, height}))};
        } else if (finding.colours() != channels) {
            finding.trouble = {Kind::other_colour,
                               fmt::format("is {}, but {} is {}; save all in one kind", colour_name(finding.colours()),
                                           colour_model, colour_name(channels))};
        }
    }
}

// "3 other pictures have the same trouble, 1 has another"; empty if there are none.
std::string others_of(const std::vector<Finding>& findings, Kind kind) {
    std::size_t same = 0, other = 0;
    for (const Finding& finding : findings) {
        same += finding.trouble && finding.trouble->kind == kind ? 1 : 0;
        other += finding.trouble && finding.trouble->kind != kind ? 1 : 0;
    }
    --same; // the one that is named
    std::string text;
    if (same > 0) {
        text = fmt::format("{} other picture{} the same trouble", same, same == 1 ? " has" : "s have");
    }
    if (other > 0) {
        text += fmt::format("{}{} {} another", text.empty() ? "" : ", ", other, other == 1 ? "has" : "have");
    }
    return text.empty() ? text : " (" + text + ")";
}

} // namespace

SetFacts check_pictures(const PictureStore& store) {
    std::vector<Finding> findings;
    for (const std::string& name : store.names()) {
        findings.push_back(look_at(store, name));
    }
    for (const std::string& name : store.strangers()) {
        findings.push_back(
            {store.describe(name),
             {},
             0,
             false,
             Trouble{Kind::stranger, "is a picture of a kind that isn't read here; save it as PNG, or take it out"}});
    }
    const Finding* size = commonest(findings, [](const Finding& f) { return f.size; });
    const Finding* colour = commonest(findings, [](const Finding& f) { return f.colours(); });
    SetFacts facts;
    if (size != nullptr) {
        const bool alpha = keeps_alpha(findings);
        facts = {network_shape(size->size.first, size->size.second).value(), colour->colours() + (alpha ? 1 : 0)};
        if (!alpha) {
            mark_transparent_ones(findings);
        }
        mark_odd_ones(findings, *size, *colour);
    }
    const auto bad = std::ranges::find_if(findings, [](const Finding& f) { return f.trouble.has_value(); });
    if (bad != findings.end()) {
        fail("{}: {}{}.", bad->name, bad->trouble->what, others_of(findings, bad->trouble->kind));
    }
    return facts;
}

} // namespace atelier::train
