// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "studio/core/settings.h"
#include "studio/core/toasts.h"
#include "studio/toolkit/theme.h"
#include "support/environment.h"
#include "support/scratch.h"

namespace atelier::studio {
namespace {

using test::Environment;
using test::Scratch;

TEST(Settings, ComeBackAsTheyWere) {
    Scratch folder;
    Settings settings;
    settings.add_recent("/models/b.pkl");
    settings.add_recent("/models/a.pkl");
    settings.folds["WALK"] = false;
    settings.panel_folded = true;
    settings.train_folded = true;
    settings.glide_seconds = 3.5;
    settings.interface_scale = 1.75;
    settings.light = settings.calm = true;
    settings.flash = {FlashGuard::soften, 2};
    settings.videos_folder = "/videos";
    settings.pipewire_out = true;
    settings.video_device_out = "/dev/video7";
    const auto file = folder / "deep/er/studio.json"; // its folder is made
    save_settings(file, settings);
    EXPECT_EQ(load_settings(file), settings);
    EXPECT_FALSE(load_settings(file).is_open("WALK"));
    EXPECT_TRUE(load_settings(file).is_open("MIX"));
}

TEST(Settings, ProjectorsComeBackWithinTheirRanges) {
    Scratch folder;
    Settings settings;
    ProjectorSettings& hall = settings.projectors["HDMI-1 1920x1080"];
    hall.pin.corners = {{{0.1, 0.05}, {0.9, 0.2}, {1.1, 0.85}, {-0.05, 1}}};
    hall.colour = {0.1, 1.2, 0.8, {1, 0.9, 0.75}};
    settings.projectors["a name \xff that is no UTF-8 800x600"].colour.gamma = 2;
    const auto file = folder / "studio.json";
    save_settings(file, settings);
    EXPECT_EQ(load_settings(file), settings);
    settings.projectors["untouched"] = {};
    save_settings(file, settings);
    EXPECT_FALSE(load_settings(file).projectors.contains("untouched"));

    test::put_bytes(file, test::bytes_of(R"({"projectors": {
            "crossed": {"corners": [[0, 0], [1, 0], [0, 1], [1, 1]], "gamma": 2},
            "far": {"corners": [[-1e9, 0], [1, 0], [1, 1], [0, 1]], "brightness": 77, "contrast": -1e300},
            "few": {"corners": [[0, 0]], "gain": [9, -9, 1]},
            "texts": {"corners": "wide", "gamma": "bright", "gain": [1, 2]},
            "none": 7, "good": {"corners": [[0.1, 0], [1, 0], [1, 1], [0, 1]], "gamma": 0}}})"));
    std::string problem;
    const Projectors read = load_settings(file, &problem).projectors;
    for (const auto& [monitor, projector] : read)
        EXPECT_TRUE(can_pin(projector.pin)) << monitor;
    EXPECT_EQ(read.size(), 4u);
    EXPECT_EQ(projector_of(read, "crossed"), (ProjectorSettings{{}, {.gamma = 2}}));
    EXPECT_EQ(projector_of(read, "far").colour, (OutputColour{.brightness = 0.5, .contrast = 0}));
    EXPECT_EQ(projector_of(read, "few"), (ProjectorSettings{{}, {.gain = {2, 0, 1}}}));
    EXPECT_TRUE(projector_of(read, "texts").untouched());
    EXPECT_EQ(projector_of(read, "good").pin.corners[0], (PinPoint{0.1, 0}));
    EXPECT_EQ(projector_of(read, "good").colour.gamma, 0.25);
    for (const char* each : {"projectors.crossed.corners", "projectors.far.corners", "projectors.few.corners",
                             "projectors.texts.gain", "projectors.none"})
        EXPECT_THAT(problem, ::testing::HasSubstr(each));

