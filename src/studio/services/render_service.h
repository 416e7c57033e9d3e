// SPDX-License-Identifier: Apache-2.0
// RenderService: what the studio needs of an engine, so that it can be tested without one.
#pragma once

#include "base/direction_values.h"
#include "engine/engine.h"
#include "engine/latent_values.h"
#include "export/mix_export.h"
#include "export/walk_export.h"
#include "studio/performance/performance_export.h"

namespace atelier::studio {

// Which model plays. opened: the file that load() opened. training: the weights that the trainer published last,
// followed as they come. start: those that training began from. snapshot: a file written while training.
enum class ViewedModel { opened, training, start, snapshot };

struct ShowStatus {
    ViewedModel viewed = ViewedModel::opened; // what was asked for last
    bool loading = false;                     // the snapshot is being read, what played before plays on
    std::string message;                      // why the snapshot can't be shown, one sentence; empty: it can
    std::uint64_t runs =
        0; // whose start model has come; the newest is what start and training mean. 0: neither is there
};

// The meaning of each call is that of Engine; every call but the exports and latent_values returns at once.
class RenderService {
public:
    virtual ~RenderService() = default;

    virtual std::uint64_t load(const std::filesystem::path& path) = 0;
    virtual LoadStatus load_status() const = 0;
    virtual void set_params(const RenderParams& params, bool moving) = 0;
    virtual void set_frame_budget(double ms) = 0;
    virtual std::optional<Frame> take_frame() = 0;
    // Called by another thread whenever a picture is there to be taken, from now on; has to return at once.
    virtual void on_frame(std::function<void()> told) = 0;
    virtual void request_thumbnails(std::vector<ThumbnailRequest> requests, int size) = 0;
    virtual std::vector<Thumbnail> take_thumbnails() = 0;

    // Switches between models; params and latent stay. `snapshot` is for ViewedModel::snapshot alone. While what is
    // asked for isn't there (yet), what played before plays on.
    virtual void show(ViewedModel what, const std::filesystem::path& snapshot = {}) = 0;
    // Whether frames also hold the start model's picture (Frame::compare).
    virtual void compare(bool on) = 0;
    virtual ShowStatus show_status() const = 0;

    // Finds directions in W of the model playing now, in the background. Each method has one request at a time, the
    // newest; the other method's goes on.
    virtual void request_directions(const DirectionRequest& request) = 0;
    virtual void cancel_directions(DirectionMethod method) = 0; // back to idle
    // How far it is; the result is handed out once. It may be of a model that plays no more: see its model_hash.
    virtual DirectionStatus take_directions(DirectionMethod method) = 0;

    // Runs on the exporter's thread with the model playing now; see atelier::export_walk.
    virtual int export_walk(const WalkExport& job, const std::function<void(const ExportProgress&)>& progress,
                            std::stop_token stop) = 0;
    // The same for a performance; see studio::export_performance. The model playing now serves where the performance
    // names its file, another file is read.
    virtual int export_performance(const PerformanceExport& job,
                                   const std::function<void(const ExportProgress&)>& progress,
                                   std::stop_token stop) = 0;
    // The same for a mixing sheet; see atelier::export_mix.
    virtual int export_mix(const MixExport& job, const std::function<void(const ExportProgress&)>& progress,
                           std::stop_token stop) = 0;
    // Runs on any thread, with the model playing now; see atelier::latent_values.
    virtual std::vector<ExplicitRef> latent_values(const std::vector<RenderParams>& params, LatentForm form) = 0;
};

} // namespace atelier::studio
