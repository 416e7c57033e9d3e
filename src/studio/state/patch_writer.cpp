// SPDX-License-Identifier: Apache-2.0
#include "studio/state/patch_writer.h"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace atelier::studio {

std::string PatchWriter::json_text(const std::string& text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// The shortest that reads back to the same bits.
std::string PatchWriter::json_text(double number) {
    if (!std::isfinite(number))
        return "null";
    return number == 0 && std::signbit(number) ? "-0.0" : fmt::format("{}", number);
}

} // namespace atelier::studio
