// SPDX-License-Identifier: Apache-2.0
// Files of earlier versions still open: tests/data/studio holds one of each kind as its version wrote it, with no field
// at its default. Read and written again, each still says all that it said; fields that came later may stand beside.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/train_options_json.h"
#include "studio/core/direction_sliders.h"
#include "studio/core/settings.h"
#include "studio/dataset/choice_store.h"
#include "studio/performance/performance_log.h"
#include "studio/state/live_schema.h"
#include "studio/state/recipe.h"
#include "studio/state/schema.h"
#include "studio/state/serialization.h"
#include "studio/state/session.h"
#include "support/paths.h"
#include "support/scratch.h"

namespace atelier::studio {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

fs::path old_file(const char* name) {
    return test::source_dir() / "tests" / "data" / "studio" / name;
}

std::string text_of(const fs::path& file) {
    const auto bytes = test::file_bytes(file);
    return {bytes.begin(), bytes.end()};
}

// The first place where `now` does not say what `before` says; empty: none. A version may be a higher one.
std::string lost(const json& before, const json& now, const std::string& where = {}) {
    if (where.ends_with("/version") && before.is_number_integer() && now.is_number_integer())
        return now >= before ? "" : where + " is an older one";
    if (before.is_object() && now.is_object()) {
        for (const auto& [key, value] : before.items()) {
            const std::string there = where + "/" + key;
            const std::string inner = now.contains(key) ? lost(value, now[key], there) : there + " is gone";
            if (!inner.empty())
                return inner;
        }
        return {};
    }
    if (before.is_array() && now.is_array() && before.size() <= now.size()) {
        for (std::size_t i = 0; i < before.size(); ++i) {
            const std::string inner = lost(before[i], now[i], where + "/" + std::to_string(i));
            if (!inner.empty())
                return inner;
        }
        return {};
    }
    return before == now ? "" : where + " was " + before.dump() + ", is " + now.dump();
}

// Read and written again.
json session_again(const json& old) {
    const fs::path file = "/shows/old.atelier"; // so that paths mean the same everywhere
    return json::parse(session_text(read_session(old.dump(), file), file));
}

json recipe_again(const json& old) {
    return json::parse(recipe_text(read_recipe(old.dump(), "/shows/old.png")));
}

json settings_again(const json& old) {
    const test::Scratch folder;
    std::ofstream(folder / "old.json") << old.dump();
    save_settings(folder / "new.json", load_settings(folder / "old.json"));
    return json::parse(text_of(folder / "new.json"));
}

json choices_again(const json& old) {
    const test::Scratch folder;
    std::ofstream(folder / "old.json") << old.dump();
    save_choices(folder / "new.json", "/pictures-set.zip.work", load_choices(folder / "old.json"));
    return json::parse(text_of(folder / "new.json"));
}

json sliders_again(const json& old) {
    const test::Scratch folder;
    std::ofstream(folder / "old.json") << old.dump();
    save_sliders(folder / "new.json", old["model"], load_sliders(folder / "old.json"));
    return json::parse(text_of(folder / "new.json"));
}

// Puts each latent where a log has its number.
void resolve(json& value, const json& latents) {
    if (value.is_object() && value.contains("fixed") && value["fixed"].is_number_unsigned())
        value["fixed"] = latents.at(value["fixed"].get<std::size_t>());
    if (value.is_structured()) {
        for (json& each : value)
            resolve(each, latents);
    }
}

json lines_of(const fs::path& file) {
    json lines = json::array();
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);)
        lines.push_back(json::parse(line));
    return lines;
}

// A log that names latents by their numbers, with the latents in these places.
json resolved(json lines) {
    json latents = json::array();
    for (json& line : lines) {
        for (const json& each : line.value("latents", json::array()))
            latents.push_back(each);
        line.erase("latents");
        resolve(line, latents);
    }
    return lines;
}

json log_lines(const fs::path& file) {
    return resolved(lines_of(file));
}

