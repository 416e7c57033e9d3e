// SPDX-License-Identifier: Apache-2.0
#include "inputs/net/osc_router.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/clock.h"
#include "inputs/net/osc_pattern.h"

namespace atelier::net {
namespace {

bool is_numeric(const OscValue& value) {
    return value.kind == OscValue::Kind::number || value.kind == OscValue::Kind::boolean;
}

std::string text_of(const std::vector<OscValue>& values) {
    std::string out;
    for (const OscValue& each : values) {
        if (out.size() > 40)
            break;
        if (!out.empty())
            out += ' ';
        switch (each.kind) {
        case OscValue::Kind::number: out += fmt::format("{:.4g}", each.number); break;
        case OscValue::Kind::boolean: out += each.number != 0 ? "true" : "false"; break;
        case OscValue::Kind::text: // of strangers: nothing that a line of text can't hold
            for (const char c : each.text.substr(0, 40))
                out += c >= ' ' && c < 127 ? c : '?';
            break;
        case OscValue::Kind::nil: out += "nil"; break;
        case OscValue::Kind::impulse: out += "impulse"; break;
        case OscValue::Kind::other: out += "..."; break;
        }
    }
    return out;
}

} // namespace

std::optional<double> value_for(const MirroredParameter& parameter, const std::vector<OscValue>& values) {
    if (values.empty())
        return std::nullopt;
    const OscValue& first = values.front();
    if (is_numeric(first))
        return first.number;
    if (first.kind != OscValue::Kind::text)
        return std::nullopt;
    if (parameter.kind == ParameterKind::toggle && (first.text == "on" || first.text == "off"))
        return first.text == "on" ? 1 : 0;
    const auto name = std::ranges::find(parameter.names, first.text);
    if (parameter.kind != ParameterKind::choice || name == parameter.names.end())
        return std::nullopt;
    return static_cast<double>(name - parameter.names.begin());
}

std::optional<bool> pulls(const std::vector<OscValue>& values) {
    if (values.empty())
        return true;
    const OscValue& first = values.front();
    if (is_numeric(first))
        return first.number > 0; // false for NaN too
    if (first.kind == OscValue::Kind::impulse || first.kind == OscValue::Kind::nil)
        return true;
    return std::nullopt;
}

void OscRouter::refuse(Refusal why, const OscMessage& message, std::string_view from) {
    counts_.add(why);
    traffic_.note(message.address, from, TrafficKind::refused, text_of(message.values), steady_seconds());
}

void OscRouter::parameter(const ParameterTable& table, std::size_t index, const OscMessage& message,
                          std::string_view from, bool may_set) {
    const MirroredParameter& what = table.all()[index];
    double value = 0;
    if (what.kind == ParameterKind::trigger) {
        const auto pulled = pulls(message.values);
        if (!pulled)
            return refuse(Refusal::wrong_type, message, from);
        if (!*pulled) { // a button that is let go of
            traffic_.note(message.address, from, TrafficKind::parameter, text_of(message.values), steady_seconds());
            return;
        }
    } else {
        const auto read = value_for(what, message.values);
        if (!read)
            return refuse(Refusal::wrong_type, message, from);
        value = *read;
    }
    switch (may_set ? mirror_.set(table, index, value) : SetResult::closed) {
    case SetResult::closed: return refuse(Refusal::closed, message, from);
    case SetResult::not_finite: return refuse(Refusal::not_finite, message, from);
    case SetResult::full: return refuse(Refusal::too_often, message, from);
    case SetResult::clamped: counts_.add(Refusal::clamped); break;
    case SetResult::taken: break;
    }
    traffic_.note(message.address, from, TrafficKind::parameter, text_of(message.values), steady_seconds());
}

void OscRouter::pattern(const ParameterTable& table, const OscMessage& message, std::string_view from, bool may_set) {
    bool any = false;
    for (std::size_t i = 0; i < table.all().size(); ++i) {
        if (table.all()[i].fact || !matches_osc_pattern(message.address, table.path(i)))
            continue;
        any = true;
        parameter(table, i, message, from, may_set);
    }
    if (!any)
        refuse(Refusal::wrong_type, message, from);
}

void OscRouter::source(const OscMessage& message, std::string_view from) {
    const double now = steady_seconds();
    if (message.values.empty()) {
        if (sink_.hit)
            sink_.hit("osc" + message.address, 1);
        traffic_.note(message.address, from, TrafficKind::source, "", now);
        return;
    }
    bool any = false;
    const std::size_t count = std::min(message.values.size(), most_sources_of_message);
    for (std::size_t i = 0; i < count; ++i) {
        const OscValue& value = message.values[i];
        const bool impulse = value.kind == OscValue::Kind::impulse;
        if (!is_numeric(value) && !impulse)
            continue;
        if (!std::isfinite(value.number))
            return refuse(Refusal::not_finite, message, from);
        const std::string address = i == 0 ? message.address : fmt::format("{}#{}", message.address, i + 1);
        const double inside = std::clamp(value.number, 0.0, 1.0);
        if (inside != value.number)
            counts_.add(Refusal::clamped);
        const auto& say = impulse ? sink_.hit : sink_.set;
        if (say)
            say("osc" + address, inside);
        traffic_.note(address, from, TrafficKind::source, text_of({value}), now);
        any = true;
    }
    if (!any)
        refuse(Refusal::wrong_type, message, from);
}

void OscRouter::take(const OscMessage& message, std::string_view from, bool may_set) {
    counts_.add_message();
    const auto table = mirror_.table();
    if (const auto index = table->find(message.address))
        return parameter(*table, *index, message, from, may_set);
    if (is_osc_pattern(message.address))
        return pattern(*table, message, from, may_set);
    if (message.address.find_first_of("#,") != std::string::npos)
        return refuse(Refusal::malformed, message, from);
    source(message, from);
}

} // namespace atelier::net
