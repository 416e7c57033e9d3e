// SPDX-License-Identifier: Apache-2.0
// The real program when it is killed, crashes or is closed: what was kept comes back. And a performance that was
// recorded, rendered again.
#include <chrono>
#include <cmath>
#include <csignal>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "studio/performance/performance_log.h"
#include "studio/state/session.h"
#include "support/soon.h"
#include "support/video_reader.h"
#include "ui/studio_fixture.h"
#include "ui/window_manager.h"

namespace atelier::testing {
namespace {

using nlohmann::json;

using Rows = std::vector<float>;

// The video's pictures, brought to `width`, of which theirs is a whole multiple.
std::vector<Rows> pictures_of(const test::ReadVideo& video, int width) {
    const int factor = video.width / width, height = video.height / factor;
    EXPECT_EQ(video.width, factor * width);
    std::vector<Rows> all;
    for (const auto& from : video.pictures) {
        Rows& to = all.emplace_back(static_cast<std::size_t>(width * height * 3), 0.0F);
        for (int y = 0; y < height * factor; ++y) {
            for (int x = 0; x < video.width * 3; ++x) {
                const int at = (y / factor * width + x / 3 / factor) * 3 + x % 3;
                to[static_cast<std::size_t>(at)] +=
                    static_cast<float>(from[static_cast<std::size_t>(y * video.width * 3 + x)]) /
                    static_cast<float>(factor * factor);
            }
        }
    }
    return all;
}

// Of 255, on average over all values.
double difference(const Rows& a, const Rows& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += std::abs(a[i] - b[i]);
    return sum / static_cast<double>(a.size());
}

// From when to when the pictures, one every `step` seconds, were longest the same; a rest at the end doesn't count.
std::pair<double, double> longest_rest(const std::vector<Rows>& pictures, double step) {
    std::size_t from = 0, to = 0;
    for (std::size_t begin = 0, i = 1; i < pictures.size(); ++i) {
        if (pictures[i] != pictures[begin]) {
            if (i - begin > to - from)
                from = begin, to = i;
            begin = i;
        }
    }
    return {static_cast<double>(from) * step, static_cast<double>(to) * step};
}

class KeepWindow : public StudioFixture {
protected:
    json state() { return studio_->state(); }
    void save_as(const std::filesystem::path& file) {
        studio_->key("ctrl+s");
        ASSERT_TRUE(studio_->wait([](const json& s) { return s["controls"].contains("##session-save"); }));
        ASSERT_TRUE(studio_->type(file.string())) << state().dump(1);
        ASSERT_TRUE(studio_->key_until("Return", [](const json& s) { return s["dialog"] == 0; }));
        ASSERT_TRUE(studio_->wait([&](const json& s) { return s["kept"]["session"] == file.string(); }));
        ASSERT_TRUE(settled());
        // It goes up to a second after the save; a kill in between has the next start offer it.
        ASSERT_TRUE(test::soon([&] { return autosaves().empty(); })) << "what is saved is not offered again";
    }
    void click_until(const char* control, const std::function<bool(const json&)>& holds) {
        studio_->click(control);
        ASSERT_TRUE(studio_->wait(holds)) << control;
    }
    bool settled() {
        return studio_->wait([](const json& s) { return s["settled"] == true && s["counters"]["pictures"] > 0; });
    }
    void play_until(double position) {
        studio_->key("space");
        ASSERT_TRUE(studio_->wait([&](const json& s) { return s["position"] > position; }));
        studio_->key("space");
        ASSERT_TRUE(studio_->wait([](const json& s) { return s["walk"]["playing"] == false; }));
    }
    void add_keyframes(std::size_t count) {
        for (std::size_t i = 1; i <= count; ++i) {
            studio_->key("k");
            ASSERT_TRUE(studio_->wait([&](const json& s) { return s["kept"]["moments"].size() == i; }));
        }
    }
    // The one file whose name ends so, or has that before the ending it keeps while it is written.
    std::filesystem::path only(const std::string& extension) {
        std::vector<std::filesystem::path> found;
        for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
            const std::string name = entry.path().filename().string();
            if (name.ends_with(extension) || name.find(extension + ".part-") != std::string::npos)
                found.push_back(entry.path());
        }
        EXPECT_EQ(found.size(), 1U) << extension;
        return found.empty() ? std::filesystem::path() : found[0];
    }
    std::vector<std::filesystem::path> autosaves() {
        std::vector<std::filesystem::path> found;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
            if (entry.path().filename().string().starts_with("autosave-") && entry.path().extension() == ".atelier")
                found.push_back(entry.path());
        }
        return found;
    }
    // After a run that was killed.
    void begin_as_usual() {
        ASSERT_TRUE(studio_->wait([](const json& s) { return s["controls"].contains("##start-usual"); }))
            << state().dump(1);
        EXPECT_EQ(state()["model"], nullptr) << "nothing is opened before the answer";
        studio_->click("##start-usual");
        ASSERT_TRUE(
            studio_->wait([](const json& s) { return s["start"] == "usual" && s["counters"]["pictures"] >= 1; }));
    }
    int perform(const std::filesystem::path& log, const std::filesystem::path& out, const std::string& more) {
        return std::system(("'" + test::program().string() + "' perform '" + log.string() + "' --out '" + out.string() +
                            "' " + more + " >/dev/null 2>&1")
                               .c_str());
    }
};

