// SPDX-License-Identifier: Apache-2.0
// The geometry of plots: gaps, few and many points, ranges, reading; and what a run's wishes become.
#include <cmath>
#include <fstream>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "studio/toolkit/plot.h"
#include "studio/train/train_form.h"
#include "support/scratch.h"

namespace atelier::studio {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

std::vector<double> ramp(std::size_t count) {
    std::vector<double> values(count);
    for (std::size_t i = 0; i < count; ++i)
        values[i] = static_cast<double>(i);
    return values;
}

std::vector<std::vector<ImVec2>> lines_of(const std::vector<double>& y, PlotSpec spec = {}) {
    const std::vector<double> x = ramp(y.size());
    spec.last_x = y.empty() ? 1 : static_cast<double>(y.size() - 1);
    const PlotSeries series[] = {{"", 0, Column(y.data(), y.size())}};
    return plot_lines(spec, plot_range(spec, series, {}), Column(x.data(), x.size()), series[0].y, 200, 50);
}

TEST(Plot, NoPointsNoLines) {
    EXPECT_TRUE(lines_of({}).empty());
    EXPECT_TRUE(lines_of({none, none}).empty());
}

TEST(Plot, OnePointIsOnePoint) {
    const auto lines = lines_of({3});
    ASSERT_EQ(lines.size(), 1U);
    ASSERT_EQ(lines[0].size(), 1U);
    EXPECT_NEAR(lines[0][0].y, 25, 1) << "in the middle";
}

TEST(Plot, NaNAndInfinityAreGaps) {
    const auto lines = lines_of({1, 2, none, 3, 4, std::numeric_limits<double>::infinity(), 5});
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[0].size(), 2U);
    EXPECT_EQ(lines[1].size(), 2U);
    EXPECT_EQ(lines[2].size(), 1U);
}

TEST(Plot, ManyPointsKeepTheirPeaks) {
    std::vector<double> y(10000, 0.5);
    y[4321] = 9;
    y[7000] = -9;
    const auto lines = lines_of(y);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_LE(lines[0].size(), 201U * 4);
    float top = 1e9f, bottom = -1e9f, last = -1;
    for (const ImVec2& p : lines[0]) {
        top = std::min(top, p.y);
        bottom = std::max(bottom, p.y);
        EXPECT_GE(p.x, last) << "from left to right";
        last = p.x;
        EXPECT_TRUE(p.y >= 0 && p.y <= 50);
    }
    EXPECT_NEAR(top, 50 * 0.07, 2);
    EXPECT_NEAR(bottom, 50 * 0.93, 2);
}

TEST(Plot, LogarithmicAxesSkipZeroAndBelow) {
    const auto lines = lines_of({0.01, 1, 0, 100, -5, 1}, {.logarithmic = true});
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_NEAR(lines[0][0].y - lines[0][1].y, lines[0][1].y - lines[1][0].y, 0.1) << "equal factors, equal steps";
}

TEST(Plot, RangesHoldLinesAndBounds) {
    const std::vector<double> y{0.2, 0.4};
    const PlotSeries series[] = {{"", 0, Column(y.data(), y.size())}};
    const PlotLine target[] = {{"target", 0.6}};
    PlotRange range = plot_range({}, series, target);
    EXPECT_GT(range.high, 0.6);
    EXPECT_LT(range.low, 0.2);
    range = plot_range({.min = 0, .max = 1}, series, {});
    EXPECT_EQ(range.low, 0);
    EXPECT_EQ(range.high, 1);
    range = plot_range({}, {}, {});
    EXPECT_LT(range.low, range.high);
    const std::vector<double> flat{0, 0};
    const PlotSeries zero[] = {{"", 0, Column(flat.data(), flat.size())}};
    range = plot_range({.min = 0}, zero, {});
    EXPECT_LT(range.low, range.high);
}

TEST(Plot, NamesOfLinesKeepOutOfTheTitle) {
    EXPECT_EQ(line_label_top(150, 100, 12, 1), 137) << "above its line";
    EXPECT_EQ(line_label_top(113, 100, 12, 1), 100) << "just below the title";
    EXPECT_EQ(line_label_top(112, 100, 12, 1), 113) << "below its line, for above it the title stands";
    EXPECT_EQ(line_label_top(100, 100, 12, 1), 101);
}

TEST(Plot, ReadsTheNearestPoint) {
    const std::vector<double> x{0, 1, 2, 4};
    const Column column(x.data(), x.size());
    EXPECT_EQ(nearest_point(column, -5), 0U);
    EXPECT_EQ(nearest_point(column, 1.4), 1U);
    EXPECT_EQ(nearest_point(column, 1.6), 2U);
    EXPECT_EQ(nearest_point(column, 99), 3U);
    EXPECT_EQ(nearest_point({}, 1), 0U);
}

