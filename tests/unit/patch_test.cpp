// SPDX-License-Identifier: Apache-2.0
// Patches from one state to another: they hold what differs and nothing else, and lead there to the bit.
#include <gtest/gtest.h>

#include "base/error.h"
#include "state_edits.h"
#include "studio/state/patch_writer.h"
#include "studio/state/serialization.h"

namespace {

using namespace atelier;
using namespace atelier::studio;
using nlohmann::json;

// Each latent that is asked for, by its place.
struct Table {
    LogLatents latents;
    NumberOfLatent number_of = [this](const std::shared_ptr<const ExplicitLatent>& latent) {
        for (std::size_t i = 0; i < latents.size(); ++i) {
            if (*latents[i] == *latent)
                return i;
        }
        latents.push_back(latent);
        return latents.size() - 1;
    };
};

constexpr auto all = [](auto& visitor, auto& value) { fields(visitor, value); };

template <class T> std::string bits(const T& value) {
    if constexpr (std::is_same_v<T, StudioState>)
        return state_to_json(value).dump();
    else
        return animated_to_json(value).dump();
}

TEST(Patch, LeadsFromAnyStateToAnyOther) {
    for (std::uint32_t seed = 0; seed < 100; ++seed) {
        for (const PatchLists lists : {PatchLists::edited, PatchLists::whole}) {
            Table table;
            const auto from = scrambled<StudioState>(seed), to = scrambled<StudioState>(seed + 1000);
            StudioState kept = from, patched = from;
            const std::string patch = PatchWriter::follow(kept, to, table.number_of, lists, all);
            ASSERT_EQ(kept, to) << seed;
            state_from_patch(json::parse(patch), "test", table.latents, patched);
            ASSERT_EQ(patched, to) << seed;
            ASSERT_EQ(bits(patched), bits(to)) << seed;
            ASSERT_EQ(PatchWriter::follow(kept, to, table.number_of, lists, all), "") << seed;
        }
        Table table;
        const auto from = scrambled<AnimatedValues>(seed), to = scrambled<AnimatedValues>(seed + 1000);
        AnimatedValues kept = from, patched = from;
        const std::string patch = PatchWriter::follow(kept, to, table.number_of, PatchLists::whole, all);
        animated_from_patch(json::parse(patch), "test", table.latents, patched);
        ASSERT_EQ(bits(kept), bits(to)) << seed;
        ASSERT_EQ(bits(patched), bits(to)) << seed;
    }
}

TEST(Patch, AWholeOneNeedsNothingBefore) {
    for (std::uint32_t seed = 0; seed < 50; ++seed) {
        Table table;
        const auto to = scrambled<StudioState>(seed);
        StudioState kept, read;
        const std::string text = PatchWriter::whole(kept, to, table.number_of, all);
        state_from_patch(json::parse(text), "test", table.latents, read);
        ASSERT_EQ(bits(kept), bits(to)) << seed;
        ASSERT_EQ(bits(read), bits(to)) << seed;
    }
}

// Thousands of edits of all kinds, one after the other.
TEST(Patch, FollowsALongHistoryOfEdits) {
    Editor editor(7);
    StudioState now = scrambled<StudioState>(7), kept = now, replayed = now;
    Table table;
    for (int i = 0; i < 3000; ++i) {
        editor.edit(now);
        const std::string patch = PatchWriter::follow(kept, now, table.number_of, PatchLists::edited, all);
        if (!patch.empty())
            state_from_patch(json::parse(patch), "test", table.latents, replayed);
        ASSERT_EQ(kept, now) << i;
        ASSERT_EQ(replayed, now) << i << ": " << patch;
        if (i % 20 == 0) { // a JSON text sees -0 as well, but takes its time
            ASSERT_EQ(bits(kept), bits(now)) << i;
            ASSERT_EQ(bits(replayed), bits(now)) << i;
        }
    }
}

std::string patch_of(const StudioState& from, const StudioState& to) {
    Table table;
    StudioState kept = from;
    return PatchWriter::follow(kept, to, table.number_of, PatchLists::edited, all);
}

TEST(Patch, HoldsWhatDiffersAndNothingElse) {
    StudioState from;
    for (std::uint64_t id = 1; id <= 5; ++id)
        from.timeline.curve.keyframes.push_back({id, static_cast<double>(id), Easing::smooth, {}});
    auto with = [&](auto change) {
        StudioState to = from;
        change(to);
        return patch_of(from, to);
    };
    auto keyframes = [&](auto change) { return with([&](StudioState& to) { change(to.timeline.curve.keyframes); }); };
    EXPECT_EQ(with([](StudioState&) {}), "");
    EXPECT_EQ(with([](StudioState& to) { to.truncation.psi = 0.25; }), R"({"truncation":{"psi":0.25}})");
    EXPECT_EQ(with([](StudioState& to) { to.truncation.psi = -0.0; }), R"({"truncation":{"psi":-0.0}})");
    EXPECT_EQ(with([](StudioState& to) { to.mix.groups[1].weight = 0.5F; }),
              R"({"mix":{"groups":{"at":{"1":{"weight":0.5}}}}})");
    EXPECT_EQ(keyframes([](auto& list) { list[3].seconds = 4.5; }),
              R"({"timeline":{"moments":{"at":{"3":{"seconds":4.5}}}}})");
    EXPECT_EQ(keyframes([](auto& list) { list.erase(list.begin() + 1); }),
              R"({"timeline":{"moments":{"old":[[0,1],[2,3]]}}})");
    EXPECT_EQ(keyframes([](auto& list) { list.clear(); }), R"({"timeline":{"moments":{"old":[]}}})");
    EXPECT_EQ(keyframes([](auto& list) { // one is drawn past its neighbour
                  list[1].seconds = 3.25;
                  std::swap(list[1], list[2]);
              }),
              R"({"timeline":{"moments":{"old":[[0,1],[2,1],[1,1],[3,2]],"at":{"2":{"seconds":3.25}}}}})");
    Keyframe early = from.timeline.curve.keyframes[0];
    early.id = 9;
    early.seconds = 0.5;
    const json added = json::parse(keyframes([&](auto& list) { list.insert(list.begin(), early); }));
    EXPECT_EQ(added["timeline"]["moments"]["old"], json::parse("[1,[0,5]]"));
    EXPECT_EQ(added["timeline"]["moments"]["at"].size(), 1U);
    EXPECT_EQ(added["timeline"]["moments"]["at"]["0"]["look"].size(), 10U) << "a new one has all its fields";
}

// The same numbers elsewhere in memory are no change.
TEST(Patch, ALatentIsItsNumbers) {
    const auto latent = [](float first) {
        return ExplicitRef{std::make_shared<const ExplicitLatent>(ExplicitLatent{Space::w, 1, {first, 2}})};
    };
    StudioState from, to;
    from.mix.groups[0].source = to.mix.groups[0].source = {LatentTerm{}};
    from.mix.groups[0].source[0].fixed = latent(1);
    to.mix.groups[0].source[0].fixed = latent(1);
    EXPECT_EQ(patch_of(from, to), "");
    to.mix.groups[0].source[0].fixed = latent(3);
    EXPECT_EQ(patch_of(from, to), R"({"mix":{"groups":{"at":{"0":{"source":{"at":{"0":{"fixed":1}}}}}}}})");
    to.mix.groups[0].source[0].fixed = {};
    EXPECT_EQ(patch_of(from, to), R"({"mix":{"groups":{"at":{"0":{"source":{"at":{"0":{"fixed":null}}}}}}}})");
}

std::string refusal(const char* patch) {
    StudioState state;
    state.stars = {{1, "a", {LatentTerm{}}, 0}, {2, "b", {LatentTerm{}}, 0}};
    try {
        state_from_patch(json::parse(patch), "log", {}, state);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

TEST(Patch, RefusalsNameTheField) {
    EXPECT_EQ(refusal(R"({"stars":{"old":[[1,1],[0,1]]}})"), "");
    for (const char* wrong :
         {"[[0,3]]", "[[2,1]]", "[[0,1],[0,1]]", "[[-1,1]]", "[[0]]", "[10001]", "[-1]", "[\"a\"]", "[[0,1,1]]"})
        EXPECT_EQ(refusal((R"({"stars":{"old":)" + std::string(wrong) + "}}").c_str()),
                  "log: stars must be edited to a list of 0 to 10000 entries, each old one at most once.")
            << wrong;
    EXPECT_EQ(refusal(R"({"stars":{"at":{"2":{}}}})"), "log: stars has 2 entries, and none at '2'.");
    EXPECT_EQ(refusal(R"({"stars":{"at":{"x":{}}}})"), "log: stars has 2 entries, and none at 'x'.");
    EXPECT_EQ(refusal(R"({"stars":{"at":3}})"), "log: stars, at must be an object in braces.");
    EXPECT_EQ(refusal(R"({"stars":{"at":{"1":{"class_index":-1}}}})"),
              "log, stars 2: class_index must be a whole number from 0 to 1048576.");
    EXPECT_EQ(refusal(R"({"stars":{"at":{"0":{"latent":{"at":{"0":{"fixed":0}}}}}}})"),
              "log, stars 1, latent 1: fixed must be the number of one of the 0 latents before it.");
    StudioState session; // files that hold a state whole have no use for edits
    EXPECT_THROW(state_from_json(json::parse(R"({"stars":{"old":[]}})"), "session", session), Error);
}

} // namespace
