// SPDX-License-Identifier: Apache-2.0
// Float pictures -> RGBA8 in host memory. Internal to engine (torch).
#pragma once

#include <ATen/core/Tensor.h>

#include "base/frame.h"

namespace atelier {

// img [1,1|3,H,W] float32, about -1..1 -> trunc(clamp(img * 127.5 + 128, 0, 255)); gray repeats, alpha is 255, NaN is
// 0.
void pack_rgba(const at::Tensor& img, PixelBuffer& out);

} // namespace atelier
