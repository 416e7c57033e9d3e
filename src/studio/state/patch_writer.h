// SPDX-License-Identifier: Apache-2.0
// What leads from one value to another of its kind, as the text of a JSON patch: a visitor of studio/state/schema.h
// that walks the newer one, finds each field's twin in the one that is kept, and brings that up to it. Nothing is
// copied or allocated for what is equal. docs/files.md, "Performance log", has the format.
#pragma once

#include <bit>
#include <cstddef>
#include <cstring>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/render_params.h"
#include "studio/state/json_archive.h"
#include "studio/state/oscillators.h"

namespace atelier::studio {

// The number that stands in a patch for a latent with numbers of its own, which is written elsewhere.
using NumberOfLatent = std::function<std::size_t(const std::shared_ptr<const ExplicitLatent>&)>;

// edited: only the elements that have changed; the reader needs the list as it was. whole: a list with any change.
enum class PatchLists { edited, whole };

class PatchWriter {
public:
    static constexpr bool reading = false;
    using InPlace = void; // visits fields where they lie, never a copy of one

    // The object in braces that makes `now` of `kept`, which is changed to it; empty: nothing differs. `fields` visits
    // the parts that count, of `now`, which stays as it is.
    template <class T, class Fields>
    static std::string follow(T& kept, const T& now, const NumberOfLatent& number_of, PatchLists lists, Fields fields) {
        return PatchWriter(number_of, lists, false).object_text(kept, now, fields);
    }
    // All fields of `now`, whatever `kept` is, which becomes the same.
    template <class T, class Fields>
    static std::string whole(T& kept, const T& now, const NumberOfLatent& number_of, Fields fields) {
        return PatchWriter(number_of, PatchLists::whole, true).object_text(kept, now, fields);
    }

    void flag(const char* name, const bool& value) {
        if (leaf(name, value))
            text_ += value ? "true" : "false";
    }
    void number(const char* name, const double& value, double, double) {
        if (leaf(name, value))
            add_number(value);
    }
    void number(const char* name, const float& value, double, double) {
        if (leaf(name, value))
            add_number(static_cast<double>(value));
    }
    void whole(const char* name, const int& value, int, int) {
        if (leaf(name, value))
            text_ += std::to_string(value);
    }
    void count(const char* name, const std::uint32_t& value) {
        if (leaf(name, value))
            text_ += std::to_string(value);
    }
    void count(const char* name, const std::uint64_t& value) {
        if (leaf(name, value))
            text_ += std::to_string(value);
    }
    void text(const char* name, const std::string& value) {
        if (leaf(name, value))
            text_ += json_text(value);
    }
    // An oscillator's, as all files have it.
    void target(const std::string& id) {
        if (!leaf("target", id))
            return;
        const OscillatorTarget written = file_target(id);
        text_ += json_text(written.name);
        key("index");
        text_ += std::to_string(written.index);
    }
    void floats(const char* name, const std::vector<float>& value, std::size_t) {
        if (leaf(name, value))
            add_all(value, [this](float each) { add_number(static_cast<double>(each)); });
    }
    void counts(const char* name, const std::vector<std::uint32_t>& value, std::size_t, std::size_t) {
        if (leaf(name, value))
            add_all(value, [this](std::uint32_t each) { text_ += std::to_string(each); });
    }
    template <class E> void choice(const char* name, const E& value, Names names) {
        if (leaf(name, value))
            text_ += json_text(names[static_cast<std::size_t>(value)]);
    }
    template <class T, class Each> void object(const char* name, T& value, Each each) {
        in_braces(name, [&] { each(*this, value); });
    }
    template <class T, class Each> void shared(const char* name, std::shared_ptr<const T>& value, Each) {
        std::shared_ptr<const T>& kept = twin(value);
        if (!whole_ && (kept == value || (kept && value && number_of_(kept) == number_of_(value))))
            return;
        kept = value;
        if (value || !whole_ || keeps_) {
            key(name);
            text_ += value ? std::to_string(number_of_(value)) : "null";
        }
    }
    template <class List, class Each> void list(const char* name, List& items, std::size_t, std::size_t, Each each) {
        List& kept = twin(items);
        if (whole_ || lists_ == PatchLists::whole) {
            if (whole_ || !(kept == items))
                write_whole(name, kept, items, each);
            return;
        }
        in_braces(name, [&] {
            std::vector<bool> fresh;
            if constexpr (requires { items.clear(); }) {
                if (!in_place(kept, items))
                    fresh = arrange(kept, items);
            }
            in_braces("at", [&] {
                for (std::size_t i = 0; i < items.size(); ++i) {
                    const bool was_whole = std::exchange(whole_, !fresh.empty() && fresh[i]);
                    in_braces(std::to_string(i).c_str(), [&] { element(kept[i], items[i], each); });
                    whole_ = was_whole;
                }
            });
        });
    }

    // As a JSON string, by text_of_bytes.
    static std::string json_text(const std::string& text);
    static std::string json_text(double number);

private:
    PatchWriter(const NumberOfLatent& number_of, PatchLists lists, bool whole)
        : number_of_(number_of), lists_(lists), whole_(whole) {}

    template <class T, class Fields> std::string object_text(T& kept, const T& now, Fields fields) {
        text_ = "{";
        element(kept, const_cast<T&>(now), [&](PatchWriter& v, T& value) { fields(v, value); }); // never written to
        return text_.size() == 1 && !whole_ ? std::string() : text_ + "}";
    }

