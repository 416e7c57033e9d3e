// SPDX-License-Identifier: Apache-2.0
#include "base/set_labels.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace atelier {
namespace {

using nlohmann::json;

constexpr std::int64_t most_classes = 65536;

bool is_finite_number(const json& value) {
    return value.is_number() && std::isfinite(value.get<float>());
}

// 1.0 is one, too.
std::optional<std::int64_t> class_of(const json& label) {
    if (!label.is_number()) {
        return std::nullopt;
    }
    const double value = label.get<double>();
    const bool fine = value >= 0 && value < static_cast<double>(most_classes) && std::floor(value) == value;
    return fine ? std::optional(static_cast<std::int64_t>(value)) : std::nullopt;
}

bool is_vector(const json& label) {
    return label.is_array() && !label.empty() && label.size() <= most_classes &&
           std::ranges::all_of(label, is_finite_number);
}

// "a.png (and 3 others)"
std::string named(const std::vector<std::string>& names) {
    const std::size_t more = names.size() - 1;
    return names.front() + (more == 0 ? "" : fmt::format(" (and {} other{})", more, more == 1 ? "" : "s"));
}

struct ByName {
    std::map<std::string, json> labels;
    std::vector<std::string> twice; // "a.png: 0 and 2"
};

// Empty where `labels` is no list of pairs.
std::optional<ByName> by_name_of(const json& labels) {
    if (labels.is_object()) {
        return ByName{labels.get<std::map<std::string, json>>(), {}};
    }
    ByName by_name;
    for (const json& pair : labels) {
        if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string()) {
            return std::nullopt;
        }
        const auto [place, fresh] = by_name.labels.try_emplace(pair[0].get<std::string>(), pair[1]);
        if (!fresh && place->second != pair[1]) {
            by_name.twice.push_back(fmt::format("{} ({} and {}", place->first, place->second.dump(), pair[1].dump()));
        }
    }
    return by_name;
}

SetLabels in_trouble(std::vector<std::string> troubles) {
    SetLabels result;
    result.troubles = std::move(troubles);
    return result;
}

// Of a label that is neither a class nor a list of numbers: what it is and what would be right.
std::string odd_label(const json& label) {
    const std::string range = fmt::format("a class is a whole number from 0 to {}", most_classes - 1);
    if (label.is_string()) {
        const std::string text = label.get<std::string>();
        const bool number = !text.empty() && text.find_first_not_of("0123456789.") == std::string::npos;
        return number ? fmt::format("is the text {}; write the number without quotes", label.dump())
                      : fmt::format("is the text {}; {}", label.dump(-1, ' ', false, json::error_handler_t::replace),
                                    range);
    }
    if (label.is_number()) {
        return fmt::format("is {}; {}, and other numbers stand in lists such as [0.5,1]", label.dump(), range);
    }
    return fmt::format("is neither a class from 0 to {} nor a list of numbers", most_classes - 1);
}

// A label's name that is the picture's but for its slashes.
std::optional<std::string> with_backslashes(const std::map<std::string, json>& labels) {
    for (const auto& [name, label] : labels) {
        if (name.find('\\') != std::string::npos) {
            return name;
        }
    }
    return std::nullopt;
}

SetLabels labels_of(const ByName& by_name, const std::vector<std::string>& names) {
    SetLabels result;
    std::vector<std::string> missing, odd;
    std::string why;
    for (const std::string& name : names) {
        const auto found = by_name.labels.find(name);
        if (found == by_name.labels.end()) {
            missing.push_back(name);
        } else if (const auto number = class_of(found->second)) {
            result.classes.push_back(*number);
        } else if (is_vector(found->second)) {
            result.vectors.push_back(found->second.get<std::vector<float>>());
        } else {
            odd.push_back(name);
            why = why.empty() ? odd_label(found->second) : why;
        }
    }
    if (!by_name.twice.empty()) {
        const std::size_t more = by_name.twice.size() - 1;
        result.troubles.push_back(
            fmt::format("has two labels for {}){}; a picture has one class, and what is of several needs a list of "
                        "numbers for each picture, such as [1,0,1]",
                        by_name.twice.front(), more == 0 ? "" : fmt::format(" and for {} more", more)));
    }
    const auto backslashes = missing.empty() ? std::nullopt : with_backslashes(by_name.labels);
    if (backslashes) {
        result.troubles.push_back(
            fmt::format("names its pictures with backslashes, such as {}; write / in their place", *backslashes));
    } else if (!missing.empty()) {
        result.troubles.push_back(
            fmt::format("has no label for {}; give every picture one, or take it out", named(missing)));
    }
    if (!odd.empty()) {
        result.troubles.push_back(fmt::format("the label of {} {}", named(odd), why));
    }
    const auto other_length = [&](const auto& v) { return v.size() != result.vectors.front().size(); };
    if (!result.vectors.empty() && (!result.classes.empty() || std::ranges::any_of(result.vectors, other_length))) {
        result.troubles.emplace_back("its labels are of different kinds or lengths; give all pictures a class, or all "
                                     "a list of one length");
    }
    return result.troubles.empty() ? result : in_trouble(result.troubles);
}

