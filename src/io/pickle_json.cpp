// SPDX-License-Identifier: Apache-2.0
#include "io/pickle_json.h"

#include <bit>

#include "io/pickle_globals.h"

namespace atelier::io {

namespace {

constexpr int max_depth = 16;
constexpr int max_nodes = 100'000;
constexpr std::size_t max_text = 4096;

template <typename T> nlohmann::json number_in(std::string_view bytes) {
    T value;
    std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
}

// numpy scalar(dtype('f8', ...) with BUILD state (version, byte order, ...), bytes).
std::optional<nlohmann::json> numpy_scalar(const PickleValue& object) {
    if (object.items.size() != 2 || !object.items[0]->is(PickleKind::object) ||
        !object.items[1]->is(PickleKind::bytes)) {
        return std::nullopt;
    }
    const PickleValue& dtype = *object.items[0];
    if (allowed_global(dtype.callee->integer).meaning != PickleName::numpy_dtype || dtype.items.empty() ||
        !dtype.items[0]->is(PickleKind::text)) {
        return std::nullopt;
    }
    if (dtype.state != nullptr && dtype.state->items.size() > 1 && dtype.state->items[1]->is(PickleKind::text) &&
        dtype.state->items[1]->text == ">") {
        return std::nullopt;
    }
    const std::string_view type = dtype.items[0]->text;
    const std::string_view bytes = object.items[1]->text;
    if (type.size() != 2 || bytes.size() != static_cast<std::size_t>(type[1] - '0')) {
        return std::nullopt;
    }
    if (type == "f8")
        return number_in<double>(bytes);
    if (type == "f4")
        return number_in<float>(bytes);
    if (type == "i8")
        return number_in<std::int64_t>(bytes);
    if (type == "i4")
        return number_in<std::int32_t>(bytes);
    if (type == "i2")
        return number_in<std::int16_t>(bytes);
    if (type == "i1")
        return number_in<std::int8_t>(bytes);
    if (type == "u8")
        return number_in<std::uint64_t>(bytes);
    if (type == "u4")
        return number_in<std::uint32_t>(bytes);
    if (type == "u2")
        return number_in<std::uint16_t>(bytes);
    if (type == "u1")
        return number_in<std::uint8_t>(bytes);
    if (type == "b1")
        return bytes[0] != 0;
    return std::nullopt;
}

nlohmann::json convert(const PickleValue& value, int depth, int& nodes) {
    if (depth > max_depth || ++nodes > max_nodes) {
        fail("its options are nested deeper or are larger than those of any network");
    }
    if (const auto scalar = scalar_to_json(value)) {
        return *scalar;
    }
    switch (value.kind) {
    case PickleKind::big_integer: return fmt::format("<an integer of {} bytes>", value.text.size());
    case PickleKind::tuple:
    case PickleKind::list: {
        nlohmann::json result = nlohmann::json::array();
        for (const PickleValue* item : value.items) {
            result.push_back(convert(*item, depth + 1, nodes));
        }
        return result;
    }
    case PickleKind::dict: {
        nlohmann::json result = nlohmann::json::object();
        for (std::size_t i = 0; i + 1 < value.items.size(); i += 2) {
            if (!value.items[i]->is(PickleKind::text) || value.items[i]->text.size() > max_text) {
                continue; // no option has such a name
            }
            result[std::string(value.items[i]->text)] = convert(*value.items[i + 1], depth + 1, nodes);
        }
        return result;
    }
    case PickleKind::object:
    case PickleKind::global:
    case PickleKind::bytes:
    case PickleKind::set:
    case PickleKind::persistent: return "<" + describe(value) + ">";
    default: return nullptr;
    }
}

} // namespace

std::optional<nlohmann::json> scalar_to_json(const PickleValue& value) {
    switch (value.kind) {
    case PickleKind::none: return nlohmann::json(nullptr);
    case PickleKind::boolean: return nlohmann::json(value.integer != 0);
    case PickleKind::integer: return nlohmann::json(value.integer);
    case PickleKind::real: return nlohmann::json(value.real);
    case PickleKind::text:
        return value.text.size() <= max_text ? std::optional<nlohmann::json>(std::string(value.text)) : std::nullopt;
    case PickleKind::object:
        if (allowed_global(value.callee->integer).meaning == PickleName::numpy_scalar) {
            return numpy_scalar(value);
        }
        return std::nullopt;
    default: return std::nullopt;
    }
}

nlohmann::json to_json(const PickleValue& value) {
    int nodes = 0;
    return convert(value, 0, nodes);
}

} // namespace atelier::io
