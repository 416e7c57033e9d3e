// SPDX-License-Identifier: Apache-2.0
// The verbs: what panels and keys ask for; those of latents are in studio_latents.cpp.
#include "studio/studio.h"

#include <algorithm>
#include <cmath>

#include "base/clock.h"
#include "base/error.h"
#include "base/future.h"
#include "base/log.h"
#include "studio/capture/recording_recovery.h"
#include "studio/state/oscillators.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

// Nothing is kept where settings are not.
fs::path beside(const fs::path& settings, const char* folder) {
    return settings.empty() ? fs::path() : settings.parent_path() / folder;
}

} // namespace

Studio::Studio(std::unique_ptr<RenderService> source, ImageMaker images, StudioOptions options,
               std::unique_ptr<TrainingService> trainer, std::unique_ptr<DatasetService> data)
    : thumbnails(images), training(*this, std::move(trainer), images),
      dataset(*this, std::move(data), std::move(images), beside(options.settings_file, "choices")),
      document(*this, options.settings_file.parent_path()),
      performance_recorder(*this, options.settings_file.parent_path()), pictures(*this), latent_files(*this),
      timeline_editor(*this), directions(beside(options.settings_file, "directions")),
      direction_slider_store(*this, beside(options.settings_file, "directions")), source_(std::move(source)),
      options_(std::move(options)) {
    if (!options_.settings_file.empty())
        settings = load_settings(options_.settings_file);
    saved_ = settings;
    training.form.expert = settings.train_expert;
    training.form.options.data = settings.train_data;
    state.walk.seeds = {options_.seed};
    state.walk.random_seed = options_.seed;
    state.walk.playing = options_.play;
    if (!options_.play)
        state.latent_override = {LatentOverride::seed, options_.seed, {}};
    animator_.reset(state);
    document.begin();
    if (!options_.settings_file.empty())
        recovering_ = std::async(std::launch::async, recover_recordings, videos_folder(settings));
    if (document.can_recover())
        dialog = Dialog::recover;
    const bool first = !options_.settings_file.empty() && !fs::exists(options_.settings_file);
    if (options_.tour || (first && options_.tour_at_first))
        begin_tour(*this);
    if (training.available() && is_run_folder(settings.unfinished_run)) {
        tab = Tab::train; // where it can be gone on with
        toasts.add(ToastKind::note, "A training run is not finished",
                   fs::path(settings.unfinished_run).filename().string() + ": go on with it in the Train panel.");
    }
}

Studio::~Studio() {
    const bool exporting = exporter.status().busy();
    exporter.finish();
    if (const ExportStatus end = exporter.status(); exporting && end.keeps_part && end.progress.frame > 0)
        log_info("the export was stopped with the window: {} has its first {} pictures", end.path.string(),
                 end.progress.frame);
    latent_files.finish();
    direction_slider_store.finish();
    training.finish();
    dataset.finish();
    document.end();
    save_settings_now();
}

PlayContext Studio::context() const {
    const bool half = precision_ == Precision::bf16 || precision_ == Precision::fp16;
    const bool can = !half || (status_.info && status_.info->half == precision_); // a session may come from elsewhere
    return {status_.playing, num_ws(), [this](const DirectionAmount& amount) { return directions.find(amount); },
            can ? precision_ : Precision::model};
}

RenderParams Studio::params() const {
    return make_params(state, animator_.values(), context());
}

RenderSettings Studio::render_settings_now() const {
    return make_render_settings(state, animator_.values(), num_ws());
}

void Studio::glide_from_here() {
    if (state.timeline.on) { // what the panels say differs in more than the latent
        timeline_editor.leave();
        return;
    }
    animator_.glide(params(), settings.glide_seconds);
}

void Studio::morph_from_here() {
    animator_.morph(state, render_settings_now(), settings.glide_seconds);
}

void Studio::softly(const std::function<void()>& change) {
    const RenderSettings before = render_settings_now();
    change();
    animator_.morph(state, before, settings.glide_seconds);
}

void Studio::morph_to(StudioState after, double position) {
    const RenderSettings before = render_settings_now();
    state = std::move(after);
    animator_.morph(state, before, state.morph_seconds);
    animator_.set_position(position);
}

// The tempo of the last few taps; a pause begins anew.
void Studio::tap_tempo() {
    if (tap_age_ > 3)
        taps_.clear();
    else
        taps_.push_back(tap_age_);
    if (taps_.size() > 8)
        taps_.erase(taps_.begin());
    tap_age_ = 0;
    if (taps_.empty())
        return;
    double sum = 0;
    for (const double each : taps_)
        sum += each;
    const OscillatorPhaseLock steady(state, animator_.values().clock);
    state.bpm = std::clamp(std::round(60 * static_cast<double>(taps_.size()) / sum), 20.0, 300.0);
}

void Studio::go_to_settings(const RenderSettings& settings, double seconds) {
    const RenderSettings before = render_settings_now();
    state = with_settings(std::move(state), settings, num_ws());
    set_class(state.walk.class_index);
    animator_.morph(state, before, seconds);
}

