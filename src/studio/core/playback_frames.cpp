// SPDX-License-Identifier: Apache-2.0
// What is asked of the render service, and what comes back from it.
#include <algorithm>

#include "base/log.h"
#include "base/picture_ratio.h"
#include "studio/core/output_names.h"
#include "studio/core/playback.h"
#include "studio/core/settings.h"
#include "studio/core/toasts.h"
#include "studio/state/oscillators.h"

namespace atelier::studio {

void Playback::open(const std::filesystem::path& path) {
    if (program_)
        take_prepared(0); // beside another model there is nothing to prepare
    service_->load(path);
    precision_ = opening_precision;
    loading_seconds_ = 0;
    status_ = service_->load_status();
}

bool Playback::follow_load(double seconds) {
    const std::uint64_t playing_before = status_.playing;
    const LoadState load_before = status_.state;
    status_ = service_->load_status();
    if (status_.state == LoadState::failed && status_.ticket != told_failure_) {
        told_failure_ = status_.ticket;
        toasts_.add(ToastKind::bad, "The model can't be opened", status_.message);
    }
    if (status_.playing != opened_ && status_.info)
        model_opened();
    if (status_.state == LoadState::loading)
        loading_seconds_ += seconds;
    return status_.playing != playing_before || status_.state != load_before;
}

void Playback::model_opened() {
    opened_ = status_.playing;
    const bool from_file = status_.playing == status_.ticket; // not the trainer's first model
    requested_.reset();
    answered_.reset();
    const ModelInfo& info = *status_.info;
    names_.set_model(info.name);
    if (from_file) {
        opened_file_ = info.path;
        if (on_opened)
            on_opened();
        settings_.add_recent(info.path);
        settings_.last_folder = std::filesystem::path(settings_.recent.front()).parent_path().string();
    }
    if (state_.truncation.cutoff >= info.num_ws)
        state_.truncation.cutoff = -1;
    fit_class();
    told_misfits_.clear();
    log_info("{} plays: {}, {}", info.name, info.format, shown_text(info));
    for (const std::string& warning : info.warnings)
        toasts_.add(ToastKind::bad, info.name, warning);
}

void Playback::thaw() {
    if (!shown_.pixels)
        return;
    RenderParams now = program_params();
    now.model = shown_.params.model;
    if (now != shown_.params)
        program().glide(shown_.params, settings_.glide_seconds);
}

void Playback::request(bool whole) {
    completing_ = false;
    if (status_.playing == 0)
        return;
    PlayContext context = this->context();
    context.tell_misfit = [this](const std::string& misfit) {
        if (told_misfits_.insert(misfit).second)
            toasts_.add(ToastKind::note, status_.info->name, misfit);
    };
    RenderParams wanted = make_params(program_state(), program().values(), context);
    if (requested_ && wanted == *requested_)
        return;
    service_->set_frame_budget(settings_.frame_budget_ms);
    service_->set_params(wanted, !whole);
    requested_ = std::move(wanted);
    ++counters.requests;
}

bool Playback::follow_look() {
    const PictureLook now = look_now(program_state(), program().values());
    return now != std::exchange(look_, now);
}

double Playback::light() const {
    return light_now(program_state(), program().values());
}

bool Playback::follow_light(double seconds) {
    program().fade(program_state(), seconds);
    return light() != std::exchange(light_, light());
}

bool Playback::complete_frozen(bool wanted) {
    wanted = wanted && shown_.pixels && shown_.preview && shown_.params.model == status_.playing;
    if (wanted && !completing_) {
        service_->set_params(shown_.params, false);
        requested_ = shown_.params;
        ++counters.requests;
    }
    completing_ = wanted;
    return wanted && take_pictures();
}

bool Playback::take_pictures() {
    bool news = false;
    while (std::optional<Frame> frame = service_->take_frame()) {
        if (state_.view.frozen && (frame->preview || frame->params != shown_.params))
            continue; // of before
        if (!frame->preview)
            answered_ = frame->params;
        if (!frame->error.empty()) {
            if (frame->error != told_error_)
                toasts_.add(ToastKind::bad, "The picture can't be made", frame->error);
            told_error_ = frame->error;
            continue;
        }
        if (!frame->pixels)
            continue;
        told_error_.clear();
        ++counters.pictures;
        ++rate_pictures_;
        const double keep = counters.pictures < 3 ? 0 : 0.8;
        const auto follow = [keep](double& value, double now) { value = value * keep + now * (1 - keep); };
        follow(counters.times.map_ms, frame->times.map_ms);
        follow(counters.times.synth_ms, frame->times.synth_ms);
        follow(counters.times.pack_ms, frame->times.pack_ms);
        shown_ = std::move(*frame);
        new_picture_ = true;
        news = true;
        if (on_picture)
            on_picture(shown_);
    }
    return news;
}

bool Playback::count_rate(double seconds) {
    rate_seconds_ += seconds;
    if (rate_seconds_ < 0.5)
        return false;
    const double rate = rate_pictures_ / rate_seconds_;
    const bool changed = rate != counters.pictures_per_second;
    counters.pictures_per_second = rate;
    rate_seconds_ = 0;
    rate_pictures_ = 0;
    return changed;
}

namespace {

bool moves(const StudioState& state, const Animator& animator) {
    if (animator.gliding() || state.noise.mode == NoiseMode::random || oscillates(state) || animator.settling(state))
        return true;
    return state.timeline.on ? state.timeline.playing
                             : state.walk.playing && state.latent_override.kind == LatentOverride::none;
}

} // namespace

bool Playback::moving() const {
    return status_.playing != 0 && moves(program_state(), program());
}

bool Playback::busy() const {
    if (status_.state == LoadState::loading)
        return true;
    if (program().fading(program_state()) || (program_ && moves(state_, animator_)))
        return true;
    if (state_.view.frozen)
        return completing_;
    if (status_.playing == 0)
        return false;
    if (moves(program_state(), program()))
        return true;
    if (!requested_ || program_params() != *requested_ || !answered_)
        return true;
    RenderParams answer = *answered_;
    answer.model = requested_->model;
    return answer != *requested_;
}

std::pair<int, int> Playback::picture_size() const {
    if (!shown_.pixels)
        return {0, 0};
    const int factor = shown_.preview && model() ? std::max(1, model()->width / shown_.pixels->width) : 1;
    return shown_size(shown_.pixels->width * factor, shown_.pixels->height * factor, shown_.pixels->ratio);
}

bool Playback::take_new_picture() {
    return std::exchange(new_picture_, false);
}

} // namespace atelier::studio
