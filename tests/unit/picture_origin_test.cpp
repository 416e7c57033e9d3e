// SPDX-License-Identifier: Apache-2.0
// What is said of where the picture comes from, over all states that there can be.
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "latent/walk.h"
#include "studio/controls/picture_origin.h"

namespace {

using namespace atelier;
using namespace atelier::studio;
using testing::HasSubstr;

RenderParams at(double position, WalkKind kind, bool loop, std::vector<std::uint32_t> seeds) {
    RenderParams params;
    params.walk.kind = kind;
    params.walk.loop = loop;
    params.walk.seeds = std::move(seeds);
    params.walk.random_seed = 5;
    params.position = position;
    return params;
}

TEST(PictureOrigin, SaysWhatIsThere) {
    const StudioState state;
    using Origin = PictureOrigin;
    EXPECT_EQ(picture_origin(state, at(0, WalkKind::seeds, true, {0}), 0),
              (Origin{"Seed 0", "the walk has no other; + adds one"}));
    EXPECT_EQ(picture_origin(state, at(1.25, WalkKind::seeds, true, {7, 8, 9}), 0),
              (Origin{"Seed 8", "step 2 of 3, 25% of the way"}));
    EXPECT_EQ(picture_origin(state, at(2.75, WalkKind::seeds, true, {7, 8, 9}), 0),
              (Origin{"Seed 7", "step 3 of 3, 75% of the way"}));
    EXPECT_EQ(picture_origin(state, at(4, WalkKind::seeds, true, {7, 8, 9}), 0),
              (Origin{"Seed 8", "step 2 of 3, 0% of the way"}));
    EXPECT_EQ(picture_origin(state, at(2, WalkKind::seeds, false, {7, 8, 9}), 0),
              (Origin{"Seed 9", "the end of the walk"}));
    EXPECT_EQ(picture_origin(state, at(0.5, WalkKind::seeds, false, {7, 8, 9}), 0),
              (Origin{"Seed 8", "step 1 of 2, 50% of the way"}));
    StudioState other;
    other.latent_override = {LatentOverride::seed, 77, {}};
    EXPECT_EQ(picture_origin(other, at(0, WalkKind::random, true, {1}), 0).title, "Seed 77");
    other.latent_override.kind = LatentOverride::explore;
    EXPECT_EQ(picture_origin(other, at(0, WalkKind::random, true, {1}), 0).title, "Wandering");
    other.timeline.on = true; // drives the picture whatever the panels say
    EXPECT_EQ(picture_origin(other, at(0, WalkKind::random, true, {1}), 2.5),
              (Origin{"The timeline", "at 2.5 s; Shift+Esc leaves it"}));
}

TEST(PictureOrigin, HoldsInEveryState) {
    for (const bool timeline : {false, true}) {
        for (const auto kind : {LatentOverride::none, LatentOverride::seed, LatentOverride::explore}) {
            for (const auto walk : {WalkKind::random, WalkKind::seeds}) {
                for (const bool loop : {false, true}) {
                    for (std::uint32_t count = 0; count < 4; ++count) {
                        for (double position = 0; position < 9; position += 0.125) {
                            StudioState state;
                            state.timeline.on = timeline;
                            state.latent_override.kind = kind;
                            std::vector<std::uint32_t> seeds;
                            for (std::uint32_t i = 0; i < count; ++i)
                                seeds.push_back(100 + i);
                            if (walk == WalkKind::random && seeds.empty())
                                continue; // there is always one
                            const RenderParams params = at(position, walk, loop, seeds);
                            const PictureOrigin said = picture_origin(state, params, 1);
                            ASSERT_FALSE(said.title.empty());
                            ASSERT_FALSE(said.detail.empty());
                            if (timeline || kind != LatentOverride::none || walk == WalkKind::random)
                                continue;
                            // "No other" only where there is none, and a seed only if it is of the walk.
                            EXPECT_EQ(said.detail.find("no other") != std::string::npos, count == 1) << said.detail;
                            if (count > 0) {
                                EXPECT_THAT(said.title, HasSubstr("Seed 10"));
                                const auto seed = static_cast<std::uint32_t>(std::stoul(said.title.substr(5)));
                                EXPECT_TRUE(std::ranges::find(seeds, seed) != seeds.end()) << said.title;
                            }
                        }
                    }
                }
            }
        }
    }
}

} // namespace
