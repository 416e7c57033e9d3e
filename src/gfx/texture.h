// SPDX-License-Identifier: Apache-2.0
// Texture: a small picture on the graphics card (thumbnails), owned by whoever shows it.
#pragma once

#include "base/frame.h"

namespace atelier::gfx {

class Texture {
public:
    explicit Texture(const PixelBuffer& picture);
    ~Texture();
    Texture(const Texture&) = delete;
    Texture& operator=(const Texture&) = delete;

    unsigned id() const { return id_; }

private:
    unsigned id_ = 0;
};

} // namespace atelier::gfx
