// SPDX-License-Identifier: Apache-2.0
// What a person does to one picture: looks at it large, and moves its crop by hand.
#pragma once

#include <array>

#include "base/frame.h"
#include "prepare/cut_run.h"

namespace atelier::prepare {

// The item with another crop: `corners` as in Crop, upright for plain pictures and any square for faces; they may reach
// beyond the picture, which is filled as ever. Measured anew; the landmarks' scores stay. The new crop goes into the
// job's work folder, from where it comes back when the same is asked for again. Reads and resamples the source: slow.
// Throws Error if the source can't be read any more, the item has no crop, or the corners are no such shape.
Item recut(const CutRun& job, const Item& item, const std::array<Point, 4>& corners);

// The upright source as RGBA, at most `side` px a side; transparent parts lie on the background. Slow. Throws Error
// saying what is wrong with the file, as a predicate.
PixelBuffer preview_of(const Source& source, int side, Colour background);

} // namespace atelier::prepare
