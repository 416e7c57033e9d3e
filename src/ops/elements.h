// SPDX-License-Identifier: Apache-2.0
// Numbers in memory as kernels read and write them: floats, or bfloat16's bits (uint16_t). Only for .cpp files that
// hold CPU kernels.
#pragma once

#include <cstdint>
#include <cstring>

#include "ops/simd.h"

namespace atelier::ops {

// Vectors and single numbers, of floats or of bfloat16's bits. R is the Register in use.
template <typename R> ATELIER_INLINE void get(const float* p, typename R::Floats& v) {
    load(p, v);
}
template <typename R> ATELIER_INLINE void get(const std::uint16_t* p, typename R::Floats& v) {
    typename R::Halves bits;
    std::memcpy(&bits, p, sizeof bits);
    const typename R::Words wide = __builtin_convertvector(bits, typename R::Words) << 16;
    std::memcpy(&v, &wide, sizeof v);
}
template <typename R> ATELIER_INLINE void put(float* p, const typename R::Floats& v) {
    store(p, v);
}
// Rounds to the nearest, ties to even.
template <typename R> ATELIER_INLINE void put(std::uint16_t* p, const typename R::Floats& v) {
    typename R::Words bits;
    std::memcpy(&bits, &v, sizeof bits);
    bits += 0x7fffU + ((bits >> 16) & 1U);
    const typename R::Halves narrow = __builtin_convertvector(bits >> 16, typename R::Halves);
    std::memcpy(p, &narrow, sizeof narrow);
}
ATELIER_INLINE float one(const float* p) {
    return *p;
}
ATELIER_INLINE float one(const std::uint16_t* p) {
    const std::uint32_t bits = static_cast<std::uint32_t>(*p) << 16;
    float value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}
ATELIER_INLINE void put_one(float* p, float v) {
    *p = v;
}
ATELIER_INLINE void put_one(std::uint16_t* p, float v) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &v, sizeof bits);
    *p = static_cast<std::uint16_t>((bits + 0x7fffU + ((bits >> 16) & 1U)) >> 16);
}

// One number at a time under the names of vectors, for the channels that fill no register.
struct Single {
    static constexpr int width = 1;
    using Floats = float;
};
template <> ATELIER_INLINE void get<Single>(const float* p, float& v) {
    v = *p;
}
template <> ATELIER_INLINE void get<Single>(const std::uint16_t* p, float& v) {
    v = one(p);
}
template <> ATELIER_INLINE void put<Single>(float* p, const float& v) {
    *p = v;
}
template <> ATELIER_INLINE void put<Single>(std::uint16_t* p, const float& v) {
    put_one(p, v);
}

} // namespace atelier::ops
