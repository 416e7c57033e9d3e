// SPDX-License-Identifier: Apache-2.0
// Engine: the render thread. Owns the loaded model, the frame pool and the mailboxes; every call returns at once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/frame.h"
#include "base/render_params.h"

namespace atelier {

class LoadedModel; // engine/loaded_model.h

struct EngineOptions {
    std::string device = "auto"; // auto, cpu or cuda
    int threads = 0;             // of one operation; 0: all cores
};

enum class LoadState { none, loading, ready, failed };

struct LoadStatus {
    std::uint64_t ticket = 0; // of the newest load
    LoadState state = LoadState::none;
    std::string message;                   // failed: why, in one sentence
    std::shared_ptr<const ModelInfo> info; // of the model now playing (an older one while loading or after a failure)
    std::uint64_t playing = 0;             // ticket of the newest load that played; 0: none
    std::string device;                    // "CPU", "CUDA: <name>"
    // Of the playing model, in the precision last shown: ms up to and with each block (4, 8, ... px), for previews.
    // Measured, as is what Precision::model means, when the first picture is out and nothing else waits; empty before
    // and where previews aren't possible.
    std::vector<double> block_ms;
    int threads = 0; // cores that the operations of the last picture could use; 0: none has been made
};

class Engine {
public:
    explicit Engine(EngineOptions options = {});
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // Starts loading on a thread of its own; the old model plays on until the new one is ready. A newer call wins, and
    // of several that wait only the newest is ever read.
    std::uint64_t load(const std::filesystem::path& path);
    LoadStatus load_status() const;

    // Plays a model handed over in memory (the one in training, a snapshot) in place of the loaded one, under the same
    // ticket; Frame::weights_epoch tells its pictures apart. The params stay, what was measured stays while the shape
    // stays. A load in progress goes on, and its model plays when it is ready. Null: back to the loaded model, if any.
    // After prepare(*model) it costs the render thread no time.
    void show(std::shared_ptr<const LoadedModel> model);

    // Lays out the weights of a model that is about to be shown, in the precision that it will be shown in, on the
    // calling thread: as long as several pictures.
    void prepare(const LoadedModel& model) const;

    // From now on each frame also holds the picture of the same params with this model; null: off.
    void set_compare(std::shared_ptr<const LoadedModel> model);

    // Latest wins. Equal params are not rendered twice; params.model is ignored for choosing the model (the playing
    // one is used) but comes back in Frame::params with the ticket that was really rendered.
    // moving: more is likely to come at once, so if the full picture would miss the frame budget, the picture of the
    // highest block that fits comes first (Frame::preview) and the full one as soon as nothing newer waits. A model's
    // first picture is always full.
    void set_params(const RenderParams& params, bool moving = false);

    // Milliseconds a picture may take while moving; 0: always the full picture. Default 33.
    void set_frame_budget(double ms);

    // Called on the render thread after each finished frame, from now on; has to return at once. Empty: nothing.
    void on_frame(std::function<void()> told);

    // The newest finished frame since the last call.
    std::optional<Frame> take_frame();

    // Replaces the list of thumbnails that are wanted; they are made between frames, at most `size` px (16..512).
    // Finished ones are handed out once.
    void request_thumbnails(std::vector<ThumbnailRequest> requests, int size = 96);
    std::vector<Thumbnail> take_thumbnails();

    // The playing model, also one handed over, for an export thread's own Renderer; null before the first is ready.
    std::shared_ptr<const LoadedModel> model() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace atelier
