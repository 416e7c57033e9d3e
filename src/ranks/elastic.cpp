// SPDX-License-Identifier: Apache-2.0
#include "ranks/elastic.h"

#include <cstring>

#include <fmt/format.h>

#include "base/error.h"

namespace atelier::ranks {
namespace {

std::string signal_text(int signal) {
    const char* name = sigabbrev_np(signal);
    return name == nullptr ? fmt::format("signal {}", signal) : fmt::format("signal {} (SIG{})", signal, name);
}

std::string what_happened(const RanksEnd& end) {
    if (end.signal != 0) {
        return fmt::format("mpirun was ended by {}", signal_text(end.signal));
    }
    if (end.code > 128 && end.code < 128 + 65) {
        return fmt::format("A rank was ended by {}", signal_text(end.code - 128));
    }
    return fmt::format("The ranks ended with exit code {}: one has died, hung or been cut off", end.code);
}

std::string count_of(int ranks) {
    return ranks == 1 ? "one rank" : fmt::format("{} ranks", ranks);
}

int code_of(const RanksEnd& end) {
    return end.signal != 0 || end.code == 0 ? 1 : end.code;
}

} // namespace

NextStart Elastic::after(const RanksEnd& end, const std::function<bool(int)>& can_share) {
    if (end.signal == 0 && (end.code == 0 || end.code == 2)) {
        return {0, end.code, ""}; // the ranks have said it all
    }
    const std::string what = what_happened(end);
    if (!end.images) {
        return {0, code_of(end), what + " before there was a checkpoint, so there is nothing to go on from."};
    }
    const std::string place = fmt::format("at {:g} kimg", static_cast<double>(*end.images) / 1000);
    if (end.asked_to_stop) {
        return {0, code_of(end), fmt::format("{} instead of stopping; the last checkpoint, {}, is kept.", what, place)};
    }
    in_vain_ = images_ && *end.images <= *images_ ? in_vain_ + 1 : 0;
    if (in_vain_ >= most_in_vain) {
        return {
            0, code_of(end),
            fmt::format("{}. {} starts in a row have brought no new checkpoint since the one {}, so it isn't a lost "
                        "rank that is in the way; what was said above may tell what is. The checkpoint is kept.",
                        what, most_in_vain, place)};
    }
    int fewer = ranks_ - 1;
    while (fewer > 0 && !can_share(fewer)) {
        --fewer;
    }
    if (fewer == 0) {
        return {0, code_of(end),
                fmt::format("{}, and {}; the last checkpoint, {}, is kept.", what,
                            ranks_ == 1 ? "it was the last"
                                        : fmt::format("fewer than {} can't share the batch out", count_of(ranks_)),
                            place)};
    }
    const int before = ranks_;
    ranks_ = fewer;
    images_ = end.images;
    return {fewer, 0,
            fmt::format("{}. Going on from the checkpoint {} with {}; there were {}.", what, place, count_of(fewer),
                        before)};
}

std::vector<std::string> words_of(const std::string& text, const char* option) {
    std::vector<std::string> words;
    std::string word;
    bool begun = false;
    char quote = '\0';
    for (const char c : text) {
        if (quote != '\0') {
            if (c == quote) {
                quote = '\0';
            } else {
                word += c;
            }
        } else if (c == '\'' || c == '"') {
            quote = c;
            begun = true;
        } else if (c == ' ' || c == '\t' || c == '\n') {
            if (begun) {
                words.push_back(std::move(word));
                word.clear();
            }
            begun = false;
        } else {
            word += c;
            begun = true;
        }
    }
    if (quote != '\0') {
        fail("{} is '{}'; its quotation begun with {} has no end.", option, text, quote);
    }
    if (begun) {
        words.push_back(std::move(word));
    }
    return words;
}

} // namespace atelier::ranks
