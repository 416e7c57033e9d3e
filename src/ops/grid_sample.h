// SPDX-License-Identifier: Apache-2.0
// Sampling pictures at given places, differentiable twice (torch's own grid_sample is differentiable once).
#pragma once

#include <ATen/core/Tensor.h>

namespace atelier::ops {

// images [N,C,H,W], grid [N,h,w,2] of the same floating dtype and device -> [N,C,h,w]. The grid holds x, y; -1 and 1
// are the outer edges of the picture (align_corners = false). Bilinear, zeros outside. Differentiable any number of
// times in the images; the grid counts as constant. Throws Error if the grid wants a gradient.
at::Tensor grid_sample(const at::Tensor& images, const at::Tensor& grid);

} // namespace atelier::ops
