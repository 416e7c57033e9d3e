// SPDX-License-Identifier: Apache-2.0
// What this processor is good at. No torch.
#pragma once

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <initializer_list>
#include <string>

namespace atelier::ops {

// Whether oneDNN may use what any of these words in the variable ONEDNN_MAX_CPU_ISA stands for: the variable makes a
// processor a lesser one.
inline bool onednn_may(std::initializer_list<const char*> words) {
    const char* limit = std::getenv("ONEDNN_MAX_CPU_ISA");
    std::string most = limit != nullptr ? limit : "ALL";
    for (char& c : most) {
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return most == "ALL" || most == "DEFAULT" || std::any_of(words.begin(), words.end(), [&](const char* word) {
               return most.find(word) != std::string::npos;
           });
}

// Whether it computes bfloat16 convolutions faster than float32 ones (AVX-512 BF16 or AMX).
inline bool cpu_has_fast_bf16() {
#if defined(__x86_64__)
    __builtin_cpu_init();
    return onednn_may({"BF16", "FP16", "AMX"}) && __builtin_cpu_supports("avx512bf16");
#else
    return false;
#endif
}

// Whether it has tiles that multiply bfloat16 (AMX).
inline bool cpu_has_amx() {
#if defined(__x86_64__)
    __builtin_cpu_init();
    return onednn_may({"AMX"}) && __builtin_cpu_supports("amx-bf16");
#else
    return false;
#endif
}

} // namespace atelier::ops
