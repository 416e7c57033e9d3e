// SPDX-License-Identifier: Apache-2.0
// numpy's array files: .npy (format versions 1 to 3) and .npz, a zip of them. Nothing in them is ever executed.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>

#include "io/byte_reader.h"
#include "io/zip_file.h"

namespace atelier::io {

// Little-endian f2, f4 and f8 in C or Fortran order, at most 8 dimensions. Throws Error (no path) for anything else:
// other dtypes (objects among them), a header that is no plain description, and data that is shorter or longer than
// the header says.
at::Tensor parse_npy(Bytes data);

// The same of a file; errors begin with the path. At most 512 MiB.
at::Tensor read_npy(const std::filesystem::path& path);

// An open .npz file, stored or deflated; entries are read one by one, so that arrays of other kinds do no harm.
class NpzFile {
public:
    // Throws Error "<path>: ..." when there is no such file, or its zip directory does not hold together.
    explicit NpzFile(const std::filesystem::path& path);
    // Of the arrays, without ".npy", sorted.
    std::vector<std::string> names() const;
    // Throws Error "<path>: ...", as parse_npy, also when it is missing or damaged, or unpacks to more than 512 MiB.
    at::Tensor read(const std::string& name) const;
    // An entry that is no array, as it is; empty if there is none. At most 16 MiB.
    std::string text(const std::string& entry) const;

private:
    std::filesystem::path path_;
    ZipFile zip_;
};

// Bytes of a .npy file of version 1, C order; float16, float32 or float64, made contiguous on the CPU. Throws Error (no
// path) for other dtypes.
std::vector<std::uint8_t> npy_bytes(const at::Tensor& array);

// Atomic, as AtomicFile. Errors begin with the path. Entries of an .npz are stored.
void write_npy(const std::filesystem::path& path, const at::Tensor& array);
void write_npz(const std::filesystem::path& path, const std::vector<std::pair<std::string, at::Tensor>>& arrays,
               const std::map<std::string, std::string>& texts = {});

} // namespace atelier::io
