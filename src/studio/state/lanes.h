// SPDX-License-Identifier: Apache-2.0
// Lanes: what of a look goes together when a hand takes it over from the timeline or from a preset's morph - the
// truncation, the mix of a group, the noise, a direction, the class. A lane is named by text, as files have it. Pure.
#pragma once

#include <string>
#include <vector>

#include "studio/state/parameters.h"

namespace atelier::studio {

// Of a parameter: "truncation", "mix.coarse", "noise", "direction.sefa:2.amount", "class", "look"; empty: neither a
// timeline nor a morph moves it.
std::string lane_of(const Scene& scene, ParameterRef which);
std::string mix_lane(int group);
// All that the scene has; "look" is not among them, for keyframes don't hold it.
std::vector<std::string> lanes_of(const Scene& scene);

// Makes a lane of one what it is in the other. Of scenes it is what the panels say, of settings what the picture is
// made of. `scene` says which direction a lane's name means.
void copy_lane(const Scene& from, Scene& to, const std::string& lane);
void copy_lane(const Scene& scene, const RenderSettings& from, RenderSettings& to, const std::string& lane);

} // namespace atelier::studio
