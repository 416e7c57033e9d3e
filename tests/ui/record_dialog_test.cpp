// SPDX-License-Identifier: Apache-2.0
// Recording options and their rows in the export dialog, without a window: values go in, files come out.
#include <chrono>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/image.h"
#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

using media::Codec;
using studio::Dialog;
using studio::VideoSettings;
using studio::VideoSize;

struct Recorded : public ::testing::Test {
    Recorded() { stage.studio->settings.videos_folder = folder.path().string(); }
    VideoSettings& video() { return stage.studio->settings.recording; }
    void shift_r() {
        studio::handle_key(*stage.studio, {Key::letter, 'r', true, false, false, false}, false);
        stage.frames(3);
    }
    // Stops, waits, and gives the one video's name.
    std::string finish() {
        stage.frames(5);
        stage.letter('r');
        for (int i = 0; i < 2000 && stage.studio->toasts.count() == 0; ++i) {
            stage.frame();
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        EXPECT_EQ(stage.studio->toasts.all().back().kind, studio::ToastKind::good)
            << stage.studio->toasts.all().back().detail;
        std::string video;
        for (const auto& entry : std::filesystem::directory_iterator(stage.studio->settings.videos_folder)) {
            if (entry.path().extension() != ".jsonl") { // the log of what was played
                EXPECT_EQ(video, "");
                video = entry.path().filename();
            }
        }
        return video;
    }
    test::Scratch folder;
    Stage stage;
};

TEST_F(Recorded, TheOptionsOpenInThreeWaysAndNothingElseMoves) {
    const auto tab = stage.find("Train");
    stage.click("##record_options");
    EXPECT_EQ(stage.studio->ui.dialog, Dialog::record);
    stage.studio->ui.dialog = Dialog::none;
    stage.frames(3);
    stage.click("##record", 0, 1);
    stage.frames(2);
    EXPECT_FALSE(stage.studio->capture.recording.active()) << "the right button opens a menu alone";
    stage.click("##record-menu");
    EXPECT_EQ(stage.studio->ui.dialog, Dialog::record);
    stage.studio->ui.dialog = Dialog::none;
    stage.frames(3);
    shift_r();
    EXPECT_EQ(stage.studio->ui.dialog, Dialog::record);
    EXPECT_FALSE(stage.studio->capture.recording.active());
    stage.studio->ui.dialog = Dialog::none;
    stage.frames(3);
    stage.letter('r');
    stage.frames(3);
    EXPECT_FALSE(stage.has("##record_options"));
    EXPECT_EQ(stage.find("Train").from.x, tab.from.x);
    finish();
}

TEST_F(Recorded, EveryRowSetsItsValueAndShowsIt) {
    shift_r();
    stage.drag_slider("crf", 0);
    EXPECT_EQ(video().crf, 0);
    stage.click("ProRes");
    EXPECT_EQ(video().codec, Codec::prores);
    stage.frames(2);
    EXPECT_FALSE(stage.has("crf"));
    stage.click("4444");
    EXPECT_EQ(video().prores, media::ProRes::full);
    stage.click("FFV1");
    EXPECT_EQ(video().codec, Codec::ffv1);
    const auto opened = [&](const char* size) {
        stage.click("size");
        stage.frames(2);
        EXPECT_TRUE(stage.has(size)) << size;
        stage.click(size);
        stage.frames(3);
    };
    for (const auto& [text, size] :
         {std::pair{"512x512", VideoSize::side_512}, std::pair{"1024x1024", VideoSize::side_1024},
          std::pair{"3840x2160", VideoSize::uhd}, std::pair{"Picture 512x512", VideoSize::picture},
          std::pair{"1920x1080", VideoSize::hd}}) {
        opened(text);
        EXPECT_EQ(video().size, size) << "each by its pixels; a picture of 64 px becomes one of 512";
    }
    stage.click("Fill");
    EXPECT_EQ(video().aspect, media::Aspect::crop);
    stage.click("23.976");
    EXPECT_DOUBLE_EQ(video().fps, 24000 / 1001.0);
    stage.click("Other");
    stage.frames(2);
    stage.drag_slider("fps", 1);
    EXPECT_EQ(video().fps, 240);
    stage.drag_slider("fps", 0);
    EXPECT_EQ(video().fps, 1);
    stage.click("60");
    EXPECT_EQ(video().fps, 60);
    stage.frames(2);
    EXPECT_FALSE(stage.has("fps"));
    stage.click("interface");
    EXPECT_TRUE(video().with_interface);
    stage.click("##close");
    EXPECT_EQ(stage.studio->ui.dialog, Dialog::none);
}

TEST_F(Recorded, ASizeThatCannotBeSaysWhyAndStartsNothing) {
    shift_r();
    stage.click("size");
    stage.frames(2);
    stage.click("Own size 1280x720");
    stage.frames(3);
    EXPECT_EQ(video().size, VideoSize::custom);
    EXPECT_TRUE(stage.has("##start"));
    for (const char* size : {"641x360", "wide", "4x4", ""}) {
        video().custom = size;
        stage.frames(2);
        stage.click("##start");
        EXPECT_FALSE(stage.studio->capture.recording.active()) << size;
    }
    stage.studio->capture.recording.toggle(); // by the key, without the dialog
    EXPECT_FALSE(stage.studio->capture.recording.active());
    EXPECT_EQ(stage.studio->toasts.all().back().text, "The recording can't begin");
    stage.studio->toasts = {};
    video().custom = "320x180";
    stage.frames(2);
    stage.click("##start");
    EXPECT_TRUE(stage.studio->capture.recording.active());
    EXPECT_EQ(stage.studio->ui.dialog, Dialog::none);
    EXPECT_THAT(finish(), ::testing::MatchesRegex("test-.*\\.mp4"));
}

TEST_F(Recorded, EachCodecWritesItsOwnKindOfFile) {
    const std::pair<Codec, std::string> kinds[] = {
        {Codec::h264, ".mp4"}, {Codec::prores, ".mov"}, {Codec::ffv1, ".mkv"}};
    for (const auto& [codec, extension] : kinds) {
        video().codec = codec;
        const auto own = folder / codec_name(codec);
        std::filesystem::create_directory(own);
        stage.studio->settings.videos_folder = own.string();
        stage.letter('r');
        ASSERT_TRUE(stage.studio->capture.recording.active());
        const std::string name = finish();
        EXPECT_TRUE(name.ends_with(extension)) << name;
        stage.studio->toasts = {};
    }
    video().codec = Codec::png;
    stage.studio->settings.videos_folder = (folder / "PNG").string();
    std::filesystem::create_directory(folder / "PNG");
    stage.letter('r');
    finish();
    int frames = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
        frames += entry.path().extension() == ".png";
    }
    EXPECT_GE(frames, 1);
}

