// SPDX-License-Identifier: Apache-2.0
#include "studio/core/language.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "languages.h"

namespace atelier::studio {
namespace {

// As POSIX has it: the first that is set decides.
std::string_view of_the_system() {
    for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* locale = std::getenv(variable);
        if (locale && *locale)
            return std::string_view(locale).substr(0, 2); // of "ko_KR.UTF-8"
    }
    return {};
}

} // namespace

std::span<const Language> languages() {
    static const std::array<Language, 2> all{
        {{"en", "English", {}}, {"ko", "\xed\x95\x9c\xea\xb5\xad\xec\x96\xb4", embedded::ko_json}}};
    return all;
}

const Language& language_of(std::string_view code) {
    for (const std::string_view wanted : {code, of_the_system()}) {
        const auto found = std::ranges::find(languages(), wanted, &Language::code);
        if (found != languages().end())
            return *found;
    }
    return languages().front();
}

Translator translator_of(const Language& language) {
    return language.table.empty() ? Translator() : Translator(language.table, std::string(language.code));
}

} // namespace atelier::studio
