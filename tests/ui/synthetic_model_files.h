// SPDX-License-Identifier: Apache-2.0
// A ModelFileService that writes nothing: its work goes on and ends by hand. For tests only.
#pragma once

#include <atomic>
#include <mutex>
#include <thread>

#include "base/error.h"
#include "studio/services/model_file_service.h"

namespace atelier::testing {

class SyntheticModelFiles : public studio::ModelFileService {
public:
    const std::vector<studio::ModelFileKind>& kinds() const override { return kinds_; }
    // Reads until it is let go on or stopped; then it fails with `error`, if there is one.
    studio::ModelCopied write(const studio::ModelCopy& copy,
                              const std::function<void(const studio::ModelCopyProgress&)>& progress,
                              const std::stop_token& stop) override {
        {
            const std::lock_guard lock(mutex_);
            asked_.push_back(copy);
        }
        progress({1, 4, "Reading"});
        while (waits && !stop.stop_requested())
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        if (!error.empty())
            fail("{}", error);
        return {stop.stop_requested(), warnings};
    }
    std::vector<studio::ModelCopy> asked() const { // oldest first
        const std::lock_guard lock(mutex_);
        return asked_;
    }

    std::atomic<bool> waits = false;
    std::string error;                 // of the next ones; set while none is at work
    std::vector<std::string> warnings; // likewise

private:
    const std::vector<studio::ModelFileKind> kinds_{
        {"own", "Our own", "networks and all", ".safetensors", true},
        {"modules", "Modules", "networks", ".pkl", false},
        {"other", "Another program's", "g_ema", ".other.pt", true},
        {"tensors", "State dict", "tensors", ".pt", true},
        {"graph", "Graph", "G_ema", ".onnx", false},
    };
    mutable std::mutex mutex_;
    std::vector<studio::ModelCopy> asked_;
};

} // namespace atelier::testing
