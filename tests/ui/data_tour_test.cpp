// SPDX-License-Identifier: Apache-2.0
// A tour of the Data tab of the real studio, from a folder of pictures to a set that can be trained on: every control
// of the panel, the grid and the large view is pressed, typed into or dragged, and has to do what its kind does.
#include <gtest/gtest.h>

#include "io/zip_file.h"
#include "ui/tour.h"

namespace atelier::testing {
namespace {

namespace fs = std::filesystem;

constexpr int picture_count = 20;

// Listed at times, and not toured.
const std::set<std::string> left_out = {
    "##toasts-more", "##dismiss",     "##toast-action", // of toasts, which may leave by themselves
    "##data-tile",                                      // three of them are pressed
    "##data-go-on",  "##data-cancel",                   // work may be over at once; see the tests of the panel
    "data-kept",     "left-out",                        // facts
    "As added",      "Verdict",       "Pixels",
    "Sharpness",
    "Exposure", // of each list one item is chosen
    "1:1",           "4:3",           "3:2",
    "16:9",          "4:5",           "3:4",
    "2:3",           "9:16",
};

class DataTour : public TourBase {
public:
    void SetUp() override {
        fs::copy(test::own_data_dir() / "data" / "emoji-portraits", pictures());
        ASSERT_EQ(std::distance(fs::directory_iterator(pictures()), {}), picture_count);
        setenv("XDG_DATA_HOME", (folder_ / "data").c_str(), 1); // the program inherits it
        TourBase::SetUp();
    }
    fs::path model() const override { return test::bundled_model(); }
    fs::path pictures() const { return folder_ / "pictures"; }
    fs::path set() const { return folder_ / "pictures-set.zip"; }
    // So small that every row of the panel finds room.
    std::string size() const override { return "1500x960"; }
    std::string scale() const override { return "0.5"; }
    // Below the top bar and right of the left panel, which is folded.
    bool belongs(const json& state, const json& box) const override {
        return state["tab"] == "data" && box[0] >= 18 && box[1] >= 18;
    }

    void looked_at() {
        ASSERT_TRUE(studio_->wait([](const json& s) {
            return s["data"]["followed"] == true && s["data"]["state"] == "ready" &&
                   s["data"]["items"] == picture_count;
        })) << at("/data");
        note();
    }
    // The reasons counted above the limits come and go with them, and move what stands below.
    void limits_to(const std::string& kind, const std::vector<std::string>& names) {
        for (const std::string& name : names) {
            slides(name, "/data/wishes/" + kind + "/" + name, 0.9, false);
            ASSERT_NO_FATAL_FAILURE(looked_at());
        }
    }
    void settings(const std::string& control, const std::string& name, const json& value) {
        sets(control, "/data/wishes/" + name, value);
    }
    void chooses(const std::string& list, const std::string& item, const std::string& pointer, const json& value) {
        press(list, [&](const json& s) { return s["controls"].contains(item); });
        sets(item, pointer, value);
    }

    void adds();
    void overrules();
    void sorts();
    void limits();
    void cuts();
    void moves_a_crop();
    void prepares();
    void trains();
};

void DataTour::adds() {
    studio_->key("d");
    studio_->key("ctrl+l"); // what the left panel shares names with is gone
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["tab"] == "data" && !s["controls"].contains("psi"); }));
    opens_and_escape_closes("##data-add");
    EXPECT_EQ(at("/data/wishes/size"), 64) << "that of the model that plays";
    settings("512", "size", 512);
    press("##data-begin", [](const json& s) { return s["dialog"] != 0; });
    ASSERT_TRUE(studio_->type(pictures().string()));
    studio_->click("##open#2"); // the dialog's
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["data"]["inputs"].size() == 1; }));
    ASSERT_NO_FATAL_FAILURE(looked_at());
    EXPECT_EQ(at("/data/kept"), 0) << "136 px are too few for 512";
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["data"]["pictures"] == picture_count; }))
        << "the grid fills";
    press("##data-offer", [](const json& s) { return s["data"]["kept"] == picture_count; });
    press("##limits-reset", [](const json& s) { return s["data"]["kept"] == 0; });
    press("##data-clear", [](const json& s) { return s["data"]["inputs"].empty(); });
    press("##data-begin", [](const json& s) { return s["dialog"] != 0; });
    ASSERT_TRUE(studio_->type(pictures().string()));
    studio_->click("##open#2");
    ASSERT_NO_FATAL_FAILURE(looked_at());
    EXPECT_EQ(at("/data/reused"), picture_count) << "what was done is taken up again";
    settings("64", "size", 64);
    ASSERT_NO_FATAL_FAILURE(looked_at());
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["data"]["kept"] == picture_count; }));
}