TEST_F(KeepWindow, ASavedSessionComesBackAfterAKill) {
    play_until(0.4);
    studio_->key("bracketleft");
    add_keyframes(2);
    const auto file = folder_ / "evening.atelier";
    save_as(file);
    const json before = state();
    EXPECT_EQ(before["kept"]["unsaved"], false);
    studio_->end_by(SIGKILL);

    start_studio(file);
    begin_as_usual();
    ASSERT_TRUE(studio_->wait([&](const json& s) { return s["kept"]["session"] == file.string(); }))
        << studio_->messages();
    ASSERT_TRUE(settled());
    ASSERT_TRUE(studio_->wait([&](const json& s) { return s["picture"] == before["picture"]; }))
        << "bit for bit: " << json::diff(before, state()).dump(1);
    const json after = state();
    EXPECT_EQ(after["position"], before["position"]);
    EXPECT_EQ(after["truncation"], before["truncation"]);
    EXPECT_EQ(after["walk"], before["walk"]);
    EXPECT_EQ(after["kept"], before["kept"]);
    EXPECT_EQ(after["model"], before["model"]);
    EXPECT_EQ(studio_->end(), 0);
}

// All that a picture can be made of at once, and the seed map over it.
TEST_F(KeepWindow, AMixWithDirectionsAndStarsComesBackBitForBit) {
    studio_->key("s");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["kept"]["stars"] == 1; }));
    click_until("on", [](const json& s) { return s["mix"]["groups"][0]["on"] == true; });
    for (const char* heading : {"NOISE", "MIX", "TRUNCATION", "WALK"}) { // room for what lies below
        const std::size_t shown = state()["controls"].size();
        click_until(heading, [&](const json& s) { return s["controls"].size() < shown; });
    }
    if (!state()["controls"].contains("##add-direction"))
        click_until("DIRECTIONS", [](const json& s) { return s["controls"].contains("##add-direction"); });
    click_until("##add-direction", [](const json& s) { return s["kept"]["directions"].size() == 1; });
    studio_->slide("direction", 0.5, 0.8);
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["kept"]["directions"][0] > 2; }));
    ASSERT_TRUE(settled());
    const json with = state();
    const auto file = folder_ / "evening.atelier";
    save_as(file);
    studio_->end_by(SIGKILL);

    start_studio(file);
    begin_as_usual();
    ASSERT_TRUE(studio_->wait([&](const json& s) { return s["picture"] == with["picture"]; }))
        << "bit for bit: " << json::diff(with, state()).dump(1);
    EXPECT_EQ(state()["kept"]["directions"], with["kept"]["directions"]);
    EXPECT_EQ(state()["mix"], with["mix"]);
    EXPECT_EQ(state()["kept"]["stars"], 1);
    studio_->key("m");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["map"] == true; }));
    studio_->key("ctrl+s");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["toasts"].dump().find("is saved") != std::string::npos; }));
    ASSERT_TRUE(test::soon([&] { return autosaves().empty(); }));
    studio_->end_by(SIGKILL);

    start_studio(file);
    begin_as_usual();
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["map"] == true; })) << "the seed map, too";
    ASSERT_TRUE(studio_->wait([&](const json& s) { return s["picture"] == with["picture"]; }));
    click_until("MIX", [](const json& s) { return s["controls"].contains("on"); });
    click_until("on", [&](const json& s) { return s["settled"] == true && s["picture"] != with["picture"]; });
    EXPECT_EQ(studio_->end(), 0);
}

