// SPDX-License-Identifier: Apache-2.0
// Connections in a file of their own: a page for a controller, or a map from sound to parameters. JSON:
// {"atelier": "connections", "version": 1, "connections": [...]}, fields as in live_schema.h.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "studio/state/live_state.h"

namespace atelier::studio {

inline constexpr int connections_version = 1;
inline constexpr const char* connections_extension = ".connections.json";

// Throws Error, which begins with the file's name.
std::vector<Connection> load_connections(const std::filesystem::path& file);
std::string connections_text(const std::vector<Connection>& connections); // the file's
bool is_connections_file(const std::filesystem::path& path);              // by its name

} // namespace atelier::studio
