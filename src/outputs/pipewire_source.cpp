// SPDX-License-Identifier: Apache-2.0
#include "outputs/pipewire_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <utility>

#include <fmt/format.h>
#include <pipewire/pipewire.h>
#include <spa/param/video/format-utils.h>
#include <spa/pod/builder.h>

namespace atelier::outputs {
namespace {

constexpr int buffers_wanted = 4, buffers_least = 2, buffers_most = 16;
constexpr int channels = 4;

// As it is shown: look and light are applied here, on PipeWire's thread.
void copy_shown(const ShownPicture& picture, spa_data& into, int width, int height) {
    const PixelBuffer shown = as_seen(picture);
    const std::size_t row = static_cast<std::size_t>(width) * channels;
    const auto rows = std::min<std::size_t>(static_cast<std::size_t>(height), into.maxsize / row);
    std::memcpy(into.data, shown.rgba.data(), rows * row);
    into.chunk->offset = 0;
    into.chunk->stride = static_cast<std::int32_t>(row);
    into.chunk->size = static_cast<std::uint32_t>(rows * row);
}

} // namespace

struct PipeWireSource::State {
    explicit State(std::string name, std::string server) : name_(std::move(name)), server_(std::move(server)) {}
    ~State();
    void start();
    void show(ShownPicture picture);
    OutStatus status() const {
        const std::lock_guard lock(mutex_);
        return status_;
    }

private:
    // On PipeWire's thread.
    void fill();
    void format_chosen();
    void state_changed(pw_stream_state now, const char* error);
    void fail(const std::string& why);
    void set(OutState state) {
        const std::lock_guard lock(mutex_);
        if (status_.state != OutState::failed)
            status_.state = state;
    }

    bool connect_server();
    void follow();
    bool connect_stream(int width, int height);

    const std::string name_, server_;
    pw_thread_loop* loop_ = nullptr;
    spa_source* again_ = nullptr; // a timer: the picture that stands is shown again
    spa_source* event_ = nullptr; // wakes its thread; what follows belongs to that
    pw_context* context_ = nullptr;
    pw_core* core_ = nullptr;
    pw_stream* stream_ = nullptr;
    spa_hook core_hook_{}, stream_hook_{};
    int width_ = 0, height_ = 0; // of the stream; 0: it isn't there yet
    bool streaming_ = false;

    mutable std::mutex mutex_; // of what follows
    ShownPicture newest_;
    OutStatus status_;

    static const pw_core_events core_events;
    static const pw_stream_events stream_events;
};

const pw_core_events PipeWireSource::State::core_events = [] {
    pw_core_events events{};
    events.version = PW_VERSION_CORE_EVENTS;
    events.error = [](void* self, std::uint32_t id, int, int error, const char* message) {
        if (id == PW_ID_CORE && error == -EPIPE)
            static_cast<State*>(self)->fail("PipeWire's server has ended");
        else if (id == PW_ID_CORE)
            static_cast<State*>(self)->fail(fmt::format("PipeWire: {}", message ? message : std::strerror(-error)));
    };
    return events;
}();

const pw_stream_events PipeWireSource::State::stream_events = [] {
    pw_stream_events events{};
    events.version = PW_VERSION_STREAM_EVENTS;
    events.state_changed = [](void* self, pw_stream_state, pw_stream_state now, const char* error) {
        static_cast<State*>(self)->state_changed(now, error);
    };
    events.param_changed = [](void* self, std::uint32_t id, const spa_pod* param) {
        if (id == SPA_PARAM_Format && param)
            static_cast<State*>(self)->format_chosen();
    };
    events.process = [](void* self) { static_cast<State*>(self)->fill(); };
    return events;
}();

void PipeWireSource::State::fail(const std::string& why) {
    const std::lock_guard lock(mutex_);
    if (status_.state == OutState::failed)
        return;
    status_.state = OutState::failed;
    status_.message = why + ".";
}

void PipeWireSource::State::start() {
    pw_init(nullptr, nullptr);
    loop_ = pw_thread_loop_new("pictures out", nullptr);
    if (!loop_)
        return fail("PipeWire's thread can't be started");
    event_ = pw_loop_add_event(
        pw_thread_loop_get_loop(loop_), [](void* self, std::uint64_t) { static_cast<State*>(self)->follow(); }, this);
    again_ = pw_loop_add_timer(
        pw_thread_loop_get_loop(loop_),
        [](void* self, std::uint64_t) {
            auto& state = *static_cast<State*>(self);
            if (state.streaming_)
                pw_stream_trigger_process(state.stream_);
        },
        this);
    if (pw_thread_loop_start(loop_) < 0)
        return fail("PipeWire's thread can't be started");
    pw_loop_signal_event(pw_thread_loop_get_loop(loop_), event_); // so that a server that is missing is told at once
}

bool PipeWireSource::State::connect_server() {
    context_ = pw_context_new(pw_thread_loop_get_loop(loop_), nullptr, 0);
    pw_properties* where = server_.empty() ? nullptr : pw_properties_new(PW_KEY_REMOTE_NAME, server_.c_str(), nullptr);
    core_ = context_ ? pw_context_connect(context_, where, 0) : nullptr;
    if (!core_) {
        fail(fmt::format("PipeWire's server can't be reached: {}", std::strerror(errno)));
        return false;
    }
    pw_core_add_listener(core_, &core_hook_, &core_events, this);
    return true;
}

// A picture has come.
void PipeWireSource::State::follow() {
    if (status().state == OutState::failed || (!core_ && !connect_server()))
        return;
    ShownPicture picture;
    {
        const std::lock_guard lock(mutex_);
        picture = newest_;
    }
    if (!picture.pixels)
        return;
    const int width = picture.pixels->width, height = picture.pixels->height;
    if ((width != width_ || height != height_) && !connect_stream(width, height))
        fail("PipeWire takes no stream of pictures");
    else if (streaming_)
        pw_stream_trigger_process(stream_);
}

PipeWireSource::State::~State() {
    if (loop_)
        pw_thread_loop_stop(loop_);
    if (stream_)
        pw_stream_destroy(stream_);
    if (core_) {
        spa_hook_remove(&core_hook_);
        pw_core_disconnect(core_);
    }
    if (context_)
        pw_context_destroy(context_);
    if (loop_)
        pw_thread_loop_destroy(loop_);
    pw_deinit();
}

// A stream has one size; pictures of another one make it anew, under the same name.
bool PipeWireSource::State::connect_stream(int width, int height) {
    if (stream_) {
        spa_hook_remove(&stream_hook_);
        pw_stream_destroy(stream_);
    }
    streaming_ = false;
    set(OutState::starting);
    stream_ =
        pw_stream_new(core_, name_.c_str(),
                      pw_properties_new(PW_KEY_MEDIA_CLASS, "Video/Source", PW_KEY_NODE_NAME, name_.c_str(),
                                        PW_KEY_NODE_DESCRIPTION, name_.c_str(), PW_KEY_MEDIA_ROLE, "Screen", nullptr));
    if (!stream_)
        return false;
    width_ = width;
    height_ = height;
    pw_stream_add_listener(stream_, &stream_hook_, &stream_events, this);
    std::uint8_t room[1024];
    spa_pod_builder builder = SPA_POD_BUILDER_INIT(room, sizeof room);
    spa_video_info_raw info{};
    info.format = SPA_VIDEO_FORMAT_RGBA;
    info.size = SPA_RECTANGLE(static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height));
    info.framerate = SPA_FRACTION(0, 1); // as they come
    const spa_pod* formats[] = {spa_format_video_raw_build(&builder, SPA_PARAM_EnumFormat, &info)};
    return pw_stream_connect(stream_, PW_DIRECTION_OUTPUT, PW_ID_ANY,
                             static_cast<pw_stream_flags>(PW_STREAM_FLAG_DRIVER | PW_STREAM_FLAG_MAP_BUFFERS), formats,
                             1) >= 0;
}

