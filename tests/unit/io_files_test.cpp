// SPDX-License-Identifier: Apache-2.0
// Whole files in and out: atomic replacement, also on a full disk; pictures; zip archives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>
#include <zlib.h>

#include "base/error.h"
#include "fuzz/child.h"
#include "io/atomic_file.h"
#include "io/image.h"
#include "io/input_file.h"
#include "io/zip_archive.h"
#include "support/scratch.h"

namespace atelier::io {
namespace {

using test::bytes_of;
using test::message_from;
using testing::HasSubstr;
using testing::StartsWith;

TEST(AtomicFile, AppearsOnlyWhenCommitted) {
    const test::Scratch scratch;
    {
        AtomicFile file(scratch / "a.bin");
        file.write("abc", 3);
        EXPECT_FALSE(std::filesystem::exists(scratch / "a.bin"));
        EXPECT_EQ(file.temporary().parent_path(), scratch.path());
        file.commit();
        EXPECT_TRUE(std::filesystem::exists(scratch / "a.bin"));
    }
    EXPECT_EQ(test::file_bytes(scratch / "a.bin"), bytes_of("abc"));
    {
        AtomicFile file(scratch / "a.bin");
        file.write("new", 3);
    }
    EXPECT_EQ(test::file_bytes(scratch / "a.bin"), bytes_of("abc")); // not committed: the old one stays
    {
        AtomicFile file(scratch / "a.bin");
        file.write("new", 3);
        file.commit();
    }
    EXPECT_EQ(test::file_bytes(scratch / "a.bin"), bytes_of("new"));
    EXPECT_EQ(scratch.files().size(), 1U);
}

TEST(AtomicFile, WhatIsShownIsWholeAtAnyMoment) {
    const test::Scratch scratch;
    show_file(scratch / "a.json", "[1]");
    AtomicFile file(scratch / "a.json");
    file.write("[1, 2]", 6);
    EXPECT_EQ(test::file_bytes(scratch / "a.json"), bytes_of("[1]"));
    file.show();
    EXPECT_EQ(test::file_bytes(scratch / "a.json"), bytes_of("[1, 2]"));
    EXPECT_EQ(scratch.files().size(), 1U);
    EXPECT_THAT([&] { show_file(scratch / "none" / "a.json", "[]"); },
                testing::ThrowsMessage<Error>(HasSubstr("a.json: can't be written: its folder does not exist")));
}

TEST(AtomicFile, SaysWhyAPlaceCannotBeWritten) {
    const test::Scratch scratch;
    const auto missing = scratch / "no" / "file.bin";
    EXPECT_EQ(message_from<Error>([&] { AtomicFile file(missing); }),
              missing.string() + ": can't be written: its folder does not exist");
    EXPECT_THAT(message_from<Error>([&] { AtomicFile file(scratch.path()); }), HasSubstr("is a folder"));
    EXPECT_THAT(message_from<Error>([&] { AtomicFile file("/dev/full"); }), HasSubstr("device"));
    EXPECT_TRUE(scratch.files().empty());
}

// A file-size limit stands in for a full disk.
TEST(AtomicFile, AFullDiskLeavesNothing) {
    const test::Scratch scratch;
    test::put_bytes(scratch / "old.bin", bytes_of("old"));
    const auto end = test::in_child([&](std::string& message) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{100'000, 100'000};
        setrlimit(RLIMIT_FSIZE, &limit);
        message = message_from<Error>([&] {
            AtomicFile file(scratch / "old.bin");
            const std::vector<char> block(30'000);
            for (int i = 0; i < 10; ++i) {
                file.write(block.data(), block.size());
            }
            file.commit();
        });
        return 0;
    });
    EXPECT_EQ(end.exit_code, 0);
    EXPECT_THAT(end.output, StartsWith((scratch / "old.bin").string() + ": can't be written: the disk"));
    EXPECT_EQ(scratch.files(), std::vector<std::string>{"old.bin"});
    EXPECT_EQ(test::file_bytes(scratch / "old.bin"), bytes_of("old"));
}

TEST(InputFile, SaysWhatIsWrong) {
    const test::Scratch scratch;
    test::put_bytes(scratch / "empty", {});
    ASSERT_EQ(mkfifo((scratch / "pipe").c_str(), 0600), 0);
    EXPECT_THAT(message_from<Error>([&] { InputFile file(scratch / "none"); }), HasSubstr("no such file"));
    EXPECT_THAT(message_from<Error>([&] { InputFile file(scratch.path()); }), HasSubstr("is a folder"));
    EXPECT_THAT(message_from<Error>([&] { InputFile file(scratch / "empty"); }), HasSubstr("empty file"));
    EXPECT_THAT(message_from<Error>([&] { InputFile file(scratch / "pipe"); }), HasSubstr("pipe"));
    EXPECT_THAT(message_from<Error>([&] { InputFile file("/dev/zero"); }), HasSubstr("device"));
}

Image8 gradient(int width, int height, int channels) {
    Image8 image{.width = width, .height = height, .channels = channels, .pixels = {}};
    for (int i = 0; i < width * height * channels; ++i) {
        image.pixels.push_back(static_cast<std::uint8_t>(i * 7 + i / 13));
    }
    return image;
}

TEST(Image, PngComesBackExactly) {
    const test::Scratch scratch;
    for (int channels = 1; channels <= 4; ++channels) {
        for (const int compression : {1, 9}) {
            const Image8 image = gradient(37, 21, channels);
            write_png(scratch / "a.png", image, compression);
            const Image8 back = read_image(scratch / "a.png");
            EXPECT_EQ(back.width, 37);
            EXPECT_EQ(back.height, 21);
            EXPECT_EQ(back.channels, channels);
            EXPECT_EQ(back.pixels, image.pixels);
        }
    }
    EXPECT_EQ(scratch.files().size(), 1U);
    write_png(scratch / "gray.png", gradient(4, 4, 1));
    EXPECT_EQ(read_image(scratch / "gray.png", 3).pixels.size(), 48U);
}

TEST(Image, BadPicturesAreRefused) {
    const test::Scratch scratch;
    const Image8 image = gradient(64, 64, 3);
    write_png(scratch / "a.png", image);
    auto bytes = test::file_bytes(scratch / "a.png");
    bytes.resize(bytes.size() / 2);
    test::put_bytes(scratch / "half.png", bytes);
    test::put_bytes(scratch / "text.png", bytes_of("hello"));
    EXPECT_THAT(message_from<Error>([&] { read_image(scratch / "half.png"); }), HasSubstr("damaged picture"));
    EXPECT_THAT(message_from<Error>([&] { read_image(scratch / "text.png"); }), HasSubstr("not a PNG or JPEG"));
    EXPECT_THAT(message_from<Error>([&] { read_image(scratch / "none.png"); }), HasSubstr("no such file"));
    auto huge = test::file_bytes(scratch / "a.png");
    huge[16] = 0x7f; // width in the header
    test::put_bytes(scratch / "huge.png", huge);
    EXPECT_THAT(message_from<Error>([&] { read_image(scratch / "huge.png"); }),
                StartsWith((scratch / "huge.png").string()));
    Image8 wrong = image;
    wrong.pixels.pop_back();
    EXPECT_THAT(message_from<Error>([&] { write_png(scratch / "b.png", wrong); }), HasSubstr("not possible"));
    EXPECT_FALSE(std::filesystem::exists(scratch / "b.png"));
}

// A little zip writer: stored entries, one disk.
struct ZipWriter {
    std::string data;
    std::string directory;
    int count = 0;

