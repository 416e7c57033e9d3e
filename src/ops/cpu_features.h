// SPDX-License-Identifier: Apache-2.0
// What this processor is good at. No torch.
#pragma once

namespace atelier::ops {

// Whether it computes bfloat16 convolutions faster than float32 ones (AVX-512 BF16 or AMX).
inline bool cpu_has_fast_bf16() {
#if defined(__x86_64__)
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512bf16");
#else
    return false;
#endif
}

} // namespace atelier::ops
