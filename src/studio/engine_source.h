// SPDX-License-Identifier: Apache-2.0
// EngineSource: the PictureSource of the real studio, an Engine.
#pragma once

#include "studio/picture_source.h"

namespace atelier::studio {

class EngineSource : public PictureSource {
public:
    explicit EngineSource(EngineOptions options) : engine_(std::move(options)) {}

    std::uint64_t load(const std::filesystem::path& path) override { return engine_.load(path); }
    LoadStatus load_status() const override { return engine_.load_status(); }
    void set_params(const RenderParams& params, bool moving) override { engine_.set_params(params, moving); }
    void set_frame_budget(double ms) override { engine_.set_frame_budget(ms); }
    std::optional<Frame> take_frame() override { return engine_.take_frame(); }
    void request_thumbnails(std::vector<std::uint32_t> seeds, int size) override {
        engine_.request_thumbnails(std::move(seeds), size);
    }
    std::vector<Thumbnail> take_thumbnails() override { return engine_.take_thumbnails(); }
    int export_walk(const WalkExport& job, const std::function<void(const ExportProgress&)>& progress,
                    std::stop_token stop) override;

private:
    Engine engine_;
};

} // namespace atelier::studio
