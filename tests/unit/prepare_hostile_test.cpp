// SPDX-License-Identifier: Apache-2.0
// 500 damaged, mislabelled and treacherous files: the run goes on, names each, and memory stays bounded.
#include <filesystem>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <sys/resource.h>
#include <zlib.h>

#include "prepare/cut_run.h"
#include "prepare/decoder_pool.h"
#include "prepare/sandboxed_decoder.h"
#include "support/paths.h"
#include "support/scratch.h"

namespace atelier::prepare {
namespace {

namespace fs = std::filesystem;
using test::Scratch;
using Bytes = std::vector<std::uint8_t>;

std::vector<std::pair<std::string, Bytes>> good_files() {
    cv::Mat image(120, 160, CV_8UC3), deep;
    cv::randu(image, 0, 255);
    image.convertTo(deep, CV_16UC3, 257);
    std::vector<std::pair<std::string, Bytes>> files;
    for (const char* kind : {".png", ".jpg", ".webp", ".tiff", ".bmp"}) {
        Bytes bytes;
        cv::imencode(kind, image, bytes);
        files.emplace_back(kind, bytes);
    }
    Bytes bytes;
    cv::imencode(".png", deep, bytes);
    files.emplace_back(".png", bytes);
    for (const char* name : {"IMG_0001.HEIC", "anim.png", "x.avif", "x.gif"}) {
        const fs::path path = test::reports_dir() / "18-heic" / name;
        files.emplace_back(path.extension().string(), test::file_bytes(path));
    }
    return files;
}

Bytes mutated(Bytes bytes, std::mt19937& random) {
    const auto any = [&](std::size_t below) {
        return std::uniform_int_distribution<std::size_t>(0, below - 1)(random);
    };
    switch (any(4)) {
    case 0: bytes.resize(any(bytes.size())); break;
    case 1:
        for (int i = 0; i < 20; ++i) {
            bytes[any(bytes.size())] ^= static_cast<std::uint8_t>(1U << any(8));
        }
        break;
    case 2: // in the header, where sizes stand
        for (int i = 0; i < 4; ++i) {
            bytes[any(std::min<std::size_t>(bytes.size(), 64))] = static_cast<std::uint8_t>(any(256));
        }
        break;
    default: bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(any(bytes.size())), 50, 0xFF); break;
    }
    return bytes;
}

// A PNG whose header says 16000 x 12000 px and whose pixels are all one, a few hundred kB in all.
Bytes bomb() {
    const auto number = [](Bytes& out, std::uint32_t v) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.push_back(static_cast<std::uint8_t>(v >> shift));
        }
    };
    const auto chunk = [&](Bytes& out, const std::string& type, const Bytes& data) {
        number(out, static_cast<std::uint32_t>(data.size()));
        Bytes body(type.begin(), type.end());
        body.insert(body.end(), data.begin(), data.end());
        out.insert(out.end(), body.begin(), body.end());
        number(out, static_cast<std::uint32_t>(crc32_z(0, body.data(), body.size())));
    };
    Bytes out{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'}, header;
    number(header, 16000);
    number(header, 12000);
    header.insert(header.end(), {8, 6, 0, 0, 0});
    chunk(out, "IHDR", header);
    const Bytes zeros(1U << 24U);
    Bytes packed(compressBound(zeros.size()));
    uLongf size = packed.size();
    compress(packed.data(), &size, zeros.data(), zeros.size());
    packed.resize(size);
    chunk(out, "IDAT", packed);
    chunk(out, "IEND", {});
    return out;
}

TEST(PrepareHostile, FiveHundredBadFilesStopNothing) {
    ASSERT_NE(dynamic_cast<SandboxedDecoder*>(borrow_decoder().get()), nullptr) << "not in the sandbox";
    const Scratch scratch;
    const fs::path in = scratch / "in";
    fs::create_directories(in / "sub");
    std::mt19937 random(1);
    const auto good = good_files();
    for (int i = 0; i < 490; ++i) {
        const auto& [kind, bytes] = good[static_cast<std::size_t>(i) % good.size()];
        const std::string name = i % 7 == 0 ? ".jpg" : kind; // some by a wrong name
        test::put_bytes(in / fmt::format("{:03}{}", i, name), mutated(bytes, random));
    }
    test::put_bytes(in / "bomb.png", bomb());
    test::put_bytes(in / "empty.png", {});
    test::put_bytes(in / "broken.zip", test::bytes_of("PK\3\4 and nothing"));
    test::put_bytes(in / "broken.mp4", test::bytes_of("no video"));
    fs::create_symlink("loop.png", in / "loop.png");
    fs::create_symlink("nowhere.png", in / "dangling.png");
    fs::create_directory_symlink("..", in / "sub" / "up");
    test::put_bytes(in / "vanishing.png", good[0].second);
    test::put_bytes(in / "zz-good.png", good[0].second);
    ASSERT_EQ(mkfifo((in / "pipe.png").c_str(), 0600), 0);

    Sources sources = find_sources({in}, 1);
    fs::remove(in / "vanishing.png");
    const std::size_t total = sources.pictures.size();
    EXPECT_GE(total, 495U);
    CutOptions options;
    options.size = 64;
    rusage before{}, after{};
    getrusage(RUSAGE_SELF, &before);
    CutRun job(std::move(sources), options, scratch / "work");
    job.start(2);
    while (!job.wait(1)) {
    }
    getrusage(RUSAGE_SELF, &after);
    std::vector<Item> items = job.items();
    judge(items, options, default_thresholds(options), false);
    int unreadable = 0;
    for (const Item& item : items) {
        if (item.reason == Reason::unreadable) {
            ++unreadable;
            EXPECT_FALSE(item.words.empty()) << item.name;
        }
    }
    EXPECT_EQ(items.size(), total);
    EXPECT_GT(unreadable, 150);
    EXPECT_NE(items.back().crop, -1) << items.back().name << " " << items.back().words; // the good one at the end
    // The largest picture that is read at all takes 16000 x 12000 x 4 bytes, one at a time.
    EXPECT_LT(after.ru_maxrss, 1'400'000) << "kB";
    RecordProperty("peak_kB", std::to_string(after.ru_maxrss));
    RecordProperty("unreadable", unreadable);
}

TEST(PrepareHostile, AHugePictureIsPrepared) {
    const Scratch scratch;
    fs::create_directories(scratch / "in");
    {
        cv::Mat huge(12000, 12000, CV_8UC3, cv::Scalar(40, 90, 160));
        cv::imwrite((scratch / "in/huge.jpg").string(), huge);
    }
    CutOptions options;
    options.size = 64;
    CutRun job(find_sources({scratch / "in"}, 1), options, scratch / "work");
    job.start(2);
    while (!job.wait(1)) {
    }
    ASSERT_EQ(job.items().size(), 1U);
    EXPECT_EQ(job.items()[0].crop, 0) << job.items()[0].trouble;
    EXPECT_EQ(job.items()[0].width, 12000);
}

} // namespace
} // namespace atelier::prepare
