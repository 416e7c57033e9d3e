// SPDX-License-Identifier: Apache-2.0
#include "ops/cuda/upfirdn2d.h"

#include "ops/cuda/element.h"
#include "ops/cuda/launch.h"

namespace atelier::kernels {
inline namespace ATELIER_KERNEL_BUILD {
namespace {

// Of element i of y, in the order in which it lies.
__device__ Four place_of(const UpfirdnCall& call, std::int64_t i) {
    Four at;
    if (call.channels_first) {
        const Division u = divide(i, call.out.w), v = divide(u.quotient, call.out.h);
        const Division c = divide(v.quotient, call.out.c);
        at = {c.quotient, c.remainder, v.remainder, u.remainder};
    } else {
        const Division c = divide(i, call.out.c), u = divide(c.quotient, call.out.w);
        const Division v = divide(u.quotient, call.out.h);
        at = {v.quotient, c.remainder, v.remainder, u.remainder};
    }
    return at;
}

// The taps of one axis that meet a sample, not an inserted zero or the padding: tap, tap + step, ... below `end`, and
// the sample that the first one meets.
struct Taps {
    int tap, end, step;
    std::int64_t sample;
};

__device__ Taps taps_of(std::int64_t first, int size, int up, std::int64_t samples) {
    // first: where tap 0 stands among samples and zeros. Tap k meets sample (first + k) / up if that is whole.
    std::int64_t tap = first < 0 ? -first : 0;
    if (const std::int64_t past = (first + tap) % up; past != 0) {
        tap += up - past;
    }
    const std::int64_t end = samples * up - first; // of the first tap behind the last sample
    Taps taps{};
    taps.tap = static_cast<int>(tap < size ? tap : size);
    taps.end = static_cast<int>(end < size ? (end > 0 ? end : 0) : size);
    taps.step = up;
    taps.sample = (first + tap) / up;
    return taps;
}

template <typename T> __global__ void upfirdn2d_kernel(UpfirdnCall call, std::int64_t count, T* y) {
    for (std::int64_t i = first_element(); i < count; i += element_stride()) {
        const Four at = place_of(call, i);
        const Taps rows = taps_of(at.h * call.down_y - call.pad_y, call.filter_height, call.up_y, call.in_height);
        const Taps columns = taps_of(at.w * call.down_x - call.pad_x, call.filter_width, call.up_x, call.in_width);
        const T* plane = static_cast<const T*>(call.x) + at.n * call.x_strides.n + at.c * call.x_strides.c;
        float sum = 0;
        std::int64_t row = rows.sample;
        for (int j = rows.tap; j < rows.end; j += rows.step, ++row) {
            const float* taps = call.f + (call.turned ? call.filter_height - 1 - j : j) * call.filter_width;
            const T* source = plane + row * call.x_strides.h + columns.sample * call.x_strides.w;
            for (int k = columns.tap; k < columns.end; k += columns.step, source += call.x_strides.w) {
                sum += to_float(*source) * taps[call.turned ? call.filter_width - 1 - k : k];
            }
        }
        y[at.n * call.y_strides.n + at.c * call.y_strides.c + at.h * call.y_strides.h + at.w * call.y_strides.w] =
            from_float<T>(sum * call.gain);
    }
}

} // namespace

Status upfirdn2d(const UpfirdnCall& call, void* y, Stream stream) {
    const std::int64_t count = call.out.n * call.out.c * call.out.h * call.out.w;
    return for_dtype(call.dtype, [&](auto zero) {
        using T = decltype(zero);
        return ATELIER_LAUNCH(upfirdn2d_kernel<T>, count, stream, call, count, static_cast<T*>(y));
    });
}

} // namespace ATELIER_KERNEL_BUILD
} // namespace atelier::kernels
