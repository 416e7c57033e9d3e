// SPDX-License-Identifier: Apache-2.0
// ZipFile: an open zip file of any size, read entry by entry. Safe from any thread once made.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "io/input_file.h"
#include "io/zip_directory.h"

namespace atelier::io {

class ZipFile {
public:
    // Throws Error "<path>: ..." when there is no such file, or its directory does not hold together.
    explicit ZipFile(const std::filesystem::path& path);

    const ZipEntries& entries() const { return entries_; }
    // Stored or deflated, after comparing size and CRC. Throws Error "<path>: ..." when it is missing, encrypted,
    // damaged, or larger than `most` bytes.
    std::vector<std::uint8_t> extract(const std::string& name, std::uint64_t most) const;
    // The bytes of a stored entry, without comparing their CRC; for looking at its beginning. Throws Error as above.
    ByteSource stored(const std::string& name) const;
    // Says that the entry will be read soon (io/read_ahead.h); one that is not there is passed over.
    void expect(const std::string& name) const;

private:
    const ZipEntry& find(const std::string& name) const;

    InputFile file_;
    ZipEntries entries_;
};

} // namespace atelier::io