    template <typename T> static std::string little(T value) {
        return {reinterpret_cast<const char*>(&value), sizeof(value)};
    }
    void add(const std::string& name, const std::string& content, const std::string& local_name = "",
             std::uint32_t crc_error = 0, std::uint16_t method = 0, std::uint16_t flags = 0) {
        const auto crc = static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(content.data()),
                                                          static_cast<uInt>(content.size()))) +
                         crc_error;
        const auto size = static_cast<std::uint32_t>(content.size());
        const auto offset = static_cast<std::uint32_t>(data.size());
        const std::string local = local_name.empty() ? name : local_name;
        const std::string common =
            little(flags) + little(method) + little<std::uint32_t>(0) + little(crc) + little(size) + little(size);
        data += "PK\x03\x04" + little<std::uint16_t>(20) + common + little(static_cast<std::uint16_t>(local.size())) +
                little<std::uint16_t>(0) + local + content;
        directory += "PK\x01\x02" + little<std::uint32_t>(20) + common +
                     little(static_cast<std::uint16_t>(name.size())) + std::string(12, '\0') + little(offset) + name;
        ++count;
    }
    std::vector<std::uint8_t> finish(int claimed = -1, const std::string& comment = "") const {
        const auto entries = static_cast<std::uint16_t>(claimed < 0 ? count : claimed);
        return bytes_of(data + directory + "PK\x05\x06" + little<std::uint32_t>(0) + little(entries) + little(entries) +
                        little(static_cast<std::uint32_t>(directory.size())) +
                        little(static_cast<std::uint32_t>(data.size())) +
                        little(static_cast<std::uint16_t>(comment.size())) + comment);
    }
};

