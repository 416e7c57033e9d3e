// SPDX-License-Identifier: Apache-2.0
#include "metrics/feature_collector.h"

#include <ATen/ATen.h>

#include "base/error.h"

namespace atelier::metrics {
namespace {

constexpr int batch = 16; // whole, and the same ones with any number of ranks: sums depend on what is computed together

} // namespace

FeatureCollector::FeatureCollector(const LiteFeatures& features, int count, train::Ranks& ranks)
    : features_(features), ranks_(ranks), rows_(at::zeros({count, LiteFeatures::count})) {
    for (int i = 0; i < count; ++i) {
        if (i / batch % ranks.size() == ranks.rank()) {
            mine_.push_back(i);
        }
    }
}

void FeatureCollector::add(const at::Tensor& picture) {
    waiting_.push_back(picture);
    const std::size_t last = done_ + waiting_.size() - 1;
    if (mine_.at(last) % batch == batch - 1 || last + 1 == mine_.size()) {
        work();
    }
}

void FeatureCollector::work() {
    const at::Tensor rows = features_.of(at::stack(waiting_));
    const int first = mine_[done_];
    rows_.slice(0, first, first + rows.size(0)).copy_(rows);
    done_ += waiting_.size();
    waiting_.clear();
}

at::Tensor FeatureCollector::rows() {
    if (done_ != mine_.size()) {
        fail("{} of {} pictures were looked at.", done_, mine_.size());
    }
    ranks_.sum({rows_}); // zero where others have worked
    return rows_;
}

} // namespace atelier::metrics
