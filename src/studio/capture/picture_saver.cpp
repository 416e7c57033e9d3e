// SPDX-License-Identifier: Apache-2.0
#include "studio/capture/picture_saver.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file_names.h"
#include "base/future.h"
#include "base/unsquash.h"
#include "io/image.h"
#include "io/png_text.h"
#include "studio/studio.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

void write_picture(const fs::path& file, const PixelBuffer& squashed, const std::string& recipe) {
    PixelBuffer pixels;
    unsquash(squashed, pixels);
    std::vector<std::uint8_t> chunk;
    if (!recipe.empty())
        chunk = io::png_text_chunk(recipe_keyword, recipe);
    io::write_png(file, io::rgb_of(pixels), 8, chunk);
}

} // namespace

bool is_picture_file(const fs::path& path) {
    return lower_extension(path) == ".png";
}

// Of the picture that is shown, which may be some milliseconds older than what the panels say.
Recipe PictureSaver::recipe_now() const {
    Recipe recipe;
    if (studio_.training.viewed() == ViewedModel::opened && !studio_.opened_file().empty()) {
        std::error_code ignored;
        const fs::path whole = fs::absolute(studio_.opened_file(), ignored);
        recipe.model = (whole.empty() ? fs::path(studio_.opened_file()) : whole).lexically_normal().string();
    }
    recipe.num_ws = studio_.num_ws();
    recipe.precision = studio_.shown().precision;
    recipe.noise_seed = studio_.shown().params.noise_seed;
    recipe.settings =
        settings_of_params(studio_.shown().params, studio_.render_settings_now(), studio_.context().direction);
    return recipe;
}

void PictureSaver::save() {
    const Frame& shown = studio_.shown();
    if (!shown.pixels) {
        studio_.toasts.add(ToastKind::note, "There is no picture to save yet");
        return;
    }
    owed_ = shown.preview;
    if (owed_) {
        studio_.ask_for_full_picture();
        return;
    }
    const std::string recipe = studio_.settings.save_recipes ? recipe_text(recipe_now()) : std::string();
    saves_.push_back(
        std::async(std::launch::async, [file = studio_.take_file(".png"), pixels = shown.pixels, recipe]() -> Saved {
            try {
                write_picture(file, *pixels, recipe);
            } catch (const std::exception& error) {
                return {file, message_of(error)};
            }
            return {file, {}};
        }));
}

void PictureSaver::open(const fs::path& file) {
    waiting_.reset();
    if (reading_.valid())
        return; // it takes milliseconds
    reading_ = std::async(std::launch::async, [file]() -> Read {
        try {
            if (const auto text = io::png_text(file, recipe_keyword))
                return {file, {}, read_recipe(*text, file)};
        } catch (const std::exception& error) {
            return {file, message_of(error), {}};
        }
        return {file, {}, {}};
    });
}

bool PictureSaver::tick() {
    const bool before = busy();
    follow_saves();
    if (is_ready(reading_))
        take(reading_.get());
    follow_model();
    return before != busy();
}

void PictureSaver::follow_saves() {
    std::erase_if(saves_, [this](auto& save) {
        if (!is_ready(save))
            return false;
        const Saved saved = save.get();
        if (saved.error.empty()) {
            studio_.toasts.add(ToastKind::good, "Picture saved", saved.file.string());
        } else {
            studio_.toasts.add(ToastKind::bad, "The picture can't be saved", saved.error);
        }
        return true;
    });
}

void PictureSaver::take(Read read) {
    if (!read.error.empty()) {
        studio_.toasts.add(ToastKind::bad, "The picture can't be opened", read.error);
        return;
    }
    if (!read.recipe) {
        studio_.toasts.add(ToastKind::note, "This picture has no recipe",
                           fmt::format("{} was not saved by Atelier, or its recipe was taken out since.",
                                       read.file.filename().string()));
        return;
    }
    const std::string& model = read.recipe->model;
    std::error_code ignored;
    if (!model.empty() && model != fs::absolute(studio_.opened_file(), ignored).lexically_normal().string()) {
        if (fs::is_regular_file(model, ignored)) {
            studio_.open(model);
            waiting_ = Waiting{studio_.load_status().ticket, std::move(read)};
            return;
        }
        if (studio_.model())
            studio_.toasts.add(ToastKind::note, "The picture's model is not there",
                               fmt::format("{} plays in place of {}.", studio_.model()->name, model));
    }
    apply(read, false);
}

void PictureSaver::follow_model() {
    if (!waiting_)
        return;
    const LoadStatus& load = studio_.load_status();
    if (load.ticket != waiting_->ticket || load.state == LoadState::failed) {
        waiting_.reset(); // another one was opened meanwhile; or it can't be, and a toast says why
    } else if (load.playing == waiting_->ticket) {
        apply(std::exchange(waiting_, std::nullopt)->read, true);
    }
}

void PictureSaver::apply(const Read& read, bool after_opening) {
    const ModelInfo* model = studio_.model();
    if (!model) {
        studio_.toasts.add(ToastKind::bad, "The picture can't be restored",
                           fmt::format("Its model, {}, is not there, and no other one is open.",
                                       read.recipe->model.empty() ? "of a training" : read.recipe->model));
        return;
    }
    const RenderSettings& settings = read.recipe->settings;
    if (!fits(settings, model->z_dim, model->w_dim, model->num_ws)) {
        studio_.toasts.add(ToastKind::bad, "The picture can't be restored",
                           fmt::format("{} holds latents of a model of other sizes than {}.",
                                       read.file.filename().string(), model->name));
        return;
    }
    studio_.go_to_recipe(*read.recipe, after_opening ? 0 : studio_.settings.glide_seconds);
    studio_.toasts.add(ToastKind::good, fmt::format("{} is restored", read.file.filename().string()));
}

void PictureSaver::wait_for_saves(std::chrono::steady_clock::time_point deadline) const {
    for (const auto& save : saves_)
        save.wait_until(deadline);
}

} // namespace atelier::studio
