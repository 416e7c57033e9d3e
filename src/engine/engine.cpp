// SPDX-License-Identifier: Apache-2.0
#include "engine/engine.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "base/mailbox.h"
#include "engine/frame_pool.h"
#include "engine/renderer.h"
#include "engine/thumbnails.h"
#include "engine/weights.h"
#include "ops/device.h"
#include "ops/threads.h"

namespace atelier {

struct Engine::Impl {
    explicit Impl(EngineOptions o) : options(std::move(o)) {
        render_thread = std::jthread([this](std::stop_token stop) { render_loop(stop); });
    }
    ~Impl() {
        // Before the members that the threads use go.
        load_thread = {};
        render_thread = {};
    }

    // What the render thread waits for, under `mutex`.
    struct Inbox {
        std::shared_ptr<const LoadedModel> model; // newly loaded, or handed over
        std::uint64_t model_ticket = 0;
        std::optional<std::shared_ptr<const LoadedModel>> compare; // newly set
        std::optional<RenderParams> params;
        bool moving = false;
    };
    // The render thread's own.
    struct Stage {
        std::unique_ptr<Renderer> renderer; // of the model now playing
        std::unique_ptr<Renderer> compare;  // of the model to compare with, if any
        std::uint64_t ticket = 0;
        std::optional<RenderParams> wanted, shown;
        bool moving = false;
        bool owed = false;            // `shown` was a preview
        int ready = 0;                // px up to which the blocks of what is owed are computed
        bool thumbnail_begun = false; // and nothing else rendered since
        bool unmeasured = false;      // blocks may have to be timed in the precision of `shown`
    };

    void load_loop(std::uint64_t ticket, const std::filesystem::path& path);
    void render_loop(std::stop_token stop);
    // Waits for work and takes over what is new; false if the thread has to end.
    bool wait_for_work(std::stop_token stop, Stage& stage);
    // The most urgent thing: a picture, the rest of a previewed one, one block's cost or one thumbnail.
    void work(Stage& stage);
    // Renders `wanted`. Returns whether the full picture is still owed.
    bool render_one(Stage& stage, bool moving);
    std::shared_ptr<const PixelBuffer> compare_picture(Renderer& renderer, RenderParams params, Precision precision,
                                                       int resolution);
    void play(std::shared_ptr<const LoadedModel> model); // under `mutex`
    // One block more of the picture that is owed, so that a newer wish waits for a block and not for a picture. False
    // when only the last one is left.
    bool prepare_one(Stage& stage);
    void measure_one(Stage& stage);

    EngineOptions options;
    mutable std::mutex mutex;
    std::condition_variable_any wake;
    Inbox inbox;
    LoadStatus status;
    std::shared_ptr<const LoadedModel> playing;
    std::shared_ptr<const LoadedModel> loaded; // the newest from a file
    std::uint64_t next_ticket = 1;
    ThumbnailQueue thumbnails;

    FramePool pool;
    Mailbox<Frame> frames;
    std::uint64_t sequence = 0; // render thread only
    std::atomic<double> frame_budget_ms = 33;

