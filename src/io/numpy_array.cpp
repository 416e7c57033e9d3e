// SPDX-License-Identifier: Apache-2.0
#include "io/numpy_array.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include <ATen/ops/empty.h>

#include "io/pickle_globals.h"

namespace atelier::io {

namespace {

constexpr std::size_t max_rank = 8;

PickleName meaning_of(const PickleValue& object) {
    return allowed_global(object.callee->integer).meaning;
}

struct Element {
    at::ScalarType type = at::kFloat;
    std::size_t size = 4;
    bool swapped = false;                 // big-endian
    std::optional<at::ScalarType> wide{}; // unsigned: what holds all of its numbers
};

// dtype('f4', False, True), whose BUILD gives (3, '<', ...).
Element element_of(const PickleValue& dtype) {
    if (!dtype.is(PickleKind::object) || meaning_of(dtype) != PickleName::numpy_dtype || dtype.items.empty() ||
        !dtype.items[0]->is(PickleKind::text)) {
        fail("its dtype is {}", describe(dtype));
    }
    std::string_view name = dtype.items[0]->text;
    std::string_view order = "<";
    if (dtype.state != nullptr && dtype.state->is(PickleKind::tuple) && dtype.state->items.size() > 1 &&
        dtype.state->items[1]->is(PickleKind::text)) {
        order = dtype.state->items[1]->text;
    }
    if (!name.empty() && (name[0] == '<' || name[0] == '>' || name[0] == '|' || name[0] == '=')) {
        order = name.substr(0, 1);
        name.remove_prefix(1);
    }
    static constexpr std::array<std::pair<std::string_view, at::ScalarType>, 12> types{{
        {"f4", at::kFloat},
        {"f8", at::kDouble},
        {"f2", at::kHalf},
        {"i8", at::kLong},
        {"i4", at::kInt},
        {"i2", at::kShort},
        {"i1", at::kChar},
        {"u1", at::kByte},
        {"u2", at::kShort},
        {"u4", at::kInt},
        {"u8", at::kLong}, // a count beyond 2^63 is none
        {"b1", at::kBool},
    }};
    const auto found = std::find_if(types.begin(), types.end(), [&](const auto& type) { return type.first == name; });
    if (found == types.end()) {
        fail("its dtype is {}, and floating-point and whole numbers are read", printable(name));
    }
    if (order != "<" && order != ">" && order != "|" && order != "=") {
        fail("its dtype has the byte order '{}'", printable(order));
    }
    Element element{found->second, c10::elementSize(found->second), order == ">"};
    if (name == "u2" || name == "u4") {
        element.wide = name == "u2" ? at::kInt : at::kLong;
    }
    return element;
}

std::vector<std::int64_t> shape_of(const PickleValue& shape) {
    if (!shape.is(PickleKind::tuple) || shape.items.size() > max_rank) {
        fail("its shape is no tuple of at most {} whole numbers", max_rank);
    }
    std::vector<std::int64_t> sizes;
    for (const PickleValue* side : shape.items) {
        if (!side->is(PickleKind::integer) || side->integer < 0) {
            fail("its shape holds {}", side->is(PickleKind::integer) ? std::to_string(side->integer) : describe(*side));
        }
        sizes.push_back(side->integer);
    }
    return sizes;
}

at::Tensor copy_out(const std::vector<std::int64_t>& shape, const Element& element, bool fortran,
                    std::string_view bytes, std::uint64_t& spare_bytes) {
    std::uint64_t needed = element.size;
    for (const std::int64_t side : shape) {
        if (__builtin_mul_overflow(needed, static_cast<std::uint64_t>(side), &needed)) {
            fail("its shape overflows; no array is that large");
        }
    }
    if (needed != bytes.size()) {
        fail("its shape asks for {} bytes and it has {}", needed, bytes.size());
    }
    if (needed > spare_bytes) {
        fail("all arrays together are far larger than the file");
    }
    spare_bytes -= needed;
    // Column by column is row by row with the dimensions turned around.
    std::vector<std::int64_t> sizes = shape;
    if (fortran) {
        std::reverse(sizes.begin(), sizes.end());
    }
    at::Tensor tensor = at::empty(sizes, at::TensorOptions().dtype(element.type));
    if (needed > 0) {
        auto* into = static_cast<std::uint8_t*>(tensor.data_ptr());
        std::memcpy(into, bytes.data(), bytes.size());
        for (std::size_t i = 0; element.swapped && i < bytes.size(); i += element.size) {
            std::reverse(into + i, into + i + element.size);
        }
        for (std::size_t i = 0; element.type == at::kBool && i < bytes.size(); ++i) {
            into[i] = into[i] != 0 ? 1 : 0;
        }
    }
    if (element.wide) {
        tensor = tensor.to(*element.wide).bitwise_and(element.size == 2 ? 0xFFFF : 0xFFFFFFFF);
    }
    if (fortran && sizes.size() > 1) {
        std::vector<std::int64_t> order(sizes.size());
        for (std::size_t i = 0; i < order.size(); ++i) {
            order[i] = static_cast<std::int64_t>(order.size() - 1 - i);
        }
        tensor = tensor.permute(order).contiguous();
    }
    return tensor;
}

// An array of protocol 5: _frombuffer(bytes, dtype, shape, 'C').
at::Tensor from_buffer(const PickleValue& value, std::uint64_t& spare_bytes) {
    if (value.items.size() != 4 || !value.items[0]->is(PickleKind::bytes) || !value.items[3]->is(PickleKind::text)) {
        fail("is an array whose description is incomplete");
    }
    return copy_out(shape_of(*value.items[2]), element_of(*value.items[1]), value.items[3]->text == "F",
                    value.items[0]->text, spare_bytes);
}

} // namespace

bool is_numpy_value(const PickleValue& value) {
    return value.is(PickleKind::object) &&
           (meaning_of(value) == PickleName::numpy_reconstruct || meaning_of(value) == PickleName::numpy_buffer ||
            meaning_of(value) == PickleName::numpy_scalar);
}

at::Tensor read_numpy_value(const PickleValue& value, std::uint64_t& spare_bytes) {
    if (!is_numpy_value(value)) {
        fail("is {}, not an array", describe(value));
    }
    if (meaning_of(value) == PickleName::numpy_buffer) {
        return from_buffer(value, spare_bytes);
    }
    if (meaning_of(value) == PickleName::numpy_scalar) {
        if (value.items.size() != 2 || !value.items[1]->is(PickleKind::bytes)) {
            fail("is a number whose description is incomplete");
        }
        return copy_out({}, element_of(*value.items[0]), false, value.items[1]->text, spare_bytes);
    }
    // BUILD gave (1, shape, dtype, fortran, bytes).
    const PickleValue* state = value.state;
    if (state == nullptr || !state->is(PickleKind::tuple) || state->items.size() != 5 ||
        !state->items[3]->is(PickleKind::boolean) || !state->items[4]->is(PickleKind::bytes)) {
        fail("is an array without shape, dtype and bytes");
    }
    return copy_out(shape_of(*state->items[1]), element_of(*state->items[2]), state->items[3]->integer != 0,
                    state->items[4]->text, spare_bytes);
}

} // namespace atelier::io
