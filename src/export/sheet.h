// SPDX-License-Identifier: Apache-2.0
// A sheet of equally sized pictures in rows and columns, for contact sheets and mixing tables. No torch.
#pragma once

#include "base/frame.h"
#include "io/image.h"

namespace atelier {

inline constexpr int largest_sheet_side = 16384; // px

class Sheet {
public:
    // Cells as large as the model's pictures are shown; empty ones are the studio's dark background. Throws Error for
    // sheets over largest_sheet_side.
    Sheet(int columns, int rows, const ModelInfo& model);
    // At its ratio.
    void put(int column, int row, const PixelBuffer& picture);
    const io::Image8& image() const { return image_; } // RGB; RGBA of models with alpha

private:
    int cell_width_, cell_height_;
    io::Image8 image_;
};

// The picture at its ratio: RGBA where it has alpha, else RGB.
io::Image8 to_image(const PixelBuffer& picture);

} // namespace atelier
