// SPDX-License-Identifier: Apache-2.0
// Data sets: what is accepted, in which variants and order; what is refused, and in which words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "base/error.h"
#include "io/image.h"
#include "support/paths.h"
#include "support/picture_files.h"
#include "support/scratch.h"
#include "train/dataset.h"

namespace {

using namespace atelier;
using namespace atelier::test;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using train::Dataset;
using train::DatasetOptions;

// 8x8 px, one gray of 200, baseline.
std::vector<std::uint8_t> jpeg_file() {
    static const std::string hex =
        "FFD8FFE000104A46494600010100000100010000FFDB004300100B0C0E0C0A100E0D0E1211101318281A181616183123251D"
        "283A333D3C3933383740485C4E404457453738506D51575F626768673E4D71797064785C656763FFC0000B08000800080101"
        "1100FFC40014000100000000000000000000000000000006FFC40014100100000000000000000000000000000000FFDA0008"
        "010100003F0048FFD9";
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        bytes.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    }
    return bytes;
}

std::vector<std::uint8_t> png(int width, int height, int colour = 2, int depth = 8) {
    PngParts parts;
    parts.width = width;
    parts.height = height;
    parts.colour = colour;
    parts.depth = depth;
    return png_file(parts);
}

// An RGB picture of `side` px whose first channel counts pixels from `start`.
std::vector<std::uint8_t> counting_png(int side, int start) {
    PngParts parts;
    parts.width = parts.height = side;
    for (int y = 0; y < side; ++y) {
        parts.rows += '\0';
        for (int x = 0; x < side; ++x) {
            parts.rows += std::string{static_cast<char>(start + y * side + x), 'g', 'b'};
        }
    }
    return png_file(parts);
}

class DatasetTest : public testing::Test {
protected:
    void put(const std::string& name, const std::vector<std::uint8_t>& bytes) {
        std::filesystem::create_directories((scratch_ / name).parent_path());
        put_bytes(scratch_ / name, bytes);
    }
    void put(const std::string& name, const std::string& text) { put(name, bytes_of(text)); }
    std::string refusal(const DatasetOptions& options = {}) { return refusal_of(scratch_.path(), options); }
    static std::string refusal_of(const std::filesystem::path& path, const DatasetOptions& options = {}) {
        return message_from<Error>([&] { Dataset(path, options); });
    }
    std::string label_refusal() {
        DatasetOptions options;
        options.use_labels = true;
        return refusal(options);
    }

    Scratch scratch_;
};

TEST_F(DatasetTest, NeedsPictures) {
    EXPECT_THAT(refusal_of(scratch_ / "none"), HasSubstr("there is no such folder or zip"));
    EXPECT_THAT(refusal(), AllOf(HasSubstr(scratch_.path().string()), HasSubstr("holds no pictures")));
    put("notes.txt", "hello");
    put(".hidden.png", png(8, 8));
    put("__MACOSX/._a.png", png(8, 8));
    EXPECT_THAT(refusal(), HasSubstr("holds no pictures"));
    EXPECT_THAT(refusal_of(scratch_ / "notes.txt"), AllOf(HasSubstr("notes.txt: "), HasSubstr("zip archive")));
    put("empty.zip", zip_file({{"notes.txt", bytes_of("hello")}}));
    EXPECT_THAT(refusal_of(scratch_ / "empty.zip"), HasSubstr("holds no pictures"));
}

TEST_F(DatasetTest, NamesTheFirstBadPictureAndCountsTheOthers) {
    put("a.png", png(8, 8));
    put("b/c.png", png(8, 6));
    EXPECT_THAT(refusal(), AllOf(HasSubstr((scratch_ / "b/c.png").string() + ": is 8 x 6 px, which no network makes"),
                                 Not(HasSubstr("other"))));
    put("d.png", png(6, 8));
    put("e.png", png(9, 9));
    put("f.png", png(4, 8));
    EXPECT_THAT(refusal(), AllOf(HasSubstr("b/c.png: is 8 x 6 px"),
                                 HasSubstr("(2 other pictures have the same trouble, 1 has another)")));
}

