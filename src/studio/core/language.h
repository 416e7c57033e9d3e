// SPDX-License-Identifier: Apache-2.0
// The languages that the interface speaks. The log, the command line and files are in English in all of them.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "studio/toolkit/translator.h"

namespace atelier::studio {

struct Language {
    std::string_view code;  // of ISO 639-1, as settings hold it
    const char* name;       // in itself
    std::string_view table; // what Translator takes; empty: the code's own words
};

std::span<const Language> languages(); // English first
// By its code; where that is empty or of none, the system's (LC_ALL, LC_MESSAGES, LANG), else English.
const Language& language_of(std::string_view code);
Translator translator_of(const Language& language);

} // namespace atelier::studio
