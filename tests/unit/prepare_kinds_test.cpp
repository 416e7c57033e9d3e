// SPDX-License-Identifier: Apache-2.0
// HEIC, AVIF, GIF, animations and pages, each as pictures of their own; files by their contents.
#include <filesystem>
#include <fstream>

#include <gif_lib.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <webp/demux.h>
#include <webp/encode.h>

#include "base/error.h"
#include "prepare/cut_run.h"
#include "prepare/decode.h"
#include "prepare/sources.h"
#include "support/paths.h"
#include "support/picture_files.h"
#include "support/scratch.h"

namespace atelier::prepare {
namespace {

namespace fs = std::filesystem;
using test::png_chunk;
using test::Scratch;
using testing::ElementsAre;
using testing::HasSubstr;
using Bytes = std::vector<std::uint8_t>;

Bytes bytes_in(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void put(const fs::path& path, const Bytes& bytes) {
    fs::create_directories(path.parent_path());
    test::put_bytes(path, bytes);
}

std::vector<std::string> names_of(const Sources& sources) {
    std::vector<std::string> names;
    for (const Source& source : sources.pictures) {
        names.push_back(source.name);
    }
    return names;
}

cv::Vec3b mean_of(const cv::Mat& pixels) {
    const cv::Scalar mean = cv::mean(pixels);
    return {cv::saturate_cast<std::uint8_t>(mean[0]), cv::saturate_cast<std::uint8_t>(mean[1]),
            cv::saturate_cast<std::uint8_t>(mean[2])};
}

std::vector<Item> prepared(const fs::path& in, const fs::path& work, int threads) {
    CutOptions options;
    options.size = 64;
    CutRun job(find_sources({in}, 1), options, work);
    job.start(threads);
    while (!job.wait(1)) {
    }
    std::vector<Item> items = job.items();
    judge(items, options, default_thresholds(options), false);
    return items;
}

TEST(PrepareKinds, ReportedFilesGiveAllTheirPictures) {
    const fs::path folder = test::reports_dir() / "18-heic";
    const Sources sources = find_sources({folder}, 1);
    EXPECT_EQ(
        names_of(sources),
        (std::vector<std::string>{"IMG_0001.HEIC", "anim.png, frame 1", "anim.png, frame 2", "anim.png, frame 3",
                                  "anim.png, frame 4", "anim.png, frame 5", "anim.png, frame 6", "pages.tiff, page 1",
                                  "pages.tiff, page 2", "pages.tiff, page 3", "pages.tiff, page 4",
                                  "pages.tiff, page 5", "pages.tiff, page 6", "x.avif", "x.gif"}));
    const Scratch scratch;
    const std::vector<Item> items = prepared(folder, scratch / "work", 2);
    ASSERT_EQ(items.size(), sources.pictures.size());
    for (const Item& item : items) {
        EXPECT_EQ(item.crop, 0) << item.name << " " << item.trouble;
        EXPECT_EQ(item.width, 64) << item.name;
        EXPECT_EQ(item.height, 64) << item.name;
    }
}

// The animation was made of the same six pictures as the pages.
TEST(PrepareKinds, ReportedPagesAndFramesShowTheSame) {
    const fs::path folder = test::reports_dir() / "18-heic";
    const cv::Mat first = decode(bytes_in(folder / "pages.tiff"), "t").pixels;
    for (int page = 0; page < 6; ++page) {
        const cv::Mat tiff = decode(bytes_in(folder / "pages.tiff"), "t", page).pixels;
        const cv::Mat png = decode(bytes_in(folder / "anim.png"), "p", page).pixels;
        EXPECT_EQ(cv::norm(tiff, png, cv::NORM_INF), 0) << page;
        EXPECT_EQ(cv::norm(tiff, first, cv::NORM_INF) > 8, page > 0) << page;
    }
}

struct GifFrame {
    int left, top, width, height;
    int disposal;
    std::string pixels; // indices
    bool interlaced = false;
};

// Colours: 0 black, 1 red, 2 green, 3 blue (transparent where asked for).
Bytes gif_file(int width, int height, const std::vector<GifFrame>& frames, int transparent) {
    Bytes out;
    int error = 0;
    GifFileType* gif = EGifOpen(
        &out,
        [](GifFileType* file, const GifByteType* data, int count) {
            auto* into = static_cast<Bytes*>(file->UserData);
            into->insert(into->end(), data, data + count);
            return count;
        },
        &error);
    const GifColorType colours[] = {{0, 0, 0}, {255, 0, 0}, {0, 255, 0}, {0, 0, 255}};
    ColorMapObject* map = GifMakeMapObject(4, colours);
    EGifSetGifVersion(gif, true);
    EGifPutScreenDesc(gif, width, height, 8, 0, map);
    for (const GifFrame& frame : frames) {
        const GraphicsControlBlock how{frame.disposal, false, 10, transparent};
        GifByteType block[4];
        EGifGCBToExtension(&how, block);
        EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, 4, block);
        EGifPutImageDesc(gif, frame.left, frame.top, frame.width, frame.height, frame.interlaced, nullptr);
        const auto put = [&](int y) {
            std::string row =
                frame.pixels.substr(static_cast<std::size_t>(y * frame.width), static_cast<std::size_t>(frame.width));
            EGifPutLine(gif, reinterpret_cast<GifPixelType*>(row.data()), frame.width);
        };
        for (int pass = 0; pass < (frame.interlaced ? 4 : 1); ++pass) {
            const int first[] = {0, 4, 2, 1}, step[] = {8, 8, 4, 2};
            for (int y = frame.interlaced ? first[pass] : 0; y < frame.height; y += frame.interlaced ? step[pass] : 1) {
                put(y);
            }
        }
    }
    EGifCloseFile(gif, &error);
    GifFreeMapObject(map);
    return out;
}

// BGR of a pixel.
cv::Vec3b at(const Picture& picture, int x, int y) {
    if (picture.pixels.channels() == 4) {
        const auto pixel = picture.pixels.at<cv::Vec4b>(y, x);
        return {pixel[0], pixel[1], pixel[2]};
    }
    return picture.pixels.at<cv::Vec3b>(y, x);
}

const cv::Vec3b black(0, 0, 0), red(0, 0, 255), green(0, 255, 0), blue(255, 0, 0);

TEST(PrepareKinds, AGifsFramesLieOnWhatWasBefore) {
    const std::string four(4, '\1'), sixteen(16, '\0');
    const Bytes gif = gif_file(4, 4,
                               {{0, 0, 4, 4, DISPOSE_DO_NOT, sixteen},
                                {0, 0, 2, 2, DISPOSE_BACKGROUND, four},
                                {2, 2, 2, 2, DISPOSE_PREVIOUS, std::string(4, '\2')},
                                {3, 0, 1, 1, DISPOSE_DO_NOT, std::string(1, '\1')},
                                {0, 0, 4, 1, DISPOSE_DO_NOT, std::string(4, '\3')}},
                               3);
    const Picture second = decode(gif, "a.gif", 1);
    EXPECT_FALSE(second.transparent);
    EXPECT_EQ(at(second, 0, 0), red);
    EXPECT_EQ(at(second, 3, 3), black);
    const Picture third = decode(gif, "a.gif", 2);
    EXPECT_TRUE(third.transparent); // the second's place is cleared
    EXPECT_EQ(third.pixels.at<cv::Vec4b>(0, 0)[3], 0);
    EXPECT_EQ(at(third, 3, 3), green);
    const Picture fourth = decode(gif, "a.gif", 3);
    EXPECT_EQ(at(fourth, 3, 3), black); // the third is gone
    EXPECT_EQ(at(fourth, 3, 0), red);
    const Picture fifth = decode(gif, "a.gif", 4); // nothing but the transparent colour
    EXPECT_EQ(cv::norm(fourth.pixels, fifth.pixels, cv::NORM_INF), 0);
    EXPECT_THROW(decode(gif, "a.gif", 5), Error);
}

TEST(PrepareKinds, AnInterlacedGifIsPutInOrder) {
    std::string rows;
    for (int y = 0; y < 16; ++y) {
        rows += std::string(16, static_cast<char>(y % 4));
    }
    const Bytes gif = gif_file(16, 16, {{0, 0, 16, 16, DISPOSE_DO_NOT, rows, true}}, NO_TRANSPARENT_COLOR);
    const Picture picture = decode(gif, "a.gif");
    const cv::Vec3b colours[] = {black, red, green, blue};
    for (int y = 0; y < 16; ++y) {
        EXPECT_EQ(at(picture, 7, y), colours[y % 4]) << y;
    }
}

TEST(PrepareKinds, FramesOfAGifAreReadInAnyOrderByAnyThread) {
    std::vector<GifFrame> frames;
    for (int i = 0; i < 24; ++i) { // each adds a column
        frames.push_back({i, 0, 1, 64, DISPOSE_DO_NOT, std::string(64, static_cast<char>(1 + i % 3))});
    }
    frames.insert(frames.begin(), {0, 0, 64, 64, DISPOSE_DO_NOT, std::string(64 * 64, '\0')});
    const Scratch scratch;
    put(scratch / "in" / "film.gif", gif_file(64, 64, frames, NO_TRANSPARENT_COLOR));
    put(scratch / "in" / "zip.zip", test::zip_file({{"z.gif", gif_file(64, 64, frames, NO_TRANSPARENT_COLOR), true}}));
    const std::vector<Item> one = prepared(scratch / "in", scratch / "one", 1);
    const std::vector<Item> three = prepared(scratch / "in", scratch / "three", 3);
    ASSERT_EQ(one.size(), 50U);
    ASSERT_EQ(three.size(), 50U);
    for (std::size_t i = 0; i < one.size(); ++i) {
        EXPECT_EQ(one[i].name, three[i].name);
        EXPECT_EQ(one[i].facts.scores.digest, three[i].facts.scores.digest) << one[i].name;
        EXPECT_EQ(one[i].facts.scores.digest, one[i % 25].facts.scores.digest) << "of the zip " << i;
    }
    EXPECT_EQ(one[3].name, "film.gif, frame 4");
    EXPECT_EQ(one[28].name, "zip.zip/z.gif, frame 4");
    EXPECT_NE(one[3].facts.scores.digest, one[4].facts.scores.digest);
}

std::string apng_control(std::uint32_t sequence, int width, int height, int left, int top, int disposal, int blend) {
    using test::big32;
    return png_chunk("fcTL", big32(sequence) + big32(static_cast<std::uint32_t>(width)) +
                                 big32(static_cast<std::uint32_t>(height)) + big32(static_cast<std::uint32_t>(left)) +
                                 big32(static_cast<std::uint32_t>(top)) + std::string("\0\1\0\12", 4) +
                                 static_cast<char>(disposal) + static_cast<char>(blend));
}

std::string rgba_rows(int width, int height, const std::string& pixel) {
    std::string rows;
    for (int y = 0; y < height; ++y) {
        rows += '\0';
        for (int x = 0; x < width; ++x) {
            rows += pixel;
        }
    }
    return test::packed(rows);
}

TEST(PrepareKinds, AnApngsFramesAreBlendedAndDisposedOf) {
    using test::big32;
    const std::string red_pixel("\xFF\0\0\xFF", 4), half_blue("\0\0\xFF\x80", 4), clear("\0\0\0\0", 4);
    const std::string header = big32(4) + big32(4) + std::string("\x08\x06\0\0\0", 5);
    const std::string file = "\x89PNG\r\n\x1A\n" + png_chunk("IHDR", header) + png_chunk("acTL", big32(4) + big32(0)) +
                             apng_control(0, 4, 4, 0, 0, 0, 0) + png_chunk("IDAT", rgba_rows(4, 4, red_pixel)) +
                             apng_control(1, 2, 2, 1, 1, 2, 1) +
                             png_chunk("fdAT", big32(2) + rgba_rows(2, 2, half_blue)) +
                             apng_control(3, 1, 1, 0, 0, 1, 0) + png_chunk("fdAT", big32(4) + rgba_rows(1, 1, clear)) +
                             apng_control(5, 1, 1, 3, 3, 0, 1) +
                             png_chunk("fdAT", big32(6) + rgba_rows(1, 1, half_blue)) + png_chunk("IEND", "");
    const Bytes bytes(file.begin(), file.end());
    const Scratch scratch;
    put(scratch / "a.apng", bytes);
    EXPECT_EQ(find_sources({scratch / "a.apng"}, 1).pictures.size(), 4U);
    EXPECT_EQ(at(decode(bytes, "a", 0), 2, 2), red);
    const Picture second = decode(bytes, "a", 1);
    EXPECT_EQ(at(second, 1, 1), cv::Vec3b(128, 0, 127));
    EXPECT_EQ(at(second, 0, 1), red);
    const Picture third = decode(bytes, "a", 2); // the second's colour is gone, one pixel is replaced
    EXPECT_EQ(at(third, 1, 1), red);
    EXPECT_EQ(third.pixels.at<cv::Vec4b>(0, 0)[3], 0);
    const Picture fourth = decode(bytes, "a", 3); // of which the third's disposal left nothing, either
    EXPECT_EQ(fourth.pixels.at<cv::Vec4b>(0, 0)[3], 0);
    EXPECT_EQ(at(fourth, 3, 3), cv::Vec3b(128, 0, 127));
}

Bytes little24(std::size_t value) {
    return {static_cast<std::uint8_t>(value), static_cast<std::uint8_t>(value >> 8),
            static_cast<std::uint8_t>(value >> 16)};
}

Bytes animated_webp(int side, const std::vector<cv::Scalar>& colours) {
    Bytes chunks;
    Bytes header{2, 0, 0, 0}; // animated
    for (int i = 0; i < 2; ++i) {
        const Bytes size = little24(static_cast<std::size_t>(side - 1));
        header.insert(header.end(), size.begin(), size.end());
    }
    test::put_riff(chunks, "VP8X", header);
    test::put_riff(chunks, "ANIM", {0, 0, 0, 0, 0, 0});
    for (const cv::Scalar& colour : colours) {
        Bytes still, frame(6, 0);
        cv::imencode(".webp", cv::Mat(side, side, CV_8UC3, colour), still, {cv::IMWRITE_WEBP_QUALITY, 101});
        for (int i = 0; i < 2; ++i) {
            const Bytes size = little24(static_cast<std::size_t>(side - 1));
            frame.insert(frame.end(), size.begin(), size.end());
        }
        frame.insert(frame.end(), {100, 0, 0, 2});
        frame.insert(frame.end(), still.begin() + 12, still.end());
        test::put_riff(chunks, "ANMF", frame);
    }
    Bytes file{'W', 'E', 'B', 'P'}, whole;
    file.insert(file.end(), chunks.begin(), chunks.end());
    test::put_riff(whole, "RIFF", file);
    return whole;
}

TEST(PrepareKinds, AnAnimatedWebpGivesItsFrames) {
    const Scratch scratch;
    put(scratch / "in" / "a.webp",
        animated_webp(64, {cv::Scalar(255, 0, 0), cv::Scalar(0, 255, 0), cv::Scalar(0, 0, 255)}));
    const Sources sources = find_sources({scratch / "in"}, 1);
    EXPECT_THAT(names_of(sources), ElementsAre("a.webp, frame 1", "a.webp, frame 2", "a.webp, frame 3"));
    const Bytes bytes = bytes_in(scratch / "in" / "a.webp");
    const cv::Vec3b want[] = {blue, green, red};
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(mean_of(decode(bytes, "a.webp", i).pixels), want[i]) << i;
    }
    for (const Item& item : prepared(scratch / "in", scratch / "work", 1)) {
        EXPECT_TRUE(item.kept) << item.name << " " << item.words << item.trouble;
    }
}

TEST(PrepareKinds, ContentsDecideWhateverTheEnding) {
    const Scratch scratch;
    Bytes jpeg, png;
    cv::Mat image(70, 70, CV_8UC3);
    cv::randu(image, 0, 255);
    cv::imencode(".jpg", image, jpeg);
    cv::imencode(".png", image, png);
    for (const char* name : {"a.jpg?w=640", "b.jpg-large", "c", "d.unknown", "f.JPG "}) {
        put(scratch / "in" / name, jpeg);
    }
    put(scratch / "in" / "e.tga", png);
    put(scratch / "in" / "g.tga", test::bytes_of("really another kind"));
    put(scratch / "in" / "h.nef", test::bytes_of(std::string("II*\0 what the camera saw", 24)));
    put(scratch / "in" / "notes.txt", test::bytes_of("BM, that is what begins this text, not a picture"));
    put(scratch / "in" / "empty", {});
    put(scratch / "in" / "z.zip",
        test::zip_file(
            {{"one", jpeg, false}, {"two.jpg:large", jpeg, true}, {"read me", test::bytes_of("text"), true}}));
    const Sources sources = find_sources({scratch / "in"}, 1);
    EXPECT_THAT(names_of(sources), ElementsAre("a.jpg?w=640", "b.jpg-large", "c", "d.unknown", "e.tga", "f.JPG ",
                                               "g.tga", "h.nef", "z.zip/one", "z.zip/two.jpg:large"));
    EXPECT_EQ(sources.others, 3);
    for (const Source& source : sources.pictures) {
        const bool odd = source.name == "g.tga" || source.name == "h.nef";
        EXPECT_EQ(source.trouble, odd ? "is a picture of a kind that isn't read; save it as PNG or JPEG" : "")
            << source.name;
    }
}

TEST(PrepareKinds, ALinkedFolderIsNamed) {
    const Scratch scratch;
    put(scratch / "in" / "a.png", test::png_file({}));
    put(scratch / "other" / "b.png", test::png_file({}));
    fs::create_directory_symlink("../other", scratch / "in" / "more");
    const Sources sources = find_sources({scratch / "in"}, 1);
    ASSERT_THAT(names_of(sources), ElementsAre("a.png", "more"));
    EXPECT_THAT(sources.pictures[1].trouble, HasSubstr("is a link to a folder, which is not followed"));
}

TEST(PrepareKinds, HostilePagesAreBounded) {
    const Scratch scratch;
    // Two directories that name each other as the next.
    Bytes loop = bytes_in(test::reports_dir() / "18-heic" / "pages.tiff");
    const auto first = static_cast<std::size_t>(loop[4] | loop[5] << 8 | loop[6] << 16);
    const auto entries = static_cast<std::size_t>(loop[first] | loop[first + 1] << 8);
    for (std::size_t i = 0; i < 4; ++i) {
        loop[first + 2 + 12 * entries + i] = loop[4 + i];
    }
    put(scratch / "in" / "loop.tiff", loop);
    std::vector<GifFrame> many(10'001, {0, 0, 1, 1, DISPOSE_DO_NOT, std::string(1, '\1')});
    put(scratch / "in" / "many.gif", gif_file(8, 8, many, NO_TRANSPARENT_COLOR));
    Bytes vast = gif_file(8, 8, {{0, 0, 8, 8, DISPOSE_DO_NOT, std::string(64, '\1')}}, NO_TRANSPARENT_COLOR);
    vast[6] = vast[7] = vast[8] = vast[9] = 0xFF;
    put(scratch / "in" / "vast.gif", vast);
    Bytes cut = animated_webp(64, {cv::Scalar(255, 0, 0), cv::Scalar(0, 255, 0)});
    cut.resize(cut.size() - 20);
    put(scratch / "in" / "cut.webp", cut);
    Bytes heic = bytes_in(test::reports_dir() / "18-heic" / "IMG_0001.HEIC");
    heic.resize(heic.size() / 2);
    put(scratch / "in" / "half.heic", heic);
    const std::vector<Item> items = prepared(scratch / "in", scratch / "work", 2);
    ASSERT_EQ(items.size(), 5U);
    EXPECT_EQ(items[0].name, "cut.webp");
    EXPECT_THAT(items[0].trouble, HasSubstr("damaged"));
    EXPECT_THAT(items[1].trouble, HasSubstr("damaged")) << items[1].name;
    EXPECT_EQ(items[2].crop, 0) << items[2].name; // its first page, once
    EXPECT_THAT(items[3].trouble, HasSubstr("more than 10000 frames"));
    EXPECT_THAT(items[4].trouble, HasSubstr("65535 x 65535 px; at most 32768"));
}

} // namespace
} // namespace atelier::prepare
