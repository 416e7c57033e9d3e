// SPDX-License-Identifier: Apache-2.0
// Names in the order in which a person counts.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/natural_order.h"

namespace {

using namespace atelier;
using testing::ElementsAre;

std::vector<std::string> in_order(std::vector<std::string> names) {
    std::ranges::sort(names, NaturalLess());
    return names;
}

TEST(NaturalOrder, NumbersGoByTheirValue) {
    EXPECT_THAT(in_order({"10", "2", "0", "11", "1"}), ElementsAre("0", "1", "2", "10", "11"));
    EXPECT_THAT(in_order({"img10b", "img9", "img10a", "img"}), ElementsAre("img", "img9", "img10a", "img10b"));
    EXPECT_THAT(in_order({"99999999999999999999999", "100000000000000000000000", "5"}),
                ElementsAre("5", "99999999999999999999999", "100000000000000000000000"));
}

TEST(NaturalOrder, AllElseGoesByBytes) {
    EXPECT_THAT(in_order({"b", "B", "a", "\xC3\xA4"}), ElementsAre("B", "a", "b", "\xC3\xA4"));
    EXPECT_THAT(in_order({"", "a", "0"}), ElementsAre("", "0", "a"));
}

// In a map two names that are different must stay two.
TEST(NaturalOrder, DifferentNamesAreNeverEqual) {
    const std::vector<std::string> names{"1", "01", "001", "1a", "01a", "a1", "a01", "", "0", "00"};
    for (const std::string& a : names) {
        EXPECT_FALSE(natural_less(a, a));
        for (const std::string& b : names) {
            if (a != b) {
                EXPECT_NE(natural_less(a, b), natural_less(b, a)) << a << " " << b;
            }
        }
    }
}

} // namespace
