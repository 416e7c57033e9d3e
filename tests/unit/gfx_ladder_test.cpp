// SPDX-License-Identifier: Apache-2.0
// The display ladder against a fake of CUDA and of OpenGL: order of calls, each call failing in turn, nothing leaked.
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "fake_display.h"

namespace {

using namespace atelier;
using namespace atelier::gfx;
using namespace atelier::test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

#define EXPECT_SHOWS(world, ladder, value, columns)                                                                    \
    do {                                                                                                               \
        ASSERT_TRUE((world).textures.contains((ladder).texture()));                                                    \
        EXPECT_EQ((world).textures.at((ladder).texture()), (value));                                                   \
        EXPECT_EQ((ladder).width(), (columns));                                                                        \
        EXPECT_EQ((ladder).height(), 16);                                                                              \
        EXPECT_FALSE((world).misuse);                                                                                  \
        EXPECT_FALSE((world).error_kept);                                                                              \
        EXPECT_TRUE((world).mapped.empty());                                                                           \
    } while (false)

TEST(DisplayLadder, InteropGoesStepByStep) {
    World world;
    auto ladder = make_ladder(world);
    EXPECT_TRUE(world.calls.empty());
    EXPECT_EQ(ladder->texture(), 0U);
    ladder->upload(picture(world, 1));
    EXPECT_THAT(world.calls, ElementsAre("gl_device", "select_device", "create_stream", "create_texture", "register",
                                         "map", "array", "wait", "copy_to_array", "consumed", "unmap"));
    EXPECT_SHOWS(world, *ladder, 1, 16);
    EXPECT_EQ(ladder->describe(), "CUDA interop");
    ladder.reset();
    EXPECT_TRUE(world.nothing_left());
    EXPECT_FALSE(world.misuse);
}

TEST(DisplayLadder, TwoTexturesTakeTurnsAndAreRegisteredOnce) {
    World world;
    auto ladder = make_ladder(world);
    std::vector<unsigned> shown;
    for (std::uint8_t i = 1; i <= 6; ++i) {
        ladder->upload(picture(world, i));
        EXPECT_SHOWS(world, *ladder, i, 16);
        shown.push_back(ladder->texture());
    }
    EXPECT_NE(shown[0], shown[1]);
    EXPECT_THAT(shown, ElementsAre(shown[0], shown[1], shown[0], shown[1], shown[0], shown[1]));
    EXPECT_EQ(world.count("register"), 2);
    EXPECT_EQ(world.count("create_stream"), 1);
    EXPECT_EQ(world.count("gl_device"), 1);
    EXPECT_EQ(world.count("consumed"), 6);
}

TEST(DisplayLadder, AnotherSizeIsRegisteredAnew) {
    World world;
    auto ladder = make_ladder(world);
    ladder->upload(picture(world, 1));
    ladder->upload(picture(world, 2));
    world.calls.clear();
    ladder->upload(picture(world, 3, 32));
    EXPECT_THAT(world.calls, ElementsAre("unregister", "delete_texture", "create_texture", "register", "map", "array",
                                         "wait", "copy_to_array", "consumed", "unmap"));
    EXPECT_SHOWS(world, *ladder, 3, 32);
    ladder->upload(picture(world, 4, 32));
    ladder->upload(picture(world, 5, 32));
    EXPECT_SHOWS(world, *ladder, 5, 32);
    EXPECT_EQ(world.count("register"), 2);
    EXPECT_EQ(world.textures.size(), 2U);
    ladder.reset();
    EXPECT_TRUE(world.nothing_left());
    EXPECT_FALSE(world.misuse);
}

TEST(DisplayLadder, StagingGoesStepByStep) {
    World world;
    auto ladder = make_ladder(world, DisplayPath::staging, true);
    ladder->upload(picture(world, 1));
    EXPECT_THAT(world.calls, ElementsAre("select_device", "create_stream", "pinned_alloc", "wait", "copy_to_host",
                                         "consumed", "synchronize", "create_texture", "write_texture"));
    EXPECT_SHOWS(world, *ladder, 1, 16);
    EXPECT_EQ(ladder->describe(), "pinned staging");
    world.calls.clear();
    ladder->upload(picture(world, 2));
    EXPECT_THAT(world.calls, ElementsAre("wait", "copy_to_host", "consumed", "synchronize", "write_texture"));
    ladder->upload(picture(world, 3, 64)); // more memory
    EXPECT_SHOWS(world, *ladder, 3, 64);
    ladder->upload(picture(world, 4, 8)); // enough of it
    EXPECT_SHOWS(world, *ladder, 4, 8);
    EXPECT_EQ(world.count("pinned_alloc"), 1);
    ladder.reset();
    EXPECT_TRUE(world.nothing_left());
    EXPECT_FALSE(world.misuse);
}

TEST(DisplayLadder, TheCpuPathCallsNoCuda) {
    World world;
    auto ladder = make_ladder(world, DisplayPath::cpu, true);
    ladder->upload(picture(world, 1));
    ladder->upload(picture(world, 2));
    ladder->upload(picture(world, 3, 8));
    EXPECT_EQ(world.cuda_calls, 0);
    EXPECT_SHOWS(world, *ladder, 3, 8);
    EXPECT_EQ(ladder->describe(), "pixel buffers");
    EXPECT_EQ(world.textures.size(), 1U);
    ladder.reset();
    EXPECT_TRUE(world.nothing_left());
}

TEST(DisplayLadder, PicturesOfTheCpuCallNoCuda) {
    for (const bool asked_for : {false, true}) {
        World world;
        auto ladder = make_ladder(world, DisplayPath::interop, asked_for);
        ladder->upload(picture(world, 1, 16, Memory::host));
        EXPECT_EQ(world.cuda_calls, 0);
        EXPECT_SHOWS(world, *ladder, 1, 16);
        EXPECT_EQ(ladder->describe(),
                  asked_for ? "pixel buffers (interop: the pictures are made on the CPU)" : "pixel buffers");
        // The way from the device stays open.
        ladder->upload(picture(world, 2));
        EXPECT_EQ(ladder->describe(), "CUDA interop");
        EXPECT_SHOWS(world, *ladder, 2, 16);
    }
}

TEST(DisplayLadder, FramesWithoutAPictureChangeNothing) {
    World world;
    auto ladder = make_ladder(world);
    ladder->upload(Frame{});
    EXPECT_EQ(ladder->texture(), 0U);
    ladder->upload(picture(world, 1));
    ladder->upload(Frame{});
    EXPECT_SHOWS(world, *ladder, 1, 16);
}

TEST(DisplayLadder, OpenGlOnAnotherDeviceMeansStaging) {
    World world;
    world.gl_device = 1;
    auto ladder = make_ladder(world);
    ladder->upload(picture(world, 1));
    EXPECT_EQ(world.count("register"), 0);
    EXPECT_SHOWS(world, *ladder, 1, 16);
    EXPECT_EQ(ladder->describe(), "pinned staging (interop: OpenGL draws on CUDA device 1, the pictures are on 0)");
}

TEST(DisplayLadder, PicturesOnTheDeviceAloneAreShownByTheNextRung) {
    World world;
    world.fail_at = 5; // map
    auto ladder = make_ladder(world);
    ladder->upload(picture(world, 7, 16, Memory::device));
    EXPECT_EQ(world.failed, "map");
    EXPECT_SHOWS(world, *ladder, 7, 16);
    EXPECT_EQ(ladder->describe(), "pinned staging (interop: mapping the texture: error 304)");
}

// Three pictures, two sizes, each call failing in turn, alone or with all that follow.
class EachCallFails : public testing::TestWithParam<std::tuple<DisplayPath, bool>> {};

TEST_P(EachCallFails, AndThePictureIsStillShown) {
    const auto [top, keep_failing] = GetParam();
    const std::set<std::string> interop_only{"gl_device", "register", "map", "array", "copy_to_array"};
    const std::set<std::string> staging_only{"pinned_alloc", "copy_to_host", "synchronize"};
    int failures = 0;
    for (int n = 1;; ++n) {
        SCOPED_TRACE(n);
        World world;
        world.fail_at = n;
        world.keep_failing = keep_failing;
        auto ladder = make_ladder(world, top, true);
        std::uint8_t value = 0;
        for (const int width : {16, 16, 24, 24, 48, 48}) {
            const bool failed_before = !world.failed.empty();
            const std::string before = ladder->describe();
            ladder->upload(picture(world, ++value, width));
            EXPECT_SHOWS(world, *ladder, value, width);
            if (failed_before) {
                EXPECT_EQ(ladder->describe(), before); // remembered
            }
        }
        const std::string failed = world.failed;
        const std::string text = ladder->describe();
        const std::vector<std::string> calls = world.calls;
        ladder.reset();
        EXPECT_TRUE(world.nothing_left()) << "after " << failed;
        EXPECT_FALSE(world.misuse);
        EXPECT_FALSE(world.error_kept);
        if (world.failed.empty())
            break; // n is past the last call
        if (failed.empty())
            continue; // it failed while all was released
        ++failures;
        const bool freeing = failed == "pinned_free";
        if (top == DisplayPath::interop) {
            EXPECT_THAT(text, HasSubstr("(interop: ")) << failed;
            EXPECT_THAT(text, HasSubstr("error 304"));
            EXPECT_THAT(text, HasSubstr(keep_failing ? "pixel buffers" : "pinned staging"));
            EXPECT_EQ(text.find("staging: ") != std::string::npos, keep_failing) << text;
        } else if (!freeing) {
            EXPECT_THAT(text, HasSubstr("pixel buffers (staging: ")) << failed;
        }
        // Of the rung that failed nothing more is called but its releases.
        const std::set<std::string>& own = top == DisplayPath::interop ? interop_only : staging_only;
        for (std::size_t i = world.failed_index + 1; i < calls.size() && !freeing; ++i)
            EXPECT_FALSE(own.contains(calls[i])) << calls[i] << " after " << failed;
    }
    EXPECT_GT(failures, top == DisplayPath::interop ? 25 : 20);
}

INSTANTIATE_TEST_SUITE_P(Ladder, EachCallFails,
                         testing::Combine(testing::Values(DisplayPath::interop, DisplayPath::staging),
                                          testing::Bool()));

TEST(DisplayLadder, ACopyUnderWayIsToldToTheEngineEvenIfUnmappingFails) {
    World world;
    world.fail_at = 9; // unmap, the engine's `consumed` and OpenGL are not counted
    auto ladder = make_ladder(world);
    ladder->upload(picture(world, 1));
    EXPECT_EQ(world.failed, "unmap");
    EXPECT_EQ(world.count("consumed"), 2); // and staging's
    EXPECT_EQ(world.count("unmap"), 1);
    EXPECT_SHOWS(world, *ladder, 1, 16);
}

TEST(DisplayLadder, AFailedCopyIsStillUnmapped) {
    World world;
    world.fail_at = 8;
    auto ladder = make_ladder(world);
    ladder->upload(picture(world, 1));
    EXPECT_EQ(world.failed, "copy_to_array");
    EXPECT_EQ(world.count("unmap"), 1);
    EXPECT_SHOWS(world, *ladder, 1, 16);
}

TEST(DisplayLadder, ALostContextBeginsAnew) {
    for (const DisplayPath top : {DisplayPath::interop, DisplayPath::staging, DisplayPath::cpu}) {
        World world;
        auto ladder = make_ladder(world, top);
        for (std::uint8_t i = 1; i < 4; ++i)
            ladder->upload(picture(world, i));
        world.calls.clear();
        ladder->lost();
        EXPECT_EQ(world.count("delete_texture"), 0) << "names of a context that is gone";
        EXPECT_TRUE(world.nothing_left());
        EXPECT_EQ(ladder->texture(), 0U);
        EXPECT_EQ(ladder->width(), 0);
        ladder->upload(picture(world, 9));
        EXPECT_SHOWS(world, *ladder, 9, 16);
        ladder.reset();
        EXPECT_TRUE(world.nothing_left());
        EXPECT_FALSE(world.misuse);
    }
}

TEST(DisplayLadder, ALostContextForgetsWhatFailed) {
    World world;
    world.gl_device = 1;
    auto ladder = make_ladder(world);
    ladder->upload(picture(world, 1));
    EXPECT_THAT(ladder->describe(), HasSubstr("pinned staging"));
    world.gl_device = 0; // the new context is on the other card
    ladder->lost();
    EXPECT_EQ(ladder->describe(), "pixel buffers");
    ladder->upload(picture(world, 2));
    EXPECT_EQ(ladder->describe(), "CUDA interop");
    EXPECT_SHOWS(world, *ladder, 2, 16);
}

TEST(DisplayLadder, LosingAContextMayFailToRelease) {
    World world;
    auto ladder = make_ladder(world);
    ladder->upload(picture(world, 1));
    world.fail_at = world.cuda_calls + 1;
    ladder->lost();
    EXPECT_EQ(world.failed, "unregister");
    EXPECT_FALSE(world.error_kept);
    ladder->upload(picture(world, 2));
    EXPECT_EQ(ladder->describe(), "CUDA interop");
    EXPECT_SHOWS(world, *ladder, 2, 16);
}

TEST(DisplayPathName, IsOneOfFour) {
    try {
        make_frame_upload("fast");
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("--display fast"));
        EXPECT_THAT(error.what(), HasSubstr("auto, interop, staging or cpu"));
    }
    for (const char* name : {"auto", "interop", "staging", "cpu"})
        EXPECT_EQ(make_frame_upload(name)->describe(), "pixel buffers") << name; // nothing shown yet, nothing called
}

} // namespace
