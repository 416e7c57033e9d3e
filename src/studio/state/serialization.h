// SPDX-License-Identifier: Apache-2.0
// The studio's state as JSON and back. Field names and ranges: studio/state/schema.h.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "studio/state/animation.h"
#include "studio/state/live_state.h"
#include "studio/state/log_latents.h"

namespace atelier::studio {

nlohmann::json state_to_json(const StudioState& state);
nlohmann::json animated_to_json(const AnimatedValues& values);
nlohmann::json render_settings_to_json(const RenderSettings& settings);
nlohmann::json map_to_json(const SeedMap& map);
nlohmann::json live_to_json(const LiveState& live);

// Only the fields that are there are changed; lists are replaced whole. Throws Error, which begins with `where` and
// names the field; the value is then untouched.
void state_from_json(const nlohmann::json& json, const std::string& where, StudioState& state);
void animated_from_json(const nlohmann::json& json, const std::string& where, AnimatedValues& values);
void render_settings_from_json(const nlohmann::json& json, const std::string& where, RenderSettings& settings);
void map_from_json(const nlohmann::json& json, const std::string& where, SeedMap& map);
void live_from_json(const nlohmann::json& json, const std::string& where, LiveState& live);

// The same for what PatchWriter writes, with latents by number, but in place: after an Error the value is half changed.
void state_from_patch(const nlohmann::json& json, const std::string& where, const LogLatents& latents,
                      StudioState& state);
void animated_from_patch(const nlohmann::json& json, const std::string& where, const LogLatents& latents,
                         AnimatedValues& values);
// A latent by itself.
nlohmann::json latent_to_json(const ExplicitLatent& latent);
void latent_from_json(const nlohmann::json& json, const std::string& where, ExplicitLatent& latent);

} // namespace atelier::studio
