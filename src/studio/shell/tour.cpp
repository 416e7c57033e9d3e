// SPDX-License-Identifier: Apache-2.0
#include "studio/shell/tour.h"

#include "studio/studio.h"

namespace atelier::studio {
namespace {

constexpr TourStep steps[] = {
    {"Play the walk",
     "A walk leads from picture to picture. Space plays and pauses it: try it now. Dragging the picture wanders "
     "without a plan.",
     {"play", ""},
     "WALK"},
    {"Truncation",
     "Psi near 0 stays close to the average picture, near 1 and above it dares more. Drag it, or press [ and ].",
     {"psi", ""},
     "TRUNCATION"},
    {"Mix two pictures",
     "Coarse takes its shapes from another seed, middle its features, fine its colours. The picture chooses the seed, "
     "the slider says how much of it.",
     {"source", "weight"},
     "MIX"},
    {"Record and save",
     "R records what plays as a video, P saves the picture. Both go to your videos folder, which can be changed in "
     "the settings.",
     {"##record", "##save"},
     ""},
    {"Your own pictures",
     "Open another StyleGAN2-ADA model, or teach this one your own pictures with Train while you play with it.",
     {"##open", "Train"},
     ""},
};

// What the step points at has to be there.
void uncover(Studio& studio) {
    studio.state.view.ui_hidden = false;
    const char* section = steps[studio.tour.step].section;
    if (*section == '\0')
        return;
    studio.settings.panel_folded = false;
    studio.settings.live_page = studio.on_live_page(section);
    studio.settings.folds[section] = true;
}

} // namespace

std::span<const TourStep> tour_steps() {
    return steps;
}

void begin_tour(Studio& studio) {
    studio.tour = {true, 0};
    uncover(studio);
}

void next_tour_step(Studio& studio) {
    if (studio.tour.step + 1 >= std::size(steps)) {
        end_tour(studio);
        return;
    }
    ++studio.tour.step;
    uncover(studio);
}

void previous_tour_step(Studio& studio) {
    if (studio.tour.step > 0)
        --studio.tour.step;
    uncover(studio);
}

void end_tour(Studio& studio) {
    studio.tour.on = false;
    studio.settings_file.save_soon();
}

const TourStep* tour_step(const Studio& studio) {
    const bool covered = studio.ui.dialog != Dialog::none || studio.state.view.ui_hidden;
    return studio.tour.on && !covered && studio.playback.model() ? &steps[studio.tour.step] : nullptr;
}

bool tour_key(Studio& studio, const KeyEvent& event, bool typing) {
    if (typing || event.released || event.shift || event.ctrl || event.alt || !tour_step(studio))
        return false;
    switch (event.key) {
    case Key::right:
    case Key::enter: next_tour_step(studio); return true;
    case Key::left: previous_tour_step(studio); return true;
    case Key::escape: end_tour(studio); return true;
    default: return false;
    }
}

} // namespace atelier::studio
