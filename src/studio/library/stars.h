// SPDX-License-Identifier: Apache-2.0
// Stars: latents worth keeping. Part of the Library; the latents themselves are in the state.
#pragma once

#include <string>

#include "base/render_params.h"

namespace atelier::studio {

struct StudioContext;

class Stars {
public:
    explicit Stars(StudioContext& context) : context_(context) {}
    void add(const LatentBlend& latent, const std::string& name);
    void add_shown(); // S

private:
    StudioContext& context_;
};

} // namespace atelier::studio
