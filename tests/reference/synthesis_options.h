// SPDX-License-Identifier: Apache-2.0
// How the golden pictures were made.
#pragma once

#include "model/synthesis.h"

namespace atelier::test {

inline model::SynthesisOptions fp32(NoiseMode noise) {
    model::SynthesisOptions options;
    options.force_fp32 = true;
    options.noise = noise;
    return options;
}

} // namespace atelier::test
