// SPDX-License-Identifier: Apache-2.0
// The layer table of a network: parameters, buffers and output shapes, as the field's tools print it. No tensors
// needed.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "model/config.h"
#include "model/parameters.h"

namespace atelier::model {

struct SummaryRow {
    std::string layer;           // "synthesis.b8.conv0"; blocks with two outputs have rows ":0" and ":1"
    std::int64_t parameters = 0; // of the layer itself, without its children that have rows
    std::int64_t buffers = 0;
    std::vector<std::int64_t> output; // shape for a batch of `batch`
    std::string dtype;                // float32 or float16
};

struct Summary {
    std::vector<SummaryRow> rows;
    std::int64_t parameters = 0;
    std::int64_t buffers = 0;
};

// `parameters` may be of the meta device. The row ":1" of a block repeats the shape of its row ":0", as the public
// tables do.
Summary summarize(const GeneratorConfig& config, const Parameters& parameters, int batch);
Summary summarize(const DiscriminatorConfig& config, const Parameters& parameters, int batch);

} // namespace atelier::model
