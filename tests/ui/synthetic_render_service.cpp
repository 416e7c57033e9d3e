// SPDX-License-Identifier: Apache-2.0
#include "ui/synthetic_render_service.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "base/error.h"
#include "base/sha256.h"
#include "latent/walk.h"

namespace atelier::testing {
namespace {

double wave(std::uint32_t seed, int channel, double x, double y) {
    const double a = std::fmod(seed * 0.6180339887 + channel * 0.37, 1.0) * 6.2831853;
    const double f = 2 + (seed * 7 + static_cast<std::uint32_t>(channel) * 3) % 5;
    return std::sin(f * (std::cos(a) * x + std::sin(a) * y) + a * 3);
}

} // namespace

std::shared_ptr<const PixelBuffer> synthetic_picture(const RenderParams& params, int size) {
    auto picture = std::make_shared<PixelBuffer>();
    picture->width = picture->height = size;
    picture->rgba.resize(static_cast<std::size_t>(size) * static_cast<std::size_t>(size) * 4);
    const LatentBlend blend = resolve_latent(params);
    for (int y = 0; y < size; ++y) {
        for (int x = 0; x < size; ++x) {
            const double u = 2.0 * x / size - 1, v = 2.0 * y / size - 1;
            std::uint8_t* pixel = &picture->rgba[static_cast<std::size_t>(y * size + x) * 4];
            for (int c = 0; c < 3; ++c) {
                double sum = 0;
                for (const LatentTerm& term : blend) {
                    sum +=
                        term.weight * ((1 - term.t) * wave(term.seed_a, c, u, v) + term.t * wave(term.seed_b, c, u, v));
                }
                for (const LayerMix& mix : params.mix) {
                    if (mix.weight > 0)
                        sum += 0.2 * static_cast<double>(mix.weight) * (wave(mix.seed, c, u, v) - sum);
                }
                const double inside = std::exp(-2 * (u * u + v * v));
                pixel[c] = static_cast<std::uint8_t>(std::clamp(127.5 + 110 * params.psi * sum * inside, 0.0, 255.0));
            }
            pixel[3] = 255;
        }
    }
    return picture;
}

std::uint64_t SyntheticSource::load(const std::filesystem::path& path) {
    ++status_.ticket;
    if (path.string().find("broken") != std::string::npos) {
        status_.state = LoadState::failed;
        status_.message = path.string() + ": not a model file";
        return status_.ticket;
    }
    auto info = std::make_shared<ModelInfo>();
    info->name = path.filename().string();
    info->path = path.string();
    info->format = "synthetic";
    info->facts = facts;
    info->resolution = info->width = info->height = resolution_;
    info->ratio = ratio;
    info->channels = 3;
    info->num_ws = num_ws_;
    info->z_dim = info->w_dim = dims;
    info->c_dim = static_cast<int>(classes.size());
    info->class_names = classes;
    info->architecture = "skip";
    status_.info = info;
    status_.state = LoadState::ready;
    status_.playing = status_.ticket;
    status_.device = "CPU";
    return status_.ticket;
}

// What training has done to a picture after so many publications.
static std::shared_ptr<const PixelBuffer> learned(const std::shared_ptr<const PixelBuffer>& picture,
                                                  std::uint64_t epoch) {
    auto changed = std::make_shared<PixelBuffer>(*picture);
    const double part = epoch / (epoch + 20.0);
    for (std::size_t i = 0; i + 3 < changed->rgba.size(); i += 4) {
        const double r = changed->rgba[i], b = changed->rgba[i + 2];
        changed->rgba[i] = static_cast<std::uint8_t>(r + part * (b - r));
        changed->rgba[i + 2] = static_cast<std::uint8_t>(b + part * (255 - r - b));
    }
    return changed;
}

void SyntheticSource::set_params(const RenderParams& params, bool moving) {
    moving_ = moving;
    requests.push_back(params);
    make_frame();
}

void SyntheticSource::make_frame() {
    if (requests.empty())
        return;
    const RenderParams& params = requests.back();
    const bool moving = moving_;
    Frame frame;
    frame.sequence = ++sequence_;
    frame.params = params;
    frame.preview = slow && moving;
    auto picture = std::make_shared<PixelBuffer>(*synthetic_picture(params, frame.preview ? 16 : resolution_));
    picture->ratio = ratio;
    frame.pixels = std::move(picture);
    frame.times = {0.1, 8.4, 0.2};
    if (comparing)
        frame.compare = frame.pixels;
    if (show_.viewed == studio::ViewedModel::training && show_.runs > 0) {
        frame.weights_epoch = epoch_;
        frame.pixels = learned(frame.pixels, epoch_);
    } else if (show_.viewed == studio::ViewedModel::snapshot) {
        frame.pixels = learned(frame.pixels, 10);
    }
    frame_ = std::move(frame);
    if (told_)
        told_();
}

void SyntheticSource::show(studio::ViewedModel what, const std::filesystem::path& snapshot) {
    shows.emplace_back(what, snapshot.string());
    show_.viewed = what;
    make_frame();
}

void SyntheticSource::compare(bool on) {
    comparing = on;
    make_frame();
}

void SyntheticSource::publish(std::uint64_t epoch, bool start) {
    epoch_ = epoch;
    show_.runs += start ? 1 : 0;
    if (show_.viewed == studio::ViewedModel::training)
        make_frame();
}

void SyntheticSource::settle() {
    const RenderParams last = requests.back();
    requests.pop_back();
    set_params(last, false);
}

std::optional<Frame> SyntheticSource::take_frame() {
    return waits ? std::nullopt : std::exchange(frame_, std::nullopt);
}

void SyntheticSource::request_thumbnails(std::vector<ThumbnailRequest> requests, int size) {
    for (const ThumbnailRequest& each : requests)
        thumbnail_requests.emplace_back(each, size);
    wanted_thumbnails = std::move(requests);
}

std::vector<Thumbnail> SyntheticSource::take_thumbnails() {
    std::vector<Thumbnail> ready;
    for (const ThumbnailRequest& request : std::exchange(wanted_thumbnails, {})) {
        ready.push_back({status_.playing, request.key, synthetic_picture(request.params, 48)});
    }
    return ready;
}

// As many unit vectors as are asked for, at most 8.
static DirectionSet synthetic_directions(const DirectionRequest& request, int num_ws, const std::string& model) {
    DirectionSet set;
    const bool sefa = request.method == DirectionMethod::sefa;
    set.method = method_name(request.method);
    set.first = sefa ? std::max(request.first, 0) : 0;
    set.last = sefa ? std::min(request.last, num_ws) : num_ws;
    set.samples = sefa ? 0 : request.samples;
    set.seed = sefa ? 0 : request.seed;
    for (int i = 0; i < std::min(request.count, 8); ++i) {
        ExplicitLatent vector;
        vector.values.assign(8, 0.0F);
        vector.values[static_cast<std::size_t>(sefa ? i : 7 - i)] = 1;
        set.vectors.push_back({std::make_shared<const ExplicitLatent>(std::move(vector))});
        set.eigenvalues.push_back(64.0 / (1 << i));
        set.sigma.push_back(sefa ? 1.0F : static_cast<float>(std::sqrt(set.eigenvalues.back())));
    }
    Sha256 hash;
    hash.add(model);
    set.model_hash = hash.finish();
    return set;
}

void SyntheticSource::request_directions(const DirectionRequest& request) {
    direction_requests.push_back(request);
    DirectionStatus& status = directions_[request.method] = {};
    status.state = direction_error.empty() ? DirectionState::working : DirectionState::failed;
    status.message = std::exchange(direction_error, {});
    status.total = request.method == DirectionMethod::pca ? request.samples : 0;
}

void SyntheticSource::cancel_directions(DirectionMethod method) {
    directions_[method] = {};
}

DirectionStatus SyntheticSource::take_directions(DirectionMethod method) {
    DirectionStatus& status = directions_[method];
    if (status.state == DirectionState::working) {
        status.done += (status.total + 19) / 20;
        status.seconds_left = static_cast<double>(status.total - status.done) / 1000;
        if (status.done >= status.total) {
            status.state = DirectionState::ready;
            const auto last = std::find_if(direction_requests.rbegin(), direction_requests.rend(),
                                           [&](const DirectionRequest& r) { return r.method == method; });
            status.done = status.total;
            status.seconds_left = -1;
            status.result = synthetic_directions(*last, num_ws_, status_.info ? status_.info->path : "");
        }
    }
    DirectionStatus now = status;
    status.result.reset();
    return now;
}

int SyntheticSource::pretend_export(const std::function<void(const ExportProgress&)>& progress, std::stop_token stop) {
    if (!export_error.empty())
        throw Error(export_error);
    const int frames = 20;
    for (int i = 0; i < frames; ++i) {
        if (stop.stop_requested())
            return i;
        progress({i, frames, 0.1 * (frames - i)});
        std::this_thread::sleep_for(std::chrono::milliseconds(export_ms));
    }
    return frames;
}

int SyntheticSource::export_walk(const WalkExport& job, const std::function<void(const ExportProgress&)>& progress,
                                 std::stop_token stop) {
    exported = job;
    return pretend_export(progress, std::move(stop));
}

int SyntheticSource::export_performance(const studio::PerformanceExport& job,
                                        const std::function<void(const ExportProgress&)>& progress,
                                        std::stop_token stop) {
    performed = job;
    return pretend_export(progress, std::move(stop));
}

int SyntheticSource::export_mix(const MixExport& job, const std::function<void(const ExportProgress&)>& progress,
                                std::stop_token stop) {
    mixed = job;
    return pretend_export(progress, std::move(stop));
}

std::vector<ExplicitRef> SyntheticSource::latent_values(const std::vector<RenderParams>& params, LatentForm form) {
    std::vector<ExplicitRef> out;
    for (const RenderParams& each : params) {
        const LatentBlend blend = resolve_latent(each);
        if (form == LatentForm::z && blend.size() != 1) {
            out.emplace_back();
            continue;
        }
        ExplicitLatent latent{form == LatentForm::z ? Space::z : Space::w, form == LatentForm::shown ? num_ws_ : 1, {}};
        latent.values.assign(static_cast<std::size_t>(latent.layers * dims), static_cast<float>(blend[0].seed_a));
        out.push_back({std::make_shared<const ExplicitLatent>(std::move(latent))});
    }
    return out;
}

} // namespace atelier::testing
