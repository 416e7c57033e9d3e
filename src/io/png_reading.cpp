// SPDX-License-Identifier: Apache-2.0
#include "io/png_reading.h"

#include <algorithm>
#include <csetjmp>
#include <cstring>

#include "base/error.h"

namespace atelier::io {

PngReading::PngReading(const ByteSource& file, const std::string& name) : file_(file) {
    png = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
    info = png != nullptr ? png_create_info_struct(png) : nullptr;
    if (info == nullptr) {
        png_destroy_read_struct(&png, nullptr, nullptr);
        fail("{}: there is not enough memory to read it", name);
    }
    png_set_read_fn(png, this, on_read);
}

PngReading::~PngReading() {
    png_destroy_read_struct(&png, &info, nullptr);
}

bool PngReading::run(Step step, void* of) {
    if (setjmp(png_jmpbuf(png)) == 0) {
        step(*this, of);
        return true;
    }
    if (thrown_) {
        std::rethrow_exception(thrown_);
    }
    return false;
}

void PngReading::read_pixels(const ImageFacts& facts, png_bytepp each) {
    // With the last row libpng unpacks whatever follows it, to throw it away. Some encoders pad; a bomb is more than a
    // row can be packed to. The slack is in packed bytes, behind those that libpng holds already.
    constexpr std::uint64_t slack = 1024;
    const std::uint64_t row =
        static_cast<std::uint64_t>(facts.width) * static_cast<unsigned>(facts.samples * facts.depth) / 8;
    const int passes = png_set_interlace_handling(png);
    for (int pass = 0; pass < passes; ++pass) {
        for (int y = 0; y < facts.height; ++y) {
            const bool last = pass + 1 == passes && y + 1 == facts.height;
            if (last && facts.pixels_end > position_ + 2 * row + slack) {
                png_error(png, "IDAT: too much image data");
            }
            png_read_row(png, each != nullptr ? each[y] : nullptr, nullptr);
        }
    }
    png_read_end(png, info);
}

void PngReading::on_error(png_structp png, png_const_charp message) {
    auto& my = *static_cast<PngReading*>(png_get_error_ptr(png));
    std::strncpy(my.error_.data(), message, my.error_.size() - 1);
    png_longjmp(png, 1);
}

void PngReading::on_warning(png_structp png, png_const_charp message) {
    auto& my = *static_cast<PngReading*>(png_get_error_ptr(png));
    const auto is = [message](const char* words) { return std::strstr(message, words) != nullptr; };
    if (is("Too much image data") || is("Extra compressed data") || is("no space in chunk cache")) {
        return;
    }
    Words* into = std::strncmp(message, "IDAT: ", 6) == 0   ? &my.pixel_warning_
                  : std::strncmp(message, "iTXt: ", 6) == 0 ? &my.text_warning_
                                                            : nullptr;
    if (into != nullptr && into->front() == '\0') {
        std::strncpy(into->data(), message, into->size() - 1);
    }
}

void PngReading::on_read(png_structp png, png_bytep into, std::size_t count) {
    if (!static_cast<PngReading*>(png_get_io_ptr(png))->take(into, count)) {
        png_error(png, "it is cut off");
    }
}

bool PngReading::take(png_bytep into, std::size_t count) noexcept {
    try {
        if (count > file_.size() - position_) {
            return false;
        }
        const auto bytes = file_.read(position_, count, "a picture");
        std::memcpy(into, bytes.data(), count);
        position_ += count;
        return true;
    } catch (...) {
        thrown_ = std::current_exception();
        return false;
    }
}

} // namespace atelier::io
