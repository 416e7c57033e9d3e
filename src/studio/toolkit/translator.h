// SPDX-License-Identifier: Apache-2.0
// Translator: the interface's texts in the language that was chosen. The code says everything in English; for each
// other language one table (assets/languages) has the same sentences in it. Names that people gave and paths never come
// here.
#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace atelier::studio {

class Translator {
public:
    Translator() = default; // English: everything as it stands

    // table: JSON, an object of English sentence to translated one. "{}" in a sentence stands for what differs - a
    // number, a name -, in the translation "{0}", "{1}", ... for these by their place, or "{}" in their order; "{0:t}"
    // is translated as well. Throws Error that names `what` where it is no such table.
    Translator(std::string_view table, const std::string& what);

    // In the table's words; what isn't there stays English. Valid until begin_frame().
    std::string_view operator()(std::string_view english);

    void begin_frame(); // forgets what was asked for, where that has become much
    bool empty() const { return whole_.empty() && patterns_.empty(); }

    std::function<void(std::string_view)> first_said; // with what is said for the first time; may be empty
    std::set<std::string>* unsaid = nullptr; // tests: what was asked for and isn't in the table; null: not kept

private:
    struct Pattern {
        std::vector<std::string> literals; // what stands around the gaps, one more than there are gaps
        std::string translated;
        std::size_t letters = 0; // of the literals: the more, the surer
    };

    static Pattern pattern_of(std::string english, std::string translated, const std::string& what);
    std::string translated(std::string_view english);
    std::string filled(const Pattern& pattern, const std::vector<std::string_view>& gaps);

    struct Hash { // finds by a view, without a string of its own
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    using Texts = std::unordered_map<std::string, std::string, Hash, std::equal_to<>>;

    Texts whole_;                   // sentences without gaps
    std::vector<Pattern> patterns_; // the surest first
    Texts said_;                    // of the last frames
};

} // namespace atelier::studio
