// SPDX-License-Identifier: Apache-2.0
#include "base/without_folders.h"

#include <algorithm>
#include <cstdlib>

namespace atelier {
namespace {

constexpr std::string_view quotes = "\"'`()[]<>{}|=";

bool ends_word(char c) {
    return c == ' ' || c == '\n' || c == '\t' || quotes.find(c) != std::string_view::npos;
}

// Where a path that begins here can end at the latest: names may hold spaces, so it goes on as long as no sign of a
// sentence comes.
std::size_t end_of_path(std::string_view text, std::size_t from) {
    std::size_t at = from;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '\n' || quotes.find(c) != std::string_view::npos)
            break;
        const char next = at + 1 < text.size() ? text[at + 1] : ' ';
        if ((c == ':' || c == ',' || c == ';') && (next == ' ' || next == '\n'))
            break;
        if (c == ' ' && (next == '/' || next == '~')) // the next path
            break;
    }
    return at;
}

bool begins_path(std::string_view rest) {
    return rest.starts_with('/') || rest.starts_with("~") || rest.starts_with("./") || rest.starts_with("../");
}

void replace_all(std::string& text, const std::string& what, const std::string& by) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
        text.replace(at, what.size(), by);
}

} // namespace

std::string without_folders(std::string_view all) {
    std::string text(all);
    if (const char* home = std::getenv("HOME"); home != nullptr && std::string_view(home).size() > 1)
        replace_all(text, home, "~");
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        if (ends_word(text[at])) {
            out += text[at++];
            continue;
        }
        const std::string_view rest = std::string_view(text).substr(at);
        const std::size_t word_end =
            static_cast<std::size_t>(std::ranges::find_if(rest, ends_word) - rest.begin()) + at;
        const std::size_t end = begins_path(rest) ? std::max(end_of_path(text, at), word_end) : word_end;
        const std::string_view part = std::string_view(text).substr(at, end - at);
        std::size_t last = part.find_last_not_of('/'); // "/a/b/" is the folder b
        last = last == std::string_view::npos ? last : part.rfind('/', last);
        const bool numbers = part.find_first_not_of("0123456789/.,:;") == std::string_view::npos; // "3/4"
        out += last == std::string_view::npos || (numbers && !part.starts_with('/')) ? part : part.substr(last + 1);
        at = end;
    }
    return out;
}

} // namespace atelier
