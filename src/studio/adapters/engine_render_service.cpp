// SPDX-License-Identifier: Apache-2.0
#include "studio/adapters/engine_render_service.h"

#include <algorithm>
#include <iterator>

#include "base/error.h"
#include "engine/loaded_model.h"
#include "ops/threads.h"

namespace atelier::studio {
namespace {
constexpr std::size_t most_read = 4;
} // namespace

EngineRenderService::EngineRenderService(EngineOptions options)
    : device_(options.device), threads_(options.threads), engine_(std::move(options)),
      reader_({.begin = [threads = threads_] { set_operation_threads(threads); }}) {}

EngineRenderService::~EngineRenderService() = default;

void EngineRenderService::publish(std::shared_ptr<const LoadedModel> model, bool start) {
    engine_.prepare(*model);
    std::shared_ptr<const LoadedModel> let_go[2]; // outside the lock: giving a model's memory back takes a while
    const std::lock_guard lock(mutex_);
    let_go[0] = std::exchange(training_, std::move(model));
    if (start) {
        let_go[1] = std::exchange(start_, training_);
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
    const std::lock_guard lock(mutex_);
    status_.viewed = what;
    status_.message.clear();
    status_.loading = false;
    shown_.clear();
    reader_.forget();
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
            status_.loading = true;
            reader_.start([this, snapshot](const auto&, const std::stop_token& stop) {
                read(snapshot, stop);
                return true;
            });
        }
    }
    }
}

void EngineRenderService::read(const std::filesystem::path& snapshot, const std::stop_token& stop) {
    std::shared_ptr<const LoadedModel> model;
    std::string problem;
    try {
        model = load_model(snapshot, device_, stop);
        if (!model)
            return; // something else is looked at by now
        engine_.prepare(*model);
    } catch (const std::exception& error) {
        problem = message_of(error);
    }
    decltype(read_) let_go; // outside the lock
    const std::lock_guard lock(mutex_);
    if (model) {
        read_.emplace_front(snapshot, model);
        if (read_.size() > most_read)
            let_go.splice(let_go.begin(), read_, std::prev(read_.end()));
    }
    if (snapshot != shown_)
        return;
    status_.loading = false;
    status_.message = problem;
    if (model)
        engine_.show(std::move(model));
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
    const OperationThreads own(threads_);
    return atelier::export_walk(playing(), job, progress, stop);
}

int EngineRenderService::export_mix(const MixExport& job, const std::function<void(const ExportProgress&)>& progress,
                                    std::stop_token stop) {
    const OperationThreads own(threads_);
    return atelier::export_mix(playing(), job, progress, std::move(stop));
}

std::vector<ExplicitRef> EngineRenderService::latent_values(const std::vector<RenderParams>& params, LatentForm form) {
    const OperationThreads own(threads_);
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
    const OperationThreads own(threads_);
    return studio::export_performance(job, load, progress, std::move(stop));
}

} // namespace atelier::studio
