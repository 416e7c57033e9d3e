// SPDX-License-Identifier: Apache-2.0
#include "media/png_sequence.h"

#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "io/atomic_file.h"
#include "io/image.h"

namespace atelier::media {
namespace fs = std::filesystem;

PngSequence::PngSequence(fs::path folder) : folder_(std::move(folder)) {
    std::error_code error;
    if (fs::exists(folder_, error) && !fs::is_directory(folder_, error)) {
        fail("{} is a file; a PNG sequence needs a folder.", folder_.string());
    }
    made_folder_ = fs::create_directories(folder_, error);
    if (error) {
        fail("The folder {} can't be created: {}.", folder_.string(), error.message());
    }
    if (made_folder_) {
        return; // nothing is in it
    }
    fs::directory_iterator entries(folder_, error);
    if (error) {
        fail("The folder {} can't be read: {}.", folder_.string(), error.message());
    }
    for (const fs::directory_entry& entry : entries) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("frame-") && name.ends_with(".png")) {
            open_ = false;
            fail("{} holds frames already ({}); give another folder or empty this one.", folder_.string(), name);
        }
    }
}

PngSequence::~PngSequence() {
    cancel();
}

fs::path PngSequence::frame_name(std::int64_t index) {
    return fmt::format("frame-{:06}.png", index);
}

// A recorder holds pictures for many frames, and compressing takes far longer than copying.
void PngSequence::repeat_last() {
    std::ifstream in(folder_ / frame_name(frames_ - 1), std::ios::binary);
    const std::vector<char> png((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (!in || png.empty()) {
        fail("{} can't be read back.", (folder_ / frame_name(frames_ - 1)).string());
    }
    io::AtomicFile file(folder_ / frame_name(frames_));
    file.write(png.data(), png.size());
    file.commit();
    count();
}

void PngSequence::count() {
    ++frames_; // it is there, whatever its size
    std::error_code error;
    const std::uintmax_t size = fs::file_size(folder_ / frame_name(frames_ - 1), error);
    bytes_ += error ? 0 : static_cast<std::int64_t>(size);
}

void PngSequence::add(const PixelBuffer& frame) {
    if (frames_ > 0 && frame.width == last_.width && frame.height == last_.height && frame.rgba == last_.rgba) {
        repeat_last();
        return;
    }
    PixelBuffer kept = frame; // memory for it is asked for before there is a file that would have to go again
    io::write_png(folder_ / frame_name(frames_), io::image_of(frame));
    last_ = std::move(kept);
    count();
}

KeptOutput PngSequence::keep() noexcept {
    if (!open_ || frames_ == 0) {
        cancel();
        return {};
    }
    open_ = false;
    try {
        return {folder_, frames_};
    } catch (...) { // out of memory for the path: the files stay all the same
        return {};
    }
}

void PngSequence::cancel() noexcept {
    if (!open_) {
        return;
    }
    open_ = false;
    try {
        std::error_code ignored;
        for (std::int64_t i = 0; i < frames_; ++i) {
            fs::remove(folder_ / frame_name(i), ignored);
        }
        if (made_folder_) {
            fs::remove(folder_, ignored); // only when empty
        }
    } catch (...) { // out of memory for a path: the files stay
    }
}

} // namespace atelier::media
