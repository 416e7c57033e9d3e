// SPDX-License-Identifier: Apache-2.0
// Crops moved by hand, and what is shown of a source.
#include <array>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "io/image.h"
#include "prepare/recut.h"
#include "prepare/work_folder.h"
#include "support/scratch.h"

namespace atelier::prepare {
namespace {

// 200 x 100: the left half is red, the right one blue.
class Recut : public ::testing::Test {
protected:
    Recut() {
        io::Image8 image{200, 100, 3, {}};
        for (int i = 0; i < 200 * 100; ++i) {
            const bool left = i % 200 < 100;
            image.pixels.insert(image.pixels.end(), {static_cast<std::uint8_t>(left ? 255 : 0), 0,
                                                     static_cast<std::uint8_t>(left ? 0 : 255)});
        }
        std::filesystem::create_directories(scratch_ / "in");
        io::write_png(scratch_ / "in" / "halves.png", image);
        options_.size = 64;
        begin();
    }
    void begin() {
        job_.reset();
        job_ = std::make_unique<CutRun>(find_sources({scratch_ / "in"}, 1), options_, scratch_ / "set.work");
        job_->start(1);
        while (!job_->wait(1)) {
        }
    }
    io::Image8 crop(const Item& item) { return io::decode_image(job_->crop_png(item), "crop", 3); }

    test::Scratch scratch_;
    CutOptions options_;
    std::unique_ptr<CutRun> job_;
};

constexpr std::array<Point, 4> left_half{{{0, 0}, {0.5, 0}, {0.5, 1}, {0, 1}}};

TEST_F(Recut, CutsWhereItIsToldAndLeavesTheRest) {
    const Item before = job_->items().at(0);
    EXPECT_NEAR(before.facts.corners[0].x, 0.25, 1e-9) << "the middle by itself";
    const Item after = recut(*job_, before, left_half);
    EXPECT_NE(after.key, before.key);
    EXPECT_EQ(after.name, before.name);
    EXPECT_EQ(after.facts.scores.source, 100);
    EXPECT_NE(after.facts.scores.digest, before.facts.scores.digest) << "it is measured anew";
    const io::Image8 red = crop(after);
    ASSERT_EQ(red.width, 64);
    for (std::size_t i = 0; i < red.pixels.size(); i += 3)
        ASSERT_THAT((std::array{red.pixels[i], red.pixels[i + 2]}), ::testing::ElementsAre(255, 0)) << i / 3;
    const io::Image8 both = crop(before);
    EXPECT_EQ(both.pixels[63 * 3 + 2], 255) << "the first crop stands as it was";
}

TEST_F(Recut, ComesBackFromTheWorkFolder) {
    const Item once = recut(*job_, job_->items().at(0), left_half);
    std::filesystem::remove(scratch_ / "in" / "halves.png"); // so that it can't be made again
    const Item again = recut(*job_, job_->items().at(0), left_half);
    EXPECT_EQ(again.key, once.key);
    EXPECT_EQ(crop(again).pixels, crop(once).pixels);
    auto other = left_half;
    other[1].x = other[2].x = 0.4;
    EXPECT_THROW(recut(*job_, job_->items().at(0), other), Error);
}

TEST_F(Recut, RefusesWhatIsNoCrop) {
    Item none = job_->items().at(0);
    none.crop = -1;
    EXPECT_THROW(recut(*job_, none, left_half), Error);
    auto far = left_half;
    far[2].x = 1e9;
    EXPECT_THROW(recut(*job_, job_->items().at(0), far), Error);
}

TEST_F(Recut, PreviewsAreSmallAndInTheRightColours) {
    const PixelBuffer small = preview_of(job_->sources().pictures.at(0), 50, {});
    EXPECT_EQ(small.width, 50);
    EXPECT_EQ(small.height, 25);
    ASSERT_EQ(small.rgba.size(), 50U * 25 * 4);
    EXPECT_THAT((std::vector<int>(small.rgba.begin(), small.rgba.begin() + 4)), ::testing::ElementsAre(255, 0, 0, 255));
    EXPECT_EQ(preview_of(job_->sources().pictures.at(0), 5000, {}).width, 200);
}

} // namespace
} // namespace atelier::prepare