TEST_F(Recorded, WithTheInterfaceOnlyWindowsAreTaken) {
    video().with_interface = true;
    video().codec = Codec::ffv1;
    EXPECT_FALSE(stage.studio->capture.recording.of_window());
    stage.letter('r');
    EXPECT_TRUE(stage.studio->capture.recording.of_window());
    stage.studio->playback.go_to_seed(7); // the picture changes, which is not what is recorded
    stage.frames(20);
    EXPECT_EQ(stage.studio->capture.recording.recorder.status().seconds, 0);
    PixelBuffer window{200, 100, {}};
    window.rgba.assign(200 * 100 * 4, 9);
    EXPECT_TRUE(stage.studio->capture.recording.recorder.submit(window));
    finish();
    EXPECT_FALSE(stage.studio->capture.recording.of_window());
}

// The lightest value of all pictures in the folder of PNGs.
int lightest(const std::filesystem::path& folder) {
    int most = -1;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().extension() == ".png") {
            for (const std::uint8_t value : io::read_image(entry.path(), 3).pixels)
                most = std::max<int>(most, value);
        }
    }
    return most;
}

TEST_F(Recorded, HasTheLookWhereItIsAskedFor) {
    video().codec = Codec::png;
    stage.state().look.brightness = -1; // black, on the screen
    stage.settle();
    EXPECT_EQ(stage.studio->playback.look().brightness, -1);
    for (const bool with_look : {false, true}) {
        const auto own = folder / (with_look ? "with" : "without");
        std::filesystem::create_directory(own);
        stage.studio->settings.videos_folder = own.string();
        video().with_look = with_look;
        stage.letter('r');
        finish();
        EXPECT_EQ(lightest(own) == 0, with_look) << lightest(own);
        stage.studio->toasts = {};
    }
}

