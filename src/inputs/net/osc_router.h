// SPDX-License-Identifier: Apache-2.0
// OscRouter: what a message means. A parameter's address sets it, a trigger's pulls it, any other is a source that the
// studio's connections may listen to. Any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "inputs/net/counts.h"
#include "inputs/net/osc_packet.h"
#include "inputs/net/parameter_mirror.h"
#include "inputs/net/traffic.h"

namespace atelier::net {

// Where sources go; "osc/fader/1", the second value of a message "osc/fader/1#2".
struct SourceSink {
    std::function<void(const std::string& source, double value)> set{}; // 0..1
    std::function<void(const std::string& source, double strength)> hit{};
};

// Of a message's values become sources of their own, at most.
inline constexpr std::size_t most_sources_of_message = 16;

class OscRouter {
public:
    OscRouter(ParameterMirror& mirror, Traffic& traffic, Counts& counts, SourceSink sink)
        : mirror_(mirror), traffic_(traffic), counts_(counts), sink_(std::move(sink)) {}

    // may_set: whether this sender may set parameters at all.
    void take(const OscMessage& message, std::string_view from, bool may_set = true);

private:
    void parameter(const ParameterTable& table, std::size_t index, const OscMessage& message, std::string_view from,
                   bool may_set);
    void pattern(const ParameterTable& table, const OscMessage& message, std::string_view from, bool may_set);
    void source(const OscMessage& message, std::string_view from);
    void refuse(Refusal why, const OscMessage& message, std::string_view from);

    ParameterMirror& mirror_;
    Traffic& traffic_;
    Counts& counts_;
    SourceSink sink_;
};

// What the message's values mean to that parameter; none: nothing. Pure.
std::optional<double> value_for(const MirroredParameter& parameter, const std::vector<OscValue>& values);
// Whether they pull a trigger: nothing at all does, and so does what a button sends when it is pressed. Pure; none:
// they are no button's.
std::optional<bool> pulls(const std::vector<OscValue>& values);

} // namespace atelier::net
