// SPDX-License-Identifier: Apache-2.0
#include "io/pickle_value.h"

#include "io/pickle_globals.h"

namespace atelier::io {

namespace {

// The largest public checkpoints hold some tens of thousands of values.
constexpr std::size_t max_values = 2'000'000;
constexpr std::size_t max_items = 8'000'000;

// Length of the valid UTF-8 sequence at the front of `text`, 0 if there is none.
std::size_t sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(0);
    if (first < 0x80) {
        return 1;
    }
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || length > text.size()) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) {
            return 0;
        }
    }
    const unsigned second = byte(1);
    const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    const bool surrogate = first == 0xED && second >= 0xA0;
    const bool beyond = first == 0xF4 && second >= 0x90;
    return overlong || surrogate || beyond ? 0 : length;
}

} // namespace

PickleValue* PickleArena::make(PickleKind kind) {
    if (values_.size() >= max_values) {
        fail("describes more than {} values, which no model does", max_values);
    }
    PickleValue& value = values_.emplace_back();
    value.kind = kind;
    return &value;
}

std::string_view PickleArena::keep(std::string decoded) {
    if (decoded.size() > spare_bytes_) {
        fail("decodes to far more bytes than it has, which no model does");
    }
    spare_bytes_ -= decoded.size();
    return texts_.emplace_back(std::move(decoded));
}

void PickleArena::count_items(std::size_t count) {
    items_ += count;
    if (items_ > max_items) {
        fail("describes containers of more than {} elements, which no model does", max_items);
    }
}

std::string global_text(const PickleValue& global) {
    const AllowedGlobal& entry = allowed_global(global.integer);
    if (entry.meaning == PickleName::foreign) {
        return printable(global.text);
    }
    return fmt::format("{}.{}", entry.module, entry.name);
}

const PickleValue* attributes_of(const PickleValue& object) {
    const PickleValue* state = object.is(PickleKind::object) ? object.state : nullptr;
    if (state != nullptr && state->is(PickleKind::tuple) && !state->items.empty()) {
        state = state->items.front(); // beside the values of slots
    }
    return state != nullptr && state->is(PickleKind::dict) ? state : nullptr;
}

std::string describe(const PickleValue& value) {
    switch (value.kind) {
    case PickleKind::none: return "None";
    case PickleKind::boolean: return "a boolean";
    case PickleKind::integer:
    case PickleKind::big_integer: return "an integer";
    case PickleKind::real: return "a number";
    case PickleKind::text: return "a string";
    case PickleKind::bytes: return "a byte string";
    case PickleKind::tuple: return "a tuple";
    case PickleKind::list: return "a list";
    case PickleKind::dict: return "a dictionary";
    case PickleKind::set: return "a set";
    case PickleKind::global: return global_text(value);
    case PickleKind::object: return fmt::format("an object of {}", global_text(*value.callee));
    case PickleKind::persistent: return "a storage";
    }
    return "a value";
}

const PickleValue* find_key(const PickleValue& value, std::string_view key) {
    if (!value.is(PickleKind::dict)) {
        return nullptr;
    }
    for (std::size_t i = value.items.size(); i >= 2; i -= 2) {
        const PickleValue& candidate = *value.items[i - 2];
        if (candidate.is(PickleKind::text) && candidate.text == key) {
            return value.items[i - 1];
        }
    }
    return nullptr;
}

std::string printable(std::string_view text) {
    std::string result;
    std::size_t shown = 0;
    while (!text.empty() && shown < 100) {
        const std::size_t length = sequence_length(text);
        const auto first = static_cast<unsigned char>(text.front());
        if (length == 0 || first < 0x20 || first == 0x7F) {
            result += '?';
            text.remove_prefix(1);
        } else {
            result += text.substr(0, length);
            text.remove_prefix(length);
        }
        ++shown;
    }
    return text.empty() ? result : result + "...";
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = sequence_length(text);
        if (length == 0) {
            return false;
        }
        text.remove_prefix(length);
    }
    return true;
}

} // namespace atelier::io
