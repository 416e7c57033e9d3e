// SPDX-License-Identifier: Apache-2.0
// One list of fields, two directions: visitors that write a value as JSON and read it back, checking every field.
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/log.h"
#include "base/path_text.h"
#include "studio/state/log_latents.h"

namespace atelier::studio {

// What a name in a file stands for, by the number of the enumerator.
using Names = std::span<const char* const>;

class Writer {
public:
    const nlohmann::json& json() const { return json_; }

    void flag(const char* name, const bool& value) { json_[name] = value; }
    void number(const char* name, const double& value, double, double) { json_[name] = value; }
    void number(const char* name, const float& value, double, double) { json_[name] = value; }
    void whole(const char* name, const int& value, int, int) { json_[name] = value; }
    void count(const char* name, const std::uint32_t& value) { json_[name] = value; }
    void count(const char* name, const std::uint64_t& value) { json_[name] = value; }
    // Also of a name that came from a file's, which may be no UTF-8.
    void text(const char* name, const std::string& value) { json_[name] = text_of_bytes(value); }
    void floats(const char* name, const std::vector<float>& value, std::size_t) { json_[name] = value; }
    void counts(const char* name, const std::vector<std::uint32_t>& value, std::size_t, std::size_t) {
        json_[name] = value;
    }
    template <class E> void choice(const char* name, const E& value, Names names) {
        json_[name] = names[static_cast<std::size_t>(value)];
    }
    // `each(visitor, value)` visits the parts.
    template <class T, class Each> void object(const char* name, T& value, Each each) {
        Writer inner;
        each(inner, value);
        json_[name] = std::move(inner.json_);
    }
    // A value that others may hold, too, and that nobody changes.
    template <class T, class Each> void shared(const char* name, const std::shared_ptr<const T>& value, Each each) {
        if (!value)
            return;
        Writer inner;
        each(inner, const_cast<T&>(*value)); // only read
        json_[name] = std::move(inner.json_);
    }
    template <class List, class Each> void list(const char* name, List& items, std::size_t, std::size_t, Each each) {
        json_[name] = nlohmann::json::array();
        for (auto& item : items) {
            Writer inner;
            each(inner, item);
            json_[name].push_back(std::move(inner.json_));
        }
    }
    static constexpr bool reading = false;

private:
    nlohmann::json json_ = nlohmann::json::object();
};

// A field that is missing keeps the value it had; one of another kind or out of range throws Error, which names it.
class Reader {
public:
    // `where`: for messages, as "show.json: walk". With `latents` it reads what PatchWriter writes: a list may be an
    // edit of the list as it is, and a latent a number.
    Reader(const nlohmann::json& json, std::string where, const LogLatents* latents = nullptr)
        : json_(json), where_(std::move(where)), latents_(latents) {
        if (!json_.is_object()) {
            fail("{} must be an object in braces.", where_);
        }
    }

