// SPDX-License-Identifier: Apache-2.0
#include "studio/engine_source.h"

#include "base/error.h"

namespace atelier::studio {

int EngineSource::export_walk(const WalkExport& job, const std::function<void(const ExportProgress&)>& progress,
                              std::stop_token stop) {
    auto model = engine_.model();
    if (!model)
        fail("there is no model to export a walk of; open one first");
    return atelier::export_walk(std::move(model), job, progress, stop);
}

} // namespace atelier::studio
