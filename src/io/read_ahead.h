// SPDX-License-Identifier: Apache-2.0
// Tells the system what will be read soon, so that the disk can begin.
#pragma once

#include <cstdint>

namespace atelier::io {

class InputFile;

// These bytes; returns at once. Where the file system knows nothing of it, reading waits as it would have.
void expect_read(const InputFile& file, std::uint64_t offset, std::uint64_t bytes);

} // namespace atelier::io
