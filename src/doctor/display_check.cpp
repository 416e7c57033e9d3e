// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include <ATen/ATen.h>
#include <epoxy/gl.h>
#include <fmt/format.h>

#include "base/error.h"
#include "doctor/checks.h"
#include "engine/device_frame_pool.h"
#include "engine/pack.h"
#include "gfx/frame_upload.h"
#include "gfx/window.h"
#include "ops/device.h"

namespace atelier::doctor {
namespace {

std::vector<std::uint8_t> read_texture(const gfx::FrameUpload& upload) {
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(upload.width()) *
                                    static_cast<std::size_t>(upload.height()) * 4);
    glBindTexture(GL_TEXTURE_2D, upload.texture());
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glGetTexImage(GL_TEXTURE_2D, 0, GL_RGBA, GL_UNSIGNED_BYTE, bytes.data());
    glBindTexture(GL_TEXTURE_2D, 0);
    return bytes;
}

// Pictures of two sizes, several times, as they follow each other in the studio.
std::string shown(const std::string& way, const c10::Device& device) {
    std::optional<DeviceFramePool> pool;
    if (!device.is_cpu())
        pool.emplace(make_device_memory());
    const auto upload = gfx::make_frame_upload(way);
    for (const std::int64_t side : {256, 256, 1024, 1024, 250}) {
        const at::Tensor picture = at::randn({1, 3, side, side}).to(device);
        PixelBuffer pixels;
        Frame frame;
        frame.device = pack_rgba(picture, pixels, pool ? &*pool : nullptr);
        frame.pixels = std::make_shared<PixelBuffer>(pixels);
        upload->upload(frame);
        if (upload->width() != side || read_texture(*upload) != pixels.rgba)
            fail("a picture of {} px came out of the texture as another one ({})", side, upload->describe());
    }
    if (const GLenum error = glGetError(); error != GL_NO_ERROR)
        fail("OpenGL says error {:#x}", error);
    return upload->describe();
}

} // namespace

void check_display(const std::string& device_name, const Told& told) {
    const c10::Device device = choose_device(device_name);
    std::optional<gfx::Window> window;
    try {
        window.emplace(gfx::WindowOptions{"Atelier", 320, 240});
    } catch (const Error& error) {
        told({"pictures on the screen", Result::impossible, error.what()});
        return;
    }
    told({"a window with OpenGL", Result::passed, window->renderer()});
    for (const char* way : {"interop", "staging", "cpu"}) {
        if (device.is_cpu() && std::string(way) != "cpu") {
            told({fmt::format("picture to texture and back, {}", way), Result::impossible, "it needs a CUDA device"});
            continue;
        }
        told(checked(fmt::format("picture to texture and back, {}", way), [&] { return shown(way, device); }));
    }
}

} // namespace atelier::doctor