// Played again from one event to the next and logged anew.
json performance_again(const json& old) {
    const test::Scratch folder;
    std::ofstream out(folder / "old.jsonl");
    for (const json& line : old)
        out << line.dump() << "\n";
    out.close();
    const Performance show = load_performance(folder / "old.jsonl");
    StudioState state = show.state;
    AnimatedValues animated = show.animated;
    {
        PerformanceLog log(folder / "new.jsonl", show.model, show.glide_seconds, state, animated);
        std::string model = show.model;
        double glide = show.glide_seconds;
        for (const PerformanceEvent& event : show.events) {
            log.after(animated, event.seconds - log.seconds());
            if (!event.state.empty())
                state_from_patch(json::parse(event.state), "event", show.latents, state);
            if (!event.animated.empty())
                animated_from_patch(json::parse(event.animated), "event", show.latents, animated);
            if (!event.model.empty())
                model = event.model;
            if (event.glide_seconds >= 0)
                glide = event.glide_seconds;
            log.before(state, animated, model, glide);
        }
        log.after(animated, show.seconds - log.seconds());
    }
    // Lines with the seed of random noise came later, and stand beside; so did the window's turns.
    json lines = json::array();
    for (json line : log_lines(folder / "new.jsonl")) {
        line.erase("turns");
        if (!line.contains("noise"))
            lines.push_back(line);
    }
    return lines;
}

struct Kind {
    const char* name;
    json (*read)(const fs::path& file);
    json (*again)(const json& old);
    std::size_t least; // fields that it has
};
json whole(const fs::path& file) {
    return json::parse(text_of(file));
}
constexpr Kind kinds[] = {{"session-v1.atelier", whole, session_again, 300},
                          {"performance-v1.jsonl", log_lines, performance_again, 100},
                          {"recipe-v1.json", whole, recipe_again, 20},
                          {"session-v1-map.atelier", whole, session_again, 300},
                          {"performance-v1-glide.jsonl", log_lines, performance_again, 100},
                          {"performance-v2.jsonl", log_lines, performance_again, 120},
                          {"recipe-v1-noise.json", whole, recipe_again, 20},
                          {"sliders-v1.json", whole, sliders_again, 6},
                          {"choices-v1.json", whole, choices_again, 3},
                          {"studio-v1.json", whole, settings_again, 40}};

// Of versions that the ones above don't show; a few of their fields have the value that they would have without.
constexpr Kind later_kinds[] = {{"session-v1-show.atelier", whole, session_again, 0},
                                {"recipe-v2.json", whole, recipe_again, 0}};

TEST(OldFiles, SayTheSameWhenReadAndWrittenAgain) {
    const auto say_the_same = [](const Kind& kind) {
        const json old = kind.read(old_file(kind.name));
        EXPECT_EQ(lost(old, kind.again(old)), "") << kind.name;
    };
    std::ranges::for_each(kinds, say_the_same);
    std::ranges::for_each(later_kinds, say_the_same);
}

// All fields of objects, the first of a list for the others. Those that say what a file is are not compared.
void each_field(const json& value, const json::json_pointer& at, const std::function<void(json::json_pointer)>& visit) {
    if (value.is_array() && !value.empty())
        each_field(value[0], at / 0, visit);
    if (!value.is_object())
        return;
    for (const auto& [key, inner] : value.items()) {
        if (key != "version" && key != "of" && key != "model" && key != "model_absolute")
            visit(at / key);
        each_field(inner, at / key, visit);
    }
}

// The comparison above sees nothing of a field whose value is the one that it has without the file.
TEST(OldFiles, HaveNoFieldAtItsDefault) {
    for (const Kind& kind : kinds) {
        const json old = kind.read(old_file(kind.name));
        std::size_t fields = 0;
        each_field(old, json::json_pointer(), [&](const json::json_pointer& field) {
            json without = old;
            without[field.parent_pointer()].erase(field.back());
            std::string found = "it is refused";
            try {
                found = lost(old, kind.again(without));
            } catch (const std::exception&) {
            }
            EXPECT_NE(found, "") << kind.name << " could lose " << field.to_string();
            ++fields;
        });
        EXPECT_GE(fields, kind.least) << kind.name;
    }
}

