// SPDX-License-Identifier: Apache-2.0
#include "studio/capture/picture_saver.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file_names.h"
#include "base/unsquash.h"
#include "io/image.h"
#include "io/png_text.h"
#include "media/scale.h"
#include "studio/core/context.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

void write_picture(const fs::path& file, const PixelBuffer& squashed, const std::string& recipe,
                   const VideoSettings& saving) {
    PixelBuffer pixels;
    const auto [shown_width, shown_height] = shown_size(squashed);
    const auto [width, height] = pixels_of(saving, shown_width, shown_height, 0);
    if (saving.size == VideoSize::picture) {
        unsquash(squashed, pixels);
    } else if (width <= 0) {
        fail("{}: the size of saved pictures is set to '{}'; it has to look like 1280x720, or 512 for the width alone",
             file.string(), saving.custom);
    } else {
        media::Scaler().fit(squashed, width, height, saving.aspect, pixels);
    }
    std::vector<std::uint8_t> chunk;
    if (!recipe.empty())
        chunk = io::png_text_chunk(recipe_keyword, recipe);
    io::write_png(file, io::image_of(pixels), 8, chunk);
}

} // namespace

bool is_picture_file(const fs::path& path) {
    return lower_extension(path) == ".png";
}

// Of the picture that is shown, which may be some milliseconds older than what the panels say.
Recipe PictureSaver::recipe_now() const {
    Recipe recipe;
    if (context_.playback.viewed == ViewedModel::opened && !context_.playback.opened_file().empty()) {
        std::error_code ignored;
        const fs::path whole = fs::absolute(context_.playback.opened_file(), ignored);
        recipe.model = (whole.empty() ? fs::path(context_.playback.opened_file()) : whole).lexically_normal().string();
    }
    recipe.num_ws = context_.playback.num_ws();
    recipe.precision = context_.playback.shown().precision;
    recipe.noise_seed = context_.playback.shown().params.noise_seed;
    recipe.settings = settings_of_params(context_.playback.shown().params, context_.playback.program_settings(),
                                         context_.playback.context().direction);
    return recipe;
}

void PictureSaver::save() {
    const Frame& shown = context_.playback.shown();
    if (!shown.pixels) {
        context_.toasts.add(ToastKind::note, "There is no picture to save yet");
        return;
    }
    owed_ = shown.preview;
    if (owed_) {
        context_.playback.ask_for_full_picture();
        return;
    }
    const std::string recipe = context_.settings.save_recipes ? recipe_text(recipe_now()) : std::string();
    saves_.add(
        [file = context_.names.take_file(".png"), pixels = shown.pixels, recipe, saving = context_.settings.saving] {
            write_picture(file, *pixels, recipe, saving);
            return file;
        });
}

void PictureSaver::open(const fs::path& file) {
    waiting_.reset();
    reading_.start([file](const auto&, const auto&) {
        const auto text = io::png_text(file, recipe_keyword);
        return Read{file, text ? std::optional(read_recipe(*text, file)) : std::nullopt};
    });
}

bool PictureSaver::tick() {
    const bool before = busy();
    follow_saves();
    if (auto outcome = reading_.take_outcome())
        take(std::move(*outcome));
    follow_model();
    return before != busy();
}

void PictureSaver::follow_saves() {
    while (const auto saved = saves_.take()) {
        if (saved->result) {
            context_.toasts.add(ToastKind::good, "Picture saved", saved->result->string());
        } else {
            context_.toasts.add(ToastKind::bad, "The picture can't be saved", saved->message);
        }
    }
}

void PictureSaver::take(JobOutcome<Read> outcome) {
    if (!outcome.result) {
        context_.toasts.add(ToastKind::bad, "The picture can't be opened", outcome.message);
        return;
    }
    Read& read = *outcome.result;
    if (!read.recipe) {
        context_.toasts.add(ToastKind::note, "This picture has no recipe",
                            fmt::format("{} was not saved by Atelier, or its recipe was taken out since.",
                                        read.file.filename().string()));
        return;
    }
    const std::string& model = read.recipe->model;
    std::error_code ignored;
    if (!model.empty() && model != fs::absolute(context_.playback.opened_file(), ignored).lexically_normal().string()) {
        if (fs::is_regular_file(model, ignored)) {
            context_.playback.open(model);
            waiting_ = Waiting{context_.playback.load_status().ticket, std::move(read)};
            return;
        }
        if (context_.playback.model())
            context_.toasts.add(ToastKind::note, "The picture's model is not there",
                                fmt::format("{} plays in place of {}.", context_.playback.model()->name, model));
    }
    apply(read, false);
}

void PictureSaver::follow_model() {
    if (!waiting_)
        return;
    const LoadStatus& load = context_.playback.load_status();
    if (load.ticket != waiting_->ticket || load.state == LoadState::failed) {
        waiting_.reset(); // another one was opened meanwhile; or it can't be, and a toast says why
    } else if (load.playing == waiting_->ticket) {
        apply(std::exchange(waiting_, std::nullopt)->read, true);
    }
}

void PictureSaver::apply(const Read& read, bool after_opening) {
    const ModelInfo* model = context_.playback.model();
    if (!model) {
        context_.toasts.add(ToastKind::bad, "The picture can't be restored",
                            fmt::format("Its model, {}, is not there, and no other one is open.",
                                        read.recipe->model.empty() ? "of a training" : read.recipe->model));
        return;
    }
    const RenderSettings& settings = read.recipe->settings;
    if (!fits(settings, model->z_dim, model->w_dim, model->num_ws)) {
        context_.toasts.add(ToastKind::bad, "The picture can't be restored",
                            fmt::format("{} holds latents of a model of other sizes than {}.",
                                        read.file.filename().string(), model->name));
        return;
    }
    context_.playback.go_to_recipe(*read.recipe, after_opening ? 0 : context_.settings.glide_seconds);
    context_.toasts.add(
        ToastKind::good, fmt::format("{} is restored", read.file.filename().string()),
        read.recipe->old_noise ? "But for its random noise: an older Atelier drew other numbers from that seed." : "");
}

void PictureSaver::wait_for_saves(std::chrono::steady_clock::time_point deadline) {
    saves_.wait_until(deadline);
}

} // namespace atelier::studio
