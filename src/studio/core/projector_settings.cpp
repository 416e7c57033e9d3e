// SPDX-License-Identifier: Apache-2.0
#include "studio/core/projector_settings.h"

#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "studio/core/json_fields.h"

namespace atelier::studio {
namespace {

nlohmann::json to_json(const ProjectorSettings& projector) {
    nlohmann::json corners = nlohmann::json::array();
    for (const PinPoint& each : projector.pin.corners)
        corners.push_back({each.x, each.y});
    return {{"corners", corners},
            {"brightness", projector.colour.brightness},
            {"contrast", projector.colour.contrast},
            {"gamma", projector.colour.gamma},
            {"gain", projector.colour.gain}};
}

ProjectorSettings projector_of_json(const nlohmann::json& json, std::vector<std::string>& wrong) {
    ProjectorSettings projector;
    const JsonFields fields(json, &wrong);
    CornerPin pin;
    std::vector<std::array<double, 2>> corners;
    for (const PinPoint& each : pin.corners)
        corners.push_back({each.x, each.y});
    fields.take("corners", corners);
    if (corners.size() == pin.corners.size()) {
        for (std::size_t i = 0; i < corners.size(); ++i)
            pin.corners[i] = {corners[i][0], corners[i][1]};
    }
    if (corners.size() != pin.corners.size() || !can_pin(pin))
        fields.note("corners");
    else
        projector.pin = pin;
    OutputColour colour;
    fields.take("brightness", colour.brightness);
    fields.take("contrast", colour.contrast);
    fields.take("gamma", colour.gamma);
    fields.take("gain", colour.gain);
    projector.colour = within_ranges(colour);
    return projector;
}

} // namespace

ProjectorSettings projector_of(const Projectors& all, const std::string& monitor) {
    const auto found = all.find(monitor);
    return found == all.end() ? ProjectorSettings{} : found->second;
}

nlohmann::json to_json(const Projectors& all) {
    nlohmann::json json = nlohmann::json::object();
    for (const auto& [monitor, projector] : all) {
        if (!projector.untouched())
            json[text_of_bytes(monitor)] = to_json(projector);
    }
    return json;
}

Projectors projectors_of(const nlohmann::json& json, std::vector<std::string>* wrong) {
    Projectors all;
    if (!json.is_object())
        return all;
    const JsonFields fields(json, wrong);
    for (const auto& [monitor, inner] : json.items()) {
        if (all.size() == most_projectors)
            break;
        std::vector<std::string> inside;
        if (inner.is_object())
            all[bytes_of_text(monitor)] = projector_of_json(inner, inside);
        else
            fields.note(monitor);
        for (const std::string& each : inside)
            fields.note(fmt::format("{}.{}", monitor, each));
    }
    std::erase_if(all, [](const auto& each) { return each.second.untouched(); });
    return all;
}

} // namespace atelier::studio
