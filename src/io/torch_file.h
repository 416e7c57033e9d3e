// SPDX-License-Identifier: Apache-2.0
// Files of torch.save, zipped or legacy, as model sources.
#pragma once

#include <memory>

#include "io/model_source.h"

namespace atelier::io {

// Both throw Error without a path.
std::unique_ptr<ModelSource> open_torch_zip(const InputFile& file);
std::unique_ptr<ModelSource> open_torch_legacy(const InputFile& file);

} // namespace atelier::io
