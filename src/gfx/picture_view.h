// SPDX-License-Identifier: Apache-2.0
// PictureView: draws the picture's texture into a part of the window, smoothly or as whole pixels.
#pragma once

#include "base/picture_look.h"
#include "gfx/half_float_target.h"
#include "gfx/shader.h"
#include "gfx/window.h"

namespace atelier::gfx {

// In framebuffer pixels, origin at the upper left.
struct PixelRect {
    float x = 0;
    float y = 0;
    float width = 0;
    float height = 0;
};

struct PictureDraw {
    unsigned texture = 0;
    int width = 0; // of the texture
    int height = 0;
    PixelRect place;      // of the whole picture; may reach beyond `clip`
    PixelRect clip;       // nothing is drawn outside
    bool pixels = false;  // whole texture pixels instead of smooth (Mitchell) scaling
    float brightness = 1; // 0 is black
    LookMap look{};       // of the picture, not of the checkerboard
    float checker = 8;    // side of the checkerboard's squares behind transparent parts, in pixels; 0: black
};

class PictureView {
public:
    PictureView();
    ~PictureView();
    PictureView(const PictureView&) = delete;
    PictureView& operator=(const PictureView&) = delete;

    // target: the framebuffer object that is drawn into, and that stays bound; 0: the window's own.
    void draw(const PictureDraw& what, PixelSize framebuffer, unsigned target = 0) const;

private:
    // The picture's columns scaled to `rows` rows from `first` on, as a texture of their own.
    void scale_rows(const PictureDraw& what, float shrink, int first, int rows, unsigned target) const;

    Shader shader_;
    Shader rows_shader_;
    unsigned vertex_array_ = 0;
    mutable HalfFloatTarget rows_;
};

} // namespace atelier::gfx