    void flag(const char* name, bool& value) const {
        read(name, &nlohmann::json::is_boolean, "true or false",
             [&](const auto& j) { value = j.template get<bool>(); });
    }
    void number(const char* name, double& value, double min, double max) const {
        const std::string need = fmt::format("a number from {} to {}", min, max);
        read(name, &nlohmann::json::is_number, need, [&](const auto& j) {
            const auto read_value = j.template get<double>();
            if (!(read_value >= min && read_value <= max)) {
                wrong(name, need);
            }
            value = read_value;
        });
    }
    void number(const char* name, float& value, double min, double max) const {
        double wide = value;
        number(name, wide, min, max);
        value = static_cast<float>(wide);
    }
    void whole(const char* name, int& value, int min, int max) const {
        const std::string need = fmt::format("a whole number from {} to {}", min, max);
        read(name, &nlohmann::json::is_number_integer, need, [&](const auto& j) {
            const auto read_value = j.template get<std::int64_t>();
            if (read_value < min || read_value > max) {
                wrong(name, need);
            }
            value = static_cast<int>(read_value);
        });
    }
    void count(const char* name, std::uint32_t& value) const {
        std::uint64_t wide = value;
        count(name, wide, 0xffffffffU);
        value = static_cast<std::uint32_t>(wide);
    }
    void count(const char* name, std::uint64_t& value) const { count(name, value, ~std::uint64_t{0}); }
    void text(const char* name, std::string& value) const {
        read(name, &nlohmann::json::is_string, "a text",
             [&](const auto& j) { value = bytes_of_text(j.template get<std::string>()); });
    }
    void texts(const char* name, std::vector<std::string>& value, std::size_t most) const {
        const std::string need = fmt::format("a list of at most {} texts", most);
        read(name, &nlohmann::json::is_array, need, [&](const auto& j) {
            if (j.size() > most || !std::ranges::all_of(j, [](const auto& item) { return item.is_string(); }))
                wrong(name, need);
            value.clear();
            for (const auto& item : j)
                value.push_back(bytes_of_text(item.template get<std::string>()));
        });
    }
    void floats(const char* name, std::vector<float>& value, std::size_t most) const {
        const std::string need = fmt::format("a list of at most {} numbers", most);
        read(name, &nlohmann::json::is_array, need, [&](const auto& j) {
            std::vector<float> out;
            for (const auto& item : j) {
                const float number = item.is_number() ? item.template get<float>() : std::nanf("");
                if (!std::isfinite(number) || out.size() >= most) {
                    wrong(name, need);
                }
                out.push_back(number);
            }
            value = std::move(out);
        });
    }
    void counts(const char* name, std::vector<std::uint32_t>& value, std::size_t least, std::size_t most) const {
        const std::string need = fmt::format("a list of {} to {} whole numbers from 0 to 4294967295", least, most);
        read(name, &nlohmann::json::is_array, need, [&](const auto& j) {
            std::vector<std::uint32_t> out;
            for (const auto& item : j) {
                if (!item.is_number_unsigned() || item.template get<std::uint64_t>() > 0xffffffffU) {
                    wrong(name, need);
                }
                out.push_back(item.template get<std::uint32_t>());
            }
            if (out.size() < least || out.size() > most) {
                wrong(name, need);
            }
            value = std::move(out);
        });
    }
    template <class E> void choice(const char* name, E& value, Names names) const {
        std::string need = "one of";
        for (const char* each : names) {
            need += std::string(" ") + each;
        }
        read(name, &nlohmann::json::is_string, need, [&](const auto& j) {
            const auto found = std::find(names.begin(), names.end(), j.template get<std::string>());
            if (found == names.end()) {
                wrong(name, need);
            }
            value = static_cast<E>(found - names.begin());
        });
    }
    template <class T, class Each> void object(const char* name, T& value, Each each) const {
        const auto found = json_.find(name);
        if (found != json_.end()) {
            Reader inner(*found, where_ + ", " + name, latents_);
            each(inner, value);
        }
    }
    template <class Each> void shared(const char* name, std::shared_ptr<const ExplicitLatent>& value, Each each) const {
        const auto found = json_.find(name);
        if (found == json_.end())
            return;
        if (latents_ && found->is_null()) {
            value.reset();
        } else if (latents_ && found->is_number_unsigned()) {
            const auto number = found->template get<std::uint64_t>();
            if (number >= latents_->size())
                fail("{}: {} must be the number of one of the {} latents before it.", where_, name, latents_->size());
            value = (*latents_)[number];
        } else {
            ExplicitLatent latent;
            Reader inner(*found, where_ + ", " + name, latents_);
            each(inner, latent);
            if (!latent.values.empty())
                value = std::make_shared<const ExplicitLatent>(std::move(latent));
        }
    }
    template <class List, class Each>
    void list(const char* name, List& items, std::size_t least, std::size_t most, Each each) const {
        const std::string need = fmt::format("a list of {} to {} entries", least, most);
        if (const auto found = json_.find(name); latents_ && found != json_.end() && found->is_object()) {
            if constexpr (requires { items.clear(); }) {
                if (found->contains("old") && !arrange((*found)["old"], items, least, most))
                    fail("{}: {} must be edited to {}, each old one at most once.", where_, name, need);
            }
            read_elements(name, found->value("at", nlohmann::json::object()), items, each);
            return;
        }
        read(name, &nlohmann::json::is_array, need, [&](const auto& j) {
            if (j.size() < least || j.size() > most) {
                wrong(name, need);
            }
            if constexpr (requires { items.clear(); }) {
                items.clear();
                items.resize(j.size());
            }
            std::size_t i = 0;
            for (auto& item : items) {
                if (i < j.size()) {
                    Reader inner(j[i], fmt::format("{}, {} {}", where_, name, i + 1), latents_);
                    each(inner, item);
                }
                ++i;
            }
        });
    }
    static constexpr bool reading = true;
    const std::string& where() const { return where_; }
    // What was read as something else than it says.
    void note(const std::string& sentence) const { log_warning("{}: {}", where_, sentence); }

private:
    // `pieces`: [first, how many] of the old elements, or how many new ones. False: they can't be had.
    template <class List>
    static bool arrange(const nlohmann::json& pieces, List& items, std::size_t least, std::size_t most) {
        List next;
        std::vector<bool> taken(items.size());
        for (const auto& piece : pieces) {
            if (piece.is_number_unsigned() && piece.template get<std::uint64_t>() <= most - next.size()) {
                next.resize(next.size() + piece.template get<std::size_t>());
                continue;
            }
            if (!piece.is_array() || piece.size() != 2 || !piece[0].is_number_unsigned() ||
                !piece[1].is_number_unsigned())
                return false;
            const auto first = piece[0].template get<std::uint64_t>(), count = piece[1].template get<std::uint64_t>();
            if (first > items.size() || count > items.size() - first || count > most - next.size())
                return false;
            for (std::uint64_t i = first; i < first + count; ++i) {
                if (taken[i])
                    return false;
                taken[i] = true;
                next.push_back(std::move(items[i]));
            }
        }
        items = std::move(next);
        return items.size() >= least;
    }
    // Fields of elements by their places.
    template <class List, class Each>
    void read_elements(const char* name, const nlohmann::json& at, List& items, Each each) const {
        if (!at.is_object())
            fail("{}: {}, at must be an object in braces.", where_, name);
        for (const auto& [place, value] : at.items()) {
            std::size_t i = 0;
            const auto [end, error] = std::from_chars(place.data(), place.data() + place.size(), i);
            if (error != std::errc() || end != place.data() + place.size() || i >= items.size())
                fail("{}: {} has {} entries, and none at '{}'.", where_, name, items.size(), place);
            Reader inner(value, fmt::format("{}, {} {}", where_, name, i + 1), latents_);
            each(inner, items[i]);
        }
    }
    void count(const char* name, std::uint64_t& value, std::uint64_t most) const {
        const std::string need = fmt::format("a whole number from 0 to {}", most);
        read(name, &nlohmann::json::is_number_unsigned, need, [&](const auto& j) {
            const auto read_value = j.template get<std::uint64_t>();
            if (read_value > most) {
                wrong(name, need);
            }
            value = read_value;
        });
    }
    [[noreturn]] void wrong(const char* name, const std::string& need) const {
        fail("{}: {} must be {}.", where_, name, need);
    }
    template <class Take>
    void read(const char* name, bool (nlohmann::json::*is)() const noexcept, const std::string& need, Take take) const {
        const auto found = json_.find(name);
        if (found == json_.end()) {
            return;
        }
        if (!((*found).*is)()) {
            wrong(name, need);
        }
        take(*found);
    }

    const nlohmann::json& json_;
    std::string where_;
    const LogLatents* latents_;
};

} // namespace atelier::studio
