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

bool is_class(const json& label) {
    return label.is_number_integer() && label >= 0 && label < most_classes;
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

// Empty where `labels` is no list of pairs.
std::optional<std::map<std::string, json>> by_name_of(const json& labels) {
    if (labels.is_object()) {
        return labels.get<std::map<std::string, json>>();
    }
    std::map<std::string, json> by_name;
    for (const json& pair : labels) {
        if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string()) {
            return std::nullopt;
        }
        by_name[pair[0].get<std::string>()] = pair[1];
    }
    return by_name;
}

SetLabels in_trouble(std::vector<std::string> troubles) {
    SetLabels result;
    result.troubles = std::move(troubles);
    return result;
}

SetLabels labels_of(const std::map<std::string, json>& by_name, const std::vector<std::string>& names) {
    SetLabels result;
    std::vector<std::string> missing, odd;
    for (const std::string& name : names) {
        const auto found = by_name.find(name);
        if (found == by_name.end()) {
            missing.push_back(name);
        } else if (is_class(found->second)) {
            result.classes.push_back(found->second.get<std::int64_t>());
        } else if (is_vector(found->second)) {
            result.vectors.push_back(found->second.get<std::vector<float>>());
        } else {
            odd.push_back(name);
        }
    }
    if (!missing.empty()) {
        result.troubles.push_back(
            fmt::format("has no label for {}; give every picture one, or take it out", named(missing)));
    }
    if (!odd.empty()) {
        result.troubles.push_back(fmt::format("the label of {} is neither a class from 0 to {} nor a list of numbers",
                                              named(odd), most_classes - 1));
    }
    const auto other_length = [&](const auto& v) { return v.size() != result.vectors.front().size(); };
    if (!result.vectors.empty() && (!result.classes.empty() || std::ranges::any_of(result.vectors, other_length))) {
        result.troubles.emplace_back("its labels are of different kinds or lengths; give all pictures a class, or all "
                                     "a list of one length");
    }
    return result.troubles.empty() ? result : in_trouble(result.troubles);
}

} // namespace

SetLabels read_set_labels(const json& description, const std::vector<std::string>& names) {
    if (!description.is_object()) {
        return in_trouble({"is no JSON object; write {\"labels\": null} or a list of file names and classes"});
    }
    const json labels = description.value("labels", json());
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
    return labels_of(*by_name, names);
}

} // namespace atelier
