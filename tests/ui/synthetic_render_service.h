// SPDX-License-Identifier: Apache-2.0
// A RenderService without a network: soft coloured blobs that follow the parameters. For tests only.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "studio/services/render_service.h"

namespace atelier::testing {

// The picture of a blend of seeds: the same params give the same pixels, other params others.
std::shared_ptr<const PixelBuffer> synthetic_picture(const RenderParams& params, int size);

class SyntheticSource : public studio::RenderService {
public:
    explicit SyntheticSource(int resolution = 64, int num_ws = 10) : resolution_(resolution), num_ws_(num_ws) {}

    // A path that holds "broken" fails; any other is a model at once.
    std::uint64_t load(const std::filesystem::path& path) override;
    LoadStatus load_status() const override { return status_; }
    void set_params(const RenderParams& params, bool moving) override;
    void set_frame_budget(double ms) override { budget_ms_ = ms; }
    bool moving() const { return moving_; } // of the last set_params
    double frame_budget() const { return budget_ms_; }
    std::optional<Frame> take_frame() override;
    void on_frame(std::function<void()> told) override { told_ = std::move(told); }
    void request_thumbnails(std::vector<ThumbnailRequest> requests, int size) override;
    std::vector<Thumbnail> take_thumbnails() override;
    void show(studio::ViewedModel what, const std::filesystem::path& snapshot) override;
    void compare(bool on) override;
    studio::ShowStatus show_status() const override { return show_; }
    // New weights, as a trainer hands them over; each changes the picture a little more.
    void publish(std::uint64_t epoch, bool start);
    void request_directions(const DirectionRequest& request) override;
    void cancel_directions(DirectionMethod method) override;
    // PCA takes twenty calls; its vectors and those of SeFa are of 8 numbers, different for every method and index.
    DirectionStatus take_directions(DirectionMethod method) override;
    int export_walk(const WalkExport& job, const std::function<void(const ExportProgress&)>& progress,
                    std::stop_token stop) override;
    int export_performance(const studio::PerformanceExport& job,
                           const std::function<void(const ExportProgress&)>& progress, std::stop_token stop) override;
    int export_mix(const MixExport& job, const std::function<void(const ExportProgress&)>& progress,
                   std::stop_token stop) override;
    // dims numbers of each latent: z of a single seed, else w or as many rows as the model has; all are the number of
    // its first seed.
    std::vector<ExplicitRef> latent_values(const std::vector<RenderParams>& params, LatentForm form) override;

    std::vector<RenderParams> requests; // all of them, oldest first
    std::vector<ThumbnailRequest> wanted_thumbnails;
    std::vector<std::pair<ThumbnailRequest, int>> thumbnail_requests; // all so far, each with its size
    std::optional<WalkExport> exported;
    std::optional<studio::PerformanceExport> performed;
    std::optional<MixExport> mixed;
    std::vector<std::string> classes{};                             // of the models opened from now on
    std::vector<std::pair<std::string, std::string>> facts{};       // likewise
    int dims = 0;                                                   // z_dim and w_dim of the models opened from now on
    std::string export_error;                                       // thrown by the next export
    std::vector<std::pair<studio::ViewedModel, std::string>> shows; // all show() calls, oldest first
    std::vector<DirectionRequest> direction_requests;               // all of them, oldest first
    std::string direction_error;                                    // of the next request
    PictureRatio ratio; // of the models opened from now on, and of all pictures
    bool comparing = false;
    bool waits = false; // pictures are on their way as long as it is set
    int export_ms = 5;  // that a picture of an export takes
    bool slow = false;  // while moving, pictures are previews of 16 px until settle()
    void settle();      // the full picture of the last request

private:
    int pretend_export(const std::function<void(const ExportProgress&)>& progress, std::stop_token stop);
    void make_frame();

    studio::ShowStatus show_;
    std::map<DirectionMethod, DirectionStatus> directions_;
    std::uint64_t epoch_ = 0;
    int resolution_;
    int num_ws_;
    LoadStatus status_;
    bool moving_ = false;
    double budget_ms_ = 33;
    std::optional<Frame> frame_;
    std::function<void()> told_;
    std::uint64_t sequence_ = 0;
};

} // namespace atelier::testing
