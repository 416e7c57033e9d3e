// SPDX-License-Identifier: Apache-2.0
// The order in which pictures are shown, and which ones a snapshot's sheet shows. No torch.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "latent/numpy_random.h"

namespace atelier::train {

// An endless stream of indices: every picture about as often as every other, in an order that drifts by swaps within a
// window (a share of the set), so that no two rounds are alike. The same numbers as the public tool's.
class Sampler {
public:
    struct Options {
        int rank = 0, num_replicas = 1;
        bool shuffle = true;
        double window = 0.5;
    };
    // n >= 1.
    Sampler(int n, std::uint32_t seed, const Options& options);
    Sampler(int n, std::uint32_t seed) : Sampler(n, seed, Options{}) {}
    int next();
    void skip(std::int64_t count); // as if next() had been called that often

private:
    std::vector<std::int64_t> order_;
    NumpyRandom random_;
    Options options_;
    std::int64_t window_ = 0;
    std::int64_t index_ = 0;
};

struct SnapshotGrid {
    int columns = 0, rows = 0;
    std::vector<int> indices; // columns * rows
};

// The label of a picture, as the networks get it: of one length for all.
using CopyLabel = std::function<void(int picture, std::vector<float>& into)>;
// Sheet of any size of n pictures with labels: each row of it shows one label, in the order of the labels read from
// their last number to their first, which for classes is theirs. One label is asked for at a time, and what is kept
// meanwhile are `rows` labels and the numbers of their pictures.
SnapshotGrid labelled_grid(int n, const CopyLabel& copy_label, int columns, int rows, std::uint32_t seed);
// The same of labels that are there, [n] rows.
SnapshotGrid labelled_grid(const std::vector<std::vector<float>>& labels, int columns, int rows, std::uint32_t seed);
// Sheet of a set of n pictures of width x height px; labels [n] (a number for each different label) or empty: with them
// each row shows one class.
SnapshotGrid snapshot_grid(int n, int width, int height, const std::vector<std::int64_t>& labels, std::uint32_t seed);

} // namespace atelier::train
