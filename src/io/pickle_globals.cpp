// SPDX-License-Identifier: Apache-2.0
#include "io/pickle_globals.h"

#include <array>

namespace atelier::io {

namespace {

constexpr auto storage = static_cast<std::uint8_t>(PickleScope::storage);
constexpr auto torch = static_cast<std::uint8_t>(PickleScope::torch);
constexpr std::uint8_t file = static_cast<std::uint8_t>(PickleScope::network) | torch;

constexpr std::array<AllowedGlobal, 38> allowed{{
    {"torch_utils.persistence", "_reconstruct_persistent_obj", PickleName::persistent_object, file},
    {"dnnlib.util", "EasyDict", PickleName::dictionary, file},
    {"collections", "OrderedDict", PickleName::dictionary, file},
    {"builtins", "set", PickleName::set, file},
    {"__builtin__", "set", PickleName::set, file},
    {"_codecs", "encode", PickleName::encode, file},
    {"torch._utils", "_rebuild_tensor_v2", PickleName::tensor, file},
    {"torch._utils", "_rebuild_parameter", PickleName::parameter, file},
    {"torch.storage", "_load_from_bytes", PickleName::embedded_storage, file},
    {"numpy", "dtype", PickleName::numpy_dtype, file},
    {"numpy._core.multiarray", "scalar", PickleName::numpy_scalar, file},
    {"numpy.core.multiarray", "scalar", PickleName::numpy_scalar, file},
    {"numpy._core.multiarray", "_reconstruct", PickleName::numpy_reconstruct, file},
    {"numpy.core.multiarray", "_reconstruct", PickleName::numpy_reconstruct, file},
    {"numpy._core.numeric", "_frombuffer", PickleName::numpy_buffer, file},
    {"numpy.core.numeric", "_frombuffer", PickleName::numpy_buffer, file},
    {"numpy", "ndarray", PickleName::numpy_type, file},
    {"dnnlib.tflib.network", "Network", PickleName::tensorflow_network, file},
    {"argparse", "Namespace", PickleName::options, file},
    {"torch", "FloatStorage", PickleName::storage_type, storage | file},
    {"torch", "HalfStorage", PickleName::storage_type, storage | file},
    {"torch", "BFloat16Storage", PickleName::storage_type, storage | file},
    {"torch", "DoubleStorage", PickleName::storage_type, storage | file},
    {"torch", "LongStorage", PickleName::storage_type, storage | file},
    {"torch", "IntStorage", PickleName::storage_type, storage | file},
    {"torch", "ShortStorage", PickleName::storage_type, storage | file},
    {"torch", "CharStorage", PickleName::storage_type, storage | file},
    {"torch", "ByteStorage", PickleName::storage_type, storage | file},
    {"torch", "BoolStorage", PickleName::storage_type, storage | file},
    // The same storages as files from a GPU may spell them.
    {"torch.cuda", "FloatStorage", PickleName::storage_type, storage | file},
    {"torch.cuda", "HalfStorage", PickleName::storage_type, storage | file},
    {"torch.cuda", "BFloat16Storage", PickleName::storage_type, storage | file},
    {"torch.cuda", "LongStorage", PickleName::storage_type, storage | file},
    {"torch.cuda", "DoubleStorage", PickleName::storage_type, storage | file},
    {"torch.cuda", "IntStorage", PickleName::storage_type, storage | file},
    {"torch.cuda", "ByteStorage", PickleName::storage_type, storage | file},
    {"torch.cuda", "BoolStorage", PickleName::storage_type, storage | file},
    {"", "", PickleName::foreign, 0}, // no stream names it
}};

} // namespace

int find_global(std::string_view module, std::string_view name, PickleScope scope) {
    for (std::size_t i = 0; i < allowed.size(); ++i) {
        if (allowed[i].module == module && allowed[i].name == name &&
            (allowed[i].scopes & static_cast<std::uint8_t>(scope)) != 0) {
            return static_cast<int>(i);
        }
    }
    return -1;
}

int foreign_global() {
    return static_cast<int>(allowed.size()) - 1;
}

bool takes_foreign(PickleScope scope) {
    return (static_cast<std::uint8_t>(scope) & file) != 0;
}

const AllowedGlobal& allowed_global(std::int64_t index) {
    return allowed.at(static_cast<std::size_t>(index));
}

} // namespace atelier::io