std::string zip_refusal(const std::vector<std::uint8_t>& data, const std::string& entry = "") {
    return message_from<Error>([&] {
        const ZipArchive archive(data);
        if (!entry.empty()) {
            archive.read(entry);
        }
    });
}

TEST(Zip, ReadsStoredEntries) {
    ZipWriter zip;
    zip.add("a/data.pkl", "hello");
    zip.add("a/data/0", "");
    for (const auto& bytes : {zip.finish(), zip.finish(-1, "a comment")}) {
        const ZipArchive archive(bytes);
        EXPECT_EQ(as_text(archive.read("a/data.pkl")), "hello");
        EXPECT_EQ(archive.read("a/data/0").size(), 0U);
        EXPECT_EQ(archive.folder_of("data.pkl"), "a");
        EXPECT_FALSE(archive.contains("data.pkl"));
    }
}

TEST(Zip, RefusesWhatDoesNotFit) {
    ZipWriter zip;
    zip.add("a/x", "hello");
    EXPECT_THAT(zip_refusal(zip.finish(2)), HasSubstr("claims 2 entries"));
    EXPECT_THAT(zip_refusal(zip.finish(0)), HasSubstr("more entries"));
    EXPECT_THAT(zip_refusal(zip.finish(), "a/y"), HasSubstr("'a/y' is missing"));
    auto cut = zip.finish();
    cut.pop_back();
    EXPECT_THAT(zip_refusal(cut), HasSubstr("end record"));

    ZipWriter twice = zip;
    twice.add("a/x", "again");
    EXPECT_THAT(zip_refusal(twice.finish()), HasSubstr("twice"));
    ZipWriter renamed;
    renamed.add("a/x", "hello", "a/z");
    EXPECT_THAT(zip_refusal(renamed.finish()), HasSubstr("another name"));
    ZipWriter damaged;
    damaged.add("a/x", "hello", "", 1);
    EXPECT_THAT(zip_refusal(damaged.finish(), "a/x"), HasSubstr("CRC"));
    ZipWriter packed;
    packed.add("a/x", "hello", "", 0, 8);
    EXPECT_THAT(zip_refusal(packed.finish(), "a/x"), HasSubstr("compressed (method 8)"));
    ZipWriter secret;
    secret.add("a/x", "hello", "", 0, 0, 1);
    EXPECT_THAT(zip_refusal(secret.finish(), "a/x"), HasSubstr("encrypted"));
    ZipWriter inner; // an entry inside the bytes of another
    inner.add("a/w", "hi");
    ZipWriter overlapping;
    overlapping.add("a/x", inner.data);
    inner.directory[42] = 30 + 3; // offset of its header: behind the outer header and name
    overlapping.directory += inner.directory;
    overlapping.count = 2;
    EXPECT_THAT(zip_refusal(overlapping.finish()), HasSubstr("overlap"));
}

TEST(Zip, FoldersArePlain) {
    const auto folder = [](std::initializer_list<const char*> names) {
        ZipWriter zip;
        for (const char* name : names) {
            zip.add(name, "x");
        }
        const auto bytes = zip.finish();
        const ZipArchive archive(bytes);
        return message_from<Error>([&] { archive.folder_of("data.pkl"); });
    };
    EXPECT_EQ(folder({"a/data.pkl"}), "");
    EXPECT_THAT(folder({"data.pkl"}), HasSubstr("without data.pkl"));
    EXPECT_THAT(folder({"a/b/data.pkl"}), HasSubstr("without data.pkl"));
    EXPECT_THAT(folder({"../data.pkl"}), HasSubstr("path"));
    EXPECT_THAT(folder({"/data.pkl"}), HasSubstr("path"));
    EXPECT_THAT(folder({"a/data.pkl", "b/data.pkl"}), HasSubstr("more than one"));
}

} // namespace
} // namespace atelier::io
