// SPDX-License-Identifier: Apache-2.0
// The colours of both themes: text can be read, marks can be seen, and colours that mean something are told apart by
// colour-blind eyes as well.
#include <algorithm>
#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "studio/toolkit/theme.h"

namespace atelier::studio {
namespace {

using Rgb = std::array<double, 3>;

Rgb linear(ImU32 colour) {
    Rgb out;
    for (std::size_t i = 0; i < 3; ++i) {
        const double v = (colour >> (8 * i) & 0xff) / 255.0;
        out[i] = v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    }
    return out;
}

// WCAG 2.2: relative luminance and contrast ratio.
double luminance(const Rgb& c) {
    return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
}
double contrast(ImU32 a, ImU32 b) {
    const double x = luminance(linear(a)), y = luminance(linear(b));
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

// Machado, Oliveira and Fernandes 2009, severity 1, on linear light.
struct Eyes {
    const char* name;
    std::array<Rgb, 3> matrix;
};
constexpr std::array<Eyes, 4> eyes{{
    {"trichromat", {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}},
    {"protanope",
     {{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}}},
    {"deuteranope",
     {{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}}},
    {"tritanope",
     {{{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}}},
}};

Rgb seen(ImU32 colour, const Eyes& by) {
    const Rgb c = linear(colour);
    Rgb out;
    for (std::size_t i = 0; i < 3; ++i) {
        out[i] = std::clamp(by.matrix[i][0] * c[0] + by.matrix[i][1] * c[1] + by.matrix[i][2] * c[2], 0.0, 1.0);
    }
    return out;
}

// CIE L*a*b*, D65.
Rgb lab(const Rgb& c) {
    const auto f = [](double t) { return t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116; };
    const double x = f((0.4124 * c[0] + 0.3576 * c[1] + 0.1805 * c[2]) / 0.9505);
    const double y = f(luminance(c));
    const double z = f((0.0193 * c[0] + 0.1192 * c[1] + 0.9505 * c[2]) / 1.0890);
    return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

double distance(ImU32 a, ImU32 b, const Eyes& by) {
    const Rgb x = lab(seen(a, by)), y = lab(seen(b, by));
    return std::hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}

constexpr std::array<std::pair<const char*, theme::Palette>, 2> both{{{"dark", theme::dark}, {"light", theme::light}}};

TEST(Theme, TheFormulasAreRight) {
    EXPECT_NEAR(contrast(theme::rgb(0xffffff), theme::rgb(0)), 21, 0.01);
    EXPECT_NEAR(contrast(theme::rgb(0x777777), theme::rgb(0xffffff)), 4.48, 0.01);
    EXPECT_NEAR(distance(theme::rgb(0xffffff), theme::rgb(0), eyes[0]), 100, 0.1);
    // What they are known to mix up.
    EXPECT_GT(distance(theme::rgb(0xc05050), theme::rgb(0x807020), eyes[0]), 40);
    EXPECT_LT(distance(theme::rgb(0xb05040), theme::rgb(0x7a7030), eyes[2]), 15);
}

TEST(Theme, AllTextCanBeReadOnAllGrounds) {
    for (const auto& [name, p] : both) {
        for (const ImU32 ground : {p.background, p.panel, p.raised, p.raised_hover}) {
            for (const ImU32 ink : {p.text, p.secondary, p.accent, p.accent_hover, p.good, p.bad}) {
                EXPECT_GE(contrast(ink, ground), 4.5) << name << std::hex << " " << ink << " on " << ground;
            }
            EXPECT_GE(contrast(p.disabled, ground), 3) << name << ": what can't be used now";
        }
        for (const ImU32 ink : {p.text, p.accent}) // of what is chosen among several
            EXPECT_GE(contrast(ink, p.line), 4.5) << name << std::hex << " " << ink;
        // Words on filled buttons and badges.
        for (const ImU32 fill : {p.accent, p.accent_hover, p.good, p.bad}) {
            EXPECT_GE(contrast(p.background, fill), 4.5) << name;
        }
    }
}

TEST(Theme, MarksAndEdgesCanBeSeen) {
    for (const auto& [name, p] : both) {
        for (const ImU32 ground : {p.background, p.panel, p.raised}) {
            for (const ImU32 mark : {p.accent, p.secondary, p.good, p.bad, p.text}) {
                EXPECT_GE(contrast(mark, ground), 3) << name;
            }
        }
    }
}

TEST(Theme, WhatColoursMeanIsSeenByAllEyes) {
    for (const auto& [name, p] : both) {
        const std::array<ImU32, 3> meanings{p.accent, p.good, p.bad};
        for (const Eyes& by : eyes) {
            for (std::size_t i = 0; i < 3; ++i) {
                for (std::size_t j = 0; j < i; ++j) {
                    EXPECT_GE(distance(meanings[i], meanings[j], by), 20) << name << ", " << by.name << " " << i << j;
                }
                EXPECT_GE(distance(meanings[i], p.text, by), 20) << name << ", " << by.name << " " << i << " and text";
            }
        }
    }
}

TEST(Theme, WhatIsDrawnIsWhatWasChosen) {
    EXPECT_EQ(theme::background, theme::dark.background);
    EXPECT_FALSE(theme::choose(theme::dark, false));
    EXPECT_TRUE(theme::choose(theme::light, true));
    EXPECT_EQ(theme::background, theme::light.background);
    EXPECT_EQ(theme::bad, theme::light.bad);
    EXPECT_GT(theme::fade_seconds, 0);
    EXPECT_LT(theme::fade_seconds, 0.001f);
    EXPECT_TRUE(theme::choose(theme::dark, false));
    EXPECT_EQ(theme::text, theme::dark.text);
}

} // namespace
} // namespace atelier::studio
