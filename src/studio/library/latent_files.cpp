// SPDX-License-Identifier: Apache-2.0
#include "studio/library/latent_files.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "base/error.h"
#include "studio/core/context.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

const char* plural(std::size_t count) {
    return count == 1 ? "" : "s";
}

// A .npy file is one array: where one of the latents has a row for each layer, the others get them too.
void give_all_rows(std::vector<NamedLatent>& latents, int num_ws) {
    const bool any = std::any_of(latents.begin(), latents.end(), [](const auto& l) { return l.latent->layers > 1; });
    for (NamedLatent& each : latents) {
        if (!any || each.latent->layers > 1)
            continue;
        ExplicitLatent all{Space::w, num_ws, {}};
        for (int i = 0; i < num_ws; ++i)
            all.values.insert(all.values.end(), each.latent->values.begin(), each.latent->values.end());
        each.latent = {std::make_shared<const ExplicitLatent>(std::move(all))};
    }
}

} // namespace

void LatentFiles::open(const fs::path& file) {
    if (!context_.playback.model() && context_.playback.load_status().state != LoadState::loading) {
        context_.toasts.add(ToastKind::note, "Latents need a model to be shown with",
                            fmt::format("Open the model first, then {}.", file.filename().string()));
        return;
    }
    waiting_ = file;
    read_waiting();
}

void LatentFiles::read_waiting() {
    const ModelInfo* model = context_.playback.model();
    if (waiting_.empty() || reading_.pending() || context_.playback.load_status().state == LoadState::loading)
        return;
    const fs::path file = std::exchange(waiting_, {});
    if (!model)
        return; // it can't be opened, and a toast says why
    reading_.start(
        [file, z_dim = model->z_dim, w_dim = model->w_dim, num_ws = model->num_ws](const auto&, const auto&) {
            Read read{file, 0, load_latents(file, z_dim, w_dim, num_ws)};
            read.held = read.latents.size();
            read.latents.resize(std::min(read.held, most_stars_of_file));
            return read;
        });
}

void LatentFiles::take(const JobOutcome<Read>& outcome) {
    if (!outcome.result) {
        context_.toasts.add(ToastKind::bad, "The latents can't be opened", outcome.message);
        return;
    }
    const Read& read = *outcome.result;
    StudioState& state = context_.state;
    for (const NamedLatent& each : read.latents)
        state.stars.push_back({state.next_id++, each.name, {{.fixed = each.latent}}, state.walk.class_index});
    context_.settings.folds["STARRED"] = true;
    const std::string name = read.file.filename().string();
    const std::size_t count = read.latents.size();
    const std::string cut =
        count < read.held ? fmt::format("It holds {}; the first {} were taken.", read.held, count) : "";
    context_.toasts.add(ToastKind::good, fmt::format("{} latent{} of {} starred", count, plural(count), name), cut);
    context_.playback.go_to_latent({{.fixed = read.latents.front().latent}});
}

std::vector<std::pair<std::string, RenderParams>> LatentFiles::wanted(LatentsOf of) const {
    std::vector<std::pair<std::string, RenderParams>> out;
    const RenderParams now = context_.playback.params();
    if (of == LatentsOf::shown) {
        const std::optional<std::uint32_t> seed =
            context_.state.timeline.on ? std::nullopt : context_.playback.seed_now();
        out.emplace_back(seed ? fmt::format("Seed {}", *seed) : "Shown", now);
    } else if (of == LatentsOf::stars) {
        for (const Star& star : context_.state.stars) {
            RenderParams params = now;
            params.glide = 0; // shows the star alone
            params.glide_from = star.latent;
            params.class_index = star.class_index;
            out.emplace_back(star.name, std::move(params));
        }
    } else {
        for (const Keyframe& keyframe : context_.state.timeline.curve.keyframes)
            out.emplace_back(fmt::format("Moment at {:g} s", keyframe.seconds),
                             params_of_settings(keyframe.settings, context_.playback.context()));
    }
    return out;
}

void LatentFiles::save(const LatentSave& request) {
    saving_.add([request, wanted = wanted(request.of), service = &context_.playback.service(),
                 num_ws = context_.playback.num_ws()] {
        std::vector<RenderParams> params;
        for (const auto& [name, each] : wanted)
            params.push_back(each);
        const std::vector<ExplicitRef> values = service->latent_values(params, request.form);
        std::vector<NamedLatent> latents;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (values[i])
                latents.push_back({wanted[i].first, values[i]});
        }
        if (latents.empty())
            fail("None of them has a z: they lie between seeds in w. Save w instead.");
        if (request.file.extension() == ".npy")
            give_all_rows(latents, num_ws);
        std::error_code ignored;
        fs::create_directories(request.file.parent_path(), ignored);
        save_latents(request.file, latents);
        return Saved{request.file, latents.size(), values.size() - latents.size()};
    });
}

void LatentFiles::tell(const JobOutcome<Saved>& outcome) {
    if (!outcome.result) {
        context_.toasts.add(ToastKind::bad, "The latents can't be saved", outcome.message);
        return;
    }
    const Saved& saved = *outcome.result;
    std::string text = fmt::format("{} latent{} saved", saved.kept, plural(saved.kept));
    if (saved.left_out > 0)
        text += fmt::format(", {} without a z left out", saved.left_out);
    context_.toasts.add(ToastKind::good, text, saved.file.string());
}

bool LatentFiles::tick() {
    read_waiting();
    bool changed = false;
    if (const auto read = reading_.take_outcome()) {
        take(*read);
        changed = true;
    }
    while (const auto saved = saving_.take()) {
        tell(*saved);
        changed = true;
    }
    return changed;
}

void LatentFiles::finish() {
    reading_.wait();
    saving_.wait();
}

} // namespace atelier::studio
