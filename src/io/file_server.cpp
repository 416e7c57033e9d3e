// SPDX-License-Identifier: Apache-2.0
#include "io/file_server.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <sys/vfs.h>

namespace atelier::io {

bool on_file_server(const std::filesystem::path& path) {
    // The numbers by which the kernel tells kinds of file systems: NFS, SMB (three of them), Lustre, GPFS, CephFS,
    // BeeGFS, AFS (two).
    constexpr std::array<std::uint32_t, 10> kinds{0x6969,     0x517B,     0xFF534D42, 0xFE534D42, 0x0BD00BD0,
                                                  0x47504653, 0x00C36400, 0x19830326, 0x5346414F, 0x6B414653};
    struct statfs facts {};
    return ::statfs(path.c_str(), &facts) == 0 &&
           std::ranges::find(kinds, static_cast<std::uint32_t>(facts.f_type)) != kinds.end();
}

} // namespace atelier::io
