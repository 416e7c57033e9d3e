// SPDX-License-Identifier: Apache-2.0
// Two programs that share a tempo by Ableton Link: built with ATELIER_LINK alone.
#include <cmath>

#include <gtest/gtest.h>

#include "inputs/link_clock.h"
#include "support/soon.h"

namespace atelier::inputs {
namespace {

TEST(LinkClock, TwoShareTheTempoAndTheBar) {
    ASSERT_TRUE(link_is_built_in());
    const auto one = make_link_clock(120), other = make_link_clock(97);
    ASSERT_TRUE(test::soon([&] { return one->peers() == 1 && other->peers() == 1; })) << "is there no network at all?";
    EXPECT_TRUE(test::soon([&] { return std::abs(one->read().bpm - other->read().bpm) < 1e-3; }))
        << "the newer takes the older's";
    one->set_tempo(133.25);
    EXPECT_TRUE(test::soon([&] { return std::abs(other->read().bpm - 133.25) < 1e-3; }));
    EXPECT_TRUE(test::soon([&] {
        const double off = one->read().beat - other->read().beat;
        return std::abs(off - 4 * std::round(off / 4)) < 0.05;
    })) << "bars begin together";
    EXPECT_TRUE(one->read().there && one->read().running);
    EXPECT_GE(one->read().beat, 0);
}

} // namespace
} // namespace atelier::inputs
