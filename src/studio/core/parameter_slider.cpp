// SPDX-License-Identifier: Apache-2.0
#include "studio/core/parameter_slider.h"

namespace atelier::studio {

SliderSpec slider_of(const Parameter& row, SliderSpec spec) {
    const bool short_track = row.track_min < row.track_max;
    spec.min = short_track ? row.track_min : row.min;
    spec.max = short_track ? row.track_max : row.max;
    spec.typed_min = row.min;
    spec.typed_max = row.max;
    spec.standard = row.standard;
    spec.step = row.step;
    spec.format = row.format;
    spec.logarithmic = row.scale == Scale::logarithmic;
    spec.whole = row.scale == Scale::whole;
    spec.key = row.keys;
    if (!*spec.label)
        spec.label = row.label;
    if (spec.tooltip.empty())
        spec.tooltip = row.tooltip;
    return spec;
}

} // namespace atelier::studio
