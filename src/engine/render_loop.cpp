// SPDX-License-Identifier: Apache-2.0
// The render thread: of all that waits, the most urgent first.
#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "engine/engine_impl.h"
#include "engine/weights.h"

namespace atelier {

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
        viewed = frame.precision;
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
    tell(stage);
    return owed;
}

void Engine::Impl::tell(Stage& stage) {
    if (const int threads = operation_threads(); threads != stage.threads) {
        const std::lock_guard lock(mutex);
        status.threads = stage.threads = threads;
    }
    const std::lock_guard lock(told_mutex);
    if (told) {
        told();
    }
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
    if (opened) {
        auto renderer = std::make_unique<Renderer>(std::move(opened));
        if (stage.renderer) {
            renderer->learn_from(*stage.renderer);
        }
        renderer->keep_device_frames();
        releaser.release(std::shared_ptr<const Renderer>(std::exchange(stage.renderer, std::move(renderer))));
        stage.shown.reset();
        stage.owed = stage.unmeasured = false;
    }
    if (compared) {
        auto renderer = *compared ? std::make_unique<Renderer>(std::move(*compared)) : nullptr;
        releaser.release(std::shared_ptr<const Renderer>(std::exchange(stage.compare, std::move(renderer))));
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
    while (true) {
        try {
            if (!wait_for_work(stop, stage)) {
                return;
            }
            work(stage);
        } catch (const std::exception& error) { // nothing below may end the program; the next wish is tried anew
            Frame frame;
            frame.sequence = ++sequence;
            frame.error = message_of(error);
            if (stage.wanted) {
                frame.params = *stage.wanted;
            }
            frames.put(std::move(frame));
            stage.owed = stage.unmeasured = false;
        }
    }
}

} // namespace atelier
