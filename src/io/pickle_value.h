// SPDX-License-Identifier: Apache-2.0
// What a pickle describes, as inert values in an arena: nothing here refers to code, and nothing is ever called.
// The arena owns every value, so that cycles and any depth of nesting are harmless to destroy.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "io/byte_reader.h"

namespace atelier::io {

enum class PickleKind : std::uint8_t {
    none,
    boolean,
    integer,
    big_integer, // more than 64 bits; `text` holds its little-endian bytes
    real,
    text,
    bytes,
    tuple,
    list,
    dict, // also OrderedDict and EasyDict
    set,
    global,    // an allowed name, see pickle_globals.h
    object,    // what a call of an allowed global with arguments would have made
    persistent // a reference to a storage kept elsewhere in the file
};

struct PickleValue {
    PickleKind kind = PickleKind::none;
    std::int64_t integer = 0;        // boolean, integer; global: index into the allow-list
    double real = 0;                 // real
    std::string_view text;           // text (UTF-8), bytes, big_integer; global: "module.name" of a foreign one
    std::vector<PickleValue*> items; // elements; dict: key, value, key, value, ...; object, persistent: the arguments
    PickleValue* callee = nullptr;   // object: its global
    PickleValue* state = nullptr;    // what BUILD gave, or null

    bool is(PickleKind other) const { return kind == other; }
};

// Owns the values of one file and the bytes they view, except the file's own bytes, which must outlive it.
class PickleArena {
public:
    // `source_bytes` is the size of the file: it bounds how many bytes may be decoded on top of it.
    explicit PickleArena(std::size_t source_bytes) : spare_bytes_(2 * source_bytes + (1U << 20)) {}
    PickleArena(const PickleArena&) = delete;
    PickleArena& operator=(const PickleArena&) = delete;

    // Throws Error when the file describes more values than any model needs.
    PickleValue* make(PickleKind kind);
    // Keeps decoded bytes; the same bound applies.
    std::string_view keep(std::string decoded);
    // Called for every element that a container takes in.
    void count_items(std::size_t count);

    std::size_t size() const { return values_.size(); }
    const PickleValue& at(std::size_t index) const { return values_[index]; }

private:
    std::deque<PickleValue> values_;
    std::deque<std::string> texts_;
    std::size_t spare_bytes_;
    std::size_t items_ = 0;
};

std::string global_text(const PickleValue& global); // "module.name"

// What an object of a foreign class is made of, as BUILD gives it; null when it has no dictionary of attributes.
const PickleValue* attributes_of(const PickleValue& object);

// "a list", "an integer", "a call of torch._utils._rebuild_tensor_v2": for messages.
std::string describe(const PickleValue& value);

// The value of a text key (the last one, as in Python), or null; null too when `value` is no dict.
const PickleValue* find_key(const PickleValue& value, std::string_view key);

// File-given text made safe to show: at most 100 characters, control characters and bad UTF-8 as '?'.
std::string printable(std::string_view text);

bool is_utf8(std::string_view text);

} // namespace atelier::io
