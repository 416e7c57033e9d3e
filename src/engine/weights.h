// SPDX-License-Identifier: Apache-2.0
// LoadedModel::Weights: the generator on its device, and what its weights have been laid out as. Immutable after
// loading. Internal to engine (torch).
#pragma once

#include <c10/core/Device.h>

#include "engine/loaded_model.h"
#include "engine/prepared_synthesis.h"
#include "model/synthesis.h"

namespace atelier {

struct LoadedModel::Weights {
    model::Generator generator;
    c10::Device device;
    std::uint64_t epoch = 0;
    std::shared_ptr<PreparedWeights> prepared = std::make_shared<PreparedWeights>();
};

} // namespace atelier
