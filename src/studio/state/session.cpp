// SPDX-License-Identifier: Apache-2.0
#include "studio/state/session.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/path_text.h"
#include "base/train_options_json.h"
#include "studio/state/json_archive.h"
#include "studio/state/oscillators.h"
#include "studio/state/schema.h"
#include "studio/state/serialization.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;
constexpr std::uintmax_t most_bytes = 256U << 20U;

fs::path folder_of(const fs::path& session) {
    std::error_code ignored;
    return fs::absolute(session, ignored).parent_path();
}

// A file by its name beside the session, where it is there or `absolute` is empty; else the absolute name.
std::string found(const std::string& relative, const std::string& absolute, const fs::path& session) {
    std::error_code ignored;
    if (!relative.empty()) {
        const fs::path there = (folder_of(session) / relative).lexically_normal();
        if (fs::exists(there, ignored) || absolute.empty())
            return there.string();
    }
    return absolute;
}

std::string found_model(const json& from, const fs::path& file) {
    const json relative = from.value("model", json("")), absolute = from.value("model_absolute", json(""));
    if (!relative.is_string() || !absolute.is_string())
        fail("{}: the model must be a file's name.", file.string());
    return found(bytes_of_text(relative.get<std::string>()), bytes_of_text(absolute.get<std::string>()), file);
}

// The song's name from the session's folder, where it lies in it or in a folder of it; else empty.
std::string name_beneath(const std::string& song, const fs::path& session) {
    const fs::path relative = fs::path(song).lexically_normal().lexically_relative(folder_of(session));
    return !fs::path(song).is_absolute() || relative.empty() || *relative.begin() == ".." ? "" : relative.string();
}

} // namespace

std::string session_text(const Session& session, const fs::path& file) {
    json state = state_to_json(session.state);
    state.erase("modulated"); // of the moment
    json out{{"atelier", "session"},
             {"version", session_version},
             {"precision", precision_names[static_cast<std::size_t>(session.precision)]},
             {"tab", tab_names[static_cast<std::size_t>(session.tab)]},
             {"state", std::move(state)},
             {"motion", animated_to_json(session.animated)},
             {"train", json(to_json(session.train))}};
    if (session.live != LiveState{})
        out["live"] = live_to_json(session.live);
    if (const std::string song = name_beneath(session.live.sound.song, file); !song.empty())
        out["song"] = text_of_bytes(song);
    if (!session.saved_as.empty())
        out["saved_as"] = text_of_bytes(session.saved_as);
    if (session.map)
        out["map"] = map_to_json(*session.map);
    for (const std::string& picture : session.pictures)
        out["pictures"].push_back(text_of_bytes(picture));
    if (!session.model.empty()) {
        std::error_code error;
        const fs::path model = fs::absolute(session.model, error);
        const fs::path folder = fs::absolute(file, error).parent_path();
        out["model"] = text_of_bytes(model.lexically_relative(folder).string());
        out["model_absolute"] = text_of_bytes(model.string());
    }
    return out.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

Session read_session(const std::string& text, const fs::path& file) {
    const json from = json::parse(text, nullptr, false);
    if (!from.is_object() || from.value("atelier", json()) != json("session") ||
        !from.value("version", json()).is_number_integer() || from["version"].get<double>() < 1)
        fail("{}: this is no session of Atelier, or it is damaged.", file.string());
    if (from["version"].get<double>() > session_version) // however large
        fail("{}: this session is of a newer Atelier (version {}; this one reads up to {}).", file.string(),
             from["version"].dump(), session_version);
    Session out;
    out.model = found_model(from, file);
    out.state.preset_seeds = true; // as it was before there was a choice
    state_from_json(from.value("state", json::object()), file.string(), out.state);
    out.state.modulated.clear();
    name_directions(out.state);
    for (Preset& preset : out.state.presets)
        name_directions(preset.scene);
    animated_from_json(from.value("motion", json::object()), file.string(), out.animated);
    const Reader reader(from, file.string());
    reader.choice("precision", out.precision, precision_names);
    reader.choice("tab", out.tab, tab_names);
    reader.texts("pictures", out.pictures, 1'000'000);
    reader.text("saved_as", out.saved_as);
    if (from.contains("map"))
        map_from_json(from["map"], file.string() + ", map", out.map.emplace());
    if (from.contains("live"))
        live_from_json(from["live"], file.string() + ", live", out.live);
    std::string song; // sessions of before have its absolute name alone
    reader.text("song", song);
    if (!song.empty() && !out.live.sound.song.empty())
        out.live.sound.song = found(song, out.live.sound.song, file);
    if (from.contains("train"))
        out.train = options_from_json(from["train"], file.string());
    return out;
}

Session load_session(const fs::path& file) {
    std::error_code error;
    const auto bytes = fs::file_size(file, error);
    if (error)
        fail("{}: the session can't be read: {}.", file.string(), error.message());
    if (bytes > most_bytes)
        fail("{}: a session of {} MB is none; at most {} MB are read.", file.string(), bytes >> 20U, most_bytes >> 20U);
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in)
        fail("{}: the session can't be read: {}.", file.string(), std::strerror(errno));
    return read_session(text.str(), file);
}

bool is_session_file(const fs::path& path) {
    return path.extension() == session_extension;
}

fs::path standard_sessions_folder() {
    if (const char* data = std::getenv("XDG_DATA_HOME"); data && *data)
        return fs::path(data) / "atelier" / "sessions";
    if (const char* home = std::getenv("HOME"); home && *home)
        return fs::path(home) / ".local" / "share" / "atelier" / "sessions";
    return "sessions";
}

} // namespace atelier::studio
