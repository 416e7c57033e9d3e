// SPDX-License-Identifier: Apache-2.0
#include "studio/state/matrix.h"

#include <algorithm>
#include <cmath>

namespace atelier::studio {
namespace {

constexpr double near_enough = 0.02; // of from..to: so near a knob takes hold without passing the value

bool is_trigger(ParameterRef which) {
    return which->scale == Scale::trigger;
}

// Kept values are floats here and there; of whole numbers a range as that of seeds says nothing.
bool same_value(const Parameter& parameter, double a, double b) {
    if (parameter.scale == Scale::whole)
        return std::abs(a - b) < 0.5;
    return std::abs(a - b) <= 1e-5 * std::max(parameter.max - parameter.min, std::abs(a));
}

Modulated& entry(std::vector<Modulated>& all, const std::string& id) {
    const auto there = std::ranges::find(all, id, &Modulated::parameter);
    return there != all.end() ? *there : all.emplace_back(Modulated{id});
}

void put(std::vector<MatrixEffects::Set>& all, ParameterRef which, double value) {
    const auto there = std::ranges::find(all, which, &MatrixEffects::Set::which);
    if (there != all.end())
        there->value = value; // of several the last
    else
        all.push_back({which, value});
}

} // namespace

double between(const Parameter& parameter, double from, double to, double level) {
    if (parameter.scale == Scale::logarithmic && from > 0 && to > 0)
        return from * std::pow(to / from, level);
    return from + (to - from) * level;
}

Connection new_connection(const std::string& source, ParameterRef target, const std::string& id) {
    const Parameter& row = *target.parameter;
    Connection out{.source = source, .target = id};
    if (is_trigger(target)) {
        out.mode = ConnectionMode::trigger;
    } else if (row.scale == Scale::toggle) {
        out.mode = ConnectionMode::toggle;
    } else {
        const bool track = row.track_min < row.track_max;
        out.from = track ? row.track_min : row.min;
        out.to = track ? row.track_max : row.max;
    }
    return out;
}

std::string Matrix::key_of(const Connection& connection) {
    return connection.source + '\n' + connection.target;
}

const Matrix::Running* Matrix::running(const Connection& connection) const {
    const auto found = running_.find(key_of(connection));
    return found == running_.end() ? nullptr : &found->second;
}

std::optional<double> Matrix::meter(const Connection& connection) const {
    const Running* run = running(connection);
    return run && run->begun ? std::optional(run->level) : std::nullopt;
}

bool Matrix::waits_for_take_over(const Connection& connection) const {
    const Running* run = running(connection);
    return run && run->begun && connection.on && connection.mode == ConnectionMode::set && connection.soft &&
           !run->caught;
}

const SourceReading* Matrix::last(std::string_view source) const {
    const auto found = sources_.find(source);
    return found == sources_.end() ? nullptr : &found->second.reading;
}

void Matrix::Running::let_go() {
    caught = false;
    put.reset();
    before.reset();
}

// Soft take-over: a knob that stands elsewhere than the control moves nothing until it comes to where the control is.
bool Matrix::takes_hold(Running& run, const Connection& connection, ParameterRef which, double wanted, double shown,
                        bool news) const {
    if (!connection.soft)
        return true;
    if (run.put && !same_value(*which.parameter, *run.put, shown))
        run.let_go();
    if (run.caught || !news)
        return run.caught;
    const double off = wanted - shown;
    const bool passed = run.before && (off == 0 || (off > 0) != (*run.before > 0));
    run.before = off;
    run.caught = passed || std::abs(off) <= near_enough * std::abs(connection.to - connection.from);
    return run.caught;
}

MatrixEffects Matrix::advance(const std::vector<Connection>& connections, const Scene& scene, const MatrixTurn& turn) {
    MatrixEffects out;
    ++turn_;
    for (const SourceReading& each : turn.news)
        sources_[each.source] = {each, turn_};
    for (const Connection& each : connections) {
        const auto which = each.on ? find_parameter(scene, each.target) : std::nullopt;
        const auto source = sources_.find(each.source);
        if (!which || source == sources_.end())
            continue;
        const SourceReading& reading = source->second.reading;
        const bool news = source->second.turn == turn_;
        Running& run = running_[key_of(each)];
        const bool hit = news && reading.hits > 0;

        if (hit)
            run.envelope.hit(reading.strength);
        if (news && !reading.down)
            run.envelope.release();
        double aim = reading.value;
        if (each.envelope) {
            aim = run.envelope.advance(each.shape, turn.seconds);
            out.moving |= !run.envelope.resting();
        }
        aim = shaped(each.curve, aim);
        const double was = run.level;
        run.level = run.begun ? followed(run.level, aim, each.attack, each.release, turn.seconds) : aim;
        const bool changed = !run.begun || run.level != was;
        run.begun = true;
        out.moving |= run.level != aim;

        if (is_trigger(*which)) {
            for (int i = 0; hit && i < reading.hits; ++i)
                out.pulled.push_back(*which);
            continue;
        }
        if (each.mode == ConnectionMode::add) {
            entry(out.modulated, each.target).add += each.from + (each.to - each.from) * run.level;
            continue;
        }
        if (each.mode == ConnectionMode::multiply) {
            entry(out.modulated, each.target).factor *= each.from + (each.to - each.from) * run.level;
            continue;
        }
        if (!which->parameter->has_value() || turn.held == which) {
            run.let_go();
            continue;
        }
        const double shown = turn.value ? turn.value(*which) : value_of(scene, *which);
        if (each.mode == ConnectionMode::toggle || each.mode == ConnectionMode::trigger) {
            if (!hit || (each.mode == ConnectionMode::toggle && reading.hits % 2 == 0))
                continue;
            const double to = clamped(*which->parameter, each.to), from = clamped(*which->parameter, each.from);
            put(out.set, *which,
                each.mode == ConnectionMode::toggle && same_value(*which->parameter, shown, to) ? from : to);
            continue;
        }
        const double wanted = clamped(*which->parameter, between(*which->parameter, each.from, each.to, run.level));
        if (!takes_hold(run, each, *which, wanted, shown, changed) || !changed)
            continue;
        run.put = wanted;
        put(out.set, *which, wanted);
    }
    return out;
}

} // namespace atelier::studio
