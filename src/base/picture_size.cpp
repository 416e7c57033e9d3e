// SPDX-License-Identifier: Apache-2.0
#include "base/picture_size.h"

#include <charconv>

namespace atelier {
namespace {

std::optional<int> number(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || text.front() == '-') {
        return std::nullopt;
    }
    return value;
}

} // namespace

std::optional<WrittenSize> read_size(std::string_view text) {
    const std::size_t x = text.find_first_of("xX");
    const std::optional<int> width = number(text.substr(0, x));
    const std::optional<int> height = x == std::string_view::npos ? std::nullopt : number(text.substr(x + 1));
    if (!width || (x != std::string_view::npos && !height)) {
        return std::nullopt;
    }
    return WrittenSize{*width, height};
}

} // namespace atelier