void DataTour::overrules() {
    press("##data-tile", [](const json& s) { return s["data"]["kept"] == picture_count - 1; });
    press("##data-tile", [](const json& s) { return s["data"]["kept"] == picture_count; });
    press("##data-tile#2", [](const json& s) { return s["data"]["kept"] == picture_count - 1; });
    press("##data-forget", [](const json& s) { return s["data"]["by_hand"] == 0; });
    press("##data-tile#2", [](const json& s) { return s["data"]["kept"] == picture_count - 1; });
    studio_->key("Right");
    studio_->key("x");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["data"]["kept"] == picture_count - 2; }));
    studio_->key("BackSpace");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["data"]["kept"] == picture_count - 1; }));
    press("##data-back", [](const json& s) { return s["train"]["middle"] == 0; });
    press("##data-grid", [](const json& s) { return s["train"]["middle"] == 4; });
    press("##fold-data", [](const json& s) { return s["controls"].contains("##unfold-data"); });
    press("##unfold-data", [](const json& s) { return s["controls"].contains("##fold-data"); });
    for (const auto& [heading, inside] : std::map<std::string, std::string>{
             {"PICTURES", "##data-add"}, {"KEPT", "data-sort"}, {"LIMITS", "equal"}, {"CUT", "data-every"}}) {
        folds(heading, inside);
        unfolds(heading, inside);
    }
}

void DataTour::sorts() {
    chooses("data-sort", "Name", "/data/sort/0", 1);
    sets("data-reverse", "/data/reversed", true);
    sets("data-reverse", "/data/reversed", false);
}

void DataTour::limits() {
    ASSERT_NO_FATAL_FAILURE(limits_to("limits_plain", {"min-source", "min-sharpness", "min-exposure", "near-alike"}));
    EXPECT_LT(at("/data/kept"), picture_count - 1);
    press("equal", [](const json& s) { return s["data"]["wishes"]["limits_plain"].value("equal", -1) == 0; });
    press("##limits-reset", [](const json& s) {
        return s["data"]["wishes"]["limits_plain"].empty() && s["data"]["kept"] == picture_count - 1;
    });
    settings("Faces", "faces", true);
    ASSERT_NO_FATAL_FAILURE(looked_at()); // what comes below moves until then
    ASSERT_NO_FATAL_FAILURE(limits_to("limits_faces", {"max-yaw", "max-pitch", "max-roll", "min-visible", "min-face"}));
    settings("Plain", "faces", false);
    ASSERT_NO_FATAL_FAILURE(looked_at());
}

void DataTour::cuts() {
    for (const int size : {128, 256, 512, 1024, 2048, 4096, 64})
        settings(std::to_string(size), "size", size);
    chooses("data-ratio", "5:4", "/data/wishes/ratio", {5, 4});
    settings("As the ratio", "network", {5, 4});
    settings("Square", "network", {1, 1});
    sets("data-alpha", "/data/wishes/alpha", true);
    sets("data-alpha", "/data/wishes/alpha", false);
    settings("Crop", "fit", 1);
    settings("Pad", "fit", 2);
    settings("Stretch", "fit", 3);
    settings("Auto", "fit", 0);
    settings("Edge", "fill", 1);
    settings("Mirror", "fill", 2);
    settings("Colour", "fill", 0);
    visit(
        "data-every",
        [&] {
            studio_->click("data-every");
            EXPECT_TRUE(studio_->type("2"));
        },
        [](const json& s) { return s["data"]["wishes"]["every"] == 2; });
    settings("Crop", "fit", 1); // so that crops lie inside the pictures
    ASSERT_NO_FATAL_FAILURE(looked_at());
    EXPECT_EQ(at("/data/kept"), picture_count - 1) << "what was dropped by hand stays so";
}

