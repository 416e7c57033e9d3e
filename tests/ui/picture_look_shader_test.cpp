// SPDX-License-Identifier: Apache-2.0
// The display's shader and the pixels on the CPU come to the same light and colour.
#include <cstdlib>

#include <epoxy/gl.h>
#include <gtest/gtest.h>

#include "gfx/frame_upload.h"
#include "gfx/framebuffer.h"
#include "gfx/picture_view.h"
#include "support/shared_window.h"

namespace {

using namespace atelier;

using LookShader = test::SharedWindow;

TEST_F(LookShader, DrawsWhatTheCpuComputes) {
    constexpr int side = 64;
    PixelBuffer picture{side, side, {}, {}};
    unsigned random = 7;
    for (int i = 0; i < side * side * 4; ++i)
        picture.rgba.push_back(
            i % 4 == 3 ? 255 : static_cast<std::uint8_t>((random = random * 1664525U + 1013904223U) >> 24));
    Frame frame;
    frame.pixels = std::make_shared<PixelBuffer>(picture);
    const auto upload = gfx::make_frame_upload("cpu");
    upload->upload(frame);
    const gfx::PictureView view;
    for (const PictureLook& look : {PictureLook{},
                                    {.brightness = 0.3},
                                    {.contrast = 1.7},
                                    {.saturation = 0.2},
                                    {.hue = 75},
                                    PictureLook{-0.2, 1.3, 1.8, -140}}) {
        gfx::PictureDraw what;
        what.texture = upload->texture();
        what.width = what.height = side;
        what.place = what.clip = {0, 0, side, side};
        what.pixels = true;
        what.look = look_map(look);
        view.draw(what, {side, side});
        // Rows come from below; the picture lies at the lower edge of what is read.
        const PixelBuffer drawn = gfx::read_framebuffer({side, side});
        PixelBuffer expected = picture;
        apply_look(look, expected);
        int most = 0;
        for (std::size_t i = 0; i < expected.rgba.size(); ++i)
            most = std::max(most, std::abs(drawn.rgba[i] - expected.rgba[i]));
        EXPECT_LE(most, 1) << look.brightness << ' ' << look.contrast << ' ' << look.saturation << ' ' << look.hue;
    }
}

} // namespace
