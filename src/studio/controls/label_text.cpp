// SPDX-License-Identifier: Apache-2.0
#include "studio/controls/label_text.h"

#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace atelier::studio {

std::string text_of_label(const ExplicitRef& label) {
    return label ? fmt::format("{:g}", fmt::join(label->values, ", ")) : std::string();
}

std::optional<ExplicitRef> label_of_text(const std::string& text, int c_dim) {
    constexpr const char* between = ", \t";
    ExplicitLatent label;
    std::size_t at = text.find_first_not_of(between);
    if (at == std::string::npos)
        return ExplicitRef{};
    while (at != std::string::npos) {
        const std::size_t end = std::min(text.find_first_of(between, at), text.size());
        float value = 0;
        const auto [stopped, error] = std::from_chars(text.data() + at, text.data() + end, value);
        if (error != std::errc() || stopped != text.data() + end || !std::isfinite(value))
            return std::nullopt;
        label.values.push_back(value);
        at = text.find_first_not_of(between, end);
    }
    if (label.values.size() != static_cast<std::size_t>(c_dim))
        return std::nullopt;
    return ExplicitRef{std::make_shared<const ExplicitLatent>(std::move(label))};
}

} // namespace atelier::studio
