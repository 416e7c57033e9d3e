// SPDX-License-Identifier: Apache-2.0
// LoadedModel::Weights: the generator on its device, and what its weights have been laid out as. Immutable after
// loading. Internal to engine (torch).
#pragma once

#include <optional>

#include <c10/core/Device.h>

#include "engine/loaded_model.h"
#include "engine/prepared_synthesis.h"
#include "model/synthesis.h"
#include "ops/device_queue.h"

namespace atelier {

struct LoadedModel::Weights {
    model::Generator generator;
    c10::Device device;
    std::uint64_t epoch = 0;
    ops::DeviceMark ready{}; // in the device's order of work, from when on the tensors hold what they should
    std::optional<model::Mapping> mapping{}; // of a generator on a GPU: a copy on the CPU, where one z is mapped sooner
    const model::Mapping& near_mapping() const { return mapping ? *mapping : generator.mapping; }
    std::shared_ptr<PreparedWeights> prepared = std::make_shared<PreparedWeights>();
};

} // namespace atelier
