// SPDX-License-Identifier: Apache-2.0
// Loader: batches in the sampler's order, decoded ahead on threads of its own. The order doesn't depend on the threads.
// At most four batches lie ready or are in the making, whatever the size of the set; of the eight after those the disk
// is told.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "train/dataset.h"
#include "train/sampler.h"

namespace atelier::train {

struct Batch {
    at::Tensor images; // uint8 [N,C,H,W]
    at::Tensor labels; // float32 [N,label_dim] if labels are used, else [N,0]
};

class Loader {
public:
    // `shown`: pictures of the stream that were consumed before (a multiple of the batch). `rank` of `ranks`: the batch
    // is that of all of them, and this one gets pictures rank, rank + ranks, ... of it, which is also the public tool's
    // order for several devices.
    Loader(std::shared_ptr<const Dataset> data, int batch, std::uint64_t seed, std::int64_t shown, int threads = 2,
           int rank = 0, int ranks = 1);
    ~Loader();
    Loader(const Loader&) = delete;
    Loader& operator=(const Loader&) = delete;

    // Waits for the next batch. Throws the Error that a picture of it gave; the batch after that is tried next.
    Batch next();

private:
    struct Made {
        Batch batch;
        std::exception_ptr error;
    };
    void work(const std::stop_token& stop);
    std::vector<int> draw();
    Batch make(const std::vector<int>& indices, const std::stop_token& stop) const;

    std::shared_ptr<const Dataset> data_;
    int batch_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    Sampler sampler_;                      // under the mutex, as is all below
    std::deque<std::vector<int>> planned_; // batches drawn and not given to workers yet
    std::int64_t drawn_ = 0;               // batches given to workers
    std::int64_t handed_ = 0;              // batches given out
    std::map<std::int64_t, Made> made_;
    std::vector<std::jthread> threads_; // last: they end first
};

} // namespace atelier::train
