// SPDX-License-Identifier: Apache-2.0
#include "io/pickle_globals.h"

#include <array>

namespace atelier::io {

namespace {

constexpr auto network = static_cast<std::uint8_t>(PickleScope::network);
constexpr auto storage = static_cast<std::uint8_t>(PickleScope::storage);
constexpr auto torch = static_cast<std::uint8_t>(PickleScope::torch);

constexpr std::array<AllowedGlobal, 27> allowed{{
    {"torch_utils.persistence", "_reconstruct_persistent_obj", PickleName::persistent_object, network},
    {"dnnlib.util", "EasyDict", PickleName::dictionary, network},
    {"collections", "OrderedDict", PickleName::dictionary, network | torch},
    {"builtins", "set", PickleName::set, network},
    {"__builtin__", "set", PickleName::set, network},
    {"_codecs", "encode", PickleName::encode, network},
    {"torch._utils", "_rebuild_tensor_v2", PickleName::tensor, network | torch},
    {"torch._utils", "_rebuild_parameter", PickleName::parameter, network | torch},
    {"torch.storage", "_load_from_bytes", PickleName::embedded_storage, network},
    {"numpy", "dtype", PickleName::numpy_dtype, network},
    {"numpy._core.multiarray", "scalar", PickleName::numpy_scalar, network},
    {"numpy.core.multiarray", "scalar", PickleName::numpy_scalar, network},
    {"argparse", "Namespace", PickleName::options, torch},
    {"torch", "FloatStorage", PickleName::storage_type, storage | torch},
    {"torch", "HalfStorage", PickleName::storage_type, storage | torch},
    {"torch", "BFloat16Storage", PickleName::storage_type, storage | torch},
    {"torch", "DoubleStorage", PickleName::storage_type, storage | torch},
    {"torch", "LongStorage", PickleName::storage_type, storage | torch},
    {"torch", "IntStorage", PickleName::storage_type, storage | torch},
    {"torch", "ShortStorage", PickleName::storage_type, storage | torch},
    {"torch", "CharStorage", PickleName::storage_type, storage | torch},
    {"torch", "ByteStorage", PickleName::storage_type, storage | torch},
    {"torch", "BoolStorage", PickleName::storage_type, storage | torch},
    // The same storages as files from a GPU may spell them.
    {"torch.cuda", "FloatStorage", PickleName::storage_type, storage | torch},
    {"torch.cuda", "HalfStorage", PickleName::storage_type, storage | torch},
    {"torch.cuda", "BFloat16Storage", PickleName::storage_type, storage | torch},
    {"torch.cuda", "LongStorage", PickleName::storage_type, storage | torch},
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

const AllowedGlobal& allowed_global(std::int64_t index) {
    return allowed.at(static_cast<std::size_t>(index));
}

} // namespace atelier::io
