// SPDX-License-Identifier: Apache-2.0
// GIF (GIF89a specification) through giflib, row by row: a frame takes no more memory than its canvas.
#include <algorithm>
#include <cstring>

#include <gif_lib.h>

#include "base/error.h"
#include "prepare/frames.h"
#include "prepare/picture_header.h"

namespace atelier::prepare {
namespace {

struct CloseGif {
    void operator()(GifFileType* gif) const {
        int error = 0;
        DGifCloseFile(gif, &error);
    }
};

class GifFrames final : public FrameReader {
public:
    GifFrames(io::Bytes data, std::string name, int width, int height)
        : data_(data), name_(std::move(name)), canvas_(height, width, CV_8UC4) {}

private:
    static int take(GifFileType* gif, GifByteType* into, int count) {
        auto& my = *static_cast<GifFrames*>(gif->UserData);
        const std::size_t got = std::min(static_cast<std::size_t>(count), my.data_.size() - my.at_);
        std::memcpy(into, my.data_.data() + my.at_, got);
        my.at_ += got;
        return static_cast<int>(got);
    }

    [[noreturn]] void damaged(const char* why) const { fail("{}: is a damaged picture ({})", name_, why); }
    void sound(int result) const {
        if (result != GIF_OK) {
            const char* why = gif_ != nullptr ? GifErrorString(gif_->Error) : nullptr;
            damaged(why != nullptr ? why : "it is cut off");
        }
    }

    void restart() override {
        at_ = 0;
        int error = 0;
        gif_.reset();
        gif_.reset(DGifOpen(this, take, &error));
        if (!gif_) {
            damaged("its GIF header is impossible");
        }
        canvas_.setTo(cv::Scalar(0, 0, 0, 0));
        before_.release();
        disposal_ = DISPOSAL_UNSPECIFIED;
    }

    // What the last frame leaves behind for the next one.
    void dispose() {
        if (disposal_ == DISPOSE_BACKGROUND) {
            canvas_(area_).setTo(cv::Scalar(0, 0, 0, 0));
        } else if (disposal_ == DISPOSE_PREVIOUS && !before_.empty()) {
            before_.copyTo(canvas_);
        }
    }

    cv::Mat next() override {
        dispose();
        GraphicsControlBlock how{};
        how.TransparentColor = NO_TRANSPARENT_COLOR;
        for (;;) {
            GifRecordType record{};
            sound(DGifGetRecordType(gif_.get(), &record));
            if (record == EXTENSION_RECORD_TYPE) {
                read_extension(how);
            } else if (record == IMAGE_DESC_RECORD_TYPE) {
                draw(how);
                return canvas_;
            } else {
                damaged("it has no such frame");
            }
        }
    }

    void read_extension(GraphicsControlBlock& how) {
        int code = 0;
        GifByteType* block = nullptr;
        sound(DGifGetExtension(gif_.get(), &code, &block));
        while (block != nullptr) {
            if (code == GRAPHICS_EXT_FUNC_CODE && block[0] == 4) {
                DGifExtensionToGCB(block[0], block + 1, &how);
            }
            sound(DGifGetExtensionNext(gif_.get(), &block));
        }
    }

    void draw(const GraphicsControlBlock& how) {
        sound(DGifGetImageHeader(gif_.get()));
        const GifImageDesc& image = gif_->Image;
        if (image.Width < 1 || image.Height < 1 ||
            static_cast<std::int64_t>(image.Width) * image.Height > most_pixels) {
            damaged("the size of a frame is impossible");
        }
        const ColorMapObject* colours = image.ColorMap != nullptr ? image.ColorMap : gif_->SColorMap;
        if (colours == nullptr) {
            damaged("it has no colours");
        }
        area_ = cv::Rect(image.Left, image.Top, image.Width, image.Height) & cv::Rect({}, canvas_.size());
        disposal_ = how.DisposalMode;
        if (disposal_ == DISPOSE_PREVIOUS) {
            before_ = canvas_.clone();
        }
        std::vector<GifPixelType> row(static_cast<std::size_t>(image.Width));
        constexpr int first[] = {0, 4, 2, 1}, step[] = {8, 8, 4, 2}; // interlaced rows
        for (int pass = 0; pass < (image.Interlace ? 4 : 1); ++pass) {
            for (int y = image.Interlace ? first[pass] : 0; y < image.Height; y += image.Interlace ? step[pass] : 1) {
                sound(DGifGetLine(gif_.get(), row.data(), image.Width));
                put_row(row, image, y, *colours, how.TransparentColor);
            }
        }
    }

    void put_row(const std::vector<GifPixelType>& row, const GifImageDesc& image, int y, const ColorMapObject& colours,
                 int transparent) {
        if (image.Top + y >= canvas_.rows) {
            return;
        }
        auto* to = canvas_.ptr<cv::Vec4b>(image.Top + y);
        for (int x = 0; x < image.Width && image.Left + x < canvas_.cols; ++x) {
            const int index = row[static_cast<std::size_t>(x)];
            if (index != transparent && index < colours.ColorCount) {
                const GifColorType& colour = colours.Colors[index];
                to[image.Left + x] = {colour.Blue, colour.Green, colour.Red, 255};
            }
        }
    }

    io::Bytes data_;
    std::size_t at_ = 0;
    std::string name_;
    std::unique_ptr<GifFileType, CloseGif> gif_;
    cv::Mat canvas_, before_;
    cv::Rect area_;
    int disposal_ = DISPOSAL_UNSPECIFIED;
};

} // namespace

std::unique_ptr<FrameReader> gif_frames(io::Bytes data, const std::string& name, int width, int height) {
    return std::make_unique<GifFrames>(data, name, width, height);
}

} // namespace atelier::prepare
