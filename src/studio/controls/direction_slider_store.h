// SPDX-License-Identifier: Apache-2.0
// DirectionSliderStore: a model's direction sliders come back with it, whatever its file is called. Part of the Studio,
// in the UI thread; files are read and written on threads of their own.
#pragma once

#include <filesystem>
#include <string>

#include "studio/core/direction_sliders.h"
#include "studio/services/sidecar_file.h"

namespace atelier::studio {

class Directions;
struct StudioContext;

class DirectionSliderStore {
public:
    // folder: empty: nothing is kept.
    DirectionSliderStore(StudioContext& context, const Directions& directions, std::filesystem::path folder);
    // Once a tick. The sliders that are kept for the model that plays appear where there are none, or none but those
    // of the model before, all at 0. True if they did.
    bool tick(double seconds);
    // The sliders were changed by hand: the model keeps them, beside those it has kept and that a session or a preset
    // has taken away.
    void edited() { edited_ = true; }
    void finish(); // waits

private:
    void change_model(std::uint64_t model);
    bool take();
    void follow_edits();

    StudioContext& context_;
    const Directions& directions_;
    SidecarFile<SliderList> file_;
    std::uint64_t model_ = 0; // ticket
    bool edited_ = false;
    SliderList kept_;            // of this model
    SliderList hidden_;          // of kept_: not on the screen
    SliderList seen_;            // on the screen, a tick ago
    SliderList of_model_before_; // as it came with it
};

} // namespace atelier::studio
