// SPDX-License-Identifier: Apache-2.0
#include "io/npy.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include <ATen/ops/empty.h>

#include "base/error.h"
#include "io/atomic_file.h"
#include "io/input_file.h"
#include "io/npy_header.h"
#include "io/pickle_value.h"
#include "io/zip_writer.h"

namespace atelier::io {
namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::uint64_t most_bytes = 1U << 29;
constexpr std::uint32_t most_header = 1U << 16; // numpy itself stops at 10000
constexpr std::uint64_t most_text = 1U << 24;

at::ScalarType dtype_of(int item_size) {
    return item_size == 2 ? at::kHalf : item_size == 4 ? at::kFloat : at::kDouble;
}

// With the path in front of what `read` throws, unless it is there.
template <typename Read> auto naming(const std::filesystem::path& path, const Read& read) {
    try {
        return read();
    } catch (const Error& error) {
        const std::string text = error.what();
        const std::string prefix = path.string() + ": ";
        fail("{}{}", text.starts_with(prefix) ? "" : prefix, text);
    }
}

// All that stands before the numbers.
std::string header_of(const at::Tensor& array) {
    std::string shape;
    for (const std::int64_t size : array.sizes()) {
        shape += fmt::format("{},{}", size, array.dim() > 1 ? " " : "");
    }
    if (array.dim() > 1) {
        shape.resize(shape.size() - 2);
    }
    std::string text =
        fmt::format("{{'descr': '<f{}', 'fortran_order': False, 'shape': ({}), }}", array.element_size(), shape);
    // The data begins at a multiple of 64 bytes, as the format's description asks for.
    const std::size_t fixed = magic.size() + 4;
    text.resize((fixed + text.size() + 1 + 63) / 64 * 64 - fixed, ' ');
    text.back() = '\n';
    const auto length = static_cast<std::uint16_t>(text.size());
    const char version_and_length[] = {1, 0, static_cast<char>(length & 0xFFU), static_cast<char>(length >> 8U)};
    return std::string(magic).append(version_and_length, sizeof(version_and_length)) + text;
}

} // namespace

at::Tensor parse_npy(Bytes data) {
    ByteReader in(data);
    if (data.size() < magic.size() || as_text(in.take(magic.size(), "")) != magic) {
        fail("is no .npy file: it doesn't begin with numpy's signature");
    }
    const auto major = in.little<std::uint8_t>("the version");
    const auto minor = in.little<std::uint8_t>("the version");
    if (major < 1 || major > 3 || minor != 0) {
        fail("has version {}.{} of the .npy format; 1.0, 2.0 and 3.0 are read", major, minor);
    }
    const std::uint32_t length =
        major == 1 ? in.little<std::uint16_t>("the header") : in.little<std::uint32_t>("the header");
    if (length > most_header) {
        fail("has a .npy header of {} bytes; at most {} make sense", length, most_header);
    }
    const std::string_view text = as_text(in.take(length, "the header"));
    const NpyHeader header = parse_npy_header(text, in.left() / 2);
    const std::uint64_t bytes = header.items * static_cast<std::uint64_t>(header.item_size);
    if (bytes != in.left()) {
        fail("has {} bytes of numbers where its shape needs {} (truncated or damaged file)", in.left(), bytes);
    }
    std::vector<std::int64_t> shape = header.shape;
    if (header.fortran_order) {
        std::reverse(shape.begin(), shape.end());
    }
    at::Tensor array = at::empty(shape, at::TensorOptions().dtype(dtype_of(header.item_size)));
    if (bytes > 0) {
        std::memcpy(array.data_ptr(), in.take(bytes, "the numbers").data(), static_cast<std::size_t>(bytes));
    }
    if (header.fortran_order) {
        std::vector<std::int64_t> order(shape.size());
        std::iota(order.rbegin(), order.rend(), 0);
        array = array.permute(order).contiguous();
    }
    return array;
}

at::Tensor read_npy(const std::filesystem::path& path) {
    const InputFile file(path);
    return naming(path, [&] {
        if (file.size() > most_bytes) {
            fail("has {} bytes; .npy files of at most {} are read", file.size(), most_bytes);
        }
        return parse_npy(file.read_all());
    });
}

NpzFile::NpzFile(const std::filesystem::path& path) : path_(path), zip_(path) {}

std::vector<std::string> NpzFile::names() const {
    std::vector<std::string> names;
    for (const auto& [name, entry] : zip_.entries()) {
        if (name.ends_with(".npy")) {
            names.push_back(name.substr(0, name.size() - 4));
        }
    }
    return names;
}

at::Tensor NpzFile::read(const std::string& name) const {
    const auto bytes = zip_.extract(name + ".npy", most_bytes);
    try {
        return parse_npy(bytes);
    } catch (const Error& error) {
        fail("{}: array '{}' {}", path_.string(), printable(name), error.what());
    }
}

std::string NpzFile::text(const std::string& entry) const {
    if (!zip_.entries().contains(entry)) {
        return {};
    }
    const auto bytes = zip_.extract(entry, most_text);
    return {bytes.begin(), bytes.end()};
}

std::vector<std::uint8_t> npy_bytes(const at::Tensor& array) {
    if (array.scalar_type() != at::kHalf && array.scalar_type() != at::kFloat && array.scalar_type() != at::kDouble) {
        fail("arrays of float16, float32 and float64 alone are written");
    }
    const at::Tensor plain = array.detach().cpu().contiguous();
    const std::string header = header_of(plain);
    const auto data_bytes = static_cast<std::size_t>(plain.numel()) * plain.element_size();
    std::vector<std::uint8_t> bytes(header.size() + data_bytes);
    std::memcpy(bytes.data(), header.data(), header.size());
    if (data_bytes > 0) {
        std::memcpy(bytes.data() + header.size(), plain.data_ptr(), data_bytes);
    }
    return bytes;
}

void write_npy(const std::filesystem::path& path, const at::Tensor& array) {
    AtomicFile file(path);
    const auto bytes = naming(path, [&] { return npy_bytes(array); });
    file.write(bytes.data(), bytes.size());
    file.commit();
}

void write_npz(const std::filesystem::path& path, const std::vector<std::pair<std::string, at::Tensor>>& arrays,
               const std::map<std::string, std::string>& texts) {
    ZipWriter zip(path);
    for (const auto& [name, array] : arrays) {
        zip.add(name + ".npy", naming(path, [&, &array = array] { return npy_bytes(array); }));
    }
    for (const auto& [name, text] : texts) {
        zip.add(name, as_bytes(text));
    }
    zip.finish();
}

} // namespace atelier::io
