// SPDX-License-Identifier: Apache-2.0
// Pictures out by PipeWire: a server of the test's own, and a program that reads.
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <set>

#include <pipewire/pipewire.h>
#include <spa/param/video/format-utils.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "outputs/pipewire_source.h"
#include "support/scratch.h"
#include "support/soon.h"

namespace {

using namespace atelier;
using namespace atelier::outputs;
using testing::HasSubstr;

// A server alone in a folder of its own: no D-Bus, no session manager.
class Server {
public:
    Server() {
        ::setenv("XDG_RUNTIME_DIR", folder_.path().c_str(), 1);
        child_ = ::fork();
        if (child_ == 0) {
            ::setenv("PIPEWIRE_DEBUG", "0", 1);
            ::execlp("pipewire", "pipewire", nullptr);
            ::_exit(127);
        }
    }
    ~Server() { end(); }
    bool runs() {
        return test::soon([&] { return std::filesystem::exists(folder_.path() / "pipewire-0") || ended(); }) &&
               !ended();
    }
    void end() {
        if (child_ > 0) {
            ::kill(child_, SIGKILL);
            ::waitpid(child_, nullptr, 0);
        }
        child_ = -1;
    }

private:
    bool ended() {
        if (child_ > 0 && ::waitpid(child_, nullptr, WNOHANG) == child_)
            child_ = -1;
        return child_ < 0;
    }
    test::Scratch folder_;
    pid_t child_ = -1;
};

// Reads a source by its name and keeps the newest picture's size and first pixel.
class ReaderOfSource {
public:
    struct Seen {
        int width = 0, height = 0;
        std::uint32_t first = 0, last = 0;
        int pictures = 0;
    };

    explicit ReaderOfSource(std::string name) : name_(std::move(name)) {
        pw_init(nullptr, nullptr);
        loop_ = pw_thread_loop_new("reader", nullptr);
        pw_thread_loop_start(loop_);
        pw_thread_loop_lock(loop_);
        context_ = pw_context_new(pw_thread_loop_get_loop(loop_), nullptr, 0);
        core_ = pw_context_connect(context_, nullptr, 0);
        if (core_) {
            registry_ = pw_core_get_registry(core_, PW_VERSION_REGISTRY, 0);
            pw_registry_add_listener(registry_, &registry_hook_, &registry_events, this);
            connect();
        }
        pw_thread_loop_unlock(loop_);
    }
    ~ReaderOfSource() {
        pw_thread_loop_stop(loop_);
        if (stream_)
            pw_stream_destroy(stream_);
        if (core_)
            pw_core_disconnect(core_);
        pw_context_destroy(context_);
        pw_thread_loop_destroy(loop_);
        pw_deinit();
    }
    Seen seen() {
        const std::lock_guard lock(mutex_);
        return seen_;
    }

private:
    void connect() {
        stream_ =
            pw_stream_new(core_, "test reader",
                          pw_properties_new(PW_KEY_MEDIA_TYPE, "Video", PW_KEY_NODE_NAME, "test reader", nullptr));
        pw_stream_add_listener(stream_, &stream_hook_, &stream_events, this);
        std::uint8_t room[1024];
        spa_pod_builder builder = SPA_POD_BUILDER_INIT(room, sizeof room);
        const spa_rectangle least = SPA_RECTANGLE(1, 1), most = SPA_RECTANGLE(8192, 8192),
                            usual = SPA_RECTANGLE(64, 64);
        const spa_pod* formats[] = {static_cast<const spa_pod*>(spa_pod_builder_add_object(
            &builder, SPA_TYPE_OBJECT_Format, SPA_PARAM_EnumFormat, SPA_FORMAT_mediaType,
            SPA_POD_Id(SPA_MEDIA_TYPE_video), SPA_FORMAT_mediaSubtype, SPA_POD_Id(SPA_MEDIA_SUBTYPE_raw),
            SPA_FORMAT_VIDEO_format, SPA_POD_Id(SPA_VIDEO_FORMAT_RGBA), SPA_FORMAT_VIDEO_size,
            SPA_POD_CHOICE_RANGE_Rectangle(&usual, &least, &most)))};
        pw_stream_connect(stream_, PW_DIRECTION_INPUT, PW_ID_ANY, PW_STREAM_FLAG_MAP_BUFFERS, formats, 1);
    }
    // What a session manager would do.
    void link() {
        const std::uint32_t mine = pw_stream_get_node_id(stream_);
        if (source_ == 0 || mine == SPA_ID_INVALID || linked_ == source_ || !ports_.contains(source_) ||
            !ports_.contains(mine))
            return;
        linked_ = source_;
        pw_properties* where = pw_properties_new(nullptr, nullptr);
        pw_properties_setf(where, PW_KEY_LINK_OUTPUT_NODE, "%u", source_);
        pw_properties_setf(where, PW_KEY_LINK_INPUT_NODE, "%u", mine);
        pw_core_create_object(core_, "link-factory", PW_TYPE_INTERFACE_Link, PW_VERSION_LINK, &where->dict, 0);
        pw_properties_free(where);
    }
    void read() {
        pw_buffer* buffer = pw_stream_dequeue_buffer(stream_);
        if (!buffer)
            return;
        const spa_data& data = buffer->buffer->datas[0];
        if (data.data && data.chunk->size >= 4) {
            const std::lock_guard lock(mutex_);
            std::memcpy(&seen_.first, data.data, 4);
            std::memcpy(&seen_.last, static_cast<const char*>(data.data) + data.chunk->size - 4, 4);
            seen_.width = data.chunk->stride / 4;
            seen_.height = static_cast<int>(data.chunk->size) / data.chunk->stride;
            ++seen_.pictures;
        }
        pw_stream_queue_buffer(stream_, buffer);
    }

