// SPDX-License-Identifier: Apache-2.0
#include "io/torch_file.h"

#include <algorithm>

#include "io/pickle_machine.h"
#include "io/state_dict.h"
#include "io/torch_storage.h"
#include "io/torch_tensor.h"
#include "io/zip_archive.h"

namespace atelier::io {

namespace {

bool is_plain_key(std::string_view key) {
    return !key.empty() && key.size() <= 64 && std::all_of(key.begin(), key.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    });
}

} // namespace

void read_torch_zip(Bytes data, CheckpointFile& into) {
    const ZipArchive archive(data);
    const std::string folder = archive.folder_of("data.pkl") + "/";
    if (archive.contains(folder + "byteorder") && as_text(archive.read(folder + "byteorder")) != "little") {
        fail("its byteorder is not little-endian; save it again on a common PC");
    }
    PickleArena arena(data.size());
    const Bytes pickle_bytes = archive.read(folder + "data.pkl");
    const Unpickled pickle = unpickle(arena, pickle_bytes, PickleScope::torch);
    if (pickle.size != pickle_bytes.size()) {
        fail("its data.pkl goes on after its end");
    }
    const auto view = [&](const PickleValue& storage) {
        const StorageId id = parse_storage_id(storage);
        if (!is_plain_key(id.key)) {
            fail("storage key '{}' is not one that torch.save writes", printable(id.key));
        }
        const Bytes bytes = archive.read(folder + "data/" + std::string(id.key));
        if (bytes.size() != id.bytes) {
            fail("storage '{}' should have {} bytes and has {}", printable(id.key), id.bytes, bytes.size());
        }
        return StorageView{id.dtype, bytes};
    };
    // A tensor asks for its storage; checking each CRC once is enough.
    std::map<std::string, StorageView, std::less<>> known;
    TensorReader tensors(data.size(), [&](const PickleValue& storage) {
        const StorageId id = parse_storage_id(storage);
        const auto found = known.find(id.key);
        if (found != known.end() && found->second.dtype == id.dtype && found->second.bytes.size() == id.bytes) {
            return found->second;
        }
        return known.insert_or_assign(std::string(id.key), view(storage)).first->second;
    });
    into.kind = FileKind::plain_pt;
    into.description = "PyTorch state dict (zip)";
    add_state_dicts(*pickle.root, tensors, into);
}

void read_torch_legacy(Bytes data, CheckpointFile& into) {
    PickleArena arena(data.size());
    const LegacyStream stream = read_legacy_stream(arena, data, PickleScope::torch);
    TensorReader tensors(data.size(), [&](const PickleValue& storage) {
        // The stream has checked that every storage it refers to is there.
        return stream.storages.find(parse_storage_id(storage).key)->second;
    });
    into.kind = FileKind::plain_pt;
    into.description = "PyTorch state dict (legacy)";
    add_state_dicts(*stream.root, tensors, into);
}

} // namespace atelier::io
