// SPDX-License-Identifier: Apache-2.0
// The display ladder against a fake of CUDA and of OpenGL: order of calls, each call failing in turn, nothing leaked.
#include <algorithm>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "gfx/display_ladder.h"

namespace {

using namespace atelier;
using namespace atelier::gfx;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// What CUDA and OpenGL hold and were asked, outliving the ladder.
struct World {
    std::vector<std::string> calls; // of CUDA, OpenGL and the engine's `consumed`, in order
    int cuda_calls = 0;
    int fail_at = 0; // the number of the CUDA call that fails; 0: none
    bool keep_failing = false;
    std::string failed;           // name of the first call that failed
    std::size_t failed_index = 0; // of it in `calls`
    int gl_device = 0;
    bool error_kept = false; // that a failed call leaves in CUDA
    bool misuse = false;     // what CUDA or OpenGL would call undefined

    std::set<CudaHandle> streams, resources, mapped, pinned;
    std::map<CudaHandle, unsigned> texture_of;
    std::map<unsigned, std::uint8_t> textures; // name -> first byte of its content
    std::map<CudaHandle, std::uint8_t> arriving;
    unsigned names = 0;
    std::uintptr_t handles = 0x1000;
    std::vector<std::unique_ptr<std::uint8_t[]>> memory;

    CudaHandle handle() { return reinterpret_cast<CudaHandle>(handles += 16); }

    // False when this call is to fail.
    bool call(const std::string& name) {
        calls.push_back(name);
        ++cuda_calls;
        if (fail_at > 0 && (cuda_calls == fail_at || (keep_failing && cuda_calls > fail_at))) {
            if (failed.empty()) {
                failed = name;
                failed_index = calls.size() - 1;
            }
            error_kept = true;
            return false;
        }
        return true;
    }
    void demand(bool right) { misuse = misuse || !right; }
    // Times a call was made.
    long count(const std::string& name) const { return std::count(calls.begin(), calls.end(), name); }
    bool nothing_left() const {
        return streams.empty() && resources.empty() && mapped.empty() && pinned.empty() && textures.empty();
    }
};

// A release that fails counts as done: the ladder can't do more than try it once.
class FakeCuda final : public CudaDisplayApi {
public:
    explicit FakeCuda(World& world) : w_(world) {}

