// SPDX-License-Identifier: Apache-2.0
#include "studio/train/train_panel.h"

namespace atelier::studio {
namespace {

void cycle_compare(TrainingController& training) {
    Compare& compare = training.context.state.view.compare;
    if (compare == Compare::off && !training.can_compare()) {
        training.context.toasts.add(ToastKind::note, "There is nothing to compare with yet",
                                    "The start model is there as soon as training has begun.");
        return;
    }
    compare = static_cast<Compare>((static_cast<int>(compare) + 1) % 3);
}

void show_train(StudioContext& context) {
    UiState& ui = context.ui;
    ui.show_tab(ui.tab == Tab::train ? Tab::perform : Tab::train);
    context.settings.train_folded = context.settings.train_folded && ui.tab != Tab::train;
}

} // namespace

std::vector<KeyRows> train_keys(TrainingController& training) {
    using namespace chords;
    return {
        {KeySubject::train,
         0,
         {
             {"Ctrl+T", "Train panel, and back", ctrl('t'), [&training] { show_train(training.context); }},
             {"T", "train, pause, resume", letter('t'), [&training] { training.pause_or_resume(); }},
             {"Shift+T", "stop training and save", shift('t'), [&training] { training.stop(); }},
             {"Shift+C", "checkpoint now, or a snapshot", shift('c'), [&training] { training.save(); }},
             {.keys = "B",
              .text = "hold: the start model",
              .chord = letter('b'),
              .act = [&training] { training.compare_held = true; },
              .let_go = [&training] { training.compare_held = false; }},
             {"C", "compare: wipe, side by side, off", letter('c'), [&training] { cycle_compare(training); }},
             {",  .", "snapshot before, after", sign(U','), [&training] { training.step_stop(-1); }, When::playing,
              true},
             {"", "", sign(U'.'), [&training] { training.step_stop(1); }, When::playing, true},
             {"E", "averaged or raw weights", letter('e'), [&training] { training.set_raw(!training.raw()); }},
             {"G", "seeds, what D sees, picture", letter('g'), [&training] { training.next_centre_view(); }},
         }},
    };
}

} // namespace atelier::studio
