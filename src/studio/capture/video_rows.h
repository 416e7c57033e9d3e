// SPDX-License-Identifier: Apache-2.0
// The rows about codec, quality, size, shape and rate that the dialogs of recordings and exports share.
#pragma once

#include <string>

#include "studio/core/video_settings.h"

namespace atelier::studio {

// Six rows at most, each a control high. True when something was changed.
bool draw_video_rows(VideoSettings& video);

// The same name with the ending that the codec wants.
std::string named_for(const std::string& path, media::Codec codec);

} // namespace atelier::studio