// Of {"atelier": {"classes": ["cats", "dogs"]}}; empty where it makes no sense.
std::vector<std::string> names_in(const json& description) {
    const auto about = description.find("atelier");
    if (about == description.end() || !about->is_object() || !about->contains("classes")) {
        return {};
    }
    std::vector<std::string> names;
    const json& list = (*about)["classes"];
    for (std::size_t i = 0; list.is_array() && i < list.size() && i < static_cast<std::size_t>(most_classes); ++i) {
        if (!list[i].is_string()) {
            return {};
        }
        names.push_back(list[i].get<std::string>());
    }
    return names;
}

bool is_utf16(std::span<const std::uint8_t> bytes) {
    const auto begins = [&](int a, int b) { return bytes.size() > 1 && bytes[0] == a && bytes[1] == b; };
    return begins(0xFF, 0xFE) || begins(0xFE, 0xFF) || begins('{', 0) || begins(0, '{');
}

// What is wrong at a place, in words; `at`: of the first byte that fits nowhere.
std::string wrong_at(std::span<const std::uint8_t> bytes, std::size_t at) {
    if (at >= bytes.size()) {
        return "it ends before all brackets are closed";
    }
    const char sign = static_cast<char>(bytes[at]);
    std::size_t before = at;
    while (before > 0 && (bytes[before - 1] == ' ' || (bytes[before - 1] >= 9 && bytes[before - 1] <= 13))) {
        --before;
    }
    if ((sign == ']' || sign == '}') && before > 0 && bytes[before - 1] == ',') {
        return fmt::format("a comma stands before {}; take it out", sign);
    }
    if (sign == '\'') {
        return "a single quote; texts stand in double quotes";
    }
    const std::size_t from = at > 12 ? at - 12 : 0, count = std::min<std::size_t>(bytes.size() - from, 32);
    std::string near(bytes.begin() + static_cast<std::ptrdiff_t>(from),
                     bytes.begin() + static_cast<std::ptrdiff_t>(from + count));
    std::ranges::replace_if(
        near, [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127 || c < 0; }, ' ');
    return fmt::format("something else was due there, near {}", near);
}

} // namespace

SetDescription parse_set_description(std::span<const std::uint8_t> bytes) {
    if (is_utf16(bytes)) {
        return {{}, "is text in UTF-16; save it as UTF-8"};
    }
    try {
        return {json::parse(bytes.begin(), bytes.end()), ""};
    } catch (const json::parse_error& error) {
        const std::size_t at = std::min(error.byte > 0 ? error.byte - 1 : 0, bytes.size());
        const auto line_ends = std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(at), '\n');
        std::size_t line_begin = at;
        while (line_begin > 0 && bytes[line_begin - 1] != '\n') {
            --line_begin;
        }
        return {
            {},
            fmt::format("is no JSON: line {}, column {}: {}", line_ends + 1, at - line_begin + 1, wrong_at(bytes, at))};
    }
}

std::vector<std::int64_t> SetLabels::pictures_of_classes() const {
    std::vector<std::int64_t> counts;
    if (!classes.empty()) {
        counts.resize(static_cast<std::size_t>(*std::ranges::max_element(classes)) + 1);
    }
    for (const std::int64_t label : classes) {
        ++counts[static_cast<std::size_t>(label)];
    }
    return counts;
}

SetLabels read_set_labels(const SetDescription& description, const std::vector<std::string>& names) {
    if (!description.trouble.empty()) {
        return in_trouble({description.trouble});
    }
    if (!description.json.is_object()) {
        return in_trouble({"is no JSON object; write {\"labels\": null} or a list of file names and classes"});
    }
    const json labels = description.json.value("labels", json());
    if (labels.is_null()) {
        return {};
    }
    if (!labels.is_array() && !labels.is_object()) {
        return in_trouble({"its labels are neither a list nor null; write [\"file name\", class] for each picture"});
    }
    const auto by_name = by_name_of(labels);
    if (!by_name) {
        return in_trouble({"its labels are no list of pairs of a file name and a class"});
    }
    SetLabels result = labels_of(*by_name, names);
    if (!result.classes.empty()) {
        result.class_names = names_in(description.json);
    }
    return result;
}

std::string empty_classes(const std::vector<std::int64_t>& pictures_of_classes) {
    constexpr std::size_t most = 5;
    std::string text;
    std::size_t count = 0;
    for (std::size_t i = 0; i < pictures_of_classes.size(); ++i) {
        if (pictures_of_classes[i] == 0 && ++count <= most) {
            text += fmt::format("{}{}", text.empty() ? "" : ", ", i);
        }
    }
    return count == 0 ? ""
                      : fmt::format("no picture is of class {}{}", text,
                                    count > most ? fmt::format(" and {} others", count - most) : "");
}

std::string class_text(std::size_t index, const std::vector<std::string>& class_names) {
    return index < class_names.size() ? fmt::format("{} ({})", index, class_names[index]) : fmt::format("{}", index);
}

} // namespace atelier
