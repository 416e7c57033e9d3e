// SPDX-License-Identifier: Apache-2.0
// ZipArchive: the entries of a zip file in memory, as its central directory lists them. Stored entries only.
#pragma once

#include <string>

#include "io/byte_reader.h"
#include "io/zip_directory.h"

namespace atelier::io {

class ZipArchive {
public:
    // `data` must outlive the archive. Throws Error (no path) when the directory is damaged, contradicts the local
    // headers, names an entry twice or lets entries overlap.
    explicit ZipArchive(Bytes data);

    bool contains(const std::string& name) const { return entries_.contains(name); }
    // The entry's bytes, after comparing their CRC; throws Error when it is missing, compressed or damaged.
    Bytes read(const std::string& name) const;
    // The folder of the only entry "<folder>/<name>"; throws Error when there is none, or more than one.
    std::string folder_of(const std::string& name) const;

private:
    Bytes data_;
    ZipEntries entries_;
};

} // namespace atelier::io