TEST_F(Recorded, LostPicturesAreShown) {
    class Slow final : public media::FrameSink {
    public:
        void add(const PixelBuffer&) override { std::this_thread::sleep_for(std::chrono::milliseconds(300)); }
        void finish() override {}
        void cancel() noexcept override {}
        std::int64_t frames() const override { return 0; }
    };
    media::RecorderOptions slow;
    slow.queue = 1;
    slow.make_sink = [](int, int) { return std::make_unique<Slow>(); };
    ASSERT_TRUE(stage.studio->capture.recording.recorder.start(slow));
    PixelBuffer picture{16, 16, {}};
    picture.rgba.assign(16 * 16 * 4, 9);
    const int before = stage.vertices;
    stage.frame();
    const int none_lost = stage.vertices;
    for (int i = 0; i < 200; ++i) {
        stage.studio->capture.recording.recorder.submit(picture);
    }
    EXPECT_GT(stage.studio->capture.recording.recorder.status().frames_dropped, 100);
    stage.frame();
    EXPECT_GT(stage.vertices, none_lost + 20) << "the count is drawn; before: " << before;
    stage.studio->capture.recording.recorder.stop();
}

// Writes a megabyte a picture, and fails after some seconds.
class Filling final : public media::FrameSink {
public:
    explicit Filling(std::filesystem::path path) : path_(std::move(path)) {}
    void add(const PixelBuffer&) override {
        if (++frames_ > 30 * 20)
            fail("take.mp4: can't be written: the disk is full.");
    }
    void finish() override {}
    void cancel() noexcept override {}
    media::KeptOutput keep() noexcept override { return {path_, frames_ - 1}; }
    std::int64_t frames() const override { return frames_; }
    std::int64_t bytes() const override { return frames_ * 1'000'000; }

private:
    std::filesystem::path path_;
    std::int64_t frames_ = 0;
};

TEST_F(Recorded, ADiskThatFillsIsToldBeforeAndTakesNothingAway) {
    std::atomic<double> now{0}, free{30e6 * 240};
    media::RecorderOptions options;
    options.path = folder.path() / "take.mp4";
    options.clock = [&now] { return now.load(); };
    options.free_bytes = [&](const std::filesystem::path&) { return free.load(); };
    options.make_sink = [&](int, int) { return std::make_unique<Filling>(options.path); };
    auto& recorder = stage.studio->capture.recording.recorder;
    ASSERT_TRUE(recorder.start(options));
    PixelBuffer picture{16, 16, {}};
    picture.rgba.assign(16 * 16 * 4, 9);
    const auto told = [&] {
        std::vector<std::string> titles;
        for (const studio::Toast& each : stage.studio->toasts.all())
            titles.push_back(each.text);
        return titles;
    };
    const auto play_until = [&](auto reached) {
        for (int i = 0; i < 20000 && !reached(); ++i) {
            now = now + 0.02;
            recorder.submit(picture);
            stage.frame();
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        EXPECT_TRUE(reached());
    };
    play_until([&] { return !told().empty(); });
    EXPECT_THAT(told(), ::testing::ElementsAre("4:00 of space left for the recording"));
    play_until([&, later = now + 3] { return now > later; });
    EXPECT_EQ(told().size(), 1U) << "said once";
    free = 30e6 * 30;
    play_until([&] { return told().size() > 1; });
    EXPECT_EQ(told().back(), "30 s of space left for the recording");
    play_until([&] { return recorder.status().state == media::RecordState::failed && told().size() > 2; });
    EXPECT_EQ(told().back(), "The recording ended after 20.0 s");
    const studio::Toast& last = stage.studio->toasts.all().back();
    EXPECT_THAT(last.detail, ::testing::HasSubstr("the disk is full"));
    EXPECT_THAT(last.detail, ::testing::HasSubstr("full. What was written stays, and plays."));
}

TEST(VideoForm, AreRememberedAndDamageGivesTheDefaults) {
    const test::Scratch folder;
    studio::Settings settings;
    VideoSettings& video = settings.recording;
    video.codec = Codec::prores;
    video.prores = media::ProRes::lt;
    video.crf = 7;
    video.size = VideoSize::custom;
    video.custom = "640x360";
    video.aspect = media::Aspect::crop;
    video.fps = 24000 / 1001.0;
    video.with_interface = true;
    video.with_look = true;
    settings.exporting.codec = Codec::png;
    settings.exporting.size = VideoSize::uhd;
    save_settings(folder / "s.json", settings);
    EXPECT_EQ(studio::load_settings(folder / "s.json"), settings);
    std::ofstream(folder / "s.json")
        << R"({"recording": {"codec": "vp9", "crf": 900, "size": 4, "fps": 1e9, "custom": []},
                                            "exporting": 5, "glide_seconds": 2})";
    const studio::Settings read = studio::load_settings(folder / "s.json");
    VideoSettings expected;
    expected.crf = 51;
    expected.fps = 240;
    EXPECT_EQ(read.recording, expected);
    EXPECT_EQ(read.exporting, VideoSettings{});
    EXPECT_EQ(read.glide_seconds, 2);
}