void Studio::go_to_recipe(const Recipe& recipe, double seconds) {
    const bool random = recipe.settings.noise == NoiseMode::random;
    go_to_settings(recipe.settings, random ? 0 : seconds);
    precision_ = recipe.precision;
    if (!random)
        return;
    AnimatedValues values = animator_.values();
    values.noise_seed = recipe.noise_seed - 1; // the next step counts it up
    animator_.set_values(std::move(values));
}

void Studio::restore(const Session& session) {
    state = session.state;
    animator_.set_values(session.animated);
    restore_screen(session);
    training.form.options = session.train;
    if (!session.model.empty() && session.model != opened_file_)
        open(session.model);
    precision_ = session.precision; // else the same picture might not be the same to the bit
}

void Studio::restore_screen(const Session& session) {
    const bool has_tab = session.tab == Tab::train ? training.available() : dataset.available();
    show_tab(has_tab ? session.tab : Tab::perform);
    if (session.map) {
        map = *session.map;
        training.middle = CentreView::map;
    } else if (training.middle == CentreView::map) {
        training.middle = CentreView::picture;
    }
    dataset.restore({session.pictures.begin(), session.pictures.end()});
}

void Studio::ask_for_full_picture() {
    requested_.reset();
}

std::pair<int, int> Studio::picture_size() const {
    if (!shown_.pixels)
        return {0, 0};
    const int factor = shown_.preview && model() ? std::max(1, model()->resolution / shown_.pixels->width) : 1;
    return shown_size(shown_.pixels->width * factor, shown_.pixels->height * factor, shown_.pixels->ratio);
}

bool Studio::recording() const {
    return recorder.status().state == media::RecordState::recording;
}

bool Studio::records_window() const {
    return record_window_ && recording();
}

void Studio::toggle_record() {
    const media::RecordStatus status = recorder.status();
    if (status.can_stop()) {
        recorder.stop();
        performance_recorder.stop(steady_seconds() - tick_began_);
        return;
    }
    if (!status.can_start()) {
        toasts.add(ToastKind::note, "The last recording is still being finished");
        return;
    }
    if (!shown_.pixels) {
        toasts.add(ToastKind::note, "There is no picture to record yet");
        return;
    }
    const VideoSettings& request = settings.recording;
    media::RecorderOptions options;
    try {
        const fs::path path = take_file(media::codec_extension(request.codec));
        static_cast<media::OutputOptions&>(options) =
            output_of(request, path, request.with_interface ? 0 : picture_size().first);
    } catch (const Error& error) {
        toasts.add(ToastKind::bad, "The recording can't begin", error.what());
        return;
    }
    if (!recorder.start(options))
        return;
    record_window_ = request.with_interface;
    // A folder of PNG pictures has no ending to replace.
    const fs::path folder = options.path.parent_path();
    const fs::path name = request.codec == media::Codec::png ? options.path.filename() : options.path.stem();
    performance_recorder.start(folder / (name.string() + ".jsonl"));
    requested_.reset(); // a preview may be shown: what is recorded is the full picture
    record_begins_ = !record_window_;
    record_from_.reset();
    recorded_black_ = !state.view.blackout; // so that the first tick hands over what is shown
    record_state_ = media::RecordState::recording;
}

void Studio::start_export(WalkExport job) {
    if (!exporter.start(*source_, std::move(job))) {
        toasts.add(ToastKind::note, "Another export is still running");
    }
}

void Studio::start_export(PerformanceExport job) {
    if (!exporter.start(*source_, std::move(job)))
        toasts.add(ToastKind::note, "Another export is still running");
}

void Studio::start_export(MixExport job) {
    if (!exporter.start(*source_, std::move(job)))
        toasts.add(ToastKind::note, "Another export is still running");
}

void Studio::save_and_close() {
    close_wanted = true;
    dialog = Dialog::closing; // shows how far the save is
    training.stop();
}

bool Studio::asks_before_closing() const {
    const bool exporting = exporter.status().state == ExportState::running;
    return training.status().active() || ((exporting || document.unsaved()) && !close_wanted);
}

void Studio::show_tab(Tab which) {
    tab = which;
    if (which == Tab::data) {
        training.middle = CentreView::data;
        dataset.take_keys = true;
    } else if (training.middle == CentreView::data) {
        training.middle = CentreView::picture;
    }
}

bool Studio::in_data_grid() const {
    return tab == Tab::data && training.middle == CentreView::data && !state.view.ui_hidden &&
           !dataset.inputs().empty();
}

bool Studio::take_new_picture() {
    return std::exchange(new_picture_, false);
}

void Studio::save_settings_soon() {
    if (options_.settings_file.empty() || settings == saved_ ||
        (saving_settings_.valid() && !is_ready(saving_settings_)))
        return;
    saved_ = settings; // one warning a change is enough
    saving_settings_ = std::async(std::launch::async, [file = options_.settings_file, now = settings] {
        try {
            save_settings(file, now);
        } catch (const std::exception& error) {
            log_warning("the studio's settings are not saved: {}", message_of(error));
        }
    });
}

void Studio::save_settings_now() {
    if (saving_settings_.valid())
        saving_settings_.wait();
    save_settings_soon();
    if (saving_settings_.valid())
        saving_settings_.wait();
}

} // namespace atelier::studio
