// SPDX-License-Identifier: Apache-2.0
// How many cores one operation uses. No torch here.
#pragma once

namespace atelier {

// For the calling thread only (OpenMP keeps it per thread); 0: as many as the machine has cores.
void set_operation_threads(int threads);

} // namespace atelier
