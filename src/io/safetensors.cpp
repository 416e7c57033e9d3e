// SPDX-License-Identifier: Apache-2.0
#include "io/safetensors.h"

#include <array>
#include <cstring>

#include <ATen/ops/empty.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "io/atomic_file.h"
#include "io/named_error.h"
#include "io/safetensors_file.h"
#include "io/safetensors_header.h"

namespace atelier::io {

namespace {

constexpr std::uint64_t max_header = 100'000'000; // as in the format's own library

constexpr std::array<std::pair<const char*, at::ScalarType>, 10> dtypes{{
    {"F64", at::kDouble},
    {"F32", at::kFloat},
    {"F16", at::kHalf},
    {"BF16", at::kBFloat16},
    {"I64", at::kLong},
    {"I32", at::kInt},
    {"I16", at::kShort},
    {"I8", at::kChar},
    {"U8", at::kByte},
    {"BOOL", at::kBool},
}};

at::ScalarType dtype_named(const std::string& name) {
    for (const auto& [known, dtype] : dtypes) {
        if (name == known) {
            return dtype;
        }
    }
    fail("the dtype {} is not read", name);
}

const char* name_of(at::ScalarType dtype) {
    for (const auto& [name, known] : dtypes) {
        if (dtype == known) {
            return name;
        }
    }
    return nullptr;
}

SafetensorsHeader read_header(const InputFile& file, std::uint64_t& data_start) {
    if (file.size() < 8) {
        fail("is too short ({} bytes) to be a safetensors file", file.size());
    }
    std::uint64_t length = 0;
    file.read_at(0, &length, sizeof(length));
    if (length > file.size() - 8) {
        fail("has a safetensors header of {} bytes, but only {} follow (truncated file, or no safetensors)", length,
             file.size() - 8);
    }
    if (length < 2 || length > max_header) {
        fail("has a safetensors header of {} bytes; 2 to {} make sense", length, max_header);
    }
    std::string json(static_cast<std::size_t>(length), '\0');
    file.read_at(8, json.data(), length);
    data_start = 8 + length;
    return parse_safetensors_header(json, file.size() - data_start);
}

} // namespace

const at::Tensor* Safetensors::find(const std::string& name) const {
    for (const auto& [known, tensor] : tensors) {
        if (known == name) {
            return &tensor;
        }
    }
    return nullptr;
}

namespace {

// Errors begin with the path.
SafetensorsHeader named_header(const InputFile& file, std::uint64_t& data_start) {
    return with_name(file.path(), [&] { return read_header(file, data_start); });
}

} // namespace

std::vector<std::string> safetensors_names(const std::filesystem::path& path) {
    const InputFile file(path);
    std::uint64_t data_start = 0;
    std::vector<std::string> names;
    for (SafetensorsEntry& entry : named_header(file, data_start).entries) {
        names.push_back(std::move(entry.name));
    }
    return names;
}

std::map<std::string, std::string> safetensors_metadata(const std::filesystem::path& path) {
    const InputFile file(path);
    std::uint64_t data_start = 0;
    return named_header(file, data_start).metadata;
}

Safetensors read_safetensors(const std::filesystem::path& path) {
    return read_safetensors(InputFile(path));
}

Safetensors read_safetensors(const InputFile& file) {
    Safetensors result;
    std::uint64_t data_start = 0;
    SafetensorsHeader header = named_header(file, data_start);
    result.metadata = std::move(header.metadata);
    result.tensors.reserve(header.entries.size());
    for (SafetensorsEntry& entry : header.entries) {
        const at::ScalarType dtype = dtype_named(entry.dtype);
        at::Tensor tensor = at::empty(entry.shape, at::TensorOptions().dtype(dtype));
        if (entry.end > entry.begin) {
            file.read_at(data_start + entry.begin, tensor.data_ptr(), entry.end - entry.begin);
        }
        if (dtype == at::kBool) { // any byte but 0 and 1 would be undefined behaviour
            auto* bytes = static_cast<std::uint8_t*>(tensor.data_ptr());
            for (std::int64_t i = 0; i < tensor.numel(); ++i) {
                bytes[i] = bytes[i] != 0 ? 1 : 0;
            }
        }
        result.tensors.emplace_back(std::move(entry.name), std::move(tensor));
    }
    return result;
}

void write_safetensors(const std::filesystem::path& path,
                       const std::vector<std::pair<std::string, at::Tensor>>& tensors,
                       const std::map<std::string, std::string>& metadata) {
    AtomicFile file(path); // first, so that an unwritable name is told before any work
    nlohmann::ordered_json header = nlohmann::ordered_json::object();
    if (!metadata.empty()) {
        header["__metadata__"] = metadata;
    }
    std::uint64_t position = 0;
    for (const auto& [name, tensor] : tensors) {
        const char* dtype = tensor.defined() ? name_of(tensor.scalar_type()) : nullptr;
        if (dtype == nullptr) {
            fail("{}: can't be written: tensor {} has no dtype that safetensors files hold", path.string(), name);
        }
        if (name.empty() || name == "__metadata__" || header.contains(name)) {
            fail("{}: can't be written: two tensors are named {}", path.string(), name.empty() ? "(empty)" : name);
        }
        const auto bytes = static_cast<std::uint64_t>(tensor.numel()) * tensor.element_size();
        header[name] = {
            {"dtype", dtype}, {"shape", tensor.sizes().vec()}, {"data_offsets", {position, position + bytes}}};
        position += bytes;
    }
    // Strings from elsewhere may not be UTF-8; a replacement character is better than no file.
    std::string json = header.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    json.resize((json.size() + 7) / 8 * 8, ' '); // so that the data is aligned
    const auto length = static_cast<std::uint64_t>(json.size());
    file.write(&length, sizeof(length));
    file.write(json.data(), json.size());
    for (const auto& [name, tensor] : tensors) {
        const at::Tensor plain = tensor.detach().cpu().contiguous();
        if (plain.numel() > 0) {
            file.write(plain.data_ptr(), static_cast<std::size_t>(plain.numel()) * plain.element_size());
        }
    }
    file.commit();
}

} // namespace atelier::io