    CudaStatus gl_device(int& device) override {
        if (!w_.call("gl_device"))
            return 304;
        device = w_.gl_device;
        return 0;
    }
    CudaStatus select_device(int device) override {
        selected_ = device;
        return w_.call("select_device") ? 0 : 304;
    }
    CudaStatus create_stream(CudaHandle& stream) override {
        if (!w_.call("create_stream"))
            return 304;
        w_.demand(selected_ == 0); // where the pictures are
        w_.streams.insert(stream = w_.handle());
        return 0;
    }
    CudaStatus destroy_stream(CudaHandle stream) override {
        w_.demand(w_.streams.erase(stream) == 1);
        return w_.call("destroy_stream") ? 0 : 304;
    }
    CudaStatus register_texture(unsigned texture, CudaHandle& resource) override {
        w_.demand(w_.textures.contains(texture));
        if (!w_.call("register"))
            return 304;
        w_.resources.insert(resource = w_.handle());
        w_.texture_of[resource] = texture;
        return 0;
    }
    CudaStatus unregister(CudaHandle resource) override {
        w_.demand(w_.resources.erase(resource) == 1 && !w_.mapped.contains(resource));
        w_.texture_of.erase(resource);
        return w_.call("unregister") ? 0 : 304;
    }
    CudaStatus map(CudaHandle resource, CudaHandle stream) override {
        w_.demand(w_.resources.contains(resource) && !w_.mapped.contains(resource) && w_.streams.contains(stream));
        if (!w_.call("map"))
            return 304;
        w_.mapped.insert(resource);
        return 0;
    }
    CudaStatus mapped_array(CudaHandle resource, CudaHandle& array) override {
        w_.demand(w_.mapped.contains(resource));
        array = resource;
        return w_.call("array") ? 0 : 304;
    }
    CudaStatus unmap(CudaHandle resource, CudaHandle stream) override {
        w_.demand(w_.mapped.erase(resource) == 1 && w_.streams.contains(stream));
        return w_.call("unmap") ? 0 : 304;
    }
    CudaStatus wait_event(CudaHandle stream, CudaHandle event) override {
        w_.demand(w_.streams.contains(stream) && event != nullptr);
        return w_.call("wait") ? 0 : 304;
    }
    CudaStatus copy_to_array(CudaHandle array, const CudaRows& rows, CudaHandle stream) override {
        w_.demand(w_.mapped.contains(array) && w_.streams.contains(stream) && rows.pitch >= rows.bytes);
        if (!w_.call("copy_to_array"))
            return 304;
        w_.textures[w_.texture_of.at(array)] = *static_cast<const std::uint8_t*>(rows.data);
        return 0;
    }
    CudaStatus copy_to_host(void* pinned, const CudaRows& rows, CudaHandle stream) override {
        w_.demand(w_.pinned.contains(pinned) && w_.streams.contains(stream));
        if (!w_.call("copy_to_host"))
            return 304;
        for (std::size_t y = 0; y < rows.count; ++y) {
            std::copy_n(static_cast<const std::uint8_t*>(rows.data) + y * rows.pitch, rows.bytes,
                        static_cast<std::uint8_t*>(pinned) + y * rows.bytes);
        }
        return 0;
    }
    CudaStatus pinned_alloc(void*& memory, std::size_t bytes) override {
        if (!w_.call("pinned_alloc"))
            return 304;
        w_.memory.push_back(std::make_unique<std::uint8_t[]>(bytes));
        w_.pinned.insert(memory = w_.memory.back().get());
        return 0;
    }
    CudaStatus pinned_free(void* memory) override {
        w_.demand(w_.pinned.erase(memory) == 1);
        return w_.call("pinned_free") ? 0 : 304;
    }
    CudaStatus synchronize(CudaHandle stream) override {
        w_.demand(w_.streams.contains(stream));
        return w_.call("synchronize") ? 0 : 304;
    }
    std::string error_text(CudaStatus status) override { return "error " + std::to_string(status); }
    void clear_error() override { w_.error_kept = false; }

private:
    World& w_;
    int selected_ = -1;
};

class FakeGl final : public DisplayGl {
public:
    explicit FakeGl(World& world) : w_(world) {}
    unsigned create_texture(int, int) override {
        w_.calls.emplace_back("create_texture");
        w_.textures[++w_.names] = 0;
        return w_.names;
    }
    void delete_texture(unsigned texture) noexcept override {
        w_.calls.emplace_back("delete_texture");
        for (const auto& [resource, name] : w_.texture_of)
            w_.demand(name != texture); // still registered
        w_.demand(w_.textures.erase(texture) == 1);
    }
    void write_texture(unsigned texture, int, int, const std::uint8_t* rgba) override {
        w_.calls.emplace_back("write_texture");
        w_.demand(w_.textures.contains(texture));
        w_.textures[texture] = rgba[0];
    }
    void forget() noexcept override {
        w_.calls.emplace_back("forget");
        w_.textures.clear();
    }

private:
    World& w_;
};

std::unique_ptr<DisplayLadder> make_ladder(World& world, DisplayPath top = DisplayPath::interop,
                                           bool asked_for = false) {
    return std::make_unique<DisplayLadder>(std::make_unique<FakeCuda>(world), std::make_unique<FakeGl>(world), top,
                                           asked_for);
}

enum class Memory { both, device, host };

// A picture of 16 rows whose bytes are all `value`.
Frame picture(World& world, std::uint8_t value, int width = 16, Memory in = Memory::both) {
    Frame frame;
    const std::size_t pitch = static_cast<std::size_t>(width) * 4 + 64;
    if (in != Memory::device) {
        frame.pixels = std::make_shared<PixelBuffer>(
            PixelBuffer{width, 16, std::vector<std::uint8_t>(static_cast<std::size_t>(width) * 64, value)});
    }
    if (in != Memory::host) {
        world.memory.push_back(std::make_unique<std::uint8_t[]>(pitch * 16));
        std::fill_n(world.memory.back().get(), pitch * 16, value);
        DeviceBuffer device;
        device.data = world.memory.back().get();
        device.pitch = pitch;
        device.width = width;
        device.height = 16;
        device.ready = &world;
        device.consumed = [&world](void* stream) {
            world.demand(world.streams.contains(stream));
            world.calls.emplace_back("consumed");
        };
        frame.device = std::make_shared<DeviceBuffer>(device);
    }
    return frame;
}

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
