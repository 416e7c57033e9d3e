// SPDX-License-Identifier: Apache-2.0
#include "train/loader.h"

#include <ATen/ops/stack.h>

namespace atelier::train {
namespace {

constexpr std::int64_t ahead = 4; // batches made before they are asked for

} // namespace

Loader::Loader(std::shared_ptr<const Dataset> data, int batch, std::uint64_t seed, std::int64_t shown, int threads)
    : data_(std::move(data)), batch_(batch), sampler_(data_->size(), static_cast<std::uint32_t>(seed)) {
    sampler_.skip(shown);
    for (int i = 0; i < threads; ++i) {
        threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
    }
}

Loader::~Loader() {
    for (std::jthread& thread : threads_) {
        thread.request_stop();
    }
}

Batch Loader::make(const std::vector<int>& indices) const {
    std::vector<at::Tensor> images, labels;
    for (const int index : indices) {
        images.push_back(data_->image(index));
        labels.push_back(data_->label(index));
    }
    return {at::stack(images), at::stack(labels)};
}

void Loader::work(const std::stop_token& stop) {
    while (true) {
        std::vector<int> indices;
        std::int64_t number = 0;
        {
            std::unique_lock lock(mutex_);
            if (!changed_.wait(lock, stop, [&] { return drawn_ < handed_ + ahead; })) {
                return;
            }
            number = drawn_++;
            for (int i = 0; i < batch_; ++i) {
                indices.push_back(sampler_.next());
            }
        }
        Made made;
        try {
            made.batch = make(indices);
        } catch (...) {
            made.error = std::current_exception();
        }
        {
            const std::lock_guard lock(mutex_);
            made_[number] = std::move(made);
        }
        changed_.notify_all();
    }
}

Batch Loader::next() {
    Made made;
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return made_.contains(handed_); });
        made = std::move(made_.extract(handed_).mapped());
        ++handed_;
    }
    changed_.notify_all();
    if (made.error) {
        std::rethrow_exception(made.error);
    }
    return made.batch;
}

} // namespace atelier::train
