// SPDX-License-Identifier: Apache-2.0
#include "studio/adapters/engine_render_service.h"

#include <algorithm>

#include "base/error.h"
#include "engine/loaded_model.h"

namespace atelier::studio {
namespace {
constexpr std::size_t most_read = 4;
} // namespace

EngineRenderService::EngineRenderService(EngineOptions options)
    : device_(options.device), engine_(std::move(options)),
      reader_([this](std::stop_token stop) { read_snapshots(stop); }) {}

EngineRenderService::~EngineRenderService() = default;

void EngineRenderService::publish(std::shared_ptr<const LoadedModel> model, bool start) {
    const std::lock_guard lock(mutex_);
    training_ = std::move(model);
    if (start) {
        start_ = training_;
        ++status_.runs;
        if (compare_)
            engine_.set_compare(start_);
    }
    if (status_.viewed == ViewedModel::training)
        engine_.show(training_);
    if (status_.viewed == ViewedModel::start && start)
        engine_.show(start_);
}

void EngineRenderService::show(ViewedModel what, const std::filesystem::path& snapshot) {
    {
        const std::lock_guard lock(mutex_);
        status_.viewed = what;
        status_.message.clear();
        status_.loading = false;
        wanted_.clear();
        shown_.clear();
        switch (what) {
        case ViewedModel::opened: engine_.show(nullptr); break;
        case ViewedModel::training:
            if (training_)
                engine_.show(training_);
            break;
        case ViewedModel::start:
            if (start_)
                engine_.show(start_);
            break;
        case ViewedModel::snapshot: {
            shown_ = snapshot;
            const auto found = std::find_if(read_.begin(), read_.end(), [&](auto& e) { return e.first == snapshot; });
            if (found != read_.end()) {
                read_.splice(read_.begin(), read_, found);
                engine_.show(read_.front().second);
            } else {
                wanted_ = snapshot;
                status_.loading = true;
            }
        }
        }
    }
    wake_.notify_all();
}

void EngineRenderService::read_snapshots(std::stop_token stop) {
    while (true) {
        std::filesystem::path path;
        {
            std::unique_lock lock(mutex_);
            if (!wake_.wait(lock, stop, [this] { return !wanted_.empty(); }))
                return;
            path = std::exchange(wanted_, {});
        }
        std::shared_ptr<const LoadedModel> model;
        std::string problem;
        try {
            model = load_model(path, device_);
        } catch (const std::exception& error) {
            problem = message_of(error);
        }
        const std::lock_guard lock(mutex_);
        if (model) {
            read_.emplace_front(path, model);
            if (read_.size() > most_read)
                read_.pop_back();
        }
        if (path != shown_) // another one has been asked for meanwhile
            continue;
        status_.loading = false;
        status_.message = problem;
        if (model)
            engine_.show(std::move(model));
    }
}

void EngineRenderService::compare(bool on) {
    const std::lock_guard lock(mutex_);
    compare_ = on;
    engine_.set_compare(on ? start_ : nullptr);
}

ShowStatus EngineRenderService::show_status() const {
    const std::lock_guard lock(mutex_);
    return status_;
}

std::shared_ptr<const LoadedModel> EngineRenderService::playing() const {
    auto model = engine_.model();
    if (!model)
        fail("No model is open; open one first.");
    return model;
}

int EngineRenderService::export_walk(const WalkExport& job, const std::function<void(const ExportProgress&)>& progress,
                                     std::stop_token stop) {
    return atelier::export_walk(playing(), job, progress, stop);
}

int EngineRenderService::export_mix(const MixExport& job, const std::function<void(const ExportProgress&)>& progress,
                                    std::stop_token stop) {
    return atelier::export_mix(playing(), job, progress, std::move(stop));
}

std::vector<ExplicitRef> EngineRenderService::latent_values(const std::vector<RenderParams>& params, LatentForm form) {
    return atelier::latent_values(*playing(), params, form);
}

int EngineRenderService::export_performance(const PerformanceExport& job,
                                            const std::function<void(const ExportProgress&)>& progress,
                                            std::stop_token stop) {
    const auto load = [this, &job](const std::string& file) {
        if (job.with_playing)
            return playing();
        if (file.empty()) {
            fail("A model in training was played here, which is in no file. Render the log by "
                 "'atelier perform LOG --model SNAPSHOT', with a snapshot of that run.");
        }
        auto playing = engine_.model();
        return playing && playing->info().path == file ? playing : load_model(file, device_);
    };
    return studio::export_performance(job, load, progress, std::move(stop));
}

} // namespace atelier::studio
