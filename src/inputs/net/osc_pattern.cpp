// SPDX-License-Identifier: Apache-2.0
#include "inputs/net/osc_pattern.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace atelier::net {
namespace {

// One of `[...]`'s signs; `at` is behind the opening bracket and comes to stand behind the closing one.
std::optional<bool> in_set(std::string_view pattern, std::size_t& at, char sign) {
    const std::size_t end = pattern.find(']', at);
    if (end == std::string_view::npos)
        return std::nullopt;
    std::string_view set = pattern.substr(at, end - at);
    at = end + 1;
    const bool other = set.starts_with('!');
    if (other)
        set.remove_prefix(1);
    bool found = false;
    for (std::size_t i = 0; i < set.size(); ++i) {
        if (i + 2 < set.size() && set[i + 1] == '-') {
            found |= sign >= set[i] && sign <= set[i + 2];
            i += 2;
        } else {
            found |= sign == set[i];
        }
    }
    return found != other;
}

// Which places of the address can be reached with what has been read of the pattern.
class Places {
public:
    explicit Places(std::string_view address) : address_(address), at_(address.size() + 1, 0) { at_[0] = 1; }

    // Every place moves on by one sign that passes.
    template <class Passes> void step(Passes passes) {
        for (std::size_t i = address_.size(); i-- > 0;)
            at_[i + 1] = static_cast<char>(at_[i] != 0 && passes(address_[i]));
        at_[0] = 0;
    }
    void any_number() {
        for (std::size_t i = 0; i < address_.size(); ++i) {
            if (at_[i] != 0 && address_[i] != '/')
                at_[i + 1] = 1;
        }
    }
    void one_of(std::string_view texts) {
        std::vector<char> after(at_.size(), 0);
        for (;;) {
            const std::size_t comma = texts.find(',');
            const std::string_view text = texts.substr(0, comma);
            for (std::size_t i = 0; i < at_.size(); ++i) {
                if (at_[i] != 0 && address_.substr(i).starts_with(text))
                    after[i + text.size()] = 1;
            }
            if (comma == std::string_view::npos)
                break;
            texts.remove_prefix(comma + 1);
        }
        at_ = std::move(after);
    }
    bool at_end() const { return at_.back() != 0; }

private:
    std::string_view address_;
    std::vector<char> at_;
};

} // namespace

bool is_osc_pattern(std::string_view address) {
    return address.find_first_of("?*[]{}") != std::string_view::npos;
}

bool matches_osc_pattern(std::string_view pattern, std::string_view address) {
    Places places(address);
    for (std::size_t at = 0; at < pattern.size();) {
        const char sign = pattern[at++];
        switch (sign) {
        case '?': places.step([](char c) { return c != '/'; }); break;
        case '*': places.any_number(); break;
        case '[': {
            const std::size_t set = at;
            if (!in_set(pattern, at, ' '))
                return false;
            places.step([&](char c) {
                std::size_t from = set;
                return c != '/' && in_set(pattern, from, c).value_or(false);
            });
            break;
        }
        case '{': {
            const std::size_t end = pattern.find('}', at);
            if (end == std::string_view::npos)
                return false;
            places.one_of(pattern.substr(at, end - at));
            at = end + 1;
            break;
        }
        case ']':
        case '}': return false;
        default: places.step([sign](char c) { return c == sign; });
        }
    }
    return places.at_end();
}

} // namespace atelier::net
