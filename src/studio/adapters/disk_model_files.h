// SPDX-License-Identifier: Apache-2.0
// DiskModelFiles: the ModelFileService of the real studio, the registry of formats.
#pragma once

#include "studio/services/model_file_service.h"

namespace atelier::studio {

class DiskModelFiles : public ModelFileService {
public:
    DiskModelFiles();
    const std::vector<ModelFileKind>& kinds() const override { return kinds_; }
    ModelCopied write(const ModelCopy& copy, const std::function<void(const ModelCopyProgress&)>& progress,
                      const std::stop_token& stop) override;

private:
    std::vector<ModelFileKind> kinds_;
};

} // namespace atelier::studio
