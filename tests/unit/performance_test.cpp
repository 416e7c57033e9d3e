// SPDX-License-Identifier: Apache-2.0
// A performance kept as a log and played again: as it was shown, the same at every rate, safe against damaged files.
#include <cmath>
#include <fstream>
#include <random>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "latent/walk.h"
#include "studio/performance/performance_player.h"
#include "support/scratch.h"

namespace {

using namespace atelier;
using namespace atelier::studio;

constexpr double glide = 0.5;

struct Shown {
    double seconds;
    RenderParams params;
    bool black;
};

// Plays by hand for ten seconds with uneven ticks, as Studio::tick does, and logs it.
std::vector<Shown> play(const std::filesystem::path& file, int seconds = 10) {
    StudioState state;
    state.walk.seeds = {1, 2, 3, 4};
    state.walk.kind = WalkKind::seeds;
    state.walk.playing = true;
    state.walk.seconds_per_step = 1;
    Animator animated;
    animated.reset(state);
    PerformanceLog log(file, "model.pkl", glide, state, animated.values());
    std::mt19937 random(1);
    std::uniform_real_distribution<double> tick(0.004, 0.03);
    std::vector<Shown> shown;
    const PlayContext context{1, 10, {}};
    RenderParams stood;
    for (int i = 0; log.seconds() < seconds; ++i) {
        if (i % 50 == 10) {
            state.truncation.psi = 0.1 * (i / 50);
        }
        if (i == 120) {
            animated.glide(make_params(state, animated.values(), context), glide);
            state.latent_override = {LatentOverride::seed, 77, {}};
        }
        if (i == 200) {
            animated.glide(make_params(state, animated.values(), context), glide);
            state.latent_override = {};
        }
        if (i == 240) {
            state.mix.groups[0] = {true, 9, 0.8F, {}};
            state.oscillators.push_back({.target = "truncation.psi", .period = 1.3});
        }
        if (i == 300) {
            state.view.frozen = true;
            stood = make_params(state, animated.values(), context);
        }
        if (i == 320) {
            state.noise.strength = 0.5;
        }
        if (i == 350) {
            animated.glide(stood, glide);
            state.view.frozen = false;
        }
        state.view.blackout = i >= 400 && i < 420;
        if (i == 430) {
            const RenderSettings before = make_render_settings(state, animated.values(), 10);
            state.truncation = {0.9, 3};
            animated.morph(state, before, 1);
        }
        state.view.zoom = 1 + 0.01 * i; // not part of a performance
        const double step = tick(random);
        log.before(state, animated.values(), "model.pkl", glide);
        if (!state.view.frozen) {
            animated.advance(state, step, glide);
        }
        log.after(animated.values(), step);
        shown.push_back({log.seconds(), state.view.frozen ? stood : make_params(state, animated.values(), context),
                         state.view.blackout});
    }
    return shown;
}

TEST(Performance, IsPlayedAsItWasShown) {
    const test::Scratch folder;
    const auto file = folder.path() / "show.jsonl";
    const std::vector<Shown> shown = play(file);
    PerformancePlayer player(load_performance(file));
    EXPECT_EQ(player.model(), "model.pkl");
    EXPECT_NEAR(player.seconds(), shown.back().seconds, 1e-9);
    const PlayContext context{1, 10, {}};
    int black = 0;
    for (const Shown& each : shown) {
        player.advance_to(each.seconds);
        const RenderParams params = player.params(context);
        EXPECT_EQ(params, each.params) << each.seconds; // to the bit, at the ends of the turns
        black += player.light() == 0 ? 1 : 0;
        EXPECT_TRUE(player.light() == 0 || player.light() == 1) << "a cut";
    }
    EXPECT_NEAR(black, 20, 1);
    EXPECT_LT(std::filesystem::file_size(file), 60'000U);
}

// Up to version 4 logs had no turns: the motion goes by steps of its own, and comes near.
TEST(Performance, OldLogsGoByStepsOfTheirOwn) {
    const test::Scratch folder;
    const auto file = folder.path() / "show.jsonl", old = folder.path() / "old.jsonl";
    const std::vector<Shown> shown = play(file);
    {
        std::ifstream in(file);
        std::ofstream out(old);
        for (std::string line; std::getline(in, line);) {
            auto fields = nlohmann::json::parse(line);
            fields.erase("turns");
            if (fields.contains("version"))
                fields["version"] = 4;
            out << fields.dump() << "\n";
        }
    }
    PerformancePlayer player(load_performance(old));
    const PlayContext context{1, 10, {}};
    for (const Shown& each : shown) {
        player.advance_to(each.seconds);
        const RenderParams params = player.params(context);
        EXPECT_NEAR(params.position, each.params.position, 1e-6) << each.seconds;
        EXPECT_NEAR(params.psi, each.params.psi, 1e-3) << each.seconds; // a slider that has come snaps into place
        EXPECT_NEAR(params.noise_strength, each.params.noise_strength, 1e-3) << each.seconds;
        ASSERT_EQ(params.mix.size(), each.params.mix.size()) << each.seconds;
    }
}

TEST(Performance, EveryRateMeetsTheOthers) {
    const test::Scratch folder;
    play(folder.path() / "show.jsonl");
    const Performance performance = load_performance(folder.path() / "show.jsonl");
    PerformancePlayer slow(performance), fast(performance), again(performance);
    const PlayContext context{1, 10, {}};
    for (int frame = 0; frame <= 240; ++frame) {
        const double at = frame / 24.0;
        for (int i = 4; i >= 0; --i) {
            fast.advance_to(at - i / 120.0);
        }
        slow.advance_to(at);
        again.advance_to(at);
        ASSERT_EQ(slow.params(context), fast.params(context)) << at;
        ASSERT_EQ(slow.params(context), again.params(context)) << at;
    }
}

// New in each picture, however unevenly they came: played again it is the same noise in the same pictures.
TEST(Performance, RandomNoiseIsWhatItWas) {
    const test::Scratch folder;
    const PlayContext context{1, 10, {}};
    std::vector<std::pair<double, RenderParams>> shown;
    {
        StudioState state;
        state.noise.mode = NoiseMode::random;
        Animator animated;
        animated.reset(state);
        PerformanceLog log(folder / "log.jsonl", "model.pkl", glide, state, animated.values());
        std::mt19937 random(5);
        std::uniform_real_distribution<double> tick(0.004, 0.03);
        for (int i = 0; i < 400; ++i) {
            if (i == 100)
                state.noise.mode = NoiseMode::constant;
            if (i == 150)
                state.noise.mode = NoiseMode::random;
            if (i == 250)
                state.noise.speed = 7; // by the clock
            if (i == 320)
                state.noise.speed = 0;
            state.view.frozen = i >= 200 && i < 220;
            log.before(state, animated.values(), "model.pkl", glide);
            const double seconds = tick(random);
            if (!state.view.frozen)
                animated.advance(state, seconds, glide);
            log.after(animated.values(), seconds);
            shown.emplace_back(log.seconds(), make_params(state, animated.values(), context));
        }
    }
    PerformancePlayer player(load_performance(folder / "log.jsonl"));
    ASSERT_TRUE(player.keeps_noise());
    for (std::size_t i = 0; i < shown.size(); ++i) {
        player.advance_to(shown[i].first);
        const RenderParams again = player.params(context);
        ASSERT_EQ(again.noise, shown[i].second.noise) << i;
        if (i < 250 || i >= 321) { // a speed counts on from another number, but as fast
            EXPECT_EQ(again.noise_seed, shown[i].second.noise_seed) << i;
        }
    }
    PerformancePlayer slow(load_performance(folder / "log.jsonl")); // a lower rate leaves pictures out, no more
    for (std::size_t i = 0; i < 100; i += 7) {
        slow.advance_to(shown[i].first);
        EXPECT_EQ(slow.params(context).noise_seed, shown[i].second.noise_seed) << i;
    }
}

// A seed of random noise named other numbers then; what was played with them is rendered with them.
TEST(Performance, OldLogsHaveTheirOldNoise) {
    const test::Scratch folder;
    for (int version = 1; version <= performance_version; ++version) {
        const auto file = folder / fmt::format("v{}.jsonl", version);
        std::ofstream(file)
            << fmt::format(
                   R"({{"atelier":"performance","version":{},"model":"m","state":{{"noise":{{"mode":"random"}}}},"motion":{{}}}})",
                   version)
            << "\n"
            << R"({"t":1})"
            << "\n";
        PerformancePlayer player(load_performance(file));
        player.advance_to(0.5);
        const RenderParams params = player.params({1, 10, {}});
        EXPECT_EQ(params.noise, NoiseMode::random);
        EXPECT_EQ(params.noise_numbers, version < 3 ? NoiseNumbers::mersenne : NoiseNumbers::counter) << version;
    }
}

TEST(Performance, AQuietHourIsSmall) {
    const test::Scratch folder;
    const auto file = folder.path() / "show.jsonl";
    {
        StudioState state;
        state.walk.playing = true;
        Animator animated;
        PerformanceLog log(file, "m", glide, state, animated.values());
        for (int i = 0; i < 3600 * 4; ++i) {
            log.before(state, animated.values(), "m", glide);
            animated.advance(state, 0.25, glide);
            log.after(animated.values(), 0.25);
        }
    }
    EXPECT_LT(std::filesystem::file_size(file), 200'000U);
    EXPECT_NEAR(load_performance(file).seconds, 3600, 0.01);
}

// The window could not go on for a while, or a person changed how long glides take: the log says the same as the
// screen.
TEST(Performance, AStandstillAndAnotherGlideAreKept) {
    const test::Scratch folder;
    const auto file = folder.path() / "show.jsonl";
    StudioState state;
    state.walk.playing = true;
    state.walk.seconds_per_step = 1;
    Animator animated;
    animated.reset(state);
    const PlayContext context{1, 10, {}};
    std::vector<Shown> shown;
    double length = glide;
    {
        PerformanceLog log(file, "m", glide, state, animated.values());
        for (int i = 0; i < 300; ++i) {
            if (i == 100) {
                const RenderParams stood = make_params(state, animated.values(), context);
                shown.push_back({log.seconds() + 1.2, stood, false});
                log.stand_still(1.25);
            }
            if (i == 150) {
                length = 2;
                state.mix.groups[1] = {true, 3, 0.9F, {}}; // fades in for that long
            }
            if (i == 151)
                state.mix.groups[1].seed = 4;
            log.before(state, animated.values(), "m", length);
            animated.advance(state, 0.02, length);
            log.after(animated.values(), 0.02);
            shown.push_back({log.seconds(), make_params(state, animated.values(), context), false});
        }
        EXPECT_NEAR(log.seconds(), 300 * 0.02 + 1.25, 1e-9);
    }
    PerformancePlayer player(load_performance(file));
    EXPECT_NEAR(player.seconds(), 300 * 0.02 + 1.25, 1e-9);
    for (const Shown& each : shown) {
        player.advance_to(each.seconds);
        const RenderParams params = player.params(context);
        EXPECT_EQ(params, each.params) << each.seconds;
    }
}

std::string refusal(const std::filesystem::path& file) {
    try {
        load_performance(file);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

TEST(Performance, DamagedLogs) {
    const test::Scratch folder;
    const auto file = folder.path() / "show.jsonl";
    play(file, 2);
    std::string text;
    {
        std::ifstream in(file);
        text.assign(std::istreambuf_iterator<char>(in), {});
    }
    const auto other = folder.path() / "other.jsonl";
    const auto write = [&](const std::string& what) { std::ofstream(other) << what; };
    for (std::size_t cut = 0; cut < text.size(); cut += 37) { // killed while writing
        write(text.substr(0, cut));
        const std::string said = refusal(other);
        if (cut >= text.find('\n')) { // the first line is whole
            EXPECT_EQ(said, "") << cut;
        } else {
            EXPECT_NE(said, "") << cut;
        }
    }
    std::mt19937 random(3);
    for (int i = 0; i < 300; ++i) { // flipped bits: an Error or a log, no crash
        std::string damaged = text;
        damaged[random() % damaged.size()] ^= static_cast<char>(1U << (random() % 8));
        write(damaged);
        try {
            PerformancePlayer player(load_performance(other));
            player.advance_to(3);
            resolve_latent(player.params({1, 10, {}}));
        } catch (const Error&) {
        }
    }
    write("");
    EXPECT_NE(refusal(other).find("the file is empty"), std::string::npos);
    write("{\"atelier\":\"session\"}\n");
    EXPECT_NE(refusal(other).find("no performance log"), std::string::npos);
    write(fmt::format(R"({{"atelier":"performance","version":{},"model":"m"}})", performance_version + 1) + "\n");
    EXPECT_NE(refusal(other).find("newer Atelier"), std::string::npos);
    const std::string head = text.substr(0, text.find('\n') + 1);
    write(head + "{\"t\":1}\n{\"t\":0.5}\n");
    EXPECT_NE(refusal(other).find("line 3: t must be"), std::string::npos);
    write(head + "{\"t\":1,\"state\":{\"truncation\":{\"psi\":99}}}\n{}\n");
    EXPECT_NE(refusal(other).find("line 2, truncation: psi must be"), std::string::npos);
    for (const char* turns : {"[0.5,0.6]", "[-1]", "[\"a\"]", "{}"}) {
        write(head + "{\"t\":1,\"turns\":" + turns + "}\n");
        EXPECT_NE(refusal(other).find("line 2: turns must be"), std::string::npos) << turns;
    }
    EXPECT_NE(refusal(folder.path() / "missing"), "");
}

TEST(Performance, NothingIsOverwritten) {
    const test::Scratch folder;
    const auto file = folder.path() / "show.jsonl";
    std::ofstream(file) << "mine";
    {
        PerformanceLog log(file, "m", glide, {}, {});
        log.before({}, {}, "n", glide);
        for (int i = 0; i < 200 && log.error().empty(); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        EXPECT_NE(log.error().find("can't be logged"), std::string::npos);
    }
    std::ifstream in(file);
    std::string text;
    in >> text;
    EXPECT_EQ(text, "mine");
}

} // namespace
