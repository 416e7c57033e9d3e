// SPDX-License-Identifier: Apache-2.0
#include "latent/label_text.h"

#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace atelier {
namespace {

constexpr const char* blanks = " \t";

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(blanks);
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

std::optional<float> number(std::string_view text) {
    float value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc() && end == text.data() + text.size() && std::isfinite(value);
    return whole ? std::optional(value) : std::nullopt;
}

} // namespace

std::string text_of_label(const ExplicitRef& label) {
    return label ? fmt::format("{:g}", fmt::join(label->values, ", ")) : std::string();
}

std::optional<std::vector<float>> numbers_of_label(std::string_view text) {
    std::vector<float> numbers;
    for (std::string_view rest = trimmed(text); !rest.empty();) {
        const std::size_t end = std::min(rest.find_first_of(", \t"), rest.size());
        const std::optional<float> value = number(rest.substr(0, end));
        if (!value)
            return std::nullopt;
        numbers.push_back(*value);
        rest = trimmed(rest.substr(end));
        if (rest.starts_with(',')) {
            rest = trimmed(rest.substr(1));
            if (rest.empty())
                return std::nullopt;
        }
    }
    return numbers;
}

std::optional<ExplicitRef> label_of_text(std::string_view text, int c_dim) {
    std::optional<std::vector<float>> numbers = numbers_of_label(text);
    if (!numbers)
        return std::nullopt;
    if (numbers->empty())
        return ExplicitRef{};
    if (numbers->size() != static_cast<std::size_t>(c_dim))
        return std::nullopt;
    ExplicitLatent label;
    label.values = std::move(*numbers);
    return ExplicitRef{std::make_shared<const ExplicitLatent>(std::move(label))};
}

} // namespace atelier
