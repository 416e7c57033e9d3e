// SPDX-License-Identifier: Apache-2.0
// Whether the pictures of a store make a training set; used by dataset.cpp alone.
#pragma once

#include "base/network_shape.h"
#include "train/picture_store.h"

namespace atelier::train {

struct SetFacts {
    NetworkShape shape; // of every picture
    int channels = 0;   // 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA
};

// Looks at every header, and at all pixels of pictures with an alpha channel: where none of them hides anything, the
// set counts as one without alpha. Throws Error as Dataset's constructor
// says. What most pictures are is right: the others are named.
SetFacts check_pictures(const PictureStore& store);

} // namespace atelier::train
