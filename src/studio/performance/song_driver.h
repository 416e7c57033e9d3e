// SPDX-License-Identifier: Apache-2.0
// SongDriver: a song that moves parameters through connections, as a function of time, for rendering without devices
// and without hands. No clock, no threads.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sound/song_sources.h"
#include "studio/state/matrix.h"
#include "studio/state/state.h"

namespace atelier::studio {

class SongDriver {
public:
    // `from`: the song's second that stands at second 0.
    SongDriver(std::shared_ptr<const sound::Song> song, std::vector<Connection> connections, double from = 0);

    // Goes on to `seconds`, which must not go back: sets what is set in `state`, and puts what is added to it in place
    // of what was by its last call. Returns the triggers that were pulled.
    std::vector<ParameterRef> advance(StudioState& state, double seconds);

private:
    sound::SongSources sources_;
    std::vector<Connection> connections_;
    Matrix matrix_;
    double from_, now_ = 0;
    std::vector<Modulated> base_, put_; // what the state had before; what it got
};

// The sources of connections that a song doesn't speak for, and the triggers that nobody answers when no studio is
// there: a sentence for each, with the file's name.
std::vector<std::string> warnings_of(const std::vector<Connection>& connections, const std::string& file);
// Those that PerformancePlayer answers: play, next seed.
bool answered_without_studio(Trigger trigger);

} // namespace atelier::studio