TEST_F(DatasetTest, SaysWhatIsWrongAndWhatMendsIt) {
    put("good1.png", png(8, 8));
    put("good2.png", png(8, 8));
    const auto with = [&](const std::string& name, const std::vector<std::uint8_t>& bytes) {
        put(name, bytes);
        std::string text = refusal();
        std::filesystem::remove(scratch_ / name);
        return text;
    };
    EXPECT_THAT(with("a.png", png(24, 24)), HasSubstr("is 24 px a side; scale it to a power of two"));
    EXPECT_THAT(with("a.png", png(8192, 8192)), HasSubstr("is 8192 px a side"));
    // The odd one out is named, though it comes first.
    EXPECT_THAT(with("a.png", png(16, 16)),
                AllOf(HasSubstr("a.png: is 16 px a side, but"), HasSubstr("good1.png is 8 px a side")));
    EXPECT_THAT(with("a.png", png(8, 8, 0)), AllOf(HasSubstr("a.png: is gray, but"), HasSubstr("is in colour")));
    EXPECT_THAT(with("a.png", png(8, 8, 2, 16)), HasSubstr("16 bits"));
    EXPECT_THAT(with("a.png", png(8, 8, 6)), HasSubstr("transparent parts; flatten"));
    EXPECT_THAT(with("a.webp", bytes_of("RIFF")), HasSubstr("a.webp: is a picture of a kind that isn't read"));
    EXPECT_THAT(with("a.png", bytes_of("hello")), HasSubstr("not a PNG or JPEG picture"));
    EXPECT_THAT(with("a.png", {}), HasSubstr("a.png: is an empty file"));
    auto cut = png(8, 8);
    cut.resize(cut.size() - 5);
    EXPECT_THAT(with("a.png", cut), HasSubstr("a.png: is a damaged picture (it is cut off)"));
    auto cut_jpeg = jpeg_file();
    cut_jpeg.resize(cut_jpeg.size() - 2);
    EXPECT_THAT(with("a.jpg", cut_jpeg), HasSubstr("a.jpg: is a damaged picture (it is cut off)"));
    EXPECT_EQ(refusal(), "");
}

TEST_F(DatasetTest, TakesPalettesAndOpaqueAlpha) {
    PngParts parts;
    parts.colour = 3;
    parts.depth = 4;
    parts.before_pixels = png_chunk("PLTE", std::string("\x01\x02\x03\xFF\xFF\xFF", 6));
    put("palette.png", png_file(parts));
    parts.before_pixels += png_chunk("tRNS", std::string("\xFF\x00", 2)); // hides a colour that isn't used
    put("palette_alpha.png", png_file(parts));
    PngParts rgba;
    rgba.colour = 6;
    for (int y = 0; y < 8; ++y) {
        rgba.rows += '\0';
        for (int x = 0; x < 8; ++x) {
            rgba.rows += "\x01\x02\x03\xFF";
        }
    }
    put("rgba.png", png_file(rgba));
    const Dataset data(scratch_.path(), {});
    ASSERT_EQ(data.size(), 3);
    const at::Tensor colour = at::tensor({1, 2, 3}, at::kByte).view({3, 1, 1}).expand({3, 8, 8});
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(at::equal(data.image(i), colour)) << data.names()[static_cast<std::size_t>(i)];
    }
    parts.before_pixels = png_chunk("PLTE", std::string("\x01\x02\x03\xFF\xFF\xFF", 6)) + png_chunk("tRNS", "\x7F");
    put("palette_alpha.png", png_file(parts));
    EXPECT_THAT(refusal(), HasSubstr("palette_alpha.png: has transparent parts"));
}

