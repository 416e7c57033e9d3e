// SPDX-License-Identifier: Apache-2.0
// The closed list of names that a pickle may mention, and where. Each stands for inert data; none is ever called.
#pragma once

#include <cstdint>
#include <string_view>

namespace atelier::io {

// Which stream is being read: each kind of stream may mention only what it needs.
enum class PickleScope : std::uint8_t {
    plain = 0,   // headers and key lists of torch.save streams: no names at all
    network = 1, // a model file that is one pickle; other people's classes may stand in it, inert
    storage = 2, // a single storage embedded in such a pickle
    torch = 4    // the pickle of torch.save: the same, and storages beside it
};

enum class PickleName : std::uint8_t {
    persistent_object, // torch_utils.persistence._reconstruct_persistent_obj
    dictionary,        // OrderedDict, EasyDict
    set,
    encode, // _codecs.encode: how protocol 2 spells bytes
    tensor,
    parameter,
    embedded_storage, // torch.storage._load_from_bytes
    storage_type,     // torch.FloatStorage, ...
    numpy_dtype,
    numpy_scalar,
    numpy_reconstruct,  // how an array is stored: an empty one, and BUILD fills it
    numpy_buffer,       // the same of protocol 5: all of an array in one call
    numpy_type,         // numpy.ndarray
    tensorflow_network, // dnnlib.tflib.network.Network
    options,            // argparse.Namespace
    foreign             // any other class: PickleValue::text names it
};

struct AllowedGlobal {
    std::string_view module;
    std::string_view name;
    PickleName meaning;
    std::uint8_t scopes; // PickleScope bits
};

// Index into the list of the exact pair, or -1. Dotted names and prefixes never match.
int find_global(std::string_view module, std::string_view name, PickleScope scope);
// The index that stands for every name that isn't on the list (foreign_globals.h says which are let in).
int foreign_global();
// Whether names off the list may stand in such a stream.
bool takes_foreign(PickleScope scope);
const AllowedGlobal& allowed_global(std::int64_t index);

} // namespace atelier::io
