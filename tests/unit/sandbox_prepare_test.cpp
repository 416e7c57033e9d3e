// SPDX-License-Identifier: Apache-2.0
// Data sets through the sandbox: the same pictures to the bit, and a run that goes on whatever a decoder does.
#include <algorithm>
#include <cstring>
#include <filesystem>

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

#include "base/error.h"
#include "media/video_writer.h"
#include "prepare/cut_run.h"
#include "prepare/read_picture.h"
#include "prepare/sandboxed_decoder.h"
#include "support/paths.h"
#include "support/scratch.h"

namespace atelier::prepare {
namespace {

namespace fs = std::filesystem;
using test::Scratch;

bool is_sandboxed() {
    return dynamic_cast<SandboxedDecoder*>(borrow_decoder().get()) != nullptr;
}

std::vector<std::uint8_t> encoded(const char* kind, const cv::Mat& image) {
    std::vector<std::uint8_t> bytes;
    cv::imencode(kind, image, bytes);
    return bytes;
}

cv::Mat noise(int type) {
    cv::Mat image(60, 80, type);
    cv::randu(image, 0, CV_MAT_DEPTH(type) == CV_16U ? 65535 : 255);
    return image;
}

cv::Mat read_by(Decoding how, const Source& source) {
    cv::Mat pixels;
    PictureReader reader(how);
    reader.with(source, [&](const Picture& picture) {
        pixels = picture.pixels.clone();
        return Finding();
    });
    return pixels;
}

void expect_same(const Sources& sources) {
    PictureReader boxed(Decoding::sandboxed), here(Decoding::here); // kept, so that animations go on
    for (const Source& source : sources.pictures) {
        cv::Mat pixels[2];
        std::string trouble[2];
        for (int i = 0; i < 2; ++i) {
            try {
                (i == 0 ? boxed : here).with(source, [&](const Picture& picture) {
                    pixels[i] = picture.pixels.clone();
                    return Finding();
                });
            } catch (const Error& error) {
                trouble[i] = error.what();
            }
        }
        EXPECT_EQ(trouble[0], trouble[1]) << source.name;
        ASSERT_EQ(pixels[0].size(), pixels[1].size()) << source.name;
        ASSERT_EQ(pixels[0].type(), pixels[1].type()) << source.name;
        EXPECT_EQ(std::memcmp(pixels[0].data, pixels[1].data, pixels[0].total() * pixels[0].elemSize()), 0)
            << source.name;
    }
}

TEST(SandboxPrepare, PicturesOfAllKindsAreTheSame) {
    ASSERT_TRUE(is_sandboxed());
    const Scratch scratch;
    for (const char* kind : {".png", ".jpg", ".webp", ".tiff", ".bmp"}) {
        test::put_bytes(scratch / (std::string("rgb") + kind), encoded(kind, noise(CV_8UC3)));
    }
    test::put_bytes(scratch / "rgba.png", encoded(".png", noise(CV_8UC4)));
    test::put_bytes(scratch / "deep.png", encoded(".png", noise(CV_16UC3)));
    test::put_bytes(scratch / "gray.png", encoded(".png", noise(CV_8UC1)));
    test::put_bytes(scratch / "text.png", test::bytes_of("no picture\n"));
    std::vector<std::uint8_t> cut = encoded(".jpg", noise(CV_8UC3));
    cut.resize(cut.size() / 2);
    test::put_bytes(scratch / "cut.jpg", cut);
    const Sources sources = find_sources({scratch.path()}, 1);
    EXPECT_EQ(sources.pictures.size(), 10U);
    expect_same(sources);
}

TEST(SandboxPrepare, HeicAnimationsAndPagesAreTheSame) {
    ASSERT_TRUE(is_sandboxed());
    const fs::path folder = test::reports_dir() / "18-heic";
    ASSERT_TRUE(fs::is_directory(folder)) << folder;
    const Sources sources = find_sources({folder}, 1);
    EXPECT_GT(sources.pictures.size(), 4U);
    expect_same(sources);
}

TEST(SandboxPrepare, FramesOfAVideoAreTheSame) {
    const Scratch scratch;
    media::VideoOptions options;
    options.path = scratch / "film.mp4";
    options.width = 64;
    options.height = 48;
    options.fps = 10;
    media::VideoWriter writer(options);
    PixelBuffer frame{64, 48, std::vector<std::uint8_t>(64U * 48 * 4, 255)};
    for (int i = 0; i < 25; ++i) {
        std::fill_n(frame.rgba.begin(), frame.rgba.size() / 2, static_cast<std::uint8_t>(10 * i));
        writer.add(frame);
    }
    writer.finish();
    const Sources sources = find_sources({scratch.path()}, 0.5);
    EXPECT_EQ(sources.pictures.size(), 5U);
    expect_same(sources);
}

TEST(SandboxPrepare, ARunGoesOnWhateverADecoderDoes) {
    const Scratch scratch;
    const fs::path in = scratch / "in";
    fs::create_directories(in);
    for (const char* what : {"ABORT", "ALLOCATE", "CRASH", "CREATE", "EXIT", "EXECUTE", "SOCKET"}) {
        test::put_bytes(in / (std::string(what) + ".png"), test::bytes_of(std::string("TRY ") + what + "\n"));
    }
    test::put_bytes(in / "NONSENSE.png", test::bytes_of("NONSENSE\n"));
    test::put_bytes(in / "a-first.png", encoded(".png", noise(CV_8UC3)));
    test::put_bytes(in / "z-last.png", encoded(".png", noise(CV_8UC3)));
    CutOptions options;
    options.size = 64;
    CutRun job(find_sources({in}, 1), options, scratch / "work");
    job.start(2);
    while (!job.wait(1)) {
    }
    const std::vector<Item> items = job.items();
    ASSERT_EQ(items.size(), 10U);
    for (const Item& item : items) {
        const bool good = item.name.starts_with("a-") || item.name.starts_with("z-");
        EXPECT_EQ(item.crop, good ? 0 : -1) << item.name << " " << item.trouble;
        EXPECT_EQ(item.trouble.find("could not be read: its decoder "), good ? std::string::npos : 0) << item.trouble;
    }
}

TEST(SandboxPrepare, ManyFilesLeaveNothingOpen) {
    const Scratch scratch;
    test::put_bytes(scratch / "a.png", encoded(".png", noise(CV_8UC3)));
    const Source source = find_sources({scratch.path()}, 1).pictures.at(0);
    read_by(Decoding::sandboxed, source);
    const auto open_now = [] {
        return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator());
    };
    const auto before = open_now();
    for (int i = 0; i < 100; ++i) {
        read_by(Decoding::sandboxed, source);
    }
    EXPECT_EQ(open_now(), before);
}

} // namespace
} // namespace atelier::prepare