TEST_F(DatasetTest, ReadsJpeg) {
    put("a.JPG", jpeg_file());
    const Dataset data(scratch_.path(), {});
    EXPECT_EQ(data.resolution(), 8);
    EXPECT_EQ(data.channels(), 1);
    EXPECT_LE((data.image(0).to(at::kInt) - 200).abs().max().item<int>(), 4);
}

TEST_F(DatasetTest, MirrorsAfterTheOriginals) {
    put("a.png", counting_png(4, 0));
    put("b.png", counting_png(4, 100));
    DatasetOptions options;
    options.xflip = options.yflip = true;
    const Dataset data(scratch_.path(), options);
    ASSERT_EQ(data.size(), 8);
    EXPECT_EQ(data.raw_size(), 2);
    for (int i = 0; i < data.size(); ++i) {
        const at::Tensor original = data.image(i % 2);
        at::Tensor expected = original;
        expected = i % 4 >= 2 ? expected.flip({2}) : expected;
        expected = i >= 4 ? expected.flip({1}) : expected;
        EXPECT_TRUE(at::equal(data.image(i), expected)) << i;
        EXPECT_EQ(data.raw_index(i), i % 2);
        EXPECT_EQ(data.x_flipped(i), i % 4 >= 2);
        EXPECT_EQ(data.y_flipped(i), i >= 4);
    }
    EXPECT_EQ(data.image(0)[0][1][2].item<int>(), 6);
    options.xflip = false;
    EXPECT_TRUE(at::equal(Dataset(scratch_.path(), options).image(3), data.image(1).flip({1})));
}

TEST_F(DatasetTest, ZipEqualsFolderHoweverItIsPacked) {
    const std::string labels = R"({"labels": [["x/a.png", 1], ["x/b.png", 0]]})";
    put("x/a.png", counting_png(8, 0));
    put("x/b.png", counting_png(8, 9));
    put("dataset.json", labels);
    for (const bool deflated : {false, true}) {
        put_bytes(scratch_ / "set.zip", zip_file({{"x/b.png", counting_png(8, 9), deflated},
                                                  {"x/", {}},
                                                  {"x/a.png", counting_png(8, 0), deflated},
                                                  {"dataset.json", bytes_of(labels), deflated}}));
        DatasetOptions options;
        options.use_labels = true;
        const Dataset zip(scratch_ / "set.zip", options), folder(scratch_.path(), options);
        EXPECT_THAT(zip.names(), ElementsAre("x/a.png", "x/b.png"));
        EXPECT_EQ(zip.names(), folder.names());
        for (int i = 0; i < 2; ++i) {
            EXPECT_TRUE(at::equal(zip.image(i), folder.image(i)));
            EXPECT_TRUE(at::equal(zip.label(i), folder.label(i)));
        }
        EXPECT_TRUE(at::equal(zip.label(0), at::tensor({0.0F, 1.0F})));
    }
}

TEST_F(DatasetTest, FalseZipsAreRefused) {
    put("bomb.zip", zip_file({{"a.png", png(8, 8), true, 300'000'000}}));
    EXPECT_THAT(refusal_of(scratch_ / "bomb.zip"), HasSubstr("at most"));
    put("claim.zip", zip_file({{"a.png", png(8, 8), true, 200'000'000}}));
    EXPECT_THAT(refusal_of(scratch_ / "claim.zip"), HasSubstr("'a.png' is damaged"));
    put("short.zip", zip_file({{"a.png", png(8, 8), true, 20}}));
    EXPECT_THAT(refusal_of(scratch_ / "short.zip"), HasSubstr("'a.png' is damaged"));
    auto damaged = zip_file({{"a.png", counting_png(8, 0)}});
    damaged[60] ^= 1; // among the picture's bytes
    put("damaged.zip", damaged);
    EXPECT_THAT(message_from<Error>([&] { Dataset(scratch_ / "damaged.zip", {}).image(0); }),
                AllOf(HasSubstr("damaged.zip: "), HasSubstr("a.png"), HasSubstr("damaged")));
}

