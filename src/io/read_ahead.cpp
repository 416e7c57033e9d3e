// SPDX-License-Identifier: Apache-2.0
#include "io/read_ahead.h"

#include <fcntl.h>

#include "io/input_file.h"

namespace atelier::io {

void expect_read(const InputFile& file, std::uint64_t offset, std::uint64_t bytes) {
    [[maybe_unused]] const int told =
        ::posix_fadvise(file.fd(), static_cast<off_t>(offset), static_cast<off_t>(bytes), POSIX_FADV_WILLNEED);
}

} // namespace atelier::io
