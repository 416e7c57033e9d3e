// SPDX-License-Identifier: Apache-2.0
// A tour of the Train panel of the real studio, and of what it puts into the middle of the window: every control is
// pressed, typed into or dragged before, during and after a short run, and has to do what its kind does.
#include <gtest/gtest.h>

#include "ui/tour.h"

namespace atelier::testing {
namespace {

namespace fs = std::filesystem;

// Listed at times, and not toured.
const std::set<std::string> left_out = {
    "##toasts-more",
    "##dismiss",                  // of a toast, which may leave by itself before the mouse gets there
    "memory",        "speed",     // facts, which only say what they are
    "##augmented",                // a picture
    "auto",          "stylegan2", // of each list one item is chosen
    "paper512",      "paper1024", "cifar", "bgc",  "geom",  "color",  "filter",
    "noise",         "cutout",    "bg",    "bgcf", "bgcfn", "bgcfnc",
    "##grid-seed", // one of them is pressed
};

class TrainTour : public TourBase {
public:
    void SetUp() override {
        const fs::path pictures = test::source_dir() / "assets" / "tour-64.zip";
        if (!fs::exists(pictures)) {
            GTEST_SKIP() << "no pictures to learn from";
        }
        fs::copy_file(pictures, folder_ / "tour.zip");
        setenv("XDG_DATA_HOME", (folder_ / "data").c_str(), 1); // the program inherits it
        TourBase::SetUp();
    }
    fs::path model() const override { return test::bundled_model(); }
    // So small that every row of the panel finds room.
    std::string size() const override { return "1500x960"; }
    std::string scale() const override { return "0.5"; }
    // Below the top bar and right of the left panel, which is folded.
    bool belongs(const json& state, const json& box) const override {
        return state["tab"] == "train" && box[0] >= 18 && box[1] >= 18;
    }

    std::string training_state() { return at("/training/state"); }
    void expect_state(const std::string& name) {
        ASSERT_TRUE(studio_->wait(
            [&](const json& s) { return s["training"]["state"] == name || s["training"]["state"] == "failed"; }));
        ASSERT_EQ(training_state(), name) << at("/training/message");
    }
    // Typed into, a field sets a value of the state.
    void fill(const std::string& field, const std::string& text, const std::string& pointer, const json& value) {
        ASSERT_NE(at(pointer), value) << field << " has nothing to change";
        visit(
            field,
            [&] {
                studio_->click(field);
                EXPECT_TRUE(studio_->type(text)) << field;
            },
            [&](const json& s) { return s.value(json::json_pointer(pointer), json()) == value; });
    }
    void number(const std::string& field, const std::string& name, double value) {
        fill(field, nlohmann::json(value).dump(), "/train/options/" + name, value);
    }
    void whole(const std::string& field, const std::string& name, int value) {
        fill(field, std::to_string(value), "/train/options/" + name, value);
    }
    void switches(const std::string& control, const std::string& name) {
        const std::string pointer = "/train/options/" + name;
        const bool before = at(pointer);
        sets(control, pointer, !before);
        sets(control, pointer, before);
    }
    // One item of a list.
    void chooses(const std::string& list, const std::string& item, const std::string& name) {
        press(list, [&](const json& s) { return s["controls"].contains(item); });
        sets(item, "/train/options/" + name, item);
    }

    void simple_options();
    void pace_and_networks();
    void pictures_and_augmentation();
    void scratch();
    void starts();
    void looks();
    void centre_views();
    void curves();
    void runs();
    void ends();
};

void TrainTour::simple_options() {
    studio_->click("Train");
    studio_->key("ctrl+l"); // what the left panel shares names with is gone
    ASSERT_TRUE(studio_->wait([](const json& s) { return !s["controls"].contains("psi"); }));
    folds("NEW RUN", "data");
    unfolds("NEW RUN", "data");
    opens_and_escape_closes("data-browse");
    const std::string data = (folder_ / "tour.zip").string();
    fill("data", data, "/train/options/data", data);
    sets("Run", "/train/start", 3);
    fill("start-file", "/none", "/train/start_file", "/none");
    opens_and_escape_closes("start-file-browse");
    sets("File", "/train/start", 1);
    sets("Shown", "/train/start", 0);
    slides("length", "/train/options/kimg", 0.3, false);
    switches("mirror-x", "mirror_x");
    switches("mirror-y", "mirror_y");
    sets("Fixed", "/train/options/aug", "fixed");
    slides("p", "/train/options/p", 0.8, false);
    sets("None", "/train/options/aug", "noaug");
    sets("Auto", "/train/options/aug", "ada");
    const std::string run = (folder_ / "run").string();
    fill("out", run, "/train/out", run);
    press("All options", [](const json& s) { return s["train"]["expert"] == true && s["controls"].contains("z-dim"); });
}

void TrainTour::pace_and_networks() {
    number("tick", "tick", 0.02);
    whole("snap", "snap", 2);
    whole("keep", "keep", 5);
    whole("threads", "threads", 1);
    chooses("cfg", "paper256", "cfg");
    whole("batch", "batch", 4);
    number("lr", "lr", 0.002);
    number("gamma", "gamma", 0.5);
    number("ema", "ema_kimg", 0.1);
    whole("freeze-d", "freeze_d", 1);
    whole("freeze-g", "freeze_g", 1);
    switches("fp32", "fp32");
    whole("train-seed", "seed", 7);
}

void TrainTour::pictures_and_augmentation() {
    whole("subset", "subset", 20);
    switches("cond", "cond");
    chooses("augpipe", "blit", "augpipe");
    number("target", "target", 0.5);
    number("ada-kimg", "ada_kimg", 50);
    number("ada-max", "ada_max", 0.9);
    number("init-strength", "init_strength", 0.25);
}

void TrainTour::scratch() {
    sets("Scratch", "/train/start", 2);
    whole("resolution", "resolution", 64);
    whole("channel-base", "channel_base", 8192);
    whole("channel-max", "channel_max", 64);
    whole("map-depth", "map_depth", 2);
    whole("z-dim", "z_dim", 64);
    sets("Shown", "/train/start", 0);
}

void TrainTour::starts() {
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["training"]["obstacle"] == ""; }));
    press("##train-start", [](const json& s) { return s["training"]["state"] != "idle"; });
    ASSERT_NO_FATAL_FAILURE(expect_state("running"));
    ASSERT_TRUE(studio_->wait(
        [](const json& s) { return s["training"]["snapshots"].size() >= 1 && s["training"]["points"] >= 2; },
        std::chrono::minutes(4)));
}

