// SPDX-License-Identifier: Apache-2.0
// FeatureCollector: the features of many pictures, which several processes may share. Each makes those of its own
// batches; the numbers are the same bits as those of one process.
#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

#include "metrics/lite_features.h"
#include "train/ranks.h"

namespace atelier::metrics {

class FeatureCollector {
public:
    // Of pictures 0 to count - 1. Both are used until rows() has returned.
    FeatureCollector(const LiteFeatures& features, int count, train::Ranks& ranks);

    // The pictures that this rank is to add, in that order.
    const std::vector<int>& mine() const { return mine_; }
    // The next of them: uint8 [3,H,W], all of one size.
    void add(const at::Tensor& picture);
    // float32 [count,1280] on every rank. All of mine() have to be there; all ranks call it.
    at::Tensor rows();

private:
    void work();

    const LiteFeatures& features_;
    train::Ranks& ranks_;
    std::vector<int> mine_;
    std::vector<at::Tensor> waiting_;
    std::size_t done_ = 0; // of mine_
    at::Tensor rows_;
};

} // namespace atelier::metrics
