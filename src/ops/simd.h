// SPDX-License-Identifier: Apache-2.0
// Vector types of the compiler, and functions compiled for three instruction sets and chosen at run time by hand: ifunc
// resolvers and sanitizers don't go together. Only for .cpp files that hold CPU kernels.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace atelier::ops {

#define ATELIER_INLINE inline __attribute__((always_inline))

enum class Level { plain, avx2, avx512 };

// What fits one register of floats, as floats, as their bits and as halves of these: the compiler takes longer vectors
// apart clumsily.
template <Level L> struct Register {
    static constexpr int width = 4; // floats
    using Floats = float __attribute__((vector_size(16)));
    using Words = std::uint32_t __attribute__((vector_size(16)));
    using Halves = std::uint16_t __attribute__((vector_size(8)));
};
template <> struct Register<Level::avx2> {
    static constexpr int width = 8;
    using Floats = float __attribute__((vector_size(32)));
    using Words = std::uint32_t __attribute__((vector_size(32)));
    using Halves = std::uint16_t __attribute__((vector_size(16)));
};
template <> struct Register<Level::avx512> {
    static constexpr int width = 16;
    using Floats = float __attribute__((vector_size(64)));
    using Words = std::uint32_t __attribute__((vector_size(64)));
    using Halves = std::uint16_t __attribute__((vector_size(32)));
};

// Vectors go by reference: by value they would change the calling convention with the instruction set.
template <typename Vector> ATELIER_INLINE void load(const float* p, Vector& v) {
    std::memcpy(&v, p, sizeof v);
}
template <typename Vector> ATELIER_INLINE void store(float* p, const Vector& v) {
    std::memcpy(p, &v, sizeof v);
}

// The highest that this processor has, and that the variable which limits torch's own loops allows (default, avx2,
// ...): so other machines are tried on this one.
inline Level level() {
#if defined(__x86_64__)
    static const Level chosen = [] {
        const char* limit = std::getenv("ATEN_CPU_CAPABILITY");
        const std::string_view most = limit != nullptr ? limit : "avx512";
        __builtin_cpu_init();
        if (most == "default") {
            return Level::plain;
        }
        if (most != "avx2" && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
            __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")) {
            return Level::avx512;
        }
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? Level::avx2 : Level::plain;
    }();
    return chosen;
#else
    return Level::plain;
#endif
}

// Defines NAME(args) as BODY<Level>(args) for three instruction sets, and a choice between them.
#if defined(__x86_64__)
#define ATELIER_DISPATCH(NAME, PARAMETERS, BODY, ...)                                                                  \
    __attribute__((                                                                                                    \
        target("avx512f,avx512bw,avx512vl,avx512dq,fma,prefer-vector-width=512"))) void NAME##_avx512 PARAMETERS {     \
        BODY<Level::avx512>(__VA_ARGS__);                                                                              \
    }                                                                                                                  \
    __attribute__((target("avx2,fma"))) void NAME##_avx2 PARAMETERS {                                                  \
        BODY<Level::avx2>(__VA_ARGS__);                                                                                \
    }                                                                                                                  \
    void NAME##_plain PARAMETERS {                                                                                     \
        BODY<Level::plain>(__VA_ARGS__);                                                                               \
    }                                                                                                                  \
    void NAME PARAMETERS {                                                                                             \
        switch (level()) {                                                                                             \
        case Level::avx512: NAME##_avx512(__VA_ARGS__); break;                                                         \
        case Level::avx2: NAME##_avx2(__VA_ARGS__); break;                                                             \
        case Level::plain: NAME##_plain(__VA_ARGS__); break;                                                           \
        }                                                                                                              \
    }
#else
#define ATELIER_DISPATCH(NAME, PARAMETERS, BODY, ...)                                                                  \
    void NAME PARAMETERS {                                                                                             \
        BODY<Level::plain>(__VA_ARGS__);                                                                               \
    }
#endif

} // namespace atelier::ops
