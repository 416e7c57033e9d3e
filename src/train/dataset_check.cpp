// SPDX-License-Identifier: Apache-2.0
#include "train/dataset_check.h"

#include <algorithm>
#include <bit>
#include <map>
#include <optional>

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
    std::string name; // for messages
    int side = 0, channels = 0;
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

std::optional<Trouble> trouble_of(const io::ImageFacts& facts, const PictureStore& store, const std::string& name) {
    if (facts.shown_width() != facts.shown_height()) {
        return Trouble{Kind::not_square, fmt::format("is {} x {} px, not square; crop or pad it", facts.shown_width(),
                                                     facts.shown_height())};
    }
    if (facts.width < 4 || facts.width > 4096 || !std::has_single_bit(static_cast<unsigned>(facts.width))) {
        return Trouble{Kind::bad_size,
                       fmt::format("is {} px a side; scale it to a power of two from 4 to 4096", facts.width)};
    }
    if (facts.depth > 8) {
        return Trouble{Kind::deep, "has 16 bits a channel; save it with 8"};
    }
    // An alpha channel that hides nothing does no harm.
    if (facts.channels % 2 == 0 && is_transparent(io::decode_image(store.read(name), store.describe(name)))) {
        return Trouble{Kind::transparent, "has transparent parts; flatten it on a background"};
    }
    return std::nullopt;
}

Finding look_at(const PictureStore& store, const std::string& name) {
    Finding finding;
    finding.name = store.describe(name);
    try {
        const io::ImageFacts facts = store.facts(name);
        finding.trouble = trouble_of(facts, store, name);
        finding.side = facts.width;
        finding.channels = facts.channels <= 2 ? 1 : 3;
    } catch (const Error& error) {
        const std::string text = error.what(), prefix = finding.name + ": ";
        finding.trouble = {Kind::unreadable, (text.starts_with(prefix) ? text.substr(prefix.size()) : text) +
                                                 "; save it anew as PNG, or take it out"};
    }
    return finding;
}

// The commonest value of the pictures without trouble; of equally common ones the first.
template <typename Value> const Finding* commonest(const std::vector<Finding>& findings, Value Finding::*member) {
    std::map<Value, int> counts;
    for (const Finding& finding : findings) {
        counts[finding.*member] += finding.trouble ? 0 : 1;
    }
    const Finding* best = nullptr;
    for (const Finding& finding : findings) {
        if (!finding.trouble && (best == nullptr || counts[finding.*member] > counts[best->*member])) {
            best = &finding;
        }
    }
    return best;
}

const char* colour_name(int channels) {
    return channels == 1 ? "gray" : "in colour";
}

void mark_odd_ones(std::vector<Finding>& findings, const Finding& size, const Finding& colour) {
    const int side = size.side, channels = colour.channels;
    const std::string size_name = size.name, colour_model = colour.name;
    for (Finding& finding : findings) {
        if (finding.trouble) {
            continue;
        }
        if (finding.side != side) {
            finding.trouble = {Kind::other_size, fmt::format("is {} px a side, but {} is {}; scale all to one size",
                                                             finding.side, size_name, side)};
        } else if (finding.channels != channels) {
            finding.trouble = {Kind::other_colour,
                               fmt::format("is {}, but {} is {}; save all in one kind", colour_name(finding.channels),
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
            {store.describe(name), 0, 0,
             Trouble{Kind::stranger, "is a picture of a kind that isn't read here; save it as PNG, or take it out"}});
    }
    const Finding* size = commonest(findings, &Finding::side);
    const Finding* colour = commonest(findings, &Finding::channels);
    SetFacts facts;
    if (size != nullptr) {
        facts = {size->side, colour->channels};
        mark_odd_ones(findings, *size, *colour);
    }
    const auto bad = std::ranges::find_if(findings, [](const Finding& f) { return f.trouble.has_value(); });
    if (bad != findings.end()) {
        fail("{}: {}{}.", bad->name, bad->trouble->what, others_of(findings, bad->trouble->kind));
    }
    return facts;
}

} // namespace atelier::train
