// SPDX-License-Identifier: Apache-2.0
#include "studio/shell/triggers.h"

namespace atelier::studio {

void pull(Studio& studio, Trigger which, int instance) {
    const auto slot = static_cast<std::size_t>(instance);
    switch (which) {
    case Trigger::none: break;
    case Trigger::play: studio.controls.walk.toggle_play(); break;
    case Trigger::next_seed: studio.controls.walk.new_random_seed(); break;
    case Trigger::record: studio.capture.recording.toggle(); break;
    case Trigger::save_picture: studio.capture.pictures.save(); break;
    case Trigger::add_keyframe: studio.library.timeline.add(); break;
    case Trigger::play_timeline: studio.library.timeline.toggle_play(); break;
    case Trigger::recall_preset: studio.library.presets.recall(slot); break;
    case Trigger::save_preset: studio.library.presets.save(slot); break;
    case Trigger::tap_tempo: studio.controls.walk.tap_tempo(); break;
    case Trigger::star: studio.library.stars.add_shown(); break;
    }
}

} // namespace atelier::studio
