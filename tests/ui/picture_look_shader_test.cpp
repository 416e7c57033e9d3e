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

// Red on the left, and on the right a green that is wholly transparent: it may not show, not even where both meet.
TEST_F(LookShader, WhatIsTransparentShowsTheCheckerboardAlone) {
    constexpr int side = 64, shown = 96;
    PixelBuffer picture{side, side, {}};
    picture.alpha = true;
    for (int i = 0; i < side * side; ++i) {
        const bool there = i % side < side / 2;
        for (const int value : {there ? 200 : 0, there ? 0 : 255, 0, there ? 255 : 0})
            picture.rgba.push_back(static_cast<std::uint8_t>(value));
    }
    Frame frame;
    frame.pixels = std::make_shared<PixelBuffer>(picture);
    const auto upload = gfx::make_frame_upload("cpu");
    upload->upload(frame);
    const gfx::PictureView view;
    for (const bool pixels : {false, true}) {
        gfx::PictureDraw what;
        what.texture = upload->texture();
        what.width = what.height = side;
        what.place = what.clip = {0, 0, shown, shown};
        what.pixels = pixels;
        view.draw(what, {shown, shown});
        const PixelBuffer drawn = gfx::read_framebuffer({shown, shown});
        int darker = 0, lighter = 0;
        for (int y = 0; y < shown; ++y) {
            for (int x = 0; x < shown; ++x) {
                const std::uint8_t* at = &drawn.rgba[static_cast<std::size_t>(y * shown + x) * 4];
                ASSERT_LE(at[1], 57) << "the hidden green shows at " << x << ", " << y;
                if (x < shown / 2 - 4) {
                    ASSERT_NEAR(at[0], 200, 1) << x << ", " << y;
                } else if (x > shown / 2 + 4) {
                    ASSERT_EQ(std::pair(at[0], at[2]), std::pair(at[1], at[1])) << "grey";
                    ASSERT_TRUE(std::abs(at[0] - 41) <= 1 || std::abs(at[0] - 56) <= 1) << int{at[0]};
                    ++(at[0] < 48 ? darker : lighter);
                }
            }
        }
        EXPECT_GT(std::min(darker, lighter), 500) << "squares of two greys";
        what.checker = 0;
        view.draw(what, {shown, shown});
        const PixelBuffer black = gfx::read_framebuffer({shown, shown});
        EXPECT_EQ(black.rgba[(shown - 1) * 4], 0) << "for an audience";
    }
}

} // namespace
