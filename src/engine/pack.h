// SPDX-License-Identifier: Apache-2.0
// Float pictures -> RGBA8 in host memory. Internal to engine (torch).
#pragma once

#include <ATen/core/Tensor.h>

#include "base/frame.h"
#include "engine/device_frame_pool.h"
#include "ops/cuda/pack_rgba.h"

namespace atelier {

// img [1,1..4,H,W] float32, about -1..1 -> trunc(clamp(img * 127.5 + 128, 0, 255)); gray repeats; of 2 and 4 channels
// the last is alpha, which is 255 otherwise and not multiplied into the colours; NaN is 0. A picture on a CUDA device
// is packed there and copied as bytes; waits for the copy. With a pool it also stays there: returned, or null for a
// picture of the CPU and when the device has no room.
std::shared_ptr<const DeviceBuffer> pack_rgba(const at::Tensor& img, PixelBuffer& out,
                                              DeviceFramePool* device_frames = nullptr);

// What the packing kernel is told about picture [1..4,H,W] of float32, float16 or bfloat16.
kernels::PackPicture pack_picture(const at::Tensor& picture);

} // namespace atelier
