// SPDX-License-Identifier: Apache-2.0
// What bin/atelier-decode does with a question of SandboxedDecoder.
#pragma once

#include <cstdint>
#include <vector>

#include "prepare/local_decoder.h"
#include "sandbox/serve.h"

namespace atelier::prepare {

// The answer as a message; a picture goes into the shared memory. Throws std::bad_alloc.
std::vector<std::uint8_t> answer_to(sandbox::Question& asked, LocalDecoder& decoder);

} // namespace atelier::prepare
