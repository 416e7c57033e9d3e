// SPDX-License-Identifier: Apache-2.0
// Pickled options as JSON: dictionaries, lists, numbers (numpy scalars too), strings.
#pragma once

#include <optional>

#include <nlohmann/json.hpp>

#include "io/pickle_value.h"

namespace atelier::io {

// None, booleans, numbers, strings of at most 4096 bytes; empty for anything else.
std::optional<nlohmann::json> scalar_to_json(const PickleValue& value);

// Tuples and lists become arrays, dictionaries objects. What has no JSON form - sets, paths, arrays, other people's
// classes - becomes a text that names it, "<an object of pathlib.PosixPath>", so that it is named where an option is
// needed and harmless everywhere else. Throws Error when the nesting is deeper than 16 or the value larger than any
// options are.
nlohmann::json to_json(const PickleValue& value);

} // namespace atelier::io