TEST_F(DatasetTest, FalsePixelsAreRefused) {
    PngParts parts;
    parts.rows = std::string(20'000'000, '\0'); // 200 were right
    put("a.png", png_file(parts));
    EXPECT_THAT(message_from<Error>([&] { Dataset(scratch_.path(), {}).image(0); }),
                HasSubstr("a.png: is a damaged picture (its pixels"));
    parts.rows = std::string(50, '\0');
    put("a.png", png_file(parts));
    EXPECT_THAT(message_from<Error>([&] { Dataset(scratch_.path(), {}).image(0); }), HasSubstr("not as many"));
    auto flipped = counting_png(8, 0);
    flipped[50] ^= 4;
    put("a.png", flipped);
    EXPECT_THAT(message_from<Error>([&] { Dataset(scratch_.path(), {}).image(0); }), HasSubstr("a.png: "));
}

// Whatever byte is wrong and wherever a file ends: an Error or a picture, never anything else.
TEST_F(DatasetTest, AnyDamageIsAnErrorOrAPicture) {
    const std::vector<std::vector<std::uint8_t>> files{counting_png(4, 0), jpeg_file(),
                                                       zip_file({{"a.png", counting_png(4, 0), true}})};
    for (std::size_t kind = 0; kind < files.size(); ++kind) {
        const std::string name = std::array{"a.png", "a.jpg", "a.zip"}[kind];
        const Scratch own;
        const auto attempt = [&](const std::vector<std::uint8_t>& bytes) {
            put_bytes(own / name, bytes);
            try {
                Dataset(kind == 2 ? own / name : own.path(), {}).image(0);
            } catch (const Error&) {
            }
        };
        for (std::size_t at = 0; at < files[kind].size(); ++at) {
            for (const int change : {0x01, 0xFF}) {
                auto bytes = files[kind];
                bytes[at] ^= static_cast<std::uint8_t>(change);
                attempt(bytes);
            }
            attempt({files[kind].begin(), files[kind].begin() + static_cast<std::ptrdiff_t>(at)});
        }
    }
}

TEST_F(DatasetTest, LabelsAreChecked) {
    put("a.png", png(8, 8));
    put("b.png", png(8, 8));
    const auto with = [&](const std::string& json) {
        put("dataset.json", json);
        EXPECT_EQ(refusal(), "") << "nobody asked for labels: " << json;
        return label_refusal();
    };
    EXPECT_THAT(with("{"),
                AllOf(HasSubstr("dataset.json: "), HasSubstr("is no JSON: line 1, column 2: it ends before")));
    EXPECT_THAT(with(R"({"labels": [["a.png", 1]]})"), HasSubstr("has no label for b.png"));
    EXPECT_THAT(with(R"({"labels": [["a.png", 1], ["b.png", -1]]})"), HasSubstr("the label of b.png"));
    EXPECT_THAT(with(R"({"labels": [["a.png", 1], ["b.png", 1e9]]})"), HasSubstr("the label of b.png"));
    EXPECT_THAT(with(R"({"labels": [["a.png", 1], ["b.png", [1]]]})"), HasSubstr("different kinds"));
    EXPECT_THAT(with(R"({"labels": [["a.png", [1, 2]], ["b.png", [1]]]})"), HasSubstr("different kinds"));
    EXPECT_THAT(with(R"({"labels": [["a.png", [1e300]], ["b.png", [1]]]})"), HasSubstr("the label of a.png"));
    EXPECT_THAT(with(R"({"labels": 3})"), HasSubstr("neither a list nor null"));
    EXPECT_EQ(with(R"({"labels": null})"), "");
    EXPECT_EQ(with(R"({"labels": [["a.png", [0.5, 1]], ["b.png", [2, 3]]]})"), "");
}