TEST(Plot, NumbersAreShort) {
    EXPECT_EQ(plot_number(none), "-");
    EXPECT_EQ(plot_number(0), "0");
    EXPECT_EQ(plot_number(1.2345), "1.23");
    EXPECT_EQ(plot_number(0.012), "0.012");
    EXPECT_EQ(plot_number(-12.34), "-12.3");
    EXPECT_EQ(plot_number(1234567), "1e+06");
}

TEST(Plot, ColumnsStepOverStructs) {
    const TrainPoint points[2] = {{.kimg = 1, .p = 5}, {.kimg = 2, .p = 6}};
    const Column p(&points[0].p, 2, sizeof(TrainPoint));
    EXPECT_EQ(p[0], 5);
    EXPECT_EQ(p[1], 6);
}

TEST(TrainForm, ShortRunsShowAndLongOnesKeepTheirAverage) {
    TrainForm form;
    form.options.kimg = 2;
    EXPECT_DOUBLE_EQ(options_of(form, "m.pkl", 64, "runs").ema_kimg.value(), 0.2);
    form.options.kimg = 1000;
    EXPECT_DOUBLE_EQ(options_of(form, "m.pkl", 64, "runs").ema_kimg.value(), 10);
    EXPECT_DOUBLE_EQ(options_of(form, "m.pkl", 256, "runs").ema_kimg.value(), 5);
    EXPECT_DOUBLE_EQ(options_of(form, "m.pkl", 1024, "runs").ema_kimg.value(), 1.25);
}

TEST(TrainForm, SimpleModeLeavesExpertValuesAlone) {
    TrainForm form;
    form.options.batch = 4;
    form.options.freeze_d = 3;
    form.options.resolution = 128;
    EXPECT_FALSE(options_of(form, "m.pkl", 64, "runs").batch.has_value());
    form.expert = true;
    const TrainOptions options = options_of(form, "m.pkl", 64, "runs");
    EXPECT_EQ(options.batch, 4);
    EXPECT_EQ(options.freeze_d, 3);
    EXPECT_FALSE(options.resolution.has_value()) << "the model's file says it";
    form.start = StartFrom::scratch;
    EXPECT_EQ(options_of(form, "m.pkl", 64, "runs").resolution, 128);
}

TEST(TrainForm, AShortRunHasManySnapshots) {
    TrainForm form;
    form.options.kimg = 2;
    EXPECT_EQ(options_of(form, "m.pkl", 64, "runs").snap, 1);
    form.options.kimg = 100;
    EXPECT_EQ(options_of(form, "m.pkl", 64, "runs").snap, 20);
}

TEST(TrainForm, ARunGoesOnWithItsOwnOptions) {
    TrainForm form;
    form.start = StartFrom::run;
    form.start_file = "/runs/set-001";
    form.expert = true;
    form.options.batch = 8;
    TrainOptions bare;
    bare.resume = bare.out = form.start_file;
    bare.threads = threads_as_begun;
    EXPECT_EQ(options_of(form, "m.pkl", 64, "runs"), bare) << "its length above all";
}

TEST(TrainForm, RunFoldersAreNeverWrittenOver) {
    const test::Scratch scratch;
    EXPECT_EQ(propose_run(scratch.path(), "/data/my faces/"), scratch.path() / "my faces-001");
    EXPECT_EQ(propose_run(scratch.path(), "/data/set.zip"), scratch.path() / "set-001");
    std::filesystem::create_directories(scratch.path() / "set-001");
    EXPECT_EQ(propose_run(scratch.path(), "/data/set.zip"), scratch.path() / "set-002");
    EXPECT_EQ(propose_run(scratch.path(), ""), scratch.path() / "run-001");
    TrainForm form;
    form.start = StartFrom::scratch;
    form.options.data = scratch.path().string();
    form.out = (scratch.path() / "set-001").string();
    EXPECT_EQ(why_not(form, options_of(form, "", 0, "")), "") << "an empty folder may be used";
    std::ofstream(scratch.path() / "set-001" / "log.txt") << "x";
    EXPECT_NE(why_not(form, options_of(form, "", 0, "")), "");
}

TEST(TrainForm, KimgOfSnapshots) {
    EXPECT_EQ(kimg_of_snapshot("/a/snapshot-000012.safetensors"), 12);
    EXPECT_EQ(kimg_of_snapshot("/a/snapshot-000012.25.safetensors"), 12.25);
    EXPECT_FALSE(kimg_of_snapshot("/a/snapshot.safetensors").has_value());
}

} // namespace
} // namespace atelier::studio
