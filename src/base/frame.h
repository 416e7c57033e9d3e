// SPDX-License-Identifier: Apache-2.0
// Frame: one finished picture with its origin, and the plain facts about a loaded model. No torch, no GL.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/picture_ratio.h"
#include "base/render_params.h"

namespace atelier {

// Tightly packed 8-bit RGBA rows, top row first, in host memory.
struct PixelBuffer {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgba; // width * height * 4
    PictureRatio ratio{};           // of what is shown and written, see base/unsquash.h; 1:1: as it is
    bool alpha = false;             // whether anything in it may be transparent; otherwise all alpha is 255
};

// The same picture in the memory of a CUDA device: RGBA8, top row first. Handles are CUDA's own pointers.
struct DeviceBuffer {
    const void* data = nullptr;
    std::size_t pitch = 0; // bytes from row to row
    int width = 0;
    int height = 0;
    int device = 0;        // CUDA's index
    void* ready = nullptr; // cudaEvent_t, recorded after the picture's last byte
    // A reader calls this when its last read stands on `stream` (a cudaStream_t of `device`), before it lets go of
    // the buffer: it isn't written again before that stream has come there. Does not throw.
    std::function<void(void* stream)> consumed;
};

// Wall-clock milliseconds of each stage of one frame.
struct StageTimes {
    double map_ms = 0;
    double synth_ms = 0;
    double pack_ms = 0;
};

struct Frame {
    std::uint64_t sequence = 0; // counts up with each rendered frame of an engine
    RenderParams params;        // what was rendered
    std::uint64_t weights_epoch = 0;
    // Read-only after publication. The last holder's release returns the buffer to the engine's pool.
    std::shared_ptr<const PixelBuffer> pixels; // null when error is set
    // Also set when a CUDA device made the picture; read-only, and returned to the engine's pool like pixels.
    std::shared_ptr<const DeviceBuffer> device;
    // The same params with the model of Engine::set_compare, as large as pixels; null when there is none, or when
    // that model can't follow the params.
    std::shared_ptr<const PixelBuffer> compare;
    StageTimes times;                      // of pixels alone
    Precision precision = Precision::fp32; // that it was computed in; never Precision::model
    bool preview = false;                  // pixels are those of a lower block; the full picture follows
    std::string error;                     // one sentence; empty when all went well
};

// A small picture that lists and pickers want, under a key of the asker's.
struct ThumbnailRequest {
    std::uint64_t key = 0;
    RenderParams params;
    bool operator==(const ThumbnailRequest&) const = default;
};
struct Thumbnail {
    std::uint64_t model = 0;
    std::uint64_t key = 0;
    std::shared_ptr<const PixelBuffer> pixels;
};

struct ModelInfo {
    std::string name; // file name without folders
    std::string path;
    std::string format; // "StyleGAN2-ADA pickle", "Atelier safetensors", ...
    int resolution = 0; // the last block's name, 4, 8, ...; of square networks px a side
    int width = 0;      // of the pictures that it makes, px
    int height = 0;
    PictureRatio ratio{}; // of a pixel as it is shown and written; of a square network's pictures, too
    int channels = 0;     // 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA
    bool alpha() const { return channels == 2 || channels == 4; }
    int z_dim = 0, w_dim = 0, c_dim = 0;
    std::vector<std::string> class_names; // of class 0, 1, ..., as far as the file tells them
    int num_ws = 0;
    std::string architecture; // skip, resnet, orig
    std::int64_t parameters = 0;
    Precision half = Precision::fp32;                       // bf16 or fp16 where it can be rendered in that here, too
    std::vector<std::pair<std::string, std::string>> facts; // label, value: licence, data set, kimg, ...
    std::vector<std::string> warnings;                      // NaN weights, missing networks, ...
};

// Of its pictures as they are shown and written: px, "80x64".
inline std::pair<int, int> shown_size(const ModelInfo& model) {
    return shown_size(model.width, model.height, model.ratio);
}
inline std::string shown_text(const ModelInfo& model) {
    return shown_text(model.width, model.height, model.ratio);
}

} // namespace atelier