    // A value inside of another lies where its twin lies inside of the other's twin.
    template <class T> T& twin(const T& part) const {
        const auto offset = reinterpret_cast<const std::byte*>(&part) - now_;
        if (offset < 0 || static_cast<std::size_t>(offset) + sizeof(T) > size_)
            throw std::logic_error("a field that is visited is no part of the value");
        return *reinterpret_cast<T*>(kept_ + offset);
    }
    template <class T, class Each> void element(T& kept, T& now, const Each& each) {
        const auto kept_before = std::exchange(kept_, reinterpret_cast<std::byte*>(&kept));
        const auto now_before = std::exchange(now_, reinterpret_cast<const std::byte*>(&now));
        const auto size_before = std::exchange(size_, sizeof(T));
        each(*this, now);
        kept_ = kept_before, now_ = now_before, size_ = size_before;
    }

    // To the bit: 0 and -0 differ.
    static bool same(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }
    static bool same(float a, float b) { return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b); }
    static bool same(const std::vector<float>& a, const std::vector<float>& b) {
        return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
    }
    template <class T> static bool same(const T& a, const T& b) { return a == b; }

    // Whether its value is to follow in the text.
    template <class T> bool leaf(const char* name, const T& value) {
        T& kept = twin(value);
        if (!whole_ && same(kept, value))
            return false;
        kept = value;
        key(name);
        return true;
    }
    void key(const char* name) {
        if (text_.back() != '{')
            text_ += ',';
        ((text_ += '"') += name) += "\":";
    }
    // Nothing is left of it if `write` wrote nothing, unless all is to be there.
    template <class Write> void in_braces(const char* name, const Write& write) {
        const std::size_t before = text_.size();
        key(name);
        text_ += '{';
        const std::size_t begin = text_.size();
        write();
        if (text_.size() == begin && !whole_)
            text_.resize(before);
        else
            text_ += '}';
    }
    void add_number(double value) { text_ += json_text(value); }
    template <class List, class Add> void add_all(const List& values, const Add& add) {
        text_ += '[';
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (i > 0)
                text_ += ',';
            add(values[i]);
        }
        text_ += ']';
    }

    template <class List, class Each> void write_whole(const char* name, List& kept, List& items, const Each& each) {
        kept = items;
        const bool was_whole = std::exchange(whole_, true);
        bool keeps = true; // the reader makes the elements of all other lists anew
        if constexpr (requires { items.clear(); })
            keeps = false;
        const bool kept_before = std::exchange(keeps_, keeps);
        key(name);
        text_ += '[';
        for (std::size_t i = 0; i < items.size(); ++i) {
            text_ += i > 0 ? ",{" : "{";
            element(kept[i], items[i], each);
            text_ += '}';
        }
        text_ += ']';
        whole_ = was_whole;
        keeps_ = kept_before;
    }

    // Elements that have an id keep it wherever they stand.
    template <class List> static bool in_place(const List& kept, const List& items) {
        if (kept.size() != items.size())
            return false;
        if constexpr (requires { items[0].id; }) {
            for (std::size_t i = 0; i < items.size(); ++i) {
                if (kept[i].id != items[i].id)
                    return false;
            }
        }
        return true;
    }
    // Where each element of the new list stood in the old one; old.size(): nowhere.
    template <class List> static std::vector<std::size_t> origins(const List& old, const List& now) {
        std::vector<std::size_t> from(now.size(), old.size());
        if constexpr (requires { now[0].id; }) {
            std::unordered_map<std::uint64_t, std::size_t> places;
            for (std::size_t i = 0; i < old.size(); ++i)
                places.emplace(old[i].id, i);
            for (std::size_t i = 0; i < now.size(); ++i) {
                if (const auto found = places.find(now[i].id); found != places.end()) {
                    from[i] = found->second;
                    places.erase(found); // no second one comes of it
                }
            }
        } else {
            std::size_t first = 0, last = 0;
            const std::size_t shorter = std::min(old.size(), now.size());
            while (first < shorter && old[first] == now[first]) {
                from[first] = first;
                ++first;
            }
            while (last < shorter - first && old[old.size() - 1 - last] == now[now.size() - 1 - last]) {
                from[now.size() - 1 - last] = old.size() - 1 - last;
                ++last;
            }
        }
        return from;
    }
    // Brings `kept` to the length and order of `items` and writes how; true: an element that is new.
    template <class List> std::vector<bool> arrange(List& kept, const List& items) {
        const std::vector<std::size_t> from = origins(kept, items);
        List next(items.size());
        std::vector<bool> fresh(items.size());
        key("old");
        text_ += '[';
        const auto is_fresh = [&](std::size_t i) { return from[i] == kept.size(); };
        for (std::size_t i = 0, end = 0; i < items.size(); i = end) {
            const bool is_new = is_fresh(i);
            const auto goes_on = [&] {
                return is_fresh(end) == is_new && (is_new || from[end] == from[i] + (end - i));
            };
            for (end = i; end < items.size() && goes_on(); ++end) {
                fresh[end] = is_new;
                if (!is_new)
                    next[end] = std::move(kept[from[end]]);
            }
            if (i > 0)
                text_ += ',';
            text_ +=
                is_new ? std::to_string(end - i) : "[" + std::to_string(from[i]) + "," + std::to_string(end - i) + "]";
        }
        text_ += ']';
        kept = std::move(next);
        return fresh;
    }

    const NumberOfLatent& number_of_;
    PatchLists lists_;
    bool whole_;
    bool keeps_ = false; // whole elements of an array: what a reader has there stays where nothing is written
    std::string text_;
    std::byte* kept_ = nullptr;
    const std::byte* now_ = nullptr;
    std::size_t size_ = 0;
};

} // namespace atelier::studio
