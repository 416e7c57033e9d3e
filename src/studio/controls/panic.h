// SPDX-License-Identifier: Apache-2.0
// Panic: one key that leads from anything back to a picture that can stand before an audience.
#pragma once

#include "studio/core/context.h"

namespace atelier::studio {

// Glides to the plain picture of the walk, which plays: neither timeline nor swings nor a mix, psi and all else of the
// scene at the standard value; blackout, freeze and master fade are lifted. The walk stays as it is set, and what rests
// - swings, sources, moments, presets - stays too. One step of undo.
void panic(StudioContext& context);

// The picture stands still and fades to black, for when something has gone wrong on the stage; again: back.
void freeze_and_fade(StudioContext& context);

} // namespace atelier::studio