TEST_F(KeepWindow, ACrashLeavesASessionThatTheNextStartOffers) {
    play_until(0.3);
    add_keyframes(3);
    ASSERT_TRUE(settled());
    const json before = state();
    ASSERT_TRUE(test::soon([&] { // what a crash writes is made ready then, too
        return autosaves().size() == 1 &&
               studio::load_session(autosaves()[0]).state.timeline.curve.keyframes.size() == 3;
    }));
    std::filesystem::remove(autosaves()[0]);
    studio_->end_by(SIGSEGV);
    ASSERT_EQ(autosaves().size(), 1U);

    start_studio(model());
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["controls"].contains("##recover"); })) << state().dump(1);
    EXPECT_EQ(state()["start"], "asks");
    EXPECT_TRUE(state()["controls"].contains("##crash-report")) << "the crash has left a report";
    EXPECT_TRUE(state()["kept"]["moments"].empty());
    studio_->end_by(SIGKILL); // before anyone has answered

    start_studio(model());
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["controls"].contains("##recover"); })) << state().dump(1);
    studio_->click("##recover");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["dialog"] == 0 && s["kept"]["moments"].size() == 3; }));
    ASSERT_TRUE(studio_->wait([&](const json& s) { return s["picture"] == before["picture"]; }));
    EXPECT_EQ(state()["position"], before["position"]);
    EXPECT_EQ(studio_->end(), 0);
}

TEST_F(KeepWindow, ClosingAsksWhatBecomesOfUnsavedWork) {
    const auto asked = [](const json& s) { return s["controls"].contains("##unsaved-drop"); };
    add_keyframes(1);
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["kept"]["unsaved"] == true; }));
    EXPECT_FALSE(asked(state()));
    ASSERT_TRUE(ask_to_close());
    ASSERT_TRUE(studio_->wait(asked)) << studio_->messages();
    studio_->click("##unsaved-stay");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["dialog"] == 0; })) << "the window stays";
    studio_->key("k");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["kept"]["moments"].size() == 2; })) << "and goes on";
    ASSERT_TRUE(ask_to_close());
    ASSERT_TRUE(studio_->wait(asked));
    studio_->click("##unsaved-drop");
    EXPECT_EQ(studio_->exit_code(std::chrono::seconds(60)), 0) << studio_->messages();
    EXPECT_TRUE(autosaves().empty()) << "what was given up is not offered again";
}

TEST_F(KeepWindow, ARecordingThatIsKilledPlays) {
    studio_->key("r");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["recording"] == true; }));
    studio_->key("space");
    const double from = state()["position"];
    ASSERT_TRUE(studio_->wait([&](const json& s) { return s["position"] > from + 1.5; }));
    studio_->end_by(SIGKILL);
    const auto video = test::read_video(only(".mp4"));
    EXPECT_GT(video.seconds, 1) << "of about 4.5";
    EXPECT_GT(video.pictures.size(), 20U);
    const auto log = studio::load_performance(only(".jsonl"));
    EXPECT_GT(log.seconds, 1);
}

// Recorded without loss, in the size of the model's pictures: what differs from the same performance rendered again is
// the moment then, and nothing that a codec or a scaler does to the pictures of whichever model plays.
class KeepPerformance : public KeepWindow {
protected:
    void SetUp() override {
        std::filesystem::create_directories(folder_ / "atelier");
        test::put_bytes(folder_ / "atelier" / "studio.json",
                        test::bytes_of(R"({"recording": {"codec": "ffv1", "size": "custom", "custom": "64"}})"));
        KeepWindow::SetUp();
    }
};

