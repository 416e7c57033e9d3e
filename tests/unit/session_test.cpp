// SPDX-License-Identifier: Apache-2.0
// Sessions as files: all that is in one comes back, moved folders keep their model, and what is damaged, older or newer
// is told from what can be read.
#include <random>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "latent/walk.h"
#include "state_scrambler.h"
#include "studio/state/live_schema.h"
#include "studio/state/session.h"
#include "support/scratch.h"

namespace {

using namespace atelier;
using namespace atelier::studio;
using nlohmann::json;

Session scrambled_session(std::uint32_t seed) {
    Session session;
    session.state = scrambled<StudioState>(seed);
    session.state.modulated.clear(); // of the moment
    session.animated = scrambled<AnimatedValues>(seed + 1000);
    session.live = scrambled<LiveState>(seed + 2000);
    session.precision = static_cast<Precision>(seed % 4);
    session.tab = static_cast<Tab>(seed % 3);
    if (seed % 4 == 1)
        session.map = scrambled<SeedMap>(seed);
    if (session.tab == Tab::data)
        session.pictures = {"/pictures/a.png", "/more pictures"};
    session.train.data = "/data/cats.zip";
    session.train.batch = static_cast<int>(seed) + 1;
    session.train.target = seed % 2 == 0 ? 0.5 : 0.7;
    return session;
}

void write(const std::filesystem::path& file, const std::string& text) {
    test::put_bytes(file, test::bytes_of(text));
}

std::string refusal(const std::filesystem::path& file) {
    return test::message_from<Error>([&] { load_session(file); });
}

TEST(Session, EverythingComesBackFromTheFile) {
    const test::Scratch folder;
    const auto file = folder / "show.atelier";
    for (std::uint32_t seed = 0; seed < 60; ++seed) {
        const Session before = scrambled_session(seed);
        write(file, session_text(before, file));
        const Session after = load_session(file);
        ASSERT_EQ(after.state, before.state) << seed;
        ASSERT_EQ(after.animated, before.animated) << seed;
        ASSERT_EQ(after, before) << seed;
        ASSERT_EQ(session_text(after, file), session_text(before, file)) << seed;
    }
    EXPECT_NE(scrambled_session(1), scrambled_session(2));
}

TEST(Session, ItsModelIsFoundWhereBothWereMovedTo) {
    const test::Scratch folder;
    std::filesystem::create_directories(folder / "here" / "models");
    const auto model = folder / "here" / "models" / "cat.safetensors";
    const auto file = folder / "here" / "show.atelier";
    write(model, "weights");
    Session session;
    session.model = model.string();
    write(file, session_text(session, file));
    EXPECT_EQ(load_session(file).model, model.string());
    EXPECT_EQ(json::parse(session_text(session, file))["model"], "models/cat.safetensors");

    std::filesystem::rename(folder / "here", folder / "there");
    EXPECT_EQ(load_session(folder / "there" / "show.atelier").model,
              (folder / "there" / "models" / "cat.safetensors").string());

    // The session alone was moved: the model is still where it was.
    write(folder / "elsewhere.safetensors", "weights");
    session.model = (folder / "elsewhere.safetensors").string();
    std::filesystem::create_directories(folder / "deep" / "er");
    write(folder / "deep" / "er" / "show.atelier", session_text(session, folder / "there" / "show.atelier"));
    EXPECT_EQ(load_session(folder / "deep" / "er" / "show.atelier").model, session.model);

    session.model.clear();
    write(file.parent_path().parent_path() / "none.atelier", session_text(session, folder / "none.atelier"));
    EXPECT_EQ(load_session(folder / "none.atelier").model, "");
}

TEST(Session, ItsSongIsFoundWhereBothWereMovedTo) {
    const test::Scratch folder;
    std::filesystem::create_directories(folder / "here" / "songs");
    const auto song = folder / "here" / "songs" / "one.wav";
    const auto file = folder / "here" / "show.atelier";
    write(song, "sound");
    Session session;
    session.live.sound.song = song.string();
    write(file, session_text(session, file));
    const json text = json::parse(session_text(session, file));
    EXPECT_EQ(text["song"], "songs/one.wav");
    EXPECT_EQ(text["live"]["sound"]["song"], song.string()) << "what programs of before read";
    EXPECT_EQ(load_session(file), session);

    std::filesystem::rename(folder / "here", folder / "there");
    EXPECT_EQ(load_session(folder / "there" / "show.atelier").live.sound.song,
              (folder / "there" / "songs" / "one.wav").string());
    // The session alone was moved, and neither is where it was: what is told is where it was.
    std::filesystem::rename(folder / "there" / "show.atelier", folder / "show.atelier");
    EXPECT_EQ(load_session(folder / "show.atelier").live.sound.song, song.string());

    // Of before: the absolute name alone.
    json old = text;
    old.erase("song");
    write(folder / "there" / "old.atelier", old.dump());
    EXPECT_EQ(load_session(folder / "there" / "old.atelier").live.sound.song, song.string());

    // Elsewhere: not beneath the session's folder.
    session.live.sound.song = (folder / "hereafter" / "one.wav").string();
    EXPECT_FALSE(json::parse(session_text(session, folder / "here" / "show.atelier")).contains("song"));
    session.live.sound.song.clear();
    EXPECT_FALSE(json::parse(session_text(session, file)).contains("song"));
}

TEST(Session, OfANewerAtelierIsRefusedInASentence) {
    const test::Scratch folder;
    const auto file = folder / "show.atelier";
    json text = json::parse(session_text(scrambled_session(3), file));
    for (const json& version : {json(session_version + 1), json(1000), json(18446744073709551615U)}) {
        text["version"] = version;
        write(file, text.dump());
        EXPECT_EQ(refusal(file), file.string() + ": this session is of a newer Atelier (version " + version.dump() +
                                     "; this one reads up to " + std::to_string(session_version) + ").");
    }
    text["version"] = session_version;
    write(file, text.dump());
    EXPECT_EQ(refusal(file), "");
}

TEST(Session, OfAnOlderAtelierLacksFields) {
    const test::Scratch folder;
    const auto file = folder / "show.atelier";
    write(file, R"({"atelier": "session", "version": 1})");
    Session expected;
    expected.state.preset_seeds = true; // there was no choice
    EXPECT_EQ(load_session(file), expected);
    write(file,
          R"({"atelier": "session", "version": 1, "from the future": [1], "state": {"truncation": {"psi": 0.25}}})");
    expected.state.truncation.psi = 0.25;
    EXPECT_EQ(load_session(file), expected);
}

// Without any one of its fields, that one is a new session's and the others come back.
TEST(Session, OfAnOlderAtelierLacksAField) {
    const test::Scratch folder;
    const auto file = folder / "show.atelier";
    json fresh = json::parse(session_text(Session(), file));
    fresh["state"]["preset_seeds"] = true; // there was no choice
    std::set<std::string> every, told;     // told: its absence makes a difference
    for (const std::uint32_t seed : {7, 8, 9, 10}) {
        const Session whole = scrambled_session(seed);
        const json text = json::parse(session_text(whole, file));
        for (const std::string part : {"state", "motion"}) {
            for (const auto& field : text[part].items()) {
                const std::string name = part + "/" + field.key();
                json without = text;
                without[part].erase(field.key());
                write(file, without.dump());
                const Session older = load_session(file);
                EXPECT_TRUE(part == "state" ? older.animated == whole.animated : older.state == whole.state) << name;
                json expected = text[part];
                expected.erase(field.key());
                if (fresh[part].contains(field.key()))
                    expected[field.key()] = fresh[part][field.key()];
                EXPECT_EQ(json::parse(session_text(older, file))[part], expected) << name;
                every.insert(name);
                if (expected != text[part])
                    told.insert(name);
            }
        }
    }
    EXPECT_EQ(told, every);
}

TEST(Session, WhatIsWrongIsNamed) {
    const test::Scratch folder;
    const auto file = folder / "show.atelier";
    const auto says = [&](const std::string& text, const std::string& what) {
        write(file, text);
        const std::string said = refusal(file);
        EXPECT_EQ(said.find(file.string()), 0U) << said;
        EXPECT_NE(said.find(what), std::string::npos) << said;
    };
    says("", "no session of Atelier");
    says("[]", "no session of Atelier");
    says("{\"atelier\": \"performance\", \"version\": 1}", "no session of Atelier");
    says("{\"atelier\": \"session\", \"version\": \"1\"}", "no session of Atelier");
    says("{\"atelier\": \"session\", \"version\": 0}", "no session of Atelier");
    const std::string head = R"({"atelier": "session", "version": 1, )";
    says(head + R"("model": 5})", "the model must be");
    says(head + R"("precision": "fp8"})", "precision must be");
    says(head + R"("precision": []})", "precision must be");
    says(head + R"("state": []})", "");
    says(head + R"("state": {"truncation": {"psi": 99}}})", "psi must be");
    says(head + R"("state": {"walk": {"seeds": []}}})", "seeds");
    says(head + R"("state": {"timeline": {"moments": [{"seconds": 2}, {"seconds": 1}]}}})", "order");
    says(head + R"("motion": {"psi": "much"}})", "psi must be");
    says(head + R"("train": {"batch": "many"}})", "training options");
    EXPECT_NE(refusal(folder / "missing.atelier").find("can't be read"), std::string::npos);
    EXPECT_NE(refusal(folder.path()), "") << "a folder";
    says(std::string(200000, '['), "no session of Atelier");
}

// Plays what was read, as the studio does in the next tick.
void play(const Session& session) {
    Animator animated;
    animated.set_values(session.animated);
    for (const int num_ws : {0, 10}) {
        animated.advance(session.state, 0.1, 0.5);
        resolve_latent(make_params(session.state, animated.values(), 1, num_ws));
        make_render_settings(session.state, animated.values(), num_ws);
    }
}

TEST(Session, DamagedFilesAreRefusedOrPlay) {
    const test::Scratch folder;
    const auto file = folder / "show.atelier";
    const std::string text = session_text(scrambled_session(5), file);
    const std::size_t end = text.rfind('}');
    for (std::size_t cut = 0; cut < text.size(); cut += 1 + text.size() / 300) {
        write(file, text.substr(0, cut));
        EXPECT_EQ(refusal(file).empty(), cut > end) << cut;
    }
    std::mt19937 random(11);
    int refused = 0, played = 0;
    for (int i = 0; i < 1500; ++i) {
        std::string damaged = text;
        for (int flips = 1 + i % 3; flips > 0; --flips) {
            damaged[random() % damaged.size()] ^= static_cast<char>(1U << (random() % 8));
        }
        write(file, damaged);
        try {
            play(load_session(file));
            ++played;
        } catch (const Error& error) {
            EXPECT_EQ(std::string(error.what()).find(file.string()), 0U) << error.what();
            ++refused;
        }
    }
    EXPECT_GT(refused, 100);
    EXPECT_GT(played, 100) << "most flips are in numbers and names";
}

TEST(Session, IsKnownByItsName) {
    EXPECT_TRUE(is_session_file("a/show.atelier"));
    EXPECT_FALSE(is_session_file("show.safetensors"));
    EXPECT_FALSE(is_session_file(".atelier")) << "a hidden file of that name has no extension";
}

} // namespace
