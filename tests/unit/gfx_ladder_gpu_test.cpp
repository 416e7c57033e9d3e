// SPDX-License-Identifier: Apache-2.0
// The display ladder on a real device with a real OpenGL context: each way must show the same bytes. Without a device
// or a display every test skips, and the program exits with 77.
#include <epoxy/gl.h>

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/pack.h"
#include "gfx/frame_upload.h"
#include "ops/device.h"
#include "support/shared_window.h"

namespace {

using namespace atelier;

class LadderOnDevice : public test::SharedWindow, public testing::WithParamInterface<const char*> {
protected:
    static void SetUpTestSuite() {
        if (have_cuda()) {
            SharedWindow::SetUpTestSuite();
        } else {
            skip_all("no CUDA device, or a build without CUDA: the display ladder was not run");
        }
    }
};

std::vector<std::uint8_t> read_texture(const gfx::FrameUpload& upload) {
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(upload.width() * upload.height() * 4));
    glBindTexture(GL_TEXTURE_2D, upload.texture());
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glGetTexImage(GL_TEXTURE_2D, 0, GL_RGBA, GL_UNSIGNED_BYTE, bytes.data());
    glBindTexture(GL_TEXTURE_2D, 0);
    return bytes;
}

TEST_P(LadderOnDevice, ShowsThePackedBytes) {
    DeviceFramePool pool(make_device_memory());
    auto upload = gfx::make_frame_upload(GetParam());
    for (int i = 0; i < 12; ++i) {
        const std::int64_t side = i < 6 ? 1024 : 250; // another size on the way
        const at::Tensor img = at::randn({1, 3, side, side}).cuda();
        PixelBuffer pixels;
        Frame frame;
        frame.device = pack_rgba(img, pixels, &pool);
        ASSERT_TRUE(frame.device);
        frame.pixels = std::make_shared<PixelBuffer>(pixels);
        upload->upload(frame);
        ASSERT_EQ(upload->width(), side);
        EXPECT_TRUE(read_texture(*upload) == pixels.rgba) << GetParam() << ", picture " << i;
        if (i == 8)
            upload->lost(); // leaves the textures of this living context behind, which is all it can do
    }
    const std::string way = upload->describe();
    RecordProperty("display", way);
    std::printf("%s: %s\n", GetParam(), way.c_str());
    if (std::string(GetParam()) == "staging") {
        EXPECT_EQ(way, "pinned staging");
    } else if (std::string(GetParam()) == "interop") { // another card may draw: then with the reason
        EXPECT_THAT(way, testing::AnyOf("CUDA interop", testing::HasSubstr("(interop: ")));
    }
    EXPECT_EQ(glGetError(), static_cast<GLenum>(GL_NO_ERROR));
}

INSTANTIATE_TEST_SUITE_P(Ways, LadderOnDevice, testing::Values("auto", "interop", "staging", "cpu"));

} // namespace