    std::string many = "{\"projectors\": {";
    for (int i = 0; i < 1000; ++i)
        many += (i > 0 ? ", \"" : "\"") + std::to_string(i) + "\": {\"gamma\": 2}";
    test::put_bytes(file, test::bytes_of(many + "}}"));
    EXPECT_EQ(load_settings(file).projectors.size(), most_projectors);
}

TEST(Settings, TheNetworkComesBackWithinItsRanges) {
    Scratch folder;
    Settings settings;
    NetworkOptions& options = settings.network.options;
    EXPECT_FALSE(options.osc || options.query || options.artnet || options.out) << "closed until it is opened";
    EXPECT_EQ(options.osc_address + options.query_address + options.artnet_address, "127.0.0.1127.0.0.1127.0.0.1");
    options = {.osc = true,
               .osc_address = "192.168.1.2",
               .osc_port = 1,
               .query = true,
               .query_address = "::1",
               .query_port = 2,
               .query_may_set = true,
               .artnet = true,
               .artnet_address = "0.0.0.0",
               .artnet_port = 3,
               .artnet_universe = 4,
               .artnet_universes = 5,
               .out = true,
               .out_address = "10.0.0.1",
               .out_port = 6};
    settings.network.closed = true;
    settings.network.closed_parameters = {"truncation.psi", "walk.playing"};
    const auto file = folder / "studio.json";
    save_settings(file, settings);
    EXPECT_EQ(load_settings(file), settings);
    test::put_bytes(file,
                    test::bytes_of("{\"network\": {\"osc_port\": 99999999, \"out_port\": 0, \"artnet_universe\": -1, "
                                   "\"artnet_universes\": 9999, \"query\": \"yes\"}}"));
    const NetworkOptions bounded = load_settings(file).network.options;
    EXPECT_EQ(bounded.osc_port, 65535);
    EXPECT_EQ(bounded.out_port, 1);
    EXPECT_EQ(bounded.artnet_universe, 0);
    EXPECT_EQ(bounded.artnet_universes, 16);
    EXPECT_FALSE(bounded.query);
}

TEST(Settings, TheInterfacesScaleIsTheMonitorsOrWithinItsRange) {
    Scratch folder;
    const auto file = folder / "studio.json";
    const auto read = [&](const char* value) {
        test::put_bytes(file, test::bytes_of(std::string("{\"interface_scale\": ") + value + "}"));
        return load_settings(file).interface_scale;
    };
    EXPECT_EQ(read("0"), 0) << "by the monitor";
    EXPECT_EQ(read("1.25"), 1.25);
    EXPECT_EQ(read("0.1"), least_scale);
    EXPECT_EQ(read("-3"), least_scale);
    EXPECT_EQ(read("99"), most_scale);
    EXPECT_EQ(read("\"large\""), 0);
}

TEST(Settings, DamageGivesTheDefaults) {
    Scratch folder;
    const auto file = folder / "studio.json";
    EXPECT_EQ(load_settings(file), Settings{});
    for (const char* text : {"", "{", "[]", "{\"recent\": 7}", "{\"folds\": {\"a\": \"b\"}}", "\xff\xfe"}) {
        test::put_bytes(file, test::bytes_of(text));
        EXPECT_EQ(load_settings(file), Settings{}) << text;
    }
    test::put_bytes(file, test::bytes_of("{\"glide_seconds\": 1e9}"));
    EXPECT_EQ(load_settings(file).glide_seconds, 10);
}

TEST(Settings, RecentFilesAreFewNewestFirstAndOnce) {
    Settings settings;
    for (int i = 0; i < 20; ++i) {
        settings.add_recent("/models/" + std::to_string(i) + ".pkl");
    }
    settings.add_recent("/models/15.pkl");
    EXPECT_EQ(settings.recent.size(), 12u);
    EXPECT_EQ(settings.recent[0], "/models/15.pkl");
    EXPECT_EQ(std::count(settings.recent.begin(), settings.recent.end(), "/models/15.pkl"), 1);
    settings.add_recent("relative.pkl");
    EXPECT_TRUE(std::filesystem::path(settings.recent[0]).is_absolute());
}

TEST(Settings, OneWrongFieldCostsNoOther) {
    Scratch folder;
    const auto file = folder / "studio.json";
    const std::string text = R"({"recent": ["/models/a.pkl"], "folds": 7, "glide_seconds": 3.5,
        "recording": {"crf": "low", "fps": 25}, "data": {"size": [], "labels": true, "limits_plain": {"min-source": "x"}}})";
    test::put_bytes(file, test::bytes_of(text));
    std::string problem;
    const Settings read = load_settings(file, &problem);
    EXPECT_THAT(read.recent, testing::ElementsAre("/models/a.pkl"));
    EXPECT_EQ(read.glide_seconds, 3.5);
    EXPECT_EQ(read.recording.fps, 25);
    EXPECT_EQ(read.recording.crf, Settings{}.recording.crf);
    EXPECT_TRUE(read.data.labels);
    EXPECT_TRUE(read.folds.empty());
    for (const char* name :
         {"folds", "recording.crf", "data.size", "data.limits_plain.min-source", "studio.json.damaged"})
        EXPECT_THAT(problem, testing::HasSubstr(name));
    EXPECT_EQ(test::file_bytes(folder / "studio.json.damaged"), test::bytes_of(text));

    save_settings(file, read);
    EXPECT_EQ(load_settings(file, &problem), read);
    EXPECT_EQ(problem, "") << "it is said once";
    EXPECT_EQ(test::file_bytes(folder / "studio.json.damaged"), test::bytes_of(text));
}

