// SPDX-License-Identifier: Apache-2.0
#include "studio/performance/performance_export.h"

#include <cmath>
#include <map>
#include <set>

#include "base/error.h"
#include "base/log.h"
#include "engine/directions.h"

namespace atelier::studio {
namespace {

// Vectors of the model that plays, found when the first slider asks for them.
class DirectionFinder {
public:
    explicit DirectionFinder(std::filesystem::path folder) : folder_(std::move(folder)) {}

    void set_model(std::shared_ptr<const LoadedModel> model) {
        model_ = std::move(model);
        sets_.clear();
    }

    std::pair<ExplicitRef, float> find(const DirectionAmount& amount) {
        auto found = sets_.find(amount.method);
        if (found == sets_.end())
            found = sets_.emplace(amount.method, make(amount.method)).first;
        const auto i = static_cast<std::size_t>(amount.index);
        const DirectionSet& set = found->second;
        if (i >= set.vectors.size())
            return {};
        return {set.vectors[i], i < set.sigma.size() ? set.sigma[i] : 1.0f};
    }

private:
    DirectionSet make(const std::string& method) const {
        DirectionRequest request;
        request.folder = folder_;
        if (method == method_name(DirectionMethod::sefa))
            return sefa_directions(*model_, request);
        if (method != method_name(DirectionMethod::pca))
            fail("{}: there are no directions of this kind; sefa and pca are known.", method);
        request.method = DirectionMethod::pca;
        return pca_directions(*model_, request).value_or(DirectionSet{});
    }

    std::filesystem::path folder_;
    std::shared_ptr<const LoadedModel> model_;
    std::map<std::string, DirectionSet> sets_;
};

double end_of(const PerformanceExport& job) {
    return job.to < 0 ? job.performance.seconds : job.to;
}

} // namespace

int performance_frame_count(const PerformanceExport& job) {
    const double end = end_of(job);
    if (!std::isfinite(job.from) || !std::isfinite(end) || job.from < 0 || end <= job.from ||
        job.from >= job.performance.seconds)
        fail("The part from {:g} to {:g} s doesn't lie in the performance, which lasts {:.1f} s.", job.from, end,
             job.performance.seconds);
    media::check_values(job.output);
    const double frames = (std::min(end, job.performance.seconds) - job.from) * job.output.fps;
    if (frames > most_frames)
        fail("That would be {:.0f} pictures; at most {} are possible. Take a part of it, or a lower rate.", frames,
             most_frames);
    return std::max(1, static_cast<int>(std::lround(frames)));
}

int export_performance(const PerformanceExport& job, const ModelLoader& load,
                       const std::function<void(const ExportProgress&)>& progress, std::stop_token stop) {
    const int frames = performance_frame_count(job);
    const double rate = media::frame_rate(job.output.fps).value();
    PerformancePlayer player(job.performance, job.beside);
    DirectionFinder finder(job.directions);
    std::shared_ptr<const LoadedModel> model;
    std::set<std::string> told; // each once
    std::string file;
    const auto order = [&](int frame) {
        player.advance_to(job.from + frame / rate);
        if (!model || player.model() != file) {
            file = player.model();
            model = load(file);
            finder.set_model(model);
        }
        PlayContext context{1, model->info().num_ws,
                            [&finder](const DirectionAmount& amount) { return finder.find(amount); }};
        context.c_dim = model->info().c_dim; // it may have fewer classes than the one that was played
        context.tell_misfit = [&](const std::string& misfit) {
            if (std::string said = fmt::format("{}: {}", model->info().name, misfit); told.insert(said).second)
                log_warning("{}", said);
        };
        PictureOrder out{model, player.params(context), player.light()};
        if (job.with_look)
            out.look = player.look();
        out.params.precision = job.precision;
        // Without a speed of its own it is new in each picture, at whatever rate, where the log doesn't say which.
        if (out.params.noise == NoiseMode::random && player.state().noise.speed <= 0 && !player.keeps_noise())
            out.params.noise_seed = job.noise_seed + static_cast<std::uint32_t>(frame);
        return out;
    };
    return export_pictures(frames, job.output, order, progress, std::move(stop));
}

} // namespace atelier::studio