TEST(VideoForm, BecomeWhatTheWriterTakes) {
    VideoSettings video;
    EXPECT_EQ(studio::output_of(video, "a.mp4", 64).width, 512) << "a stamp is no video";
    EXPECT_EQ(studio::output_of(video, "a.mp4", 1024).width, 0);
    EXPECT_EQ(studio::output_of(video, "a.mp4", 0).width, 0);
    video.size = VideoSize::uhd;
    EXPECT_EQ(studio::output_of(video, "a.mp4", 64).height, 2160);
    video.size = VideoSize::custom;
    video.custom = "1280x720";
    EXPECT_EQ(studio::output_of(video, "a.mp4", 64).width, 1280);
    EXPECT_EQ(studio::output_of(video, "a.mp4", 64).height, 720);
    video.custom = "512";
    EXPECT_EQ(studio::output_of(video, "a.mp4", 64).width, 512);
    EXPECT_EQ(studio::output_of(video, "a.mp4", 64).height, 0);
    for (const char* wrong : {"512x", "-2x4", "0", "512x0", "0x512", ""}) {
        video.custom = wrong;
        EXPECT_THAT(studio::problem_of(video, "a.mp4"), ::testing::HasSubstr("written as 1280x720")) << wrong;
    }
    video.size = VideoSize::uhd;
    EXPECT_THAT(studio::problem_of(video, "a.mkv"), ::testing::HasSubstr(".mp4"));
}

TEST(ExportRows, GoIntoTheJobAndNameTheFile) {
    const test::Scratch folder;
    Stage stage;
    stage.studio->settings.videos_folder = folder.path().string();
    stage.click("##export", 0);
    stage.frames(3);
    stage.click("FFV1");
    stage.click("size");
    stage.frames(2);
    stage.click("1920x1080");
    stage.frames(3);
    stage.click("Fill");
    stage.click("29.97");
    stage.click("##export", 1);
    for (int i = 0; i < 1000 && stage.studio->toasts.count() == 0; ++i) {
        stage.frame();
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ASSERT_TRUE(stage.source->exported);
    const WalkExport& job = *stage.source->exported;
    EXPECT_EQ(job.output.codec, Codec::ffv1);
    EXPECT_EQ(job.output.path.extension(), ".mkv");
    EXPECT_EQ(job.output.width, 1920);
    EXPECT_EQ(job.output.height, 1080);
    EXPECT_EQ(job.output.aspect, media::Aspect::crop);
    EXPECT_DOUBLE_EQ(job.output.fps, 30000 / 1001.0);
    EXPECT_EQ(stage.studio->settings.recording, VideoSettings{}) << "recordings have their own";
}

} // namespace
} // namespace atelier::testing
