// SPDX-License-Identifier: Apache-2.0
#include "io/pickle_writer.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "base/error.h"

namespace atelier::io {

PickleWriter::PickleWriter(int protocol) {
    out_ += '\x80';
    out_ += static_cast<char>(protocol);
}

void PickleWriter::integer(std::int64_t value) {
    if (value >= 0 && value <= 0xFF) {
        out_ += 'K';
        put(static_cast<std::uint8_t>(value));
    } else if (value >= std::numeric_limits<std::int32_t>::min() && value <= std::numeric_limits<std::int32_t>::max()) {
        out_ += 'J';
        put(static_cast<std::int32_t>(value));
    } else {
        out_ += "\x8a\x08"; // eight bytes, two's complement
        put(value);
    }
}

void PickleWriter::integers(std::span<const std::int64_t> values) {
    begin();
    for (const std::int64_t value : values) {
        integer(value);
    }
    end_tuple();
}

void PickleWriter::real(double value) {
    out_ += 'G';
    auto bits = std::bit_cast<std::uint64_t>(value); // the one number that pickles hold with its high byte first
    for (int i = 0; i < 8; ++i) {
        out_ += static_cast<char>(bits >> 56);
        bits <<= 8;
    }
}

void PickleWriter::text(std::string_view value) {
    out_ += 'X';
    put(static_cast<std::uint32_t>(value.size()));
    out_ += value;
}

void PickleWriter::bytes(std::string_view value) {
    if (value.size() > std::numeric_limits<std::uint32_t>::max()) {
        fail("a tensor of {} bytes doesn't fit in a pickle", value.size());
    }
    out_ += 'B';
    put(static_cast<std::uint32_t>(value.size()));
    out_ += value;
}

void PickleWriter::json(const nlohmann::json& value) {
    if (value.is_boolean()) {
        boolean(value.get<bool>());
    } else if (value.is_number_integer()) {
        integer(value.get<std::int64_t>());
    } else if (value.is_number()) {
        real(value.get<double>());
    } else if (value.is_string()) {
        text(value.get_ref<const std::string&>());
    } else if (value.is_array()) {
        empty_list();
        for (const auto& item : value) {
            json(item);
            append();
        }
    } else if (value.is_object()) {
        empty_dict();
        for (const auto& [key, item] : value.items()) {
            text(key);
            json(item);
            set_item();
        }
    } else {
        none();
    }
}

void PickleWriter::global(std::string_view module, std::string_view name) {
    const std::string both = std::string(module) + "\n" + std::string(name);
    if (knows(both)) {
        recall(both);
        return;
    }
    out_ += 'c' + both + '\n';
    remember(both);
}

void PickleWriter::remember(const std::string& name) {
    const auto number = static_cast<std::uint32_t>(remembered_.size());
    remembered_.emplace(name, number);
    out_ += 'r';
    put(number);
}

void PickleWriter::recall(const std::string& name) {
    out_ += 'j';
    put(remembered_.at(name));
}

void PickleWriter::ordered_dict() {
    global("collections", "OrderedDict");
    empty_tuple();
    call();
}

std::string PickleWriter::finish() {
    out_ += '.';
    return std::move(out_);
}

} // namespace atelier::io
