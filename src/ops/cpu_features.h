// SPDX-License-Identifier: Apache-2.0
// What this processor is good at. No torch.
#pragma once

#include <cctype>
#include <cstdlib>
#include <string>

namespace atelier::ops {

// Whether it computes bfloat16 convolutions faster than float32 ones (AVX-512 BF16 or AMX), and oneDNN may: the
// variable ONEDNN_MAX_CPU_ISA makes it a lesser machine.
inline bool cpu_has_fast_bf16() {
#if defined(__x86_64__)
    const char* limit = std::getenv("ONEDNN_MAX_CPU_ISA");
    std::string most = limit != nullptr ? limit : "ALL";
    for (char& c : most) {
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    __builtin_cpu_init();
    const bool allowed = most == "ALL" || most == "DEFAULT" || most.find("BF16") != std::string::npos ||
                         most.find("FP16") != std::string::npos || most.find("AMX") != std::string::npos;
    return allowed && __builtin_cpu_supports("avx512bf16");
#else
    return false;
#endif
}

} // namespace atelier::ops
