// SPDX-License-Identifier: Apache-2.0
// The display ladder with a real OpenGL context and the real CUDA runtime, on machines without a device: what is asked
// for in vain is answered with a reason, and the texture holds the picture's bytes.
#include <epoxy/gl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gfx/cuda_display_api.h"
#include "gfx/frame_upload.h"
#include "support/shared_window.h"

namespace {

using namespace atelier;
using testing::HasSubstr;

using Upload = test::SharedWindow;

Frame noise_picture(int width, int height) {
    PixelBuffer pixels{width, height, {}};
    unsigned state = static_cast<unsigned>(width * 31 + height);
    for (int i = 0; i < width * height * 4; ++i)
        pixels.rgba.push_back(static_cast<std::uint8_t>((state = state * 1664525U + 1013904223U) >> 24));
    Frame frame;
    frame.pixels = std::make_shared<PixelBuffer>(std::move(pixels));
    return frame;
}

void expect_shown(const gfx::FrameUpload& upload, const PixelBuffer& pixels) {
    ASSERT_EQ(upload.width(), pixels.width);
    ASSERT_EQ(upload.height(), pixels.height);
    std::vector<std::uint8_t> bytes(pixels.rgba.size());
    glBindTexture(GL_TEXTURE_2D, upload.texture());
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glGetTexImage(GL_TEXTURE_2D, 0, GL_RGBA, GL_UNSIGNED_BYTE, bytes.data());
    glBindTexture(GL_TEXTURE_2D, 0);
    EXPECT_TRUE(bytes == pixels.rgba);
    EXPECT_EQ(glGetError(), static_cast<GLenum>(GL_NO_ERROR));
}

TEST_F(Upload, HostPicturesOfAnySize) {
    for (const char* display : {"auto", "cpu"}) {
        auto upload = gfx::make_frame_upload(display);
        for (const auto& [width, height] : {std::pair(64, 64), {64, 64}, {251, 3}, {1, 1}, {512, 300}, {64, 64}}) {
            const Frame frame = noise_picture(width, height);
            upload->upload(frame);
            expect_shown(*upload, *frame.pixels);
        }
        EXPECT_EQ(upload->describe(), "pixel buffers");
    }
}

TEST_F(Upload, WithoutADeviceSaysWhyAndShowsThePicture) {
    if (gfx::make_cuda_display_api()->select_device(0) == 0)
        GTEST_SKIP() << "there is a CUDA device here; gfx_ladder_gpu_test is for it";
    for (const char* display : {"auto", "interop", "staging", "cpu"}) {
        auto upload = gfx::make_frame_upload(display);
        const auto device = std::make_shared<DeviceBuffer>(DeviceBuffer{nullptr, 256, 64, 64, 0, nullptr, {}});
        std::string text;
        for (int i = 0; i < 3; ++i) {
            Frame frame = noise_picture(64, 64 + i);
            frame.device = device;
            upload->upload(frame);
            expect_shown(*upload, *frame.pixels);
            if (i > 0) {
                EXPECT_EQ(upload->describe(), text);
            }
            text = upload->describe();
        }
        EXPECT_THAT(text, testing::StartsWith("pixel buffers"));
        EXPECT_EQ(text.find("(interop: ") != std::string::npos, std::string(display) == "auto" || display[0] == 'i');
        EXPECT_EQ(text.find("staging: ") != std::string::npos, std::string(display) != "cpu");
        std::printf("%s: %s\n", display, text.c_str());
    }
}

} // namespace
