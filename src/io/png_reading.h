// SPDX-License-Identifier: Apache-2.0
// PngReading: one PNG read with libpng; used by png_decode.cpp and png_text.cpp alone.
#pragma once

#include <array>
#include <exception>
#include <string>
#include <string_view>

#include <png.h>

#include "io/image.h"

namespace atelier::io {

// libpng leaves by longjmp, which runs no destructors. So it is called in steps only: plain functions whose own
// variables need none. All that does is outside, in the object that the step is given; and what throws while libpng
// asks for bytes is caught before libpng is left, and thrown again by run().
class PngReading {
public:
    // `file` must outlive this. Throws Error beginning with `name` when there is no memory.
    PngReading(const ByteSource& file, const std::string& name);
    ~PngReading();
    PngReading(const PngReading&) = delete;
    PngReading& operator=(const PngReading&) = delete;

    using Step = void (*)(PngReading& reading, void* of);
    // False: libpng gave up; why stands in error(), and nothing more may be read. Throws what the file throws.
    bool run(Step step, void* of);
    // Within a step, behind png_read_info: all rows, and what stands behind them. each: where each row goes; null:
    // nowhere. Gives up where more is packed than the picture has room for, before that is unpacked. facts: the file's.
    void read_pixels(const ImageFacts& facts, png_bytepp each);

    std::string_view error() const { return error_.data(); }
    // The first warning that began with "IDAT: " or "iTXt: " and is not about too much of it; empty: none.
    std::string_view pixel_warning() const { return pixel_warning_.data(); }
    std::string_view text_warning() const { return text_warning_.data(); }

    png_structp png = nullptr;
    png_infop info = nullptr;

private:
    using Words = std::array<char, 160>;
    [[noreturn]] static void on_error(png_structp png, png_const_charp message);
    static void on_warning(png_structp png, png_const_charp message);
    static void on_read(png_structp png, png_bytep into, std::size_t count);
    bool take(png_bytep into, std::size_t count) noexcept;

    const ByteSource& file_;
    std::uint64_t position_ = 0; // of what libpng takes next
    Words error_{}, pixel_warning_{}, text_warning_{};
    std::exception_ptr thrown_;
};

} // namespace atelier::io
