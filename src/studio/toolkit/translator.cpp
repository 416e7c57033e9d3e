// SPDX-License-Identifier: Apache-2.0
#include "studio/toolkit/translator.h"

#include <algorithm>
#include <optional>

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace atelier::studio {
namespace {

constexpr std::size_t most_said = 8192;

// Two letters side by side: what has none is a number, a symbol or a key, the same in every language.
bool has_a_word(std::string_view text) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    return std::ranges::adjacent_find(text, [&](char a, char b) { return is_letter(a) && is_letter(b); }) != text.end();
}

// The text in the gaps; none: it isn't of this pattern. Each gap is as short as can be and not empty.
std::optional<std::vector<std::string_view>> gaps_in(std::string_view text, const std::vector<std::string>& literals) {
    if (!text.starts_with(literals.front()) || !text.ends_with(literals.back()))
        return std::nullopt;
    std::vector<std::string_view> gaps;
    std::size_t at = literals.front().size();
    for (std::size_t i = 1; i < literals.size(); ++i) {
        const bool last = i + 1 == literals.size();
        if (at >= text.size())
            return std::nullopt;
        const std::size_t next = last ? text.size() - literals[i].size() : text.find(literals[i], at + 1);
        if (next == std::string_view::npos || next <= at)
            return std::nullopt;
        gaps.push_back(text.substr(at, next - at));
        at = next + literals[i].size();
    }
    return gaps;
}

} // namespace

Translator::Translator(std::string_view table, const std::string& what) {
    const auto json = nlohmann::json::parse(table, nullptr, false);
    if (!json.is_object())
        fail("{}: this is no table of texts; it has to be one JSON object of sentences.", what);
    for (const auto& [english, sentence] : json.items()) {
        if (!sentence.is_string())
            fail("{}: the text of '{}' has to be a string.", what, english);
        if (english.find("{}") == std::string::npos)
            whole_.emplace(english, sentence.get<std::string>());
        else
            patterns_.push_back(pattern_of(english, sentence.get<std::string>(), what));
    }
    std::ranges::stable_sort(patterns_, std::greater{}, &Pattern::letters);
}

Translator::Pattern Translator::pattern_of(std::string english, std::string translated, const std::string& what) {
    Pattern pattern;
    pattern.translated = std::move(translated);
    std::size_t at = 0;
    for (std::size_t gap; (gap = english.find("{}", at)) != std::string::npos; at = gap + 2)
        pattern.literals.push_back(english.substr(at, gap - at));
    pattern.literals.push_back(english.substr(at));
    for (std::size_t i = 1; i + 1 < pattern.literals.size(); ++i) {
        if (pattern.literals[i].empty())
            fail("{}: in '{}' two gaps stand side by side, and nothing says where one ends.", what, english);
    }
    for (const std::string& literal : pattern.literals)
        pattern.letters += literal.size();
    return pattern;
}

std::string Translator::filled(const Pattern& pattern, const std::vector<std::string_view>& gaps) {
    std::string out;
    const std::string& text = pattern.translated;
    std::size_t in_order = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::size_t end = text[i] == '{' ? text.find('}', i) : std::string::npos;
        if (end == std::string::npos) {
            out += text[i];
            continue;
        }
        const bool numbered = end > i + 1 && text[i + 1] >= '0' && text[i + 1] <= '9';
        const std::size_t which = numbered ? static_cast<std::size_t>(text[i + 1] - '0') : in_order++;
        if (which < gaps.size()) {
            const bool too = std::string_view(text).substr(i, end - i).ends_with(":t");
            out += too ? translated(gaps[which]) : std::string(gaps[which]);
        }
        i = end;
    }
    return out;
}

std::string Translator::translated(std::string_view english) {
    if (const auto found = whole_.find(english); found != whole_.end())
        return found->second;
    for (const Pattern& pattern : patterns_) {
        if (const auto gaps = gaps_in(english, pattern.literals))
            return filled(pattern, *gaps);
    }
    if (unsaid)
        unsaid->insert(std::string(english));
    return std::string(english);
}

std::string_view Translator::operator()(std::string_view english) {
    if (empty() || !has_a_word(english))
        return english;
    if (const auto found = said_.find(english); found != said_.end())
        return found->second;
    const std::string& said = said_.emplace(english, translated(english)).first->second;
    if (first_said)
        first_said(said);
    return said;
}

void Translator::begin_frame() {
    if (said_.size() > most_said)
        said_.clear();
}

} // namespace atelier::studio
