// SPDX-License-Identifier: Apache-2.0
#include "base/path_text.h"

#include <cstddef>
#include <cstdint>

namespace atelier {
namespace {

constexpr char32_t escape = 0xEF00; // plus a byte from 0x80 on
constexpr char32_t first_escaped = escape + 0x80, last_escaped = escape + 0xFF;

struct Character {
    char32_t code = 0;
    std::size_t bytes = 0; // 0: none begins here
};

// As Unicode 15, table 3-7: no longer forms than needed, no surrogates, nothing above U+10FFFF.
Character character_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) -> std::uint32_t {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
    };
    const std::uint32_t lead = byte(0);
    if (lead < 0x80) {
        return {lead, 1};
    }
    const std::size_t bytes = lead >= 0xC2 && lead <= 0xDF   ? 2
                              : lead >= 0xE0 && lead <= 0xEF ? 3
                              : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                             : 0;
    char32_t code = lead & (0xFFU >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) {
            return {};
        }
        code = code << 6U | (byte(i) & 0x3FU);
    }
    const bool too_long = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
    const bool none = (code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF;
    return too_long || none ? Character{} : Character{code, bytes};
}

bool is_escape(char32_t code) {
    return code >= first_escaped && code <= last_escaped;
}

void add_escaped(std::string& out, char byte) {
    const char32_t code = escape + static_cast<unsigned char>(byte);
    out += static_cast<char>(0xE0U | code >> 12U);
    out += static_cast<char>(0x80U | (code >> 6U & 0x3FU));
    out += static_cast<char>(0x80U | (code & 0x3FU));
}

} // namespace

std::string text_of_bytes(std::string_view bytes) {
    std::string out;
    for (std::size_t at = 0; at < bytes.size();) {
        const Character next = character_at(bytes, at);
        if (next.bytes > 0 && !is_escape(next.code)) {
            out += bytes.substr(at, next.bytes);
            at += next.bytes;
        } else {
            // Of an escape's own three bytes the later ones begin no character either.
            add_escaped(out, bytes[at++]);
        }
    }
    return out;
}

std::string bytes_of_text(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const Character next = character_at(text, at);
        if (is_escape(next.code)) {
            out += static_cast<char>(next.code - escape);
        } else {
            out += text.substr(at, next.bytes > 0 ? next.bytes : 1);
        }
        at += next.bytes > 0 ? next.bytes : 1;
    }
    return out;
}

std::string readable_text(std::string_view bytes) {
    std::string out;
    bool before = false;
    for (std::size_t at = 0; at < bytes.size();) {
        const Character next = character_at(bytes, at);
        if (next.bytes == 0 && !before) {
            out += "\xEF\xBF\xBD";
        }
        before = next.bytes == 0;
        out += bytes.substr(at, next.bytes);
        at += next.bytes > 0 ? next.bytes : 1;
    }
    return out;
}

} // namespace atelier
