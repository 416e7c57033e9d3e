// SPDX-License-Identifier: Apache-2.0
// A text in a PNG: there and back, and whatever may be wrong with a file that somebody else has made.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <zlib.h>

#include "base/error.h"
#include "fuzz/child.h"
#include "io/image.h"
#include "io/png_text.h"
#include "support/scratch.h"

namespace atelier::io {
namespace {

using test::message_from;
using testing::HasSubstr;
using testing::StartsWith;
using File = std::vector<std::uint8_t>;

constexpr std::size_t first_chunk = 8 + 25; // behind signature and IHDR

class PngText : public testing::Test {
protected:
    // A small picture with chunks before its pixels.
    File picture(Bytes chunks) {
        const Image8 image{2, 1, 3, {1, 2, 3, 4, 5, 6}};
        write_png(scratch_ / "a.png", image, 8, chunks);
        EXPECT_EQ(read_image(scratch_ / "a.png").pixels, image.pixels);
        return test::file_bytes(scratch_ / "a.png");
    }
    static std::optional<std::string> text_in(const File& file) {
        return png_text(ByteSource::of(Bytes(file)), "a.png", "atelier");
    }
    // A chunk of any type and content, with a right length and checksum.
    static File chunk(const std::string& typed) {
        const std::size_t length = typed.size() - 4;
        File out;
        for (const unsigned shift : {24U, 16U, 8U, 0U}) {
            out.push_back(static_cast<std::uint8_t>(length >> shift));
        }
        for (const char sign : typed) {
            out.push_back(static_cast<std::uint8_t>(sign));
        }
        const auto sum = crc32_z(0, out.data() + 4, typed.size());
        for (const unsigned shift : {24U, 16U, 8U, 0U}) {
            out.push_back(static_cast<std::uint8_t>(sum >> shift));
        }
        return out;
    }
    static std::string packed(const std::string& text) {
        std::string out(compressBound(text.size()), '\0');
        uLongf size = out.size();
        compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(text.data()), text.size(),
                  9);
        out.resize(size);
        return out;
    }
    static std::string itxt(const std::string& flags, const std::string& text) {
        return std::string("iTXtatelier\0", 12) + flags + std::string("\0\0", 2) + text;
    }
    test::Scratch scratch_;
};

const std::string plain("\0\0", 2), deflated("\1\0", 2);

TEST_F(PngText, ComesBackAndLeavesThePictureAsItIs) {
    const std::string text = "{\"look\": \"b\xc3\xa4r\"}";
    const File file = picture(png_text_chunk("atelier", text));
    EXPECT_EQ(text_in(file), text);
    EXPECT_EQ(png_text(scratch_ / "a.png", "atelier"), text);
    EXPECT_EQ(png_text(scratch_ / "a.png", "ateli"), std::nullopt);
    EXPECT_EQ(text_in(picture(png_text_chunk("atelier2", text))), std::nullopt);
    EXPECT_EQ(text_in(picture({})), std::nullopt);
    EXPECT_EQ(text_in(picture(png_text_chunk("atelier", ""))), "");
}

TEST_F(PngText, AChunkThatAnotherProgramHasPackedIsRead) {
    const std::string text(100000, 'x');
    EXPECT_EQ(text_in(picture(chunk(itxt(deflated, packed(text))))), text);
    // With a language and a translated keyword.
    const std::string named = std::string("iTXtatelier\0\0\0en\0Atelier\0", 25) + "{}";
    EXPECT_EQ(text_in(picture(chunk(named))), "{}");
}

// As programs put it there that write a picture anew.
TEST_F(PngText, ATextBehindThePixelsIsFound) {
    File file = picture({});
    const File text = png_text_chunk("atelier", "{}");
    file.insert(file.end() - 12, text.begin(), text.end());
    EXPECT_EQ(text_in(file), "{}");
    EXPECT_EQ(decode_image(file, "a.png").pixels.size(), 6U);
    file.back() ^= 1; // the end's checksum
    EXPECT_EQ(text_in(file), "{}");
}

TEST_F(PngText, TheFirstOfItsNameCountsAmongManyOthers) {
    File chunks = png_text_chunk("XML:com.adobe.xmp", "<x/>");
    const auto add = [&](const File& chunk) { chunks.insert(chunks.end(), chunk.begin(), chunk.end()); };
    for (int i = 0; i < 13; ++i) {
        add(chunk(std::string("tEXtatelier\0no", 14)));
        add(png_text_chunk("other", std::to_string(i)));
    }
    for (const char* text : {"first", "second", "third", "fourth", "fifth"}) {
        add(png_text_chunk("atelier", text));
    }
    EXPECT_EQ(text_in(picture(chunks)), "first");
    // Texts that nobody asked for can't fill the memory: those beyond 16 are passed over.
    File bombs;
    for (int i = 0; i < 100; ++i) {
        const File other = chunk(std::string("iTXtotherone\0\1\0\0\0", 17) + packed(std::string(1U << 20U, ' ')));
        bombs.insert(bombs.end(), other.begin(), other.end());
    }
    EXPECT_EQ(text_in(picture(bombs)), std::nullopt);
    const File late = png_text_chunk("atelier", "late");
    bombs.insert(bombs.end(), late.begin(), late.end());
    EXPECT_EQ(text_in(picture(bombs)), std::nullopt);
}

TEST_F(PngText, HostileChunksAreRefusedInOneSentence) {
    const auto says = [&](const File& file) { return message_from<Error>([&] { text_in(file); }); };
    File wrong_sum = picture(png_text_chunk("atelier", "{}"));
    wrong_sum[first_chunk + 8 + 13] ^= 1;
    EXPECT_THAT(says(wrong_sum), HasSubstr("checksum"));
    File too_long = picture(png_text_chunk("atelier", "{}"));
    too_long[first_chunk] = 0x7F;
    EXPECT_THAT(says(too_long), HasSubstr("longer than 16 MB (chunk data is too large)"));
    too_long[first_chunk] = 0xFF;
    EXPECT_THAT(says(too_long), HasSubstr("is a damaged picture (PNG unsigned integer out of range)"));
    for (const std::string& body : {std::string("iTXtatelier\0", 12), std::string("iTXtatelier\0\0\0en", 16),
                                    itxt(std::string("\2\0", 2), "x"), itxt(std::string("\1\7", 2), "x")}) {
        EXPECT_THAT(says(picture(chunk(body))), HasSubstr("is damaged"));
    }
    EXPECT_THAT(says(picture(chunk(itxt(deflated, "no zlib data")))), HasSubstr("is damaged"));
    const std::string whole = packed(std::string(1000, 'y'));
    EXPECT_THAT(says(picture(chunk(itxt(deflated, whole.substr(0, whole.size() / 2))))), HasSubstr("is damaged"));
    // A bomb: 17 MB in 17 kB.
    EXPECT_THAT(says(picture(chunk(itxt(deflated, packed(std::string(17U << 20U, ' ')))))), HasSubstr("longer than"));
    EXPECT_THAT(message_from<Error>([&] { png_text_chunk("atelier", std::string((16U << 20U) + 1, 'x')); }),
                HasSubstr("at most 16 MB"));
}

TEST_F(PngText, CutOffAnywhereOrAnythingElseIsSaidToBeSo) {
    const File file = picture(png_text_chunk("atelier", "{\"a\": 1}"));
    const std::size_t end_of_text = first_chunk + png_text_chunk("atelier", "{\"a\": 1}").size();
    for (std::size_t size = 0; size < file.size(); ++size) {
        const File part(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
        if (size < end_of_text) {
            EXPECT_THAT(message_from<Error>([&] { text_in(part); }), StartsWith("a.png: ")) << size;
        } else {
            EXPECT_EQ(text_in(part), "{\"a\": 1}") << size;
        }
    }
    EXPECT_THAT(message_from<Error>([&] { text_in(test::bytes_of("GIF89a and so on")); }), HasSubstr("no PNG"));
    EXPECT_THAT(message_from<Error>([&] { png_text(scratch_ / "none.png", "atelier"); }), HasSubstr("no such file"));
}

} // namespace
} // namespace atelier::io
