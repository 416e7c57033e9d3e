// SPDX-License-Identifier: Apache-2.0
#include "studio/state/serialization.h"

#include "studio/state/live_schema.h"
#include "studio/state/schema.h"

namespace atelier::studio {
namespace {

using nlohmann::json;

template <class T> json written(const T& value) {
    Writer writer;
    fields(writer, const_cast<T&>(value)); // one list of fields serves both ways; a Writer changes nothing
    return writer.json();
}

template <class T> void read(const json& from, const std::string& where, T& value) {
    T copy = value;
    Reader reader(from, where);
    fields(reader, copy);
    value = std::move(copy);
}

} // namespace

json state_to_json(const StudioState& state) {
    return written(state);
}
json animated_to_json(const AnimatedValues& values) {
    return written(values);
}
json render_settings_to_json(const RenderSettings& settings) {
    return written(settings);
}
json map_to_json(const SeedMap& map) {
    return written(map);
}
json live_to_json(const LiveState& live) {
    return written(live);
}
void state_from_json(const json& from, const std::string& where, StudioState& state) {
    read(from, where, state);
}
void animated_from_json(const json& from, const std::string& where, AnimatedValues& values) {
    read(from, where, values);
}
void render_settings_from_json(const json& from, const std::string& where, RenderSettings& settings) {
    read(from, where, settings);
}
void live_from_json(const json& from, const std::string& where, LiveState& live) {
    read(from, where, live);
}
void map_from_json(const json& from, const std::string& where, SeedMap& map) {
    read(from, where, map);
}

void state_from_patch(const json& from, const std::string& where, const LogLatents& latents, StudioState& state) {
    Reader reader(from, where, &latents);
    fields(reader, state);
}
void animated_from_patch(const json& from, const std::string& where, const LogLatents& latents,
                         AnimatedValues& values) {
    Reader reader(from, where, &latents);
    fields(reader, values);
}
json latent_to_json(const ExplicitLatent& latent) {
    return written(latent);
}
void latent_from_json(const json& from, const std::string& where, ExplicitLatent& latent) {
    read(from, where, latent);
}

} // namespace atelier::studio
