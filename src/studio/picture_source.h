// SPDX-License-Identifier: Apache-2.0
// PictureSource: what the studio needs of an engine, so that it can be tested without one.
#pragma once

#include "engine/engine.h"
#include "export/walk_export.h"

namespace atelier::studio {

// The meaning of each call is that of Engine; every call but export_walk returns at once.
class PictureSource {
public:
    virtual ~PictureSource() = default;

    virtual std::uint64_t load(const std::filesystem::path& path) = 0;
    virtual LoadStatus load_status() const = 0;
    virtual void set_params(const RenderParams& params, bool moving) = 0;
    virtual void set_frame_budget(double ms) = 0;
    virtual std::optional<Frame> take_frame() = 0;
    virtual void request_thumbnails(std::vector<std::uint32_t> seeds, int size) = 0;
    virtual std::vector<Thumbnail> take_thumbnails() = 0;

    // Runs on the exporter's thread with the model playing now; see atelier::export_walk.
    virtual int export_walk(const WalkExport& job, const std::function<void(const ExportProgress&)>& progress,
                            std::stop_token stop) = 0;
};

} // namespace atelier::studio
