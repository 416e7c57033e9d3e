// SPDX-License-Identifier: Apache-2.0
#include "io/model_source.h"

#include <algorithm>
#include <array>

#include "io/embedded_storages.h"
#include "io/pickle_machine.h"
#include "io/safetensors_file.h"
#include "io/torch_file.h"
#include "io/torch_storage.h"

namespace atelier::io {

namespace {

struct Signature {
    std::string_view start;
    const char* what;
};

// What people hand over by mistake.
constexpr std::array<Signature, 15> foreign{{
    {"\x89PNG", "a PNG picture"},
    {"\xff\xd8\xff", "a JPEG picture"},
    {"GIF8", "a GIF picture"},
    {"RIFF", "a picture, sound or video (RIFF)"},
    {"version https://git-lfs", "a git-lfs pointer; fetch the real file with git lfs pull"},
    {"<!DOCTYPE", "a web page; the download has failed"},
    {"<!doctype", "a web page; the download has failed"},
    {"<html", "a web page; the download has failed"},
    {"<HTML", "a web page; the download has failed"},
    {"<?xml", "an XML text"},
    {"\x89HDF", "an HDF5 file"},
    {"\x1f\x8b", "a gzip archive; unpack it first"},
    {"\xfd"
     "7zXZ",
     "an xz archive; unpack it first"},
    {"7z\xbc\xaf", "a 7z archive; unpack it first"},
    {"Rar!", "a RAR archive; unpack it first"},
}};

ModelContainer sniff(const InputFile& file) {
    std::array<std::uint8_t, 64> head{};
    const auto known = static_cast<std::size_t>(std::min<std::uint64_t>(head.size(), file.size()));
    file.read_at(0, head.data(), known);
    const Bytes bytes(head.data(), known);
    const std::string_view text = as_text(bytes);
    for (const Signature& signature : foreign) {
        if (text.starts_with(signature.start)) {
            fail("is not a model file but {}", signature.what);
        }
    }
    if (text.starts_with("PK\x03\x04") || text.starts_with("PK\x05\x06")) {
        return ModelContainer::zip;
    }
    if (starts_like_legacy_stream(bytes)) {
        return ModelContainer::legacy;
    }
    const bool json = known > 8 && (bytes[8] == '{' || bytes[8] == '[');
    if (bytes[0] == 0x80 && !json) {
        return ModelContainer::pickle;
    }
    if (json || file.path().extension() == ".safetensors") {
        return ModelContainer::safetensors;
    }
    fail("is not a model file of a known format (pickle, safetensors, PyTorch .pt); atelier formats lists them");
}

struct PickleSource : ModelSource {
    explicit PickleSource(const InputFile& input) : ModelSource(input), data(input.read_all()), arena(data.size()) {
        container = ModelContainer::pickle;
        const Unpickled pickle = unpickle(arena, data, PickleScope::network);
        storages = std::make_unique<EmbeddedStorages>(arena, arena.size());
        storages->check_all();
        reader = std::make_unique<TensorReader>(data.size(),
                                                [this](const PickleValue& storage) { return storages->view(storage); });
        root = pickle.root;
        tensors = reader.get();
        protocol = pickle.protocol;
        bytes_behind = data.size() - pickle.size;
    }

    std::vector<std::uint8_t> data;
    PickleArena arena;
    std::unique_ptr<EmbeddedStorages> storages;
    std::unique_ptr<TensorReader> reader;
};

std::unique_ptr<ModelSource> open_container(const InputFile& file) {
    switch (sniff(file)) {
    case ModelContainer::safetensors: {
        auto source = std::make_unique<ModelSource>(file);
        source->container = ModelContainer::safetensors;
        source->safetensors = read_safetensors(file);
        return source;
    }
    case ModelContainer::zip: return open_torch_zip(file);
    case ModelContainer::legacy: return open_torch_legacy(file);
    case ModelContainer::pickle: break;
    }
    return std::make_unique<PickleSource>(file);
}

} // namespace

std::unique_ptr<ModelSource> open_model_source(const InputFile& file) {
    std::unique_ptr<ModelSource> source = open_container(file);
    source->tree = source->root != nullptr ? flatten(*source->root) : flatten(source->safetensors.tensors);
    source->found = find_networks(source->tree);
    return source;
}

} // namespace atelier::io