void PipeWireSource::State::format_chosen() {
    std::uint8_t room[1024];
    spa_pod_builder builder = SPA_POD_BUILDER_INIT(room, sizeof room);
    const int stride = width_ * channels;
    const spa_pod* params[] = {static_cast<const spa_pod*>(spa_pod_builder_add_object(
        &builder, SPA_TYPE_OBJECT_ParamBuffers, SPA_PARAM_Buffers, SPA_PARAM_BUFFERS_buffers,
        SPA_POD_CHOICE_RANGE_Int(buffers_wanted, buffers_least, buffers_most), SPA_PARAM_BUFFERS_blocks, SPA_POD_Int(1),
        SPA_PARAM_BUFFERS_size, SPA_POD_Int(stride * height_), SPA_PARAM_BUFFERS_stride, SPA_POD_Int(stride),
        SPA_PARAM_BUFFERS_dataType, SPA_POD_CHOICE_FLAGS_Int((1 << SPA_DATA_MemPtr) | (1 << SPA_DATA_MemFd))))};
    pw_stream_update_params(stream_, params, 1);
}

void PipeWireSource::State::state_changed(pw_stream_state now, const char* error) {
    streaming_ = now == PW_STREAM_STATE_STREAMING;
    if (now == PW_STREAM_STATE_ERROR)
        fail(fmt::format("PipeWire: {}", error ? error : "the stream has failed"));
    else if (now == PW_STREAM_STATE_PAUSED)
        set(OutState::waiting);
    else if (streaming_)
        set(OutState::streaming);
    if (streaming_) // the picture that stands
        pw_stream_trigger_process(stream_);
    // And again now and then: whoever reads may not have been ready for the first.
    timespec wait{0, streaming_ ? 250'000'000 : 0};
    pw_loop_update_timer(pw_thread_loop_get_loop(loop_), again_, &wait, &wait, false);
}

void PipeWireSource::State::fill() {
    ShownPicture picture;
    {
        const std::lock_guard lock(mutex_);
        picture = newest_;
    }
    pw_buffer* buffer = pw_stream_dequeue_buffer(stream_);
    if (!buffer)
        return; // the reader has them all; it gets the next one
    spa_data& data = buffer->buffer->datas[0];
    const bool fits = picture.pixels && picture.pixels->width == width_ && picture.pixels->height == height_;
    if (data.data && fits) {
        copy_shown(picture, data, width_, height_);
        const std::lock_guard lock(mutex_);
        ++status_.delivered;
    } else if (data.chunk) {
        data.chunk->size = 0;
    }
    pw_stream_queue_buffer(stream_, buffer);
}

void PipeWireSource::State::show(ShownPicture picture) {
    if (!event_)
        return;
    {
        const std::lock_guard lock(mutex_);
        newest_ = std::move(picture);
    }
    pw_loop_signal_event(pw_thread_loop_get_loop(loop_), event_);
}

PipeWireSource::PipeWireSource(std::string name, std::string server)
    : state_(std::make_unique<State>(std::move(name), std::move(server))) {
    state_->start();
}
PipeWireSource::~PipeWireSource() = default;

void PipeWireSource::show(ShownPicture picture) {
    state_->show(std::move(picture));
}

OutStatus PipeWireSource::status() const {
    return state_->status();
}

} // namespace atelier::outputs
