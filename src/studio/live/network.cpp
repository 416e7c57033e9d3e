// SPDX-License-Identifier: Apache-2.0
#include "studio/live/network.h"

#include <algorithm>
#include <cmath>

namespace atelier::studio {
namespace {

// A field that is being typed in isn't finished.
constexpr double settled_seconds = 0.5;
constexpr double show_every = 0.25; // seconds

net::ParameterKind kind_of(Scale scale) {
    switch (scale) {
    case Scale::linear:
    case Scale::logarithmic: return net::ParameterKind::number;
    case Scale::whole: return net::ParameterKind::whole;
    case Scale::choice: return net::ParameterKind::choice;
    case Scale::toggle: return net::ParameterKind::toggle;
    case Scale::trigger: return net::ParameterKind::trigger;
    }
    return net::ParameterKind::number;
}

// What is typed may wait; what is switched may not.
bool same_switches(const NetworkOptions& a, const NetworkOptions& b) {
    return a.osc == b.osc && a.query == b.query && a.query_may_set == b.query_may_set && a.artnet == b.artnet &&
           a.out == b.out;
}

} // namespace

NetworkLink::NetworkLink(StudioContext& context, inputs::InputHub& hub)
    : context(context),
      network(net::SourceSink{[&hub](const std::string& source, double value) { hub.set(source, value); },
                              [&hub](const std::string& source, double strength) { hub.hit(source, strength); }}) {}

void NetworkLink::follow_settings(double seconds) {
    const NetworkSettings& settings = context.settings.network;
    network.mirror.close(settings.closed);
    rested_ = wanted_ != settings.options ? 0 : rested_ + seconds;
    wanted_ = settings.options;
    if (context.outside_closed)
        return;
    if (wanted_ != network.options() && (rested_ >= settled_seconds || !same_switches(wanted_, network.options())))
        network.apply(wanted_);
}

bool NetworkLink::same_parameters() const {
    const auto same = [](const Slider& before, const DirectionSlider& now) {
        return before.name == now.name && before.method == now.direction.method && before.index == now.direction.index;
    };
    return closed_ == context.settings.network.closed_parameters &&
           std::ranges::equal(sliders_, context.state.directions, same);
}

// Which parameters there are now.
void NetworkLink::collect() {
    const Scene& scene = context.state;
    closed_ = context.settings.network.closed_parameters;
    sliders_.clear();
    for (const DirectionSlider& each : scene.directions)
        sliders_.push_back({each.name, each.direction.method, each.direction.index});
    refs_.clear();
    by_id_.clear();
    for (const ParameterRef each : parameters_of(scene)) {
        if (!each->has_value() && each->scale != Scale::trigger)
            continue; // of the person's settings
        refs_.push_back(each);
        by_id_.emplace(id_of(scene, each), each);
    }
}

std::vector<net::MirroredParameter> NetworkLink::described() const {
    const Scene& scene = context.state;
    std::vector<net::MirroredParameter> all;
    for (const ParameterRef each : refs_) {
        net::MirroredParameter told;
        told.id = id_of(scene, each);
        told.label = label_of(scene, each);
        told.unit = each->unit;
        told.tooltip = each->tooltip;
        told.min = each->min;
        told.max = each->max;
        told.standard = each->standard;
        told.kind = kind_of(each->scale);
        told.names.assign(each->names.begin(), each->names.end());
        told.open = std::ranges::find(closed_, told.id) == closed_.end();
        all.push_back(std::move(told));
    }
    for (const NetworkFact& each : facts) {
        net::MirroredParameter told;
        told.id = each.id;
        told.label = each.label;
        told.unit = each.unit;
        told.tooltip = each.tooltip;
        told.kind = each.whole ? net::ParameterKind::whole : net::ParameterKind::number;
        told.fact = true;
        all.push_back(std::move(told));
    }
    return all;
}

void NetworkLink::tell() {
    const bool same = told_ && same_parameters();
    if (!same)
        collect();
    fresh_.clear();
    for (const ParameterRef each : refs_)
        fresh_.push_back(each->holder == Holder::scene ? context.playback.shown_value(each)
                                                       : value_of(context.state, each));
    for (const NetworkFact& each : facts) {
        const double value = each.value();
        fresh_.push_back(std::isfinite(value) ? value : 0);
    }
    if (same && fresh_ == values_)
        return;
    values_ = fresh_;
    if (same)
        network.mirror.tell(values_);
    else
        network.mirror.describe(described(), values_);
    told_ = true;
}

bool NetworkLink::take(std::vector<ParameterRef>& due) {
    bool any = false;
    for (const net::RemoteChange& each : network.mirror.take()) {
        const auto found = by_id_.find(each.id);
        if (found == by_id_.end())
            continue; // of a slider that has gone meanwhile
        const ParameterRef which = found->second;
        if (which->scale == Scale::trigger) {
            due.insert(due.end(), static_cast<std::size_t>(each.pulls), which);
        } else if (context.ui.held != which) { // a hand on the control wins
            context.playback.touch(which);
            set_value(context.state, which, each.value);
            any = true;
        }
    }
    return any;
}

bool NetworkLink::tick(double seconds) {
    shown_ += seconds;
    if (!active() || shown_ < show_every || !context.settings.live_page ||
        !context.settings.is_open(network_section, false))
        return false;
    shown_ = 0;
    return true;
}

bool NetworkLink::turn(double seconds, std::vector<ParameterRef>& due) {
    follow_settings(seconds);
    if (!active())
        return false;
    // What was asked for is of the table of the turn before: a place in a list may mean another slider by now.
    const bool any = told_ && same_parameters() && take(due);
    tell();
    return any;
}

} // namespace atelier::studio
