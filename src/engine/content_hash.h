// SPDX-License-Identifier: Apache-2.0
// content_hash: a name for what a model holds, whatever its file is called and in whichever format it is.
#pragma once

#include <string>

#include "engine/loaded_model.h"

namespace atelier {

// SHA-256 (FIPS 180-4) as 64 hexadecimal digits, over each tensor of G_ema in the order of the network: its name, a
// space, its shape as "[512,512]", a line feed, and its numbers as little-endian float32. Computed once for a model (a
// second for 30 million parameters), by the first thread that asks; others wait for it. Not for the UI thread.
std::string content_hash(const LoadedModel& model);

} // namespace atelier
