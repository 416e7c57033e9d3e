// SPDX-License-Identifier: Apache-2.0
#include "base/progress.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace atelier {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

struct Screen {
    std::vector<std::string> writes;
    double now = 100;

    ProgressOutput output(bool terminal, int columns = 80) {
        ProgressOutput result;
        result.write = [this](std::string_view text) { writes.emplace_back(text); };
        result.now = [this] { return now; };
        result.terminal = terminal;
        result.columns = columns;
        return result;
    }
};

TEST(TimeLeft, FollowsThePaceAfterTheFirstItem) {
    TimeLeft left;
    EXPECT_LT(left.update(0, 11, 0), 0);
    EXPECT_LT(left.update(1, 11, 50), 0); // a slow start tells nothing
    EXPECT_DOUBLE_EQ(left.update(2, 11, 52), 18);
    EXPECT_DOUBLE_EQ(left.update(6, 11, 60), 10);
    EXPECT_DOUBLE_EQ(left.update(11, 11, 70), 0);
}

TEST(Duration, ReadsWell) {
    EXPECT_EQ(duration_text(0.04), "0.0 s");
    EXPECT_EQ(duration_text(9.94), "9.9 s");
    EXPECT_EQ(duration_text(9.96), "10 s");
    EXPECT_EQ(duration_text(65), "1:05");
    EXPECT_EQ(duration_text(7389), "2:03:09");
    EXPECT_EQ(duration_text(-1), "?");
}

TEST(Progress, ATerminalIsRedrawnTenTimesASecond) {
    Screen screen;
    ProgressBar bar("Walk", "frames", screen.output(true));
    for (int i = 1; i <= 1000; ++i) {
        screen.now += 0.01;
        bar.update(i, 1001);
    }
    EXPECT_GE(screen.writes.size(), 90u);
    EXPECT_LE(screen.writes.size(), 101u);
    EXPECT_THAT(screen.writes.back(), HasSubstr("\rWalk  99 % [#######################.] "));
    EXPECT_THAT(screen.writes.back(), HasSubstr("/1001 frames, 0."));
    bar.update(1001, 1001); // the end is always drawn
    EXPECT_THAT(screen.writes.back(), HasSubstr("100 %"));
    bar.close("Done.");
    EXPECT_EQ(screen.writes.back(), "\r\x1b[KDone.\n");
}

TEST(Progress, APipeGetsTenLines) {
    Screen screen;
    {
        ProgressBar bar("Walk", "frames", screen.output(false));
        for (int i = 1; i <= 300; ++i) {
            screen.now += 1;
            bar.update(i, 300);
        }
    }
    ASSERT_EQ(screen.writes.size(), 10u);
    EXPECT_EQ(screen.writes.front(), "Walk: 10 % (30 of 300 frames, 4:30 left)\n");
    EXPECT_EQ(screen.writes.back(), "Walk: 100 % (300 of 300 frames)\n");
    for (const std::string& line : screen.writes) {
        EXPECT_EQ(line.find('\r'), std::string::npos);
    }
}

TEST(Progress, ANarrowTerminalNeverWraps) {
    Screen screen;
    ProgressBar bar("Walk", "frames", screen.output(true, 20));
    bar.update(500, 1000);
    EXPECT_LE(screen.writes.back().size(), 19 + 1 + 3u); // with the carriage return and the clearing
    EXPECT_THAT(screen.writes.back(), HasSubstr("Walk  50 %"));
}

TEST(Progress, ALostBarEndsItsLine) {
    Screen screen;
    { const ProgressBar bar("Walk", "frames", screen.output(true)); }
    EXPECT_TRUE(screen.writes.empty());
    {
        ProgressBar bar("Walk", "frames", screen.output(true));
        bar.update(1, 10);
        bar.update(1, 0); // nothing to count: ignored
    }
    EXPECT_EQ(screen.writes.back(), "\n");
}

} // namespace
} // namespace atelier