void TrainTour::looks() {
    folds("LOOK AT", "##strip");
    unfolds("LOOK AT", "##strip");
    sets("Opened", "/training/showing", "opened");
    sets("Start", "/training/showing", "start");
    sets("Training", "/training/showing", "training");
    sets("Raw", "/train/raw", true);
    sets("Averaged", "/train/raw", false);
    sets("Wipe", "/compare/how", 1);
    const json wipe = at("/compare/wipe");
    visit(
        "##wipe",
        [&] {
            const auto from = studio_->place("##wipe");
            studio_->drag(from, {from[0] - 100, from[1]});
        },
        [&](const json& s) { return s["compare"]["wipe"] != wipe; });
    sets("Side", "/compare/how", 2);
    sets("Off", "/compare/how", 0);
    visit(
        "##strip", [&] { studio_->slide("##strip", 0.98, 0.02); },
        [](const json& s) { return s["training"]["showing"] == "start"; });
    sets("Training", "/training/showing", "training");
}

void TrainTour::centre_views() {
    sets("Seen", "/train/middle", 2);
    sets("Seeds", "/train/middle", 1);
    sets("##back", "/train/middle", 0);
    sets("Seeds", "/train/middle", 1);
    press("##grid-seed#2", [](const json& s) { return s["train"]["middle"] == 0 && s["detour"]["seed"] == 1; });
    sets("Seeds", "/train/middle", 1);
    sets("Picture", "/train/middle", 0);
}

void TrainTour::curves() {
    folds("CURVES", "plot-loss");
    unfolds("CURVES", "plot-loss");
    for (const char* plot : {"plot-loss", "plot-scores", "plot-rt", "plot-p", "plot-pl", "plot-r1"}) {
        studio_->move({400, 500});
        ASSERT_TRUE(studio_->wait([](const json& s) { return s["train"]["reading"].is_null(); })) << plot;
        visit(
            plot,
            [&] {
                const json box = at("/controls")[plot]; // the title is no part of the curve
                studio_->move({(box[0].get<int>() + box[2].get<int>()) / 2, box[3].get<int>() - 4});
            },
            [](const json& s) { return s["train"]["reading"].is_number(); });
    }
}

void TrainTour::runs() {
    folds("TRAINING", "##train-stop");
    unfolds("TRAINING", "##train-stop");
    const fs::path checkpoint = fs::path(at("/training/run_dir").get<std::string>()) / "checkpoint.safetensors";
    const auto written = fs::last_write_time(checkpoint);
    press("##train-save", [&](const json&) { return fs::last_write_time(checkpoint) > written; });
    press("##train-pause", [](const json& s) { return s["training"]["state"] == "paused"; });
    press("##fold-train", [](const json& s) { return s["controls"].contains("##unfold-train"); });
    press("##train-pause", [](const json& s) { return s["training"]["state"] == "running"; });
    press("##unfold-train", [](const json& s) { return s["controls"].contains("##fold-train"); });
    press("##train-stop", [](const json& s) { return s["training"]["state"] == "finished"; });
}

void TrainTour::ends() {
    press("##open-result", [](const json& s) {
        return s["model"] == fs::path(s["training"]["run_dir"].get<std::string>()).filename().string();
    });
    press("##go-on", [](const json& s) { return s["training"]["state"] != "finished"; });
    ASSERT_NO_FATAL_FAILURE(expect_state("running"));
    press("##train-stop", [](const json& s) { return s["training"]["state"] == "finished"; });
    press("##forget", [](const json& s) { return !s["controls"].contains("##forget"); });
}

TEST_F(TrainTour, EveryControlDoesWhatItsKindDoes) {
    for (const auto part :
         {&TrainTour::simple_options, &TrainTour::pace_and_networks, &TrainTour::pictures_and_augmentation,
          &TrainTour::scratch, &TrainTour::starts, &TrainTour::looks, &TrainTour::centre_views, &TrainTour::curves,
          &TrainTour::runs, &TrainTour::ends}) {
        ASSERT_NO_FATAL_FAILURE((this->*part)());
    }
    expect_complete(left_out);
    EXPECT_EQ(studio_->end(), 0) << studio_->messages();
}

} // namespace
} // namespace atelier::testing