TEST(Settings, WhatIsNoJsonIsKeptBeside) {
    Scratch folder;
    test::put_bytes(folder / "studio.json", test::bytes_of("{\"recent\": "));
    std::string problem;
    EXPECT_EQ(load_settings(folder / "studio.json", &problem), Settings{});
    EXPECT_THAT(problem, testing::HasSubstr("start afresh"));
    EXPECT_EQ(test::file_bytes(folder / "studio.json.damaged"), test::bytes_of("{\"recent\": "));
}

TEST(Settings, ANameThatIsNotUtf8ComesBackByteByByte) {
    Scratch folder;
    Settings settings;
    settings.recent = {"/b\xe4ume/\xff\xfe.pkl", "/bäume/a.pkl"};
    settings.last_folder = settings.videos_folder = settings.unfinished_run = settings.train_data = "/b\xe4ume";
    save_settings(folder / "studio.json", settings);
    EXPECT_EQ(load_settings(folder / "studio.json"), settings);
}

TEST(Settings, AnUnwritablePlaceIsAnError) {
    Scratch folder;
    test::put_bytes(folder / "file", {1});
    EXPECT_THROW(save_settings(folder / "file/studio.json", {}), Error);
}

TEST(Settings, VideosFolderIsTheUsers) {
    Scratch home;
    std::filesystem::create_directories(home / "config");
    std::filesystem::create_directories(home / "Filme");
    const Environment a("HOME", home.path().string());
    const Environment b("XDG_CONFIG_HOME", (home / "config").string());
    const Environment c("XDG_VIDEOS_DIR", "");
    EXPECT_EQ(videos_folder({}), std::filesystem::current_path());
    test::put_bytes(home / "config/user-dirs.dirs", test::bytes_of("# x\nXDG_VIDEOS_DIR=\"$HOME/Filme\"\n"));
    EXPECT_EQ(videos_folder({}), home / "Filme");
    Settings settings;
    settings.videos_folder = "/mine";
    EXPECT_EQ(videos_folder(settings), "/mine");
}

// WCAG 2.1, relative luminance and contrast ratio.
double luminance(ImU32 colour) {
    const auto linear = [](unsigned code) {
        const double v = code / 255.0;
        return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour & 0xff) + 0.7152 * linear(colour >> 8 & 0xff) + 0.0722 * linear(colour >> 16 & 0xff);
}
double contrast(ImU32 a, ImU32 b) {
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

TEST(Theme, WhatIsWrittenCanBeRead) {
    namespace theme = studio::theme;
    EXPECT_NEAR(contrast(theme::rgb(0xffffff), theme::rgb(0)), 21, 0.01);
    for (const ImU32 ground : {theme::background, theme::panel, theme::raised}) {
        for (const ImU32 ink : {theme::text, theme::secondary, theme::accent, theme::good, theme::bad})
            EXPECT_GE(contrast(ink, ground), 4.5) << std::hex << ink << " on " << ground;
        EXPECT_GE(contrast(theme::disabled, ground), 3) << "what can't be used now, too";
    }
    EXPECT_GE(contrast(theme::background, theme::accent), 4.5) << "of a primary button";
}

TEST(Toasts, NotesLeaveAndFailuresStay) {
    Toasts toasts;
    toasts.add(ToastKind::note, "hello");
    toasts.add(ToastKind::bad, "trouble", "why");
    toasts.add(ToastKind::bad, "trouble", "why");
    EXPECT_EQ(toasts.all().size(), 2u) << "the same trouble is told once";
    for (int i = 0; i < 100; ++i) {
        toasts.advance(0.1);
    }
    ASSERT_EQ(toasts.all().size(), 1u);
    EXPECT_EQ(toasts.all()[0].text, "trouble");
    EXPECT_EQ(Toasts::opacity(toasts.all()[0]), 1);
    EXPECT_FALSE(toasts.advance(0.1)) << "nothing moves any more";
    toasts.dismiss(toasts.all()[0].number);
    EXPECT_TRUE(toasts.advance(0.05));
    EXPECT_LT(Toasts::opacity(toasts.all()[0]), 1);
    toasts.advance(0.2);
    EXPECT_TRUE(toasts.all().empty());
}

} // namespace
} // namespace atelier::studio
