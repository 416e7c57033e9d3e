// SPDX-License-Identifier: Apache-2.0
// The engine's inside: what its threads share and what the render thread does. Internal to engine.cpp and
// render_loop.cpp.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/job.h"
#include "base/mailbox.h"
#include "engine/engine.h"
#include "engine/frame_pool.h"
#include "engine/release_thread.h"
#include "engine/renderer.h"
#include "engine/thumbnails.h"
#include "ops/threads.h"

namespace atelier {

struct Engine::Impl {
    explicit Impl(EngineOptions o) : options(std::move(o)) {
        render_thread = std::jthread([this](std::stop_token stop) { render_loop(stop); });
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
        int threads = 0;              // as the status has it
    };

    void load(std::uint64_t ticket, const std::filesystem::path& path, const std::stop_token& stop);
    void prepare(const LoadedModel& model);
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
    void tell(Stage& stage); // that a frame is there

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
    std::atomic<Precision> viewed = Precision::fp32; // of the last picture
    std::mutex told_mutex;
    std::function<void()> told; // of each frame, under `told_mutex`

    // Last: they use all of the above.
    ReleaseThread releaser;
    std::jthread render_thread;
    Job<int, bool> loading{{.begin = [threads = options.threads] { set_operation_threads(threads); }}};
};

} // namespace atelier
