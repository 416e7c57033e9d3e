// SPDX-License-Identifier: Apache-2.0
#include "train/loader.h"

#include <ATen/ops/empty.h>

#include "ops/threads.h"

namespace atelier::train {
namespace {

constexpr std::int64_t ahead = 4; // batches made before they are asked for
constexpr std::size_t told = 8;   // batches beyond those whose pictures the disk may begin to read

} // namespace

Loader::Loader(std::shared_ptr<const Dataset> data, int batch, std::uint64_t seed, std::int64_t shown, int threads,
               int rank, int ranks)
    : data_(std::move(data)), batch_(batch / ranks),
      sampler_(data_->size(), static_cast<std::uint32_t>(seed), {rank, ranks}) {
    sampler_.skip(shown / ranks);
    for (int i = 0; i < threads; ++i) {
        threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
    }
}

Loader::~Loader() {
    for (std::jthread& thread : threads_) {
        thread.request_stop();
    }
}

Batch Loader::make(const std::vector<int>& indices, const std::stop_token& stop) const {
    const auto n = static_cast<std::int64_t>(indices.size());
    const std::int64_t width = data_->width(), height = data_->height(), labels = data_->used_label_dim();
    Batch batch{at::empty({n, data_->channels(), height, width}, at::kByte), at::empty({n, labels}, at::kFloat)};
    auto* image = batch.images.mutable_data_ptr<std::uint8_t>();
    auto* label = batch.labels.mutable_data_ptr<float>();
    for (const int index : indices) {
        if (stop.stop_requested()) {
            break;
        }
        data_->copy_image(index, image);
        data_->copy_label(index, label);
        image += data_->channels() * height * width;
        label += labels;
    }
    return batch;
}

// Under the mutex.
std::vector<int> Loader::draw() {
    std::vector<int> indices(static_cast<std::size_t>(batch_));
    for (int& index : indices) {
        index = sampler_.next();
    }
    return indices;
}

void Loader::work(const std::stop_token& stop) {
    set_operation_threads(1); // the training step has the cores
    while (true) {
        std::vector<int> indices, coming;
        std::int64_t number = 0;
        {
            std::unique_lock lock(mutex_);
            if (!changed_.wait(lock, stop, [&] { return drawn_ < handed_ + ahead; })) {
                return;
            }
            number = drawn_++;
            while (planned_.size() <= told) {
                planned_.push_back(draw());
                coming.insert(coming.end(), planned_.back().begin(), planned_.back().end());
            }
            indices = std::move(planned_.front());
            planned_.pop_front();
        }
        for (std::size_t i = 0; i < coming.size() && !stop.stop_requested(); ++i) {
            data_->expect(coming[i]);
        }
        Made made;
        try {
            made.batch = make(indices, stop);
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