void DataTour::moves_a_crop() {
    studio_->click("##data-tile#3");
    studio_->click("##data-tile#3"); // as it was, and selected
    studio_->key("Return");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["controls"].contains("##data-crop"); }));
    press("##data-keep", [](const json& s) { return s["data"]["by_hand"] == 2; });
    press("##data-undo", [](const json& s) { return s["data"]["by_hand"] == 1; });
    press("##data-drop", [](const json& s) { return s["data"]["kept"] == picture_count - 2; });
    press("##data-undo", [](const json& s) { return s["data"]["kept"] == picture_count - 1; });
    const json name = at("/data/selected");
    press("##data-next", [&](const json& s) { return s["data"]["selected"] != name; });
    press("##data-previous", [&](const json& s) { return s["data"]["selected"] == name; });
    studio_->key("shift+Next"); // smaller, so that there is room to move
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["data"]["crop"][2] < 1; }));
    visit(
        "##data-crop", [&] { studio_->slide("##data-crop", 0.5, 0.9); },
        [](const json& s) { return s["data"]["crop"][0] > 0; });
    press("##data-uncrop", [](const json& s) { return s["data"]["crop"] == json({0, 0, 1}); });
    studio_->key("shift+Next");
    press("##data-small", [](const json& s) { return s["controls"].contains("##data-tile"); });
}

void DataTour::prepares() {
    opens_and_escape_closes("##data-prepare");
    studio_->key("ctrl+p");
    ASSERT_TRUE(studio_->wait([&](const json& s) { return s["data"]["target"] == set().string(); })) << at("/data");
    studio_->click("##set-write");
    ASSERT_TRUE(studio_->wait([&](const json& s) { return s["data"]["set"] == set().string(); })) << at("/data");
    EXPECT_TRUE(fs::exists(folder_ / "pictures-set-report.html"));
    const io::ZipFile zip(set());
    EXPECT_EQ(zip.entries().size(), picture_count - 1 + 1U) << "the pictures and dataset.json";
    const std::string check = "'" + test::program().string() + "' dataset check '" + set().string() + "' >'" +
                              (folder_ / "check").string() + "' 2>&1";
    EXPECT_EQ(std::system(check.c_str()), 0) << "the doctor of data sets has nothing to complain about";
    for (const auto& entry : fs::directory_iterator(pictures()))
        EXPECT_EQ(entry.path().extension(), ".png") << "nothing is written among the pictures";
}

void DataTour::trains() {
    press("##data-train",
          [&](const json& s) { return s["tab"] == "train" && s["train"]["options"]["data"] == set().string(); });
    EXPECT_EQ(at("/train/middle"), 0);
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["training"]["obstacle"] == ""; }))
        << at("/training/obstacle");
}

TEST_F(DataTour, EveryControlDoesWhatItsKindDoes) {
    for (const auto part : {&DataTour::adds, &DataTour::overrules, &DataTour::sorts, &DataTour::limits, &DataTour::cuts,
                            &DataTour::moves_a_crop, &DataTour::prepares, &DataTour::trains}) {
        ASSERT_NO_FATAL_FAILURE((this->*part)());
    }
    expect_complete(left_out);
    EXPECT_EQ(studio_->end(), 0) << studio_->messages();
    EXPECT_FALSE(fs::exists(folder_ / "pictures-set.zip.work")) << "the set is whole: nothing is kept for it";
}

} // namespace
} // namespace atelier::testing
