// SPDX-License-Identifier: Apache-2.0
// Whether the pictures of a store make a training set; used by dataset.cpp alone.
#pragma once

#include "train/picture_store.h"

namespace atelier::train {

struct SetFacts {
    int resolution = 0; // px a side, of every picture
    int channels = 0;   // 1 gray, 3 RGB
};

// Looks at every header, and at all pixels of pictures with an alpha channel. Throws Error as Dataset's constructor
// says. What most pictures are is right: the others are named.
SetFacts check_pictures(const PictureStore& store);

} // namespace atelier::train
