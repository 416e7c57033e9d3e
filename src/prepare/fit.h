// SPDX-License-Identifier: Apache-2.0
// How a plain picture is brought to the ratio and the size.
#pragma once

#include "prepare/resample.h"

namespace atelier::prepare {

// The part of the picture that becomes the training picture: the largest centred rectangle of the ratio (crop), the
// smallest around the picture (pad), or the picture (stretch).
Rect fitted_rect(const Picture& picture, const CutOptions& options);

} // namespace atelier::prepare
