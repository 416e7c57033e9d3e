// SPDX-License-Identifier: Apache-2.0
#include "studio/state/patch_writer.h"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/path_text.h"

namespace atelier::studio {

std::string PatchWriter::json_text(const std::string& text) {
    return nlohmann::json(text_of_bytes(text)).dump();
}

// The shortest that reads back to the same bits.
std::string PatchWriter::json_text(double number) {
    if (!std::isfinite(number))
        return "null";
    return number == 0 && std::signbit(number) ? "-0.0" : fmt::format("{}", number);
}

} // namespace atelier::studio
