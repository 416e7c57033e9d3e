// SPDX-License-Identifier: Apache-2.0
// EngineRenderService: the RenderService of the real studio, an Engine.
#pragma once

#include <list>
#include <mutex>
#include <utility>

#include "base/job.h"
#include "studio/adapters/direction_worker.h"
#include "studio/services/render_service.h"

namespace atelier::studio {

class EngineRenderService : public RenderService {
public:
    explicit EngineRenderService(EngineOptions options);
    ~EngineRenderService() override;

    // The weights in training as they are now, from any thread that may wait: it lays them out for the render thread.
    // start: the first of a run, which the others are compared with.
    void publish(std::shared_ptr<const LoadedModel> model, bool start);

    std::uint64_t load(const std::filesystem::path& path) override { return engine_.load(path); }
    LoadStatus load_status() const override { return engine_.load_status(); }
    void set_params(const RenderParams& params, bool moving) override { engine_.set_params(params, moving); }
    void set_frame_budget(double ms) override { engine_.set_frame_budget(ms); }
    std::optional<Frame> take_frame() override { return engine_.take_frame(); }
    void on_frame(std::function<void()> told) override { engine_.on_frame(std::move(told)); }
    void request_thumbnails(std::vector<ThumbnailRequest> requests, int size) override {
        engine_.request_thumbnails(std::move(requests), size);
    }
    std::vector<Thumbnail> take_thumbnails() override { return engine_.take_thumbnails(); }
    void show(ViewedModel what, const std::filesystem::path& snapshot) override;
    void compare(bool on) override;
    ShowStatus show_status() const override;
    void request_directions(const DirectionRequest& request) override {
        worker(request.method).request(engine_.model(), request);
    }
    void cancel_directions(DirectionMethod method) override { worker(method).cancel(); }
    DirectionStatus take_directions(DirectionMethod method) override { return worker(method).take(); }
    int export_walk(const WalkExport& job, const std::function<void(const ExportProgress&)>& progress,
                    std::stop_token stop) override;
    int export_performance(const PerformanceExport& job, const std::function<void(const ExportProgress&)>& progress,
                           std::stop_token stop) override;
    int export_mix(const MixExport& job, const std::function<void(const ExportProgress&)>& progress,
                   std::stop_token stop) override;
    std::vector<ExplicitRef> latent_values(const std::vector<RenderParams>& params, LatentForm form) override;

private:
    std::shared_ptr<const LoadedModel> playing() const; // throws Error where none is
    void read(const std::filesystem::path& snapshot, const std::stop_token& stop);
    DirectionWorker& worker(DirectionMethod method) { return method == DirectionMethod::sefa ? sefa_ : pca_; }

    const std::string device_;
    const int threads_;
    Engine engine_;
    mutable std::mutex mutex_;
    ShowStatus status_;
    bool compare_ = false;
    std::shared_ptr<const LoadedModel> start_, training_;
    std::filesystem::path shown_; // snapshot asked for last
    // The snapshots read last, newest first, so that scrubbing to and fro doesn't read them again.
    std::list<std::pair<std::filesystem::path, std::shared_ptr<const LoadedModel>>> read_;
    DirectionWorker sefa_, pca_;
    Job<int, bool> reader_; // last: it uses all of the above
};

} // namespace atelier::studio