    std::jthread load_thread;
    std::jthread render_thread;
};

void Engine::Impl::play(std::shared_ptr<const LoadedModel> model) {
    status.info = std::shared_ptr<const ModelInfo>(model, &model->info());
    status.device = describe_device(model->weights().device);
    playing = model;
    inbox.model = std::move(model);
    inbox.model_ticket = status.playing;
}

void Engine::Impl::load_loop(std::uint64_t ticket, const std::filesystem::path& path) {
    std::shared_ptr<const LoadedModel> opened;
    std::string problem;
    try {
        opened = load_model(path, options.device);
    } catch (const std::exception& error) {
        problem = message_of(error);
    }
    {
        const std::lock_guard lock(mutex);
        if (ticket != status.ticket) {
            return; // a newer load has been asked for
        }
        if (opened) {
            loaded = opened;
            status.state = LoadState::ready;
            status.message.clear();
            status.playing = ticket;
            status.block_ms.clear();
            play(std::move(opened));
        } else {
            status.state = LoadState::failed;
            status.message = problem;
        }
    }
    wake.notify_all();
}

// A model of another shape may refuse these params; that must not cost the picture itself.
std::shared_ptr<const PixelBuffer> Engine::Impl::compare_picture(Renderer& renderer, RenderParams params,
                                                                 Precision precision, int resolution) {
    params.precision = precision; // so that only the model differs
    try {
        auto buffer = pool.take();
        renderer.render(params, *buffer, nullptr, resolution);
        return buffer;
    } catch (const std::exception&) {
        return nullptr;
    }
}

bool Engine::Impl::render_one(Stage& stage, bool moving) {
    Renderer& renderer = *stage.renderer;
    RenderParams params = *stage.wanted;
    Frame frame;
    frame.sequence = ++sequence;
    frame.weights_epoch = renderer.model().weights().epoch;
    try {
        // Which one is faster is found out when there is time for it: measure_one.
        params.precision = frame.precision = renderer.precision_so_far(params);
        const int full = renderer.model().info().resolution;
        const double budget = frame_budget_ms * (stage.compare ? 0.5 : 1); // two pictures share it
        const int resolution = moving && budget > 0 ? renderer.preview_resolution(params, budget) : full;
        frame.preview = resolution < full;
        auto buffer = pool.take();
        renderer.render(params, *buffer, &frame.times, resolution);
        frame.pixels = std::move(buffer);
        frame.device = renderer.take_device_frame();
        if (stage.compare) {
            frame.compare = compare_picture(*stage.compare, params, frame.precision, resolution);
        }
    } catch (const std::exception& error) {
        frame.error = message_of(error);
    }
    const bool owed = frame.preview && frame.error.empty();
    frame.params = *stage.wanted;
    frames.put(std::move(frame));
    return owed;
}

bool Engine::Impl::prepare_one(Stage& stage) {
    stage.ready = std::max(4, stage.ready * 2);
    if (stage.ready >= stage.renderer->model().info().resolution) {
        return false;
    }
    RenderParams params = *stage.wanted;
    params.precision = stage.renderer->precision_so_far(params);
    try {
        stage.renderer->prepare(params, stage.ready);
        if (stage.compare) {
            stage.compare->prepare(params, stage.ready);
        }
        return true;
    } catch (const std::exception&) {
        return false; // rendering will say what is wrong
    }
}

void Engine::Impl::measure_one(Stage& stage) {
    try {
        stage.unmeasured = stage.renderer->measure_next_block(*stage.shown);
        if (stage.unmeasured) {
            return;
        }
        std::vector<double> ms = stage.renderer->block_ms(*stage.shown);
        const std::lock_guard lock(mutex);
        if (status.playing == stage.ticket) {
            status.block_ms = std::move(ms);
        }
    } catch (const std::exception& error) {
        stage.unmeasured = false;
        log_warning("The time of a preview could not be measured: {}", message_of(error));
    }
}

bool Engine::Impl::wait_for_work(std::stop_token stop, Stage& stage) {
    std::shared_ptr<const LoadedModel> opened;
    std::optional<std::shared_ptr<const LoadedModel>> compared;
    {
        std::unique_lock lock(mutex);
        const bool go = wake.wait(lock, stop, [&] {
            return inbox.model != nullptr || inbox.params.has_value() || inbox.compare.has_value() ||
                   (stage.renderer && (stage.owed || stage.unmeasured || thumbnails.waiting()));
        });
        if (!go) {
            return false;
        }
        opened = std::exchange(inbox.model, nullptr);
        if (opened) {
            stage.ticket = inbox.model_ticket;
        }
        compared = std::exchange(inbox.compare, std::nullopt);
        if (inbox.params) {
            stage.wanted = std::move(inbox.params);
            inbox.params.reset();
            stage.moving = inbox.moving;
        }
    }
    if (opened) { // outside the lock: the UI asks for the status while an old model's memory is given back
        auto renderer = std::make_unique<Renderer>(std::move(opened));
        if (stage.renderer) {
            renderer->learn_from(*stage.renderer);
        }
        renderer->keep_device_frames();
        stage.renderer = std::move(renderer);
        stage.shown.reset();
        stage.owed = stage.unmeasured = false;
    }
    if (compared) {
        stage.compare = *compared ? std::make_unique<Renderer>(std::move(*compared)) : nullptr;
        stage.shown.reset();
        stage.owed = stage.unmeasured = false;
    }
    return true;
}

void Engine::Impl::work(Stage& stage) {
    if (!stage.renderer) {
        return;
    }
    if (stage.wanted) {
        stage.wanted->model = stage.ticket;
        if (!stage.shown || *stage.shown != *stage.wanted) {
            // A model's first picture comes whole: that is sooner than finding out what its blocks cost.
            const bool moving = stage.moving && stage.shown;
            stage.shown = stage.wanted;
            stage.owed = render_one(stage, moving);
            stage.ready = 0;
            stage.thumbnail_begun = false;
            stage.unmeasured = true; // this precision may be a new one
            return;                  // a newer wish goes before the full picture and all that follows
        }
        if (stage.owed) {
            if (!prepare_one(stage)) {
                stage.owed = render_one(stage, false);
            }
            return;
        }
        if (stage.unmeasured) {
            measure_one(stage);
            return;
        }
    }
    thumbnails.step(*stage.renderer, stage.ticket, std::exchange(stage.thumbnail_begun, true));
}

void Engine::Impl::render_loop(std::stop_token stop) {
    set_operation_threads(options.threads);
    Stage stage;
    while (wait_for_work(stop, stage)) {
        work(stage);
    }
}

Engine::Engine(EngineOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Engine::~Engine() = default;

std::uint64_t Engine::load(const std::filesystem::path& path) {
    std::uint64_t ticket = 0;
    {
        const std::lock_guard lock(impl_->mutex);
        ticket = impl_->next_ticket++;
        impl_->status.ticket = ticket;
        impl_->status.state = LoadState::loading;
        impl_->status.message.clear();
    }
    // A load can't be interrupted, so an older one must not be waited for here: it finds its ticket outdated.
    std::jthread previous = std::move(impl_->load_thread);
    impl_->load_thread = std::jthread([impl = impl_.get(), ticket, path, older = std::move(previous)]() mutable {
        impl->load_loop(ticket, path);
        older = {};
    });
    return ticket;
}

LoadStatus Engine::load_status() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->status;
}

void Engine::show(std::shared_ptr<const LoadedModel> model) {
    {
        const std::lock_guard lock(impl_->mutex);
        if (!model) {
            if (!impl_->loaded || impl_->playing == impl_->loaded) {
                return;
            }
            model = impl_->loaded;
        }
        if (impl_->status.playing == 0) { // the first model there is
            impl_->status.playing = impl_->next_ticket++;
        }
        if (impl_->status.state == LoadState::none) {
            impl_->status.state = LoadState::ready;
        }
        impl_->play(std::move(model));
    }
    impl_->wake.notify_all();
}

void Engine::set_compare(std::shared_ptr<const LoadedModel> model) {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->inbox.compare = std::move(model);
    }
    impl_->wake.notify_all();
}

void Engine::set_frame_budget(double ms) {
    impl_->frame_budget_ms = ms;
}

void Engine::set_params(const RenderParams& params, bool moving) {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->inbox.params = params;
        impl_->inbox.moving = moving;
    }
    impl_->wake.notify_all();
}

std::optional<Frame> Engine::take_frame() {
    return impl_->frames.take();
}

void Engine::request_thumbnails(std::vector<ThumbnailRequest> requests, int size) {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->thumbnails.request(std::move(requests), size);
    }
    impl_->wake.notify_all();
}

std::vector<Thumbnail> Engine::take_thumbnails() {
    return impl_->thumbnails.take();
}

std::shared_ptr<const LoadedModel> Engine::model() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->playing;
}

} // namespace atelier
