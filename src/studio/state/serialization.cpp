// SPDX-License-Identifier: Apache-2.0
#include "studio/state/serialization.h"

#include "studio/state/schema.h"

namespace atelier::studio {
namespace {

using nlohmann::json;

template <class T> json written(const T& value) {
    T copy = value; // one list of fields serves both ways, so it takes what it could change
    Writer writer;
    fields(writer, copy);
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
json motion_to_json(const MotionValues& values) {
    return written(values);
}
json look_to_json(const Look& look) {
    return written(look);
}
json map_to_json(const SeedMap& map) {
    return written(map);
}
void state_from_json(const json& from, const std::string& where, StudioState& state) {
    read(from, where, state);
}
void motion_from_json(const json& from, const std::string& where, MotionValues& values) {
    read(from, where, values);
}
void look_from_json(const json& from, const std::string& where, Look& look) {
    read(from, where, look);
}
void map_from_json(const json& from, const std::string& where, SeedMap& map) {
    read(from, where, map);
}

json patch_between(const json& before, const json& after) {
    json patch = json::object();
    for (const auto& [key, value] : after.items()) {
        const auto old = before.find(key);
        if (old == before.end()) {
            patch[key] = value;
        } else if (*old != value) {
            patch[key] = value.is_object() && old->is_object() ? patch_between(*old, value) : value;
        }
    }
    return patch;
}

} // namespace atelier::studio
