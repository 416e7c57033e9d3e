// SPDX-License-Identifier: Apache-2.0
// What a performance log costs and holds: changes alone, each latent once, no more than the disk can take.
#include <condition_variable>
#include <fstream>
#include <latch>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "state_edits.h"
#include "studio/performance/log_file.h"
#include "studio/performance/performance_player.h"
#include "studio/state/serialization.h"
#include "support/heavy_state.h"
#include "support/scratch.h"

namespace {

using namespace atelier;
using namespace atelier::studio;
using atelier::testing::explicit_term;
using nlohmann::json;

constexpr double glide = 0.5;

// Of what a performance has, every bit.
std::string seen(const StudioState& state) {
    json out = state_to_json(state);
    for (const char* unseen : {"stars", "presets", "morph_seconds", "morph_in_beats", "preset_seeds", "beats_per_bar",
                               "bars_per_phrase", "cues", "next_id"})
        out.erase(unseen);
    out["view"] = {{"blackout", state.view.blackout}, {"frozen", state.view.frozen}, {"master", state.view.master}};
    return out.dump();
}

std::vector<std::string> lines_of(const std::filesystem::path& file) {
    std::vector<std::string> lines;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

TEST(PerformanceLog, ThousandsOfEditsComeBackToTheBit) {
    for (const std::uint32_t seed : {1U, 2U}) {
        const test::Scratch folder;
        const auto file = folder.path() / "show.jsonl";
        Editor editor(seed);
        Scrambler any(seed + 100);
        StudioState state = scrambled<StudioState>(seed);
        state.view.frozen = true; // so that the motion stands between two events
        auto animated = scrambled<AnimatedValues>(seed);
        std::vector<std::pair<double, std::string>> states, motions;
        {
            PerformanceLog log(file, "m", glide, state, animated);
            for (int i = 0; i < 2000; ++i) {
                for (int edits = any.below(3); edits > 0; --edits)
                    editor.edit(state);
                if (any.below(10) == 0)
                    fields(any, animated);
                log.before(state, animated, "m", glide);
                states.emplace_back(log.seconds(), seen(state));
                motions.emplace_back(log.seconds(), animated_to_json(animated).dump());
                log.after(animated, 0.01);
            }
        }
        const Performance show = load_performance(file);
        EXPECT_GT(show.events.size(), 1000U);
        PerformancePlayer player(show);
        AnimatedValues moved = show.animated;
        std::size_t event = 0;
        for (std::size_t i = 0; i < states.size(); ++i) {
            player.advance_to(states[i].first + 0.005);
            ASSERT_EQ(seen(player.state()), states[i].second) << i;
            for (; event < show.events.size() && show.events[event].seconds <= motions[i].first; ++event) {
                if (!show.events[event].animated.empty())
                    animated_from_patch(json::parse(show.events[event].animated), "event", show.latents, moved);
            }
            ASSERT_EQ(animated_to_json(moved).dump(), motions[i].second) << i;
        }
    }
}

// 40 keyframes of 18 rows of 512 numbers are 7 MB of text.
TEST(PerformanceLog, ADraggedKeyframeIsAFewBytes) {
    const test::Scratch folder;
    const auto file = folder.path() / "show.jsonl";
    StudioState state;
    for (std::uint32_t i = 0; i < 40; ++i) {
        Keyframe keyframe{i + 1, static_cast<double>(i), Easing::smooth, {}};
        keyframe.settings.latent = {explicit_term(i)};
        state.timeline.curve.keyframes.push_back(keyframe);
    }
    {
        PerformanceLog log(file, "m", glide, state, {});
        for (int i = 0; i < 600; ++i) {
            state.timeline.curve.keyframes[20].seconds += 0.001;
            log.before(state, {}, "m", glide);
            log.after({}, 1.0 / 60);
        }
        state.truncation.psi = 0.5;
        log.before(state, {}, "m", glide);
        log.after({}, 0.1);
    }
    const auto lines = lines_of(file);
    ASSERT_EQ(lines.size(), 603U);
    for (std::size_t i = 1; i < lines.size(); ++i)
        ASSERT_LT(lines[i].size(), 150U) << lines[i];
    PerformancePlayer player(load_performance(file));
    player.advance_to(player.seconds());
    EXPECT_TRUE(seen(player.state()) == seen(state));
}

// However often it is used, and wherever its numbers lie.
TEST(PerformanceLog, EachLatentIsThereOnce) {
    const test::Scratch folder;
    const auto file = folder.path() / "show.jsonl";
    StudioState state;
    AnimatedValues animated;
    const LatentTerm stays = explicit_term(1);
    {
        PerformanceLog log(file, "m", glide, state, animated);
        for (int i = 0; i < 50; ++i) {
            state.mix.groups[0].source = {i % 2 == 0 ? explicit_term(1) : stays};
            state.latent_override = {LatentOverride::explore, 0, {true, {explicit_term(1)}, 0.1 * i, 0, 0}};
            animated.glide_from = {explicit_term(i < 25 ? 1 : 2)};
            log.before(state, animated, "m", glide);
            log.after(animated, 0.1);
        }
    }
    EXPECT_EQ(load_performance(file).latents.size(), 2U);
    PerformancePlayer player(load_performance(file));
    player.advance_to(player.seconds());
    EXPECT_TRUE(seen(player.state()) == seen(state));
}

// A latent may leave the studio, and another one come to lie where it lay.
TEST(PerformanceLog, ALatentThatIsGoneIsNoOtherOne) {
    const test::Scratch folder;
    const auto file = folder.path() / "show.jsonl";
    StudioState state;
    std::vector<std::string> shown;
    {
        PerformanceLog log(file, "m", glide, state, {});
        for (std::uint32_t i = 0; i < 3000; ++i) {
            state.mix.groups[i % 3].source.clear();
            log.before(state, {}, "m", glide);
            log.after({}, 0.005);
            LatentTerm term = explicit_term(i, 1, 4);
            term.fixed.latent.reset(new ExplicitLatent(*term.fixed.latent)); // its memory is free again once it is gone
            state.mix.groups[i % 3].source = {term};
            log.before(state, {}, "m", glide);
            log.after({}, 0.005);
            shown.push_back(seen(state));
        }
    }
    PerformancePlayer player(load_performance(file));
    for (std::size_t i = 0; i < shown.size(); ++i) {
        player.advance_to(0.01 * static_cast<double>(i) + 0.0075);
        ASSERT_EQ(seen(player.state()), shown[i]) << i;
    }
}

// A disk that takes nothing until it is let.
struct SlowDisk {
    std::mutex mutex;
    std::condition_variable wake;
    bool open = false;
    std::string written;

    void take(std::string_view text) {
        std::unique_lock lock(mutex);
        wake.wait(lock, [this] { return open; });
        written += text;
    }
    void go() {
        const std::lock_guard lock(mutex);
        open = true;
        wake.notify_all();
    }
};

TEST(PerformanceLog, ADiskThatIsTooSlowIsToldAndTakesNoMoreMemory) {
    SlowDisk disk;
    const std::string text = "{\"x\":\"" + std::string(1U << 20U, 'x') + "\"}";
    {
        LogFile log("show.jsonl", [&disk](std::string_view line) { disk.take(line); });
        const std::shared_ptr<void> at_last(nullptr, [&disk](void*) { disk.go(); }); // also after a failure
        std::size_t accepted = 0;
        for (int i = 0; i < 200; ++i) {
            log.add({text, {}});
            accepted += log.error().empty() ? 1 : 0;
            ASSERT_LE(log.bytes_waiting(), LogFile::most_waiting);
        }
        EXPECT_EQ(accepted, LogFile::most_waiting / text.size());
        EXPECT_NE(log.error().find("show.jsonl: the performance is logged no further: 31 MB wait for the disk"),
                  std::string::npos)
            << log.error();
    }
    EXPECT_EQ(disk.written.size(), LogFile::most_waiting / text.size() * (text.size() + 1)) << "what was taken is kept";
}

TEST(PerformanceLog, ADiskThatIsFullIsTold) {
    LogFile log("show.jsonl", [](std::string_view) { fail("No space left on device"); });
    log.add({"{}", {}});
    while (log.bytes_waiting() > 0)
        std::this_thread::yield();
    EXPECT_EQ(log.error(), "show.jsonl: the performance can't be logged: No space left on device.");
}

} // namespace
