// SPDX-License-Identifier: Apache-2.0
#include "studio/controls/direction_slider_store.h"

#include <algorithm>

#include "studio/controls/direction_cache.h"
#include "studio/core/context.h"
#include "studio/state/oscillators.h"

namespace atelier::studio {
namespace {

// Known as soon as any directions are; empty: of no model in a file.
std::string hash_of_model(const Playback& playback, const Directions& directions) {
    if (playback.played_file().empty())
        return {};
    for (const DirectionMethod method : {DirectionMethod::sefa, DirectionMethod::pca}) {
        if (const DirectionSet* set = directions.set(method))
            return set->model_hash;
    }
    return {};
}

bool at_rest(const std::vector<DirectionSlider>& sliders) {
    return std::ranges::all_of(sliders, [](const DirectionSlider& each) { return each.direction.amount == 0; });
}

bool directions_oscillate(const StudioState& state) {
    return std::ranges::any_of(state.oscillators, moves_direction);
}

} // namespace

DirectionSliderStore::DirectionSliderStore(StudioContext& context, const Directions& directions,
                                           std::filesystem::path folder)
    : context_(context), directions_(directions),
      file_(std::move(folder), {direction_slider_file_name, load_sliders, save_sliders}) {}

void DirectionSliderStore::change_model(std::uint64_t model) {
    model_ = model;
    file_.open("");
    if (!kept_.empty())
        of_model_before_ = std::exchange(kept_, {});
    hidden_ = {};
}

bool DirectionSliderStore::take() {
    auto read = file_.take();
    if (!read)
        return false;
    const StudioState& state = context_.state;
    const SliderList now = list_of(state.directions);
    kept_.join(*read); // something may have been set by hand meanwhile
    const bool free =
        now.empty() || (now == of_model_before_ && at_rest(state.directions) && !directions_oscillate(state));
    if (free) {
        context_.commands.adopt_directions(kept_.sliders);
        seen_ = kept_;
    }
    hidden_ = without(kept_, list_of(state.directions));
    return free;
}

void DirectionSliderStore::follow_edits() {
    SliderList now = list_of(context_.state.directions);
    if (edited_) {
        kept_ = now;
        hidden_ = without(hidden_, now);
        kept_.join(hidden_);
    } else if (now != seen_) { // by a session, a preset, undo
        hidden_ = without(kept_, now);
    }
    edited_ = false;
    seen_ = std::move(now);
}

bool DirectionSliderStore::tick(double seconds) {
    const std::uint64_t playing = context_.playback.load_status().playing;
    follow_edits();
    if (playing != model_) {
        file_.tick(kept_, 0);
        change_model(playing);
    }
    if (const std::string hash = hash_of_model(context_.playback, directions_); !hash.empty())
        file_.open(hash); // none is known while the same model is shown in training
    const bool news = take();
    file_.tick(kept_, seconds);
    if (const std::string error = file_.take_error(); !error.empty())
        context_.toasts.add(ToastKind::bad, "The direction sliders are not kept", error);
    return news;
}

void DirectionSliderStore::finish() {
    file_.finish();
}

} // namespace atelier::studio
