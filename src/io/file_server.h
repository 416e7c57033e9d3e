// SPDX-License-Identifier: Apache-2.0
// Whether files lie on a server that several machines see.
#pragma once

#include <filesystem>

namespace atelier::io {

// True for NFS, SMB, Lustre, GPFS, CephFS, BeeGFS and AFS; false for all else, also where it can't be told.
bool on_file_server(const std::filesystem::path& path);

} // namespace atelier::io