TEST_F(KeepPerformance, IsRenderedAgain) {
    studio_->key("r");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["recording"] == true; }));
    studio_->key("space");
    const double from = state()["position"];
    const auto played = [&](double steps) { // of 3 s
        return studio_->wait([&](const json& s) { return s["position"] > from + steps; });
    };
    ASSERT_TRUE(played(1));
    studio_->key("bracketleft"); // psi
    ASSERT_TRUE(played(2));
    studio_->key("z");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["view"]["frozen"] == true; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    studio_->key("z");
    ASSERT_TRUE(played(3));
    studio_->key("space");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["walk"]["playing"] == false; }));
    ASSERT_TRUE(settled());
    std::this_thread::sleep_for(std::chrono::milliseconds(300)); // of rest, more than a frame of the video
    studio_->key("r");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["recording"] == false && !s["toasts"].empty(); }));
    EXPECT_EQ(studio_->end(), 0);
    const auto log = only(".jsonl");
    const double seconds = studio::load_performance(log).seconds;
    const auto recorded = test::read_video(only(".mkv"));
    EXPECT_GT(seconds, 9);
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
    const double most = 0.5, late = 1.5; // seconds; of such a slow window's frames
#else
    const double most = 1 / recorded.fps + 0.002, late = 0.5;
#endif
    EXPECT_NEAR(recorded.seconds, seconds, most) << "the recording and its log last as long, to a frame";

    const auto one = folder_ / "one.mkv", two = folder_ / "two.mkv", large = folder_ / "large.mkv";
    ASSERT_EQ(perform(log, one, "--fps 10"), 0);
    ASSERT_EQ(perform(log, two, "--fps 10"), 0);
    EXPECT_EQ(test::file_bytes(one), test::file_bytes(two)) << "the same command gives the same bytes";
    const auto small = test::read_video(one);
    ASSERT_EQ(perform(log, large, "--fps 10 --size " + std::to_string(2 * small.width)), 0);
    const auto big = test::read_video(large);
    ASSERT_EQ(big.width, 2 * small.width);
    ASSERT_EQ(big.pictures.size(), small.pictures.size());
    EXPECT_NEAR(small.seconds, seconds, 0.1 + 1e-6) << "to a frame";
    const auto once = pictures_of(small, small.width), twice = pictures_of(big, small.width);
    double worst = 0, moved = 0;
    for (std::size_t i = 0; i < once.size(); ++i) {
        worst = std::max(worst, difference(once[i], twice[i]));
        moved = std::max(moved, difference(once[i], once[0]));
    }
    EXPECT_LT(worst, 3);
    EXPECT_GT(moved, 4 * worst) << "there is motion to be told from it";

    // What was shown, at the time when it was shown: a busy machine shows a picture some moments late, and a frozen one
    // of some moments before it froze.
    const auto fine = folder_ / "fine.mkv";
    ASSERT_EQ(perform(log, fine, "--fps 60"), 0);
    const auto rendered = pictures_of(test::read_video(fine), small.width);
    const auto shown = pictures_of(recorded, small.width);
    const auto [frozen, thawed] = longest_rest(rendered, 1.0 / 60);
    EXPECT_GT(thawed - frozen, 0.6) << "it was frozen for 0.7 s";
    for (std::size_t i = 0; i < shown.size(); ++i) {
        double nearest = 1e9, in_time = 1e9;
        for (std::size_t k = 0; k < rendered.size(); ++k) {
            const double much = difference(shown[i], rendered[k]);
            const double ago = recorded.times[i] - static_cast<double>(k) / 60;
            nearest = std::min(nearest, much);
            const bool still = recorded.times[i] > frozen && recorded.times[i] < thawed + late;
            if (ago > -0.05 && ago < late + (still ? recorded.times[i] - frozen : 0))
                in_time = std::min(in_time, much);
        }
        EXPECT_LT(in_time, 4) << recorded.times[i];
        EXPECT_LT(in_time, nearest + 0.3) << recorded.times[i] << ": it shows another moment";
    }
    EXPECT_LT(difference(shown.front(), once.front()), 3);
    EXPECT_LT(difference(shown.back(), once.back()), 3);
}

} // namespace
} // namespace atelier::testing
