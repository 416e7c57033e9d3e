// SPDX-License-Identifier: Apache-2.0
#include "io/embedded_storages.h"

namespace atelier::io {

namespace {

bool is_embedded(const PickleValue& value) {
    return value.is(PickleKind::object) &&
           allowed_global(value.callee->integer).meaning == PickleName::embedded_storage;
}

} // namespace

StorageView EmbeddedStorages::view(const PickleValue& storage) {
    if (!is_embedded(storage) || storage.items.size() != 1 || !storage.items[0]->is(PickleKind::bytes)) {
        fail("its storage is {}, not an embedded torch.save stream", describe(storage));
    }
    const std::string_view bytes = storage.items[0]->text;
    const auto found = parsed_.find(bytes.data());
    if (found != parsed_.end() && found->second.size == bytes.size()) {
        return found->second.view;
    }
    const LegacyStream stream = read_legacy_stream(arena_, as_bytes(bytes), PickleScope::storage);
    if (!stream.root->is(PickleKind::persistent)) {
        fail("its embedded torch.save stream holds {}, not a storage", describe(*stream.root));
    }
    const StorageId id = parse_storage_id(*stream.root);
    const StorageView view = stream.storages.find(id.key)->second;
    parsed_[bytes.data()] = {bytes.size(), view};
    return view;
}

void EmbeddedStorages::check_all() {
    for (std::size_t i = 0; i < values_; ++i) {
        if (is_embedded(arena_.at(i))) {
            view(arena_.at(i));
        }
    }
}

} // namespace atelier::io
