// SPDX-License-Identifier: Apache-2.0
// What the output window does for a projector, as mathematics: corner pin, colours, test card.
#include <cmath>
#include <limits>
#include <set>
#include <tuple>

#include <gtest/gtest.h>

#include "base/corner_pin.h"
#include "base/output_colour.h"
#include "base/test_card.h"

namespace atelier {
namespace {

constexpr std::array<PinPoint, 4> square{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}};
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

const CornerPin slanted{{{{0.1, 0.05}, {0.9, 0.2}, {1.1, 0.85}, {-0.05, 1}}}};

TEST(CornerPin, TakesTheCornersToWhereTheyArePinnedAndBack) {
    const CornerPin mirrored{{{{0.9, 0.1}, {0.1, 0}, {0, 0.8}, {1, 1}}}};
    const CornerPin shifted{{{{0.1, 0.1}, {1.1, 0.1}, {1.1, 1.1}, {0.1, 1.1}}}}; // no perspective at all
    for (const CornerPin& pin : {slanted, mirrored, shifted}) {
        const auto there = homography_of(pin), back = picture_of_output(pin);
        ASSERT_TRUE(there && back);
        for (std::size_t i = 0; i < square.size(); ++i) {
            const auto corner = mapped(*there, square[i]);
            ASSERT_TRUE(corner);
            EXPECT_NEAR(corner->x, pin.corners[i].x, 1e-12);
            EXPECT_NEAR(corner->y, pin.corners[i].y, 1e-12);
        }
        for (const PinPoint at : {PinPoint{0.5, 0.5}, {0.2, 0.9}, {0, 0}, {0.75, 0.01}}) {
            const auto again = mapped(*back, mapped(*there, at).value());
            ASSERT_TRUE(again) << "the denominator is above 0 inside the picture";
            EXPECT_NEAR(again->x, at.x, 1e-12);
            EXPECT_NEAR(again->y, at.y, 1e-12);
        }
    }
}

// What makes it a perspective: straight lines stay straight, and the diagonals cross where the middle goes.
TEST(CornerPin, KeepsLinesStraight) {
    const Homography map = homography_of(slanted).value();
    const auto at = [&](double x, double y) { return mapped(map, {x, y}).value(); };
    for (const auto& [a, b, c] : {std::tuple{at(0, 0.3), at(0.4, 0.3), at(1, 0.3)},
                                  {at(0, 0), at(0.5, 0.5), at(1, 1)},
                                  {at(1, 0), at(0.5, 0.5), at(0, 1)},
                                  {at(0.7, 0), at(0.7, 0.6), at(0.7, 1)}})
        EXPECT_NEAR((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x), 0, 1e-12);
}

TEST(CornerPin, UntouchedIsTheIdentityToTheBit) {
    EXPECT_TRUE(CornerPin{}.untouched());
    EXPECT_EQ(homography_of({}), Homography{});
    EXPECT_EQ(picture_of_output({}), Homography{});
}

TEST(CornerPin, RefusesWhatSpansNoPicture) {
    const CornerPin none[] = {
        {{{{0, 0}, {0.5, 0}, {1, 0}, {0.5, 1}}}},             // three on a line
        {{{{0, 0}, {1, 0}, {0, 1}, {1, 1}}}},                 // crossed
        {{{{0, 0}, {1, 0}, {0.2, 0.2}, {0, 1}}}},             // dented
        {{{{0.5, 0.5}, {0.5, 0.5}, {0.5, 0.5}, {0.5, 0.5}}}}, // a point
        {{{{0, 0}, {1, 0}, {1, 0.001}, {0, 0.001}}}},         // all but a line
        {{{{-0.3, 0}, {1, 0}, {1, 1}, {0, 1}}}},              // out of reach
        {{{{0, 0}, {1, 0}, {1, 1e300}, {0, 1}}}},             //
        {{{{nan, 0}, {1, 0}, {1, 1}, {0, 1}}}},               //
        {{{{0, 0}, {1, 0}, {1, std::numeric_limits<double>::infinity()}, {0, 1}}}},
    };
    for (const CornerPin& pin : none) {
        EXPECT_FALSE(can_pin(pin)) << pin.corners[2].x << ' ' << pin.corners[2].y;
        EXPECT_FALSE(homography_of(pin));
        EXPECT_FALSE(picture_of_output(pin));
    }
    EXPECT_TRUE(can_pin({}));
    EXPECT_TRUE(can_pin(slanted));
}

TEST(CornerPin, ACornerGoesAsFarAsItCan) {
    EXPECT_EQ(with_corner({}, 2, {0.8, 0.9}).corners[2], (PinPoint{0.8, 0.9}));
    EXPECT_EQ(with_corner({}, 0, {-7, 0.1}).corners[0], (PinPoint{-most_outside, 0.1}));
    EXPECT_EQ(with_corner(slanted, 1, {0, 1}), slanted) << "across the picture";
    EXPECT_EQ(with_corner(slanted, 1, {nan, 0}), slanted);
}

TEST(CornerPin, NothingLiesBeyondTheHorizon) {
    const CornerPin steep{{{{0.4, 0}, {0.6, 0}, {1.2, 1}, {-0.2, 1}}}};
    const Homography back = picture_of_output(steep).value();
    EXPECT_TRUE(mapped(back, {0.5, 0.1}));
    EXPECT_FALSE(mapped(back, {0.5, -0.2})) << "above where the sides meet";
}

TEST(OutputColour, AdjustsContrastThenGammaThenGain) {
    const std::array<double, 3> rgb{0.2, 0.5, 0.9};
    EXPECT_EQ(adjusted({}, {0, 0.5, 1}), (std::array<double, 3>{0, 0.5, 1}));
    const auto out = adjusted({.brightness = 0.1, .contrast = 0.5, .gamma = 2, .gain = {1, 0.5, 2}}, rgb);
    EXPECT_NEAR(out[0], std::sqrt(0.45), 1e-12);
    EXPECT_NEAR(out[1], std::sqrt(0.6) / 2, 1e-12);
    EXPECT_EQ(out[2], 1) << "clamped";
    EXPECT_EQ(adjusted({.brightness = -0.5}, rgb)[0], 0) << "no root of less than black";
}

TEST(OutputColour, ComesIntoItsRanges) {
    const OutputColour wild{.brightness = -9, .contrast = 1e300, .gamma = 0, .gain = {nan, -1, 1e9}};
    EXPECT_EQ(within_ranges(wild), (OutputColour{-0.5, 2, 0.25, {1, 0, 2}}));
    EXPECT_EQ(within_ranges({nan, nan, nan, {1, 1, 1}}), OutputColour{});
}

TEST(TestCard, HasFrameMarksGreysAndCircle) {
    constexpr int width = 640, height = 360;
    const PixelBuffer card = test_card(width, height);
    ASSERT_EQ(card.rgba.size(), static_cast<std::size_t>(width * height * 4));
    const auto at = [&](int x, int y) {
        const std::uint8_t* p = &card.rgba[static_cast<std::size_t>(y * width + x) * 4];
        EXPECT_EQ(p[3], 255);
        return std::tuple<int, int, int>{p[0], p[1], p[2]};
    };
    for (int x = 0; x < width; ++x)
        ASSERT_TRUE(at(x, 0) == std::tuple(255, 255, 255) && at(x, height - 1) == at(x, 0)) << x;
    for (int y = 0; y < height; ++y)
        ASSERT_TRUE(at(0, y) == std::tuple(255, 255, 255) && at(width - 1, y) == at(0, y)) << y;
    EXPECT_EQ(at(2, 2), std::tuple(255, 0, 0));
    EXPECT_EQ(at(width - 3, 2), std::tuple(0, 255, 0));
    EXPECT_EQ(at(width - 3, height - 3), std::tuple(0, 0, 255));
    EXPECT_EQ(at(2, height - 3), std::tuple(255, 255, 0));
    EXPECT_EQ(at(width / 2, height / 2), std::tuple(255, 255, 255)) << "the cross";
    EXPECT_EQ(at(width / 2 + 162, height / 2 + 3), at(width / 2 - 163, height / 2 + 3)) << "the circle is round";
    EXPECT_EQ(at(width / 2 + 162, height / 2 + 3), std::tuple(255, 255, 255));
    std::set<int> greys;
    for (int x = width / 2 - 90; x < width / 2 + 90; ++x) {
        const auto [r, g, b] = at(x, height / 2 + 45);
        EXPECT_TRUE(r == g && g == b);
        greys.insert(r);
    }
    EXPECT_EQ(greys.size(), 11u);
    EXPECT_TRUE(greys.contains(0) && greys.contains(255));
}

TEST(TestCard, IsOfAnySize) {
    for (const auto& [width, height] : {std::pair{1, 1}, {3, 200}, {300, 2}, {24, 24}})
        EXPECT_EQ(test_card(width, height).rgba.size(), static_cast<std::size_t>(width * height * 4));
}

} // namespace
} // namespace atelier