    static const pw_registry_events registry_events;
    static const pw_stream_events stream_events;
    std::string name_;
    pw_thread_loop* loop_ = nullptr;
    pw_context* context_ = nullptr;
    pw_core* core_ = nullptr;
    pw_registry* registry_ = nullptr;
    pw_stream* stream_ = nullptr;
    spa_hook registry_hook_{}, stream_hook_{};
    std::uint32_t source_ = 0, linked_ = 0;
    std::set<std::uint32_t> ports_; // the nodes that have one
    std::mutex mutex_;
    Seen seen_;
};

const pw_registry_events ReaderOfSource::registry_events = [] {
    pw_registry_events events{};
    events.version = PW_VERSION_REGISTRY_EVENTS;
    events.global = [](void* data, std::uint32_t id, std::uint32_t, const char* type, std::uint32_t,
                       const spa_dict* props) {
        auto& self = *static_cast<ReaderOfSource*>(data);
        const char* name = props ? spa_dict_lookup(props, PW_KEY_NODE_NAME) : nullptr;
        if (std::string_view(type) == PW_TYPE_INTERFACE_Node && name && self.name_ == name)
            self.source_ = id;
        const char* node = props ? spa_dict_lookup(props, PW_KEY_NODE_ID) : nullptr;
        if (std::string_view(type) == PW_TYPE_INTERFACE_Port && node)
            self.ports_.insert(static_cast<std::uint32_t>(std::stoul(node)));
        self.link();
    };
    events.global_remove = [](void* data, std::uint32_t id) {
        auto& self = *static_cast<ReaderOfSource*>(data);
        self.ports_.erase(id);
        if (id == self.source_)
            self.source_ = self.linked_ = 0;
    };
    return events;
}();

const pw_stream_events ReaderOfSource::stream_events = [] {
    pw_stream_events events{};
    events.version = PW_VERSION_STREAM_EVENTS;
    events.state_changed = [](void* data, pw_stream_state, pw_stream_state, const char*) {
        static_cast<ReaderOfSource*>(data)->link();
    };
    events.process = [](void* data) { static_cast<ReaderOfSource*>(data)->read(); };
    return events;
}();

ShownPicture picture(int width, int height, std::uint8_t red) {
    auto pixels = std::make_shared<PixelBuffer>();
    pixels->width = width;
    pixels->height = height;
    for (int i = 0; i < width * height; ++i)
        pixels->rgba.insert(pixels->rgba.end(), {red, 10, 20, 255});
    return {pixels};
}

std::uint32_t rgba(std::uint32_t red, std::uint32_t green = 10, std::uint32_t blue = 20) {
    return red | green << 8U | blue << 16U | 0xff000000U;
}

TEST(PipeWire, APictureArrivesAsItIsShown) {
    Server server;
    ASSERT_TRUE(server.runs()) << "the package pipewire is in extern/debian.txt";
    PipeWireSource source("Atelier test");
    source.show(picture(64, 48, 200));
    ASSERT_TRUE(test::soon([&] { return source.status().state == OutState::waiting; })) << source.status().message;
    ReaderOfSource reader("Atelier test");
    EXPECT_TRUE(test::soon([&] { return reader.seen().first == rgba(200); })) << source.status().message;
    EXPECT_EQ(reader.seen().width, 64);
    EXPECT_EQ(reader.seen().height, 48);
    EXPECT_EQ(reader.seen().last, rgba(200));
    EXPECT_EQ(source.status().state, OutState::streaming);
    // The newest, with the light that the audience has.
    for (std::uint8_t red = 0; red < 100; ++red)
        source.show(picture(64, 48, red));
    EXPECT_TRUE(test::soon([&] { return reader.seen().first == rgba(99); }));
    ShownPicture dark = picture(64, 48, 200);
    dark.light = 0;
    source.show(dark);
    EXPECT_TRUE(test::soon([&] { return reader.seen().first == rgba(0, 0, 0); }));
    // Another model's size.
    source.show(picture(128, 128, 7));
    EXPECT_TRUE(test::soon([&] { return reader.seen().first == rgba(7) && reader.seen().width == 128; }));
    EXPECT_GT(source.status().delivered, 3u);
}

TEST(PipeWire, AServerThatEndsIsTold) {
    Server server;
    ASSERT_TRUE(server.runs());
    PipeWireSource source("Atelier test");
    source.show(picture(16, 16, 1));
    ASSERT_TRUE(test::soon([&] { return source.status().state == OutState::waiting; }));
    server.end();
    EXPECT_TRUE(test::soon([&] { return source.status().state == OutState::failed; }));
    EXPECT_THAT(source.status().message, HasSubstr("has ended"));
    source.show(picture(16, 16, 2)); // harmless
}

TEST(PipeWire, NoServerIsOneSentence) {
    const test::Scratch folder;
    ::setenv("XDG_RUNTIME_DIR", folder.path().c_str(), 1);
    PipeWireSource source("Atelier test");
    EXPECT_TRUE(test::soon([&] { return source.status().state == OutState::failed; }));
    EXPECT_THAT(source.status().message, HasSubstr("can't be reached"));
    source.show(picture(16, 16, 2));
}

} // namespace