TEST_F(DatasetTest, SaysThatAPictureHasGone) {
    put("a.png", png(8, 8));
    put("b.png", png(8, 8));
    put("c.png", png(8, 8));
    const Dataset data(scratch_.path(), {});
    data.image(0);
    std::filesystem::remove(scratch_ / "a.png");
    std::filesystem::remove(scratch_ / "b.png");
    put("c.png", png(16, 16));
    EXPECT_EQ(data.image(0).size(1), 8); // kept in memory
    EXPECT_THAT(message_from<Error>([&] { data.image(1); }), HasSubstr("b.png: there is no such file"));
    EXPECT_THAT(message_from<Error>([&] { data.image(2); }), HasSubstr("c.png: has changed"));
}

std::string labels_refused(const std::filesystem::path& set) {
    return message_from<Error>([&] { Dataset(set, {.use_labels = true}); });
}

TEST(DatasetReports, OddLabelsAreTakenOrMended) {
    const auto folder = reports_dir() / "12-labels-json";
    const Dataset floats(folder / "float-classes", {.use_labels = true});
    EXPECT_EQ(floats.label_dim(), 3);
    EXPECT_TRUE(floats.one_hot());
    EXPECT_THAT(floats.classes().pictures, ElementsAre(0, 6, 6));
    EXPECT_EQ(floats.label(1)[2].item<float>(), 1);
    EXPECT_THAT(labels_refused(folder / "trailing-comma"),
                HasSubstr("is no JSON: line 1, column 372: a comma stands before ]; take it out"));
    const Dataset nested(folder / "nested.zip", {});
    EXPECT_THAT(nested.label_trouble(), HasSubstr("nested.zip keeps its labels in mydata/dataset.json"));
    const Dataset unread(folder / "trailing-comma", {});
    EXPECT_THAT(unread.label_trouble(), HasSubstr("a comma stands before ]"));
}

TEST(DatasetReports, SeveralClassesForOnePictureAreNoClass) {
    const auto folder = reports_dir() / "14-multi-label";
    EXPECT_THAT(
        labels_refused(folder / "twice"),
        HasSubstr("has two labels for 00000/img00000000.png (0 and 2) and for 3 more; a picture has one class"));
    const Dataset vectors(folder / "vectors", {.use_labels = true});
    EXPECT_EQ(vectors.label_dim(), 4);
    EXPECT_FALSE(vectors.one_hot());
    EXPECT_FLOAT_EQ(vectors.label(1)[3].item<float>(), 1.0F / 12);
}

// Eight ways to store one picture.
TEST(DatasetReports, OrientationIsHonoured) {
    const Dataset data(reports_dir() / "44-exif-train", {});
    ASSERT_EQ(data.size(), 8);
    const at::Tensor first = data.image(0).to(at::kFloat);
    for (int i = 1; i < 8; ++i) {
        EXPECT_LT((data.image(i).to(at::kFloat) - first).abs().mean().item<double>(), 4) << i;
    }
}

TEST(DatasetReports, AColourProfileCounts) {
    const Dataset data(reports_dir() / "41-display-p3", {}); // none.jpg, p3.jpg
    const at::Tensor red = data.image(1).select(2, 20).select(1, 20);
    EXPECT_TRUE(at::equal(red, at::tensor({255, 0, 0}, at::kByte))) << red;
}

TEST_F(DatasetTest, ContentsDecideAndLinkedFoldersAreTold) {
    put("set/a.png", png(8, 8));
    put("set/b.jpg?w=640", jpeg_file());
    put("set/c", png(8, 8, 0));
    put("set/d.webp", png(8, 8, 0));
    put("set/notes.txt", "text");
    put("other/e.png", png(8, 8));
    std::filesystem::create_directory_symlink("../other", scratch_ / "set" / "more");
    EXPECT_THAT(refusal_of(scratch_ / "set"), HasSubstr("a.png: is in colour, but")) << "the other three are gray";
    std::filesystem::remove(scratch_ / "set" / "a.png");
    const Dataset data(scratch_ / "set", {});
    EXPECT_THAT(data.names(), ElementsAre("b.jpg?w=640", "c", "d.webp"));
    EXPECT_THAT(data.linked_folders(), ElementsAre("more"));
}

} // namespace
