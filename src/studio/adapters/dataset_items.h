// SPDX-License-Identifier: Apache-2.0
// From the engine's items to what the Data panel shows.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "prepare/cut_run.h"
#include "studio/services/dataset_service.h"

namespace atelier::studio {

// Of a crop, whatever the options are; of what it looks like.
std::uint64_t id_of(const prepare::Sources& sources, const prepare::Item& item);
std::uint64_t picture_of(const prepare::Item& item);

// `items` are judged, `ids` are theirs; `automatic` are the same with the crops that the engine chose.
std::shared_ptr<DataView> view_of(const std::vector<std::uint64_t>& ids, const std::vector<prepare::Item>& items,
                                  const std::vector<prepare::Item>& automatic, prepare::Mode mode,
                                  const DataChoices& choices);

// At most `side` px a side, each pixel the mean of those it covers.
PixelBuffer shrunk(const PixelBuffer& picture, int side);

} // namespace atelier::studio
