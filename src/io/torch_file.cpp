// SPDX-License-Identifier: Apache-2.0
#include "io/torch_file.h"

#include <algorithm>

#include "io/pickle_machine.h"
#include "io/torch_storage.h"
#include "io/zip_archive.h"

namespace atelier::io {

namespace {

bool is_plain_key(std::string_view key) {
    return !key.empty() && key.size() <= 64 && std::all_of(key.begin(), key.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    });
}

struct ZipSource : ModelSource {
    explicit ZipSource(const InputFile& input)
        : ModelSource(input), data(input.read_all()), archive(data), arena(data.size()) {
        container = ModelContainer::zip;
        folder = archive.folder_of("data.pkl") + "/";
        if (archive.contains(folder + "byteorder") && as_text(archive.read(folder + "byteorder")) != "little") {
            fail("its byteorder is not little-endian; save it again on a common PC");
        }
        const Bytes pickle_bytes = archive.read(folder + "data.pkl");
        const Unpickled pickle = unpickle(arena, pickle_bytes, PickleScope::torch);
        if (pickle.size != pickle_bytes.size()) {
            fail("its data.pkl goes on after its end");
        }
        root = pickle.root;
        protocol = pickle.protocol;
        reader =
            std::make_unique<TensorReader>(data.size(), [this](const PickleValue& storage) { return find(storage); });
        tensors = reader.get();
    }

    StorageView view(const StorageId& id) const {
        if (!is_plain_key(id.key)) {
            fail("storage key '{}' is not one that torch.save writes", printable(id.key));
        }
        const Bytes bytes = archive.read(folder + "data/" + std::string(id.key));
        if (bytes.size() != id.bytes) {
            fail("storage '{}' should have {} bytes and has {}", printable(id.key), id.bytes, bytes.size());
        }
        return StorageView{id.dtype, bytes};
    }

    // A tensor asks for its storage; checking each CRC once is enough.
    StorageView find(const PickleValue& storage) {
        const StorageId id = parse_storage_id(storage);
        const auto found = known.find(id.key);
        if (found != known.end() && found->second.dtype == id.dtype && found->second.bytes.size() == id.bytes) {
            return found->second;
        }
        return known.insert_or_assign(std::string(id.key), view(id)).first->second;
    }

    std::vector<std::uint8_t> data;
    ZipArchive archive;
    PickleArena arena;
    std::string folder;
    std::map<std::string, StorageView, std::less<>> known;
    std::unique_ptr<TensorReader> reader;
};

struct LegacySource : ModelSource {
    explicit LegacySource(const InputFile& input) : ModelSource(input), data(input.read_all()), arena(data.size()) {
        container = ModelContainer::legacy;
        stream = read_legacy_stream(arena, data, PickleScope::torch);
        root = stream.root;
        protocol = 2;
        reader = std::make_unique<TensorReader>(data.size(), [this](const PickleValue& storage) {
            // The stream has checked that every storage it refers to is there.
            return stream.storages.find(parse_storage_id(storage).key)->second;
        });
        tensors = reader.get();
    }

    std::vector<std::uint8_t> data;
    PickleArena arena;
    LegacyStream stream;
    std::unique_ptr<TensorReader> reader;
};

} // namespace

std::unique_ptr<ModelSource> open_torch_zip(const InputFile& file) {
    return std::make_unique<ZipSource>(file);
}

std::unique_ptr<ModelSource> open_torch_legacy(const InputFile& file) {
    return std::make_unique<LegacySource>(file);
}

} // namespace atelier::io
