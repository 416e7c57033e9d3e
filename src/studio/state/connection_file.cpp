// SPDX-License-Identifier: Apache-2.0
#include "studio/state/connection_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "studio/state/parameters.h"
#include "studio/state/serialization.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {
using nlohmann::json;
constexpr std::uintmax_t most_bytes = 4U << 20U;
} // namespace

std::vector<Connection> load_connections(const fs::path& file) {
    std::error_code error;
    if (const auto bytes = fs::file_size(file, error); !error && bytes > most_bytes)
        fail("{}: connections of {} MB are none; at most {} MB are read.", file.string(), bytes >> 20U,
             most_bytes >> 20U);
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in)
        fail("{}: the connections can't be read: {}.", file.string(), std::strerror(errno));
    const json from = json::parse(text.str(), nullptr, false);
    if (!from.is_object() || from.value("atelier", json()) != json("connections") ||
        !from.value("version", json()).is_number_integer() || from["version"].get<double>() < 1)
        fail("{}: these are no connections of Atelier, or the file is damaged. They begin with "
             "{{\"atelier\": \"connections\", \"version\": {}}}.",
             file.string(), connections_version);
    if (from["version"].get<double>() > connections_version)
        fail("{}: these connections are of a newer Atelier (version {}; this one reads up to {}).", file.string(),
             from["version"].dump(), connections_version);
    LiveState live;
    live_from_json(from, file.string(), live);
    for (const Connection& each : live.connections) {
        if (!pattern_of(each.target))
            fail("{}: there is no parameter {}; atelier parameters lists them.", file.string(), each.target);
    }
    return live.connections;
}

std::string connections_text(const std::vector<Connection>& connections) {
    LiveState live;
    live.connections = connections;
    json out{{"connections", live_to_json(live)["connections"]}}; // what else plays is no page's
    out["atelier"] = "connections";
    out["version"] = connections_version;
    return out.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

bool is_connections_file(const fs::path& path) {
    return path.filename().string().ends_with(connections_extension);
}

} // namespace atelier::studio
