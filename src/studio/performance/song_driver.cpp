// SPDX-License-Identifier: Apache-2.0
#include "studio/performance/song_driver.h"

#include <algorithm>

#include <fmt/format.h>

#include "sound/sources.h"

namespace atelier::studio {

SongDriver::SongDriver(std::shared_ptr<const sound::Song> song, std::vector<Connection> connections, double from)
    : sources_(std::move(song)), connections_(std::move(connections)), from_(from) {}

std::vector<ParameterRef> SongDriver::advance(StudioState& state, double seconds) {
    const std::vector<SourceReading> news = sources_.at(from_ + seconds);
    MatrixTurn turn;
    turn.news = news;
    turn.seconds = std::max(0.0, seconds - now_);
    turn.value = [&state](ParameterRef which) { return value_of(state, which); };
    now_ = seconds;
    const MatrixEffects effects = matrix_.advance(connections_, state, turn);
    for (const MatrixEffects::Set& each : effects.set) {
        set_value(state, each.which, each.value);
    }
    if (state.modulated != put_) { // a log has said something of its own
        base_ = state.modulated;
    }
    put_ = base_;
    for (const Modulated& each : effects.modulated) {
        const auto there = std::ranges::find(put_, each.parameter, &Modulated::parameter);
        if (there == put_.end()) {
            put_.push_back(each);
        } else {
            there->add += each.add;
            there->factor *= each.factor;
        }
    }
    state.modulated = put_;
    return effects.pulled;
}

bool answered_without_studio(Trigger trigger) {
    return trigger == Trigger::play || trigger == Trigger::next_seed;
}

std::vector<std::string> warnings_of(const std::vector<Connection>& connections, const std::string& file) {
    std::vector<std::string> out;
    for (const Connection& each : connections) {
        const bool heard = each.source == sound::onset_source ||
                           std::ranges::find(sound::value_sources, each.source) != sound::value_sources.end();
        const Parameter* row = pattern_of(each.target);
        if (!each.on) {
            continue;
        }
        if (!heard) {
            out.push_back(fmt::format("{}: nothing says {} here, so {} stays where it is; sound has audio/level, bass, "
                                      "mid, high and onset.",
                                      file, each.source, each.target));
        } else if (row && row->scale == Scale::trigger && !answered_without_studio(row->trigger)) {
            out.push_back(fmt::format("{}: {} is a matter of the studio and does nothing here.", file, each.target));
        }
    }
    return out;
}

} // namespace atelier::studio
