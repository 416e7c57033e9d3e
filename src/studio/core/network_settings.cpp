// SPDX-License-Identifier: Apache-2.0
#include "studio/core/network_settings.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "studio/core/json_fields.h"

namespace atelier::studio {
namespace {

constexpr std::size_t most_closed = 1000;

// The fields' names and where they are, once for both directions.
template <class Options, class Each> void each_field(Options& options, Each each) {
    each("osc", options.osc);
    each("osc_address", options.osc_address);
    each("osc_port", options.osc_port);
    each("query", options.query);
    each("query_address", options.query_address);
    each("query_port", options.query_port);
    each("query_may_set", options.query_may_set);
    each("artnet", options.artnet);
    each("artnet_address", options.artnet_address);
    each("artnet_port", options.artnet_port);
    each("artnet_universe", options.artnet_universe);
    each("artnet_universes", options.artnet_universes);
    each("out", options.out);
    each("out_address", options.out_address);
    each("out_port", options.out_port);
}

nlohmann::json value_of(const std::string& text) {
    return text_of_bytes(text);
}
template <class Plain> nlohmann::json value_of(Plain value) {
    return value;
}

} // namespace

nlohmann::json to_json(const NetworkSettings& settings) {
    nlohmann::json json = {{"closed", settings.closed}};
    nlohmann::json& closed = json["closed_parameters"] = nlohmann::json::array();
    for (const std::string& each : settings.closed_parameters)
        closed.push_back(text_of_bytes(each));
    each_field(settings.options, [&](const char* name, const auto& value) { json[name] = value_of(value); });
    return json;
}

NetworkSettings network_settings_of(const nlohmann::json& json, std::vector<std::string>* wrong) {
    NetworkSettings settings;
    if (!json.is_object())
        return settings;
    const JsonFields fields(json, wrong);
    fields.take("closed", settings.closed);
    fields.take("closed_parameters", settings.closed_parameters);
    if (settings.closed_parameters.size() > most_closed)
        settings.closed_parameters.resize(most_closed);
    each_field(settings.options, [&](const char* name, auto& value) { fields.take(name, value); });
    NetworkOptions& options = settings.options;
    for (int* port : {&options.osc_port, &options.query_port, &options.artnet_port, &options.out_port})
        *port = std::clamp(*port, 1, 65535);
    options.artnet_universe = std::clamp(options.artnet_universe, 0, 32767);
    options.artnet_universes = std::clamp(options.artnet_universes, 1, 16);
    return settings;
}

} // namespace atelier::studio