TEST(OldFiles, APerformanceHasWhatWasPlayed) {
    const Performance show = load_performance(old_file("performance-v1.jsonl"));
    EXPECT_EQ(show.model, "/models/cat.safetensors");
    EXPECT_EQ(show.glide_seconds, 2.5);
    EXPECT_EQ(show.seconds, 4);
    ASSERT_EQ(show.events.size(), 3U);
    EXPECT_EQ(show.events[0].seconds, 1);
    EXPECT_EQ(json::parse(show.events[0].state), json::parse(R"({"truncation": {"psi": 0.25}})"));
    EXPECT_EQ(show.events[1].model, "/models/dog.pkl");
    EXPECT_EQ(show.events[2].seconds, 3);
    EXPECT_EQ(json::parse(show.events[2].animated)["position"], 2.5);
}

TEST(OldFiles, APerformanceOfVersionFiveHasItsTurns) {
    const Performance show = load_performance(old_file("performance-v5.jsonl"));
    EXPECT_EQ(show.glide_seconds, 2.5);
    ASSERT_GE(show.events.size(), 4U);
    EXPECT_EQ(json::parse(show.events[0].state), json::parse(R"({"truncation": {"psi": 0.25}})"));
    EXPECT_EQ(show.events[1].model, "/models/dog.pkl");
}

// --- how they were written

// A visitor of studio/state/schema.h that gives every field another value than it has.
class Changer {
public:
    static constexpr bool reading = true;
    std::string where() const { return "changed"; }
    void flag(const char*, bool& value) { value = !value; }
    void number(const char*, double& value, double min, double max) {
        const double step = std::min(0.25, (max - min) / 4);
        value += value + step <= max ? step : -step;
    }
    void number(const char*, float& value, double min, double max) {
        auto wide = static_cast<double>(value);
        number("", wide, min, max);
        value = static_cast<float>(wide);
    }
    void whole(const char*, int& value, int, int max) { value += value < max ? 1 : -1; }
    void count(const char*, std::uint32_t& value) { value += ++counted_; }
    void count(const char*, std::uint64_t& value) { value += ++counted_; }
    void text(const char* name, std::string& value) {
        if (std::string(name) == "target") // one of a list then
            value = "noise.strength";
        else
            value += "a \"text\" \xc3\xa9";
    }
    void floats(const char*, std::vector<float>& value, std::size_t) { value = {0.5F, -1.25F}; }
    void counts(const char*, std::vector<std::uint32_t>& value, std::size_t, std::size_t) { value = {++counted_, 9}; }
    template <class E> void choice(const char*, E& value, Names names) {
        value = static_cast<E>((static_cast<std::size_t>(value) + 1) % names.size());
    }
    template <class T, class Each> void object(const char*, T& value, Each each) { each(*this, value); }
    template <class Each> void shared(const char*, std::shared_ptr<const ExplicitLatent>& value, Each each) {
        ExplicitLatent latent;
        each(*this, latent);
        value = std::make_shared<const ExplicitLatent>(std::move(latent));
    }
    template <class List, class Each> void list(const char*, List& items, std::size_t, std::size_t, Each each) {
        if constexpr (requires { items.clear(); }) {
            items.clear();
            items.resize(1);
        }
        each(*this, items[0]);
    }

private:
    std::uint32_t counted_ = 0;
};

template <class T> T changed() {
    T value;
    Changer changer;
    fields(changer, value);
    return value;
}

TrainOptions changed_options() {
    TrainOptions o;
    o.data = "/data/cats.zip", o.out = "/runs/1", o.resume = "/models/cat.pkl";
    o.kimg = 12.5, o.tick = 2, o.snap = 7, o.keep = 3, o.threads = 2, o.cfg = "cifar", o.batch = 6, o.gamma = 0.5;
    o.lr = 0.003, o.ema_kimg = 5, o.mirror_x = o.mirror_y = o.cond = true, o.subset = 100;
    o.aug = AugmentMode::fixed, o.augpipe = "geom", o.p = 0.25, o.target = 0.7, o.ada_kimg = 50, o.ada_max = 0.75;
    o.init_strength = 0.125, o.freeze_d = 4, o.freeze_g = 2, o.seed = 77, o.fp32 = true;
    o.resolution = 128, o.channel_base = 8192, o.channel_max = 256, o.map_depth = 2, o.z_dim = 64;
    return o;
}

VideoSettings changed_video() {
    return {media::Codec::prores, 25, media::ProRes::lt, VideoSize::hd, "640", media::Aspect::crop, 24, true};
}

