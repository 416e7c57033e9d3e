// SPDX-License-Identifier: Apache-2.0
// The rows about codec, quality, size, shape and rate that the dialogs of recordings and exports share.
#pragma once

#include <string>
#include <utility>

#include "studio/core/video_settings.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {

struct SizeRow {
    std::pair<int, int> shown;           // what the pictures are shown as, px; 0 and 0: not known
    int least_width = least_video_width; // as for pixels_of()
    const char* id = "size";
    const char* label = "Size";
    const char* tooltip = "Width and height of the file in pixels";
    float label_width = form_label_width;
};
// All sizes by their pixels, and below them the own one where it is chosen. True when something was changed.
bool draw_size_row(VideoSettings& video, const SizeRow& row);

// Six rows at most, each a control high, of pictures that are shown as `shown`. True when something was changed.
bool draw_video_rows(VideoSettings& video, std::pair<int, int> shown);

// The same name with the ending that the codec wants.
std::string named_for(const std::string& path, media::Codec codec);

} // namespace atelier::studio
