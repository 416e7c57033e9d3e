// SPDX-License-Identifier: Apache-2.0
// Where the tensors of this process have their memory from, on the CPU. No torch here.
#pragma once

#include <cstddef>

namespace atelier {

// From here on tensors take their memory from one KeptMemory of the process; nothing happens the second time, and under
// the address sanitizer, which is to see every use of memory that was given back. All other blocks of 128 KiB and more
// go back to the system once they are freed. Call it before the first tensor.
void keep_tensor_memory();
// Bytes that are kept there for nobody in particular.
std::size_t kept_tensor_memory();
// Gives them back to the system, with all whole pages that lie free in malloc's heaps.
void release_tensor_memory();

} // namespace atelier