Settings changed_settings() {
    Settings s;
    s.recent = {"/models/b.pkl", "/models/a.pkl"};
    s.sessions_folder = "/shows", s.last_folder = "/models", s.videos_folder = "/videos", s.runs_folder = "/runs";
    s.folds = {{"WALK", false}, {"STARRED", true}};
    s.panel_folded = s.train_folded = s.train_expert = s.show_performance = true, s.save_recipes = false;
    s.train_data = "/pictures", s.unfinished_run = "/runs/7", s.output_monitor = "DP-1";
    s.glide_seconds = 2.5, s.frame_budget_ms = 50;
    s.recording = s.exporting = changed_video();
    s.data.cut.mode = prepare::Mode::faces, s.data.cut.size = 256;
    s.data.cut.ratio_width = 3, s.data.cut.ratio_height = 2;
    s.data.cut.fit = prepare::Fit::pad, s.data.cut.fill = prepare::Fill::edge, s.data.cut.background = {1, 2, 3};
    s.data.every = 2.5, s.data.labels = true;
    s.data.plain = {{near_limit, 3}};
    s.data.faces = {{equal_limit, 0}};
    for (const LimitSpec& spec : limit_specs())
        s.data.faces[spec.id] = s.data.plain[spec.id] = (spec.min + spec.max) / 2;
    return s;
}

void write_performance(const fs::path& file) {
    auto state = changed<StudioState>();
    auto animated = changed<AnimatedValues>();
    PerformanceLog log(file, "/models/cat.safetensors", 2.5, state, animated);
    log.after(animated, 1);
    state.truncation.psi = 0.25;
    log.before(state, animated, "/models/cat.safetensors", 2.5);
    log.after(animated, 1);
    log.before(state, animated, "/models/dog.pkl", 2.5);
    log.after(animated, 1);
    animated.position = 2.5;
    log.before(state, animated, "/models/dog.pkl", 1.5);
    log.after(animated, 1);
    auto& keyframes = state.timeline.curve.keyframes; // moved, and one put before it
    keyframes[0].seconds += 2;
    keyframes.insert(keyframes.begin(), keyframes[0]);
    keyframes[0].id += 1;
    keyframes[0].seconds = 0.5;
    keyframes[0].settings.latent[0].fixed = {
        std::make_shared<const ExplicitLatent>(ExplicitLatent{Space::w, 1, {0.125F, 2}})};
    state.mix.groups[0].source = keyframes[0].settings.latent;
    log.before(state, animated, "/models/dog.pkl", 1.5);
    log.after(animated, 1);
    keyframes.erase(keyframes.begin() + 1);
    state.directions.clear();
    log.before(state, animated, "/models/dog.pkl", 1.5);
    log.after(animated, 1);
}

// For the files of another version, into the folder that ATELIER_NEW_FILES names. Files of old ones are never replaced.
TEST(OldFiles, DISABLED_AreWritten) {
    const char* name = std::getenv("ATELIER_NEW_FILES");
    ASSERT_NE(name, nullptr);
    const fs::path to = name;
    const Session session{
        "/models/cat.safetensors",    Precision::bf16,   changed<StudioState>(),
        changed<AnimatedValues>(),    Tab::data,         SeedMap{changed<LatentOverrideState>().explore, 1.5, -2.5},
        {"/pictures/a.png", "/more"}, changed_options(), changed<LiveState>()};
    std::ofstream(to / "session.atelier") << session_text(session, "/shows/old.atelier");
    std::ofstream(to / "recipe.json") << recipe_text(
        {"/models/cat.safetensors", 10, changed<RenderSettings>(), Precision::bf16, 77});
    write_performance(to / "performance.jsonl");
    save_settings(to / "studio.json", changed_settings());
    HandChoices choices;
    choices.overrides = {{0x1234, prepare::Override::keep}, {0xfedcba9876543210, prepare::Override::drop}};
    choices.crops = {{0x1234, {0.25, -0.5, 0.75}}};
    save_choices(to / "choices.json", "/pictures-set.zip.work", choices);
    save_sliders(to / "sliders.json", "abc", {{{"Smile", {"pca", 2, 0, 3, 7}}, {"Age", {"sefa", 1, 0, 1, 5}}}});
}

} // namespace
} // namespace atelier::studio
