// SPDX-License-Identifier: Apache-2.0
#include "studio/live/midi_feedback.h"

#include <algorithm>
#include <cmath>

#include "studio/state/response.h"

namespace atelier::studio {
namespace {

constexpr double quiet = 0.3; // seconds

double unshaped(ConnectionCurve curve, double y) {
    double low = 0, high = 1; // curves rise
    for (int i = 0; i < 30; ++i) {
        const double middle = (low + high) / 2;
        (shaped(curve, middle) < y ? low : high) = middle;
    }
    return high;
}

} // namespace

double level_for(const Connection& connection, const Parameter& parameter, double value) {
    const double from = connection.from, to = connection.to;
    if (from == to)
        return 0;
    if (connection.mode != ConnectionMode::set || parameter.scale == Scale::toggle)
        return std::abs(value - to) < std::abs(value - from) ? 1 : 0;
    const bool by_factors = parameter.scale == Scale::logarithmic && from > 0 && to > 0;
    const double part =
        by_factors ? (value > 0 ? std::log(value / from) / std::log(to / from) : 0) : (value - from) / (to - from);
    return connection.curve == ConnectionCurve::linear ? std::clamp(part, 0.0, 1.0)
                                                       : unshaped(connection.curve, std::clamp(part, 0.0, 1.0));
}

std::vector<MidiFeedback::Told> MidiFeedback::advance(const std::vector<Connection>& connections, const Scene& scene,
                                                      const std::function<double(ParameterRef)>& value,
                                                      std::span<const SourceReading> news, double seconds) {
    for (auto& [source, ago] : spoken_)
        ago += seconds;
    std::erase_if(spoken_, [](const auto& each) { return each.second > quiet; });
    for (const SourceReading& each : news)
        spoken_[each.source] = 0;
    std::vector<Told> out;
    for (const Connection& each : connections) {
        const bool sets = each.mode == ConnectionMode::set || each.mode == ConnectionMode::toggle;
        const auto address =
            each.on && sets && !spoken_.contains(each.source) ? inputs::midi_address(each.source) : std::nullopt;
        const auto which = address ? find_parameter(scene, each.target) : std::nullopt;
        if (!which || !which->parameter->has_value())
            continue;
        const double level = level_for(each, *which->parameter, value(*which));
        std::vector<inputs::MidiMessage> messages = inputs::messages_of(*address, level);
        const auto told = told_.find(each.source);
        if (messages.empty() || (told != told_.end() && told->second == messages))
            continue;
        told_.insert_or_assign(each.source, std::move(messages));
        out.push_back({*address, level});
    }
    return out;
}

} // namespace atelier::studio
