// SPDX-License-Identifier: Apache-2.0
#include "io/torch_storage.h"

#include <algorithm>
#include <array>
#include <limits>

#include "io/pickle_machine.h"

namespace atelier::io {

namespace {

// PROTO 2, LONG1 of ten bytes (the magic number), STOP.
constexpr std::array<std::uint8_t, 15> magic{0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46,
                                             0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e};
constexpr std::int64_t legacy_protocol = 1001;

std::optional<c10::ScalarType> dtype_of(const PickleValue& type) {
    using c10::ScalarType;
    if (!type.is(PickleKind::global)) {
        return std::nullopt;
    }
    static constexpr std::array<std::pair<std::string_view, ScalarType>, 10> types{{
        {"FloatStorage", ScalarType::Float},
        {"HalfStorage", ScalarType::Half},
        {"BFloat16Storage", ScalarType::BFloat16},
        {"DoubleStorage", ScalarType::Double},
        {"LongStorage", ScalarType::Long},
        {"IntStorage", ScalarType::Int},
        {"ShortStorage", ScalarType::Short},
        {"CharStorage", ScalarType::Char},
        {"ByteStorage", ScalarType::Byte},
        {"BoolStorage", ScalarType::Bool},
    }};
    const std::string_view name = allowed_global(type.integer).name;
    for (const auto& [storage, dtype] : types) {
        if (storage == name) {
            return dtype;
        }
    }
    return std::nullopt;
}

void expect_header(PickleArena& arena, Bytes data, std::size_t& at) {
    if (data.size() < magic.size()) {
        fail("ends too early: the magic number of a torch.save stream needs {} bytes and {} are left (truncated file?)",
             magic.size(), data.size());
    }
    if (!starts_like_legacy_stream(data)) {
        fail("a torch.save stream has the wrong magic number");
    }
    at = magic.size();
    const auto next = [&] {
        const Unpickled part = unpickle(arena, data.subspan(at), PickleScope::plain);
        at += part.size;
        return part.root;
    };
    const PickleValue* protocol = next();
    if (!protocol->is(PickleKind::integer) || protocol->integer != legacy_protocol) {
        fail("a torch.save stream has a protocol other than {}", legacy_protocol);
    }
    const PickleValue* little = find_key(*next(), "little_endian");
    if (little == nullptr || !little->is(PickleKind::boolean) || little->integer == 0) {
        fail("a torch.save stream is not little-endian; save it again on a common PC");
    }
}

} // namespace

StorageId parse_storage_id(const PickleValue& persistent) {
    const auto& id = persistent.items;
    const bool shaped = persistent.is(PickleKind::persistent) && (id.size() == 5 || id.size() == 6) &&
                        id[0]->is(PickleKind::text) && id[0]->text == "storage" && id[2]->is(PickleKind::text) &&
                        id[3]->is(PickleKind::text) && (id.size() == 5 || id[5]->is(PickleKind::none));
    if (!shaped) {
        fail("a storage's id is not ('storage', type, key, location, numel)");
    }
    const auto dtype = dtype_of(*id[1]);
    if (!dtype) {
        fail("storage '{}' has no known element type", printable(id[2]->text));
    }
    if (!id[4]->is(PickleKind::integer) || id[4]->integer < 0) {
        fail("storage '{}' has an impossible number of elements", printable(id[2]->text));
    }
    const auto item = static_cast<std::uint64_t>(c10::elementSize(*dtype));
    const auto count = static_cast<std::uint64_t>(id[4]->integer);
    if (count > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / item) {
        fail("storage '{}' claims {} elements, more than any file holds", printable(id[2]->text), count);
    }
    return {*dtype, id[2]->text, count * item};
}

bool starts_like_legacy_stream(Bytes data) {
    return data.size() >= magic.size() && std::equal(magic.begin(), magic.end(), data.begin());
}

LegacyStream read_legacy_stream(PickleArena& arena, Bytes data, PickleScope scope) {
    std::size_t at = 0;
    expect_header(arena, data, at);
    const std::size_t first_value = arena.size();
    const Unpickled object = unpickle(arena, data.subspan(at), scope);
    at += object.size;

    std::map<std::string, StorageId, std::less<>> wanted;
    for (std::size_t i = first_value; i < arena.size(); ++i) {
        if (!arena.at(i).is(PickleKind::persistent)) {
            continue;
        }
        const StorageId id = parse_storage_id(arena.at(i));
        const auto [known, is_new] = wanted.emplace(id.key, id);
        if (!is_new && (known->second.dtype != id.dtype || known->second.bytes != id.bytes)) {
            fail("storage '{}' is described in two different ways", printable(id.key));
        }
    }

    const Unpickled keys = unpickle(arena, data.subspan(at), PickleScope::plain);
    at += keys.size;
    if (!keys.root->is(PickleKind::list)) {
        fail("a torch.save stream has no list of its storages");
    }
    LegacyStream stream;
    stream.root = object.root;
    ByteReader in(data, at);
    for (const PickleValue* key : keys.root->items) {
        const auto id = key->is(PickleKind::text) ? wanted.find(key->text) : wanted.end();
        if (id == wanted.end()) {
            fail("the list of storages names one that no tensor uses ({})",
                 key->is(PickleKind::text) ? printable(key->text) : describe(*key));
        }
        const auto count = in.little<std::int64_t>("a storage's size");
        const auto item = static_cast<std::int64_t>(c10::elementSize(id->second.dtype));
        const auto expected = static_cast<std::int64_t>(id->second.bytes) / item;
        if (count != expected) {
            fail("storage '{}' should have {} elements and its data block says {}", printable(id->first), expected,
                 count);
        }
        const StorageView view{id->second.dtype, in.take(id->second.bytes, "a storage's data")};
        if (!stream.storages.emplace(id->first, view).second) {
            fail("storage '{}' is there twice", printable(id->first));
        }
    }
    for (const auto& [key, id] : wanted) {
        if (!stream.storages.contains(key)) {
            fail("storage '{}' is missing from the list of storages", printable(key));
        }
    }
    if (in.left() != 0) {
        fail("a torch.save stream is followed by {} bytes that belong to nothing", in.left());
    }
    return stream;
}

} // namespace atelier::io
