// SPDX-License-Identifier: Apache-2.0
#include "train/dataset.h"

#include <algorithm>
#include <mutex>
#include <numeric>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/set_file_names.h"
#include "io/picture_extras.h"
#include "latent/numpy_random.h"
#include "train/dataset_check.h"
#include "train/picture_store.h"

namespace atelier::train {
namespace {

// One channel, mirrored as asked for.
void copy_plane(const std::uint8_t* from, int width, int height, bool xflip, bool yflip, std::uint8_t* into) {
    for (int y = 0; y < height; ++y) {
        const std::uint8_t* row = from + static_cast<std::ptrdiff_t>(yflip ? height - 1 - y : y) * width;
        if (xflip) {
            std::reverse_copy(row, row + width, into);
        } else {
            std::copy(row, row + width, into);
        }
        into += width;
    }
}

} // namespace

struct Dataset::Memory {
    mutable std::mutex mutex;
    std::vector<at::Tensor> pictures; // by raw index; undefined: not kept
    std::uint64_t most = 0, used = 0; // bytes
};

// In an order that hardly repeats within a round, the newest are no likelier to come again than the oldest: so the
// first that come stay, and nothing is thrown out.
Dataset::Dataset(const std::filesystem::path& path, const DatasetOptions& options,
                 const std::function<void(const std::string& what)>& stage)
    : path_(path.string()),
      store_(open_pictures(path, {options.checksums, stage, options.check_one, options.check_of})),
      memory_(std::make_unique<Memory>()), use_labels_(options.use_labels) {
    const SetFacts facts = check_pictures(*store_);
    shape_ = facts.shape;
    channels_ = facts.channels;
    read_description();
    choose(options);
    memory_->pictures.resize(store_->names().size());
    memory_->most = options.keep;
}

Dataset::~Dataset() = default;

int Dataset::raw_size() const {
    return static_cast<int>(store_->names().size());
}

const std::vector<std::string>& Dataset::names() const {
    return store_->names();
}

void Dataset::read_ratio(const nlohmann::json& description, const std::string& name) {
    const auto about = description.is_object() ? description.find("atelier") : description.end();
    if (about == description.end() || !about->is_object() || !about->contains("ratio")) {
        return;
    }
    const std::optional<PictureRatio> ratio = ratio_from_json((*about)["ratio"]);
    if (!ratio) {
        ratio_trouble_ = fmt::format("{}: its ratio is not two whole numbers from 1 to {}, such as [5,4], so its "
                                     "pictures count as square.",
                                     name, most_of_ratio);
    }
    ratio_ = ratio.value_or(PictureRatio{});
}

void Dataset::read_description() {
    if (!store_->has("dataset.json")) {
        label_trouble_ = store_->inner_description().empty()
                             ? ""
                             : fmt::format("{} {}.", path_, inner_description_text(store_->inner_description()));
        return;
    }
    try {
        const SetDescription description = parse_set_description(store_->read("dataset.json"));
        const std::string name = store_->describe("dataset.json");
        read_ratio(description.json, name);
        labels_ = parse_labels(description, store_->names(), name);
    } catch (const Error& error) {
        if (use_labels_) {
            throw;
        }
        label_trouble_ = error.what();
    }
}

const std::vector<std::string>& Dataset::linked_folders() const {
    return store_->linked_folders();
}

void Dataset::choose(const DatasetOptions& options) {
    std::vector<std::int64_t> order(store_->names().size());
    std::iota(order.begin(), order.end(), 0);
    if (options.max_size > 0 && order.size() > static_cast<std::size_t>(options.max_size)) {
        NumpyRandom(options.seed).shuffle(order);
        order.resize(static_cast<std::size_t>(options.max_size));
        std::sort(order.begin(), order.end());
    }
    for (const std::int64_t raw : order) {
        items_.push_back({static_cast<int>(raw), false, false});
    }
    const auto add = [&](bool Item::*flip) {
        const std::size_t count = items_.size();
        for (std::size_t i = 0; i < count; ++i) {
            Item item = items_[i];
            item.*flip = true;
            items_.push_back(item);
        }
    };
    if (options.xflip) {
        add(&Item::xflip);
    }
    if (options.yflip) {
        add(&Item::yflip);
    }
}

at::Tensor Dataset::decode(int raw) const {
    const std::string& name = store_->names().at(static_cast<std::size_t>(raw));
    const std::string full = store_->describe(name);
    const io::Image8 image = io::decode_shown(store_->read(name), full, channels_);
    if (image.width != width() || image.height != height()) {
        fail("{}: has changed since the training set was opened.", full);
    }
    // By hand, for torch would start threads of its own for each thread that loads.
    at::Tensor planes = at::empty({channels_, height(), width()}, at::kByte);
    auto* out = planes.mutable_data_ptr<std::uint8_t>();
    const auto channels = static_cast<std::size_t>(channels_), pixels = image.pixels.size() / channels;
    for (std::size_t c = 0; c < channels; ++c) {
        for (std::size_t i = 0; i < pixels; ++i) {
            *out++ = image.pixels[i * channels + c];
        }
    }
    return planes;
}

at::Tensor Dataset::picture(int raw) const {
    const auto at = static_cast<std::size_t>(raw);
    {
        const std::lock_guard lock(memory_->mutex);
        if (memory_->pictures[at].defined()) {
            return memory_->pictures[at];
        }
    }
    at::Tensor made = decode(raw); // two threads may both do it, to the same end
    const std::uint64_t bytes = made.nbytes();
    const std::lock_guard lock(memory_->mutex);
    if (!memory_->pictures[at].defined() && memory_->used + bytes <= memory_->most) {
        memory_->pictures[at] = made;
        memory_->used += bytes;
    }
    return made;
}

std::uint64_t Dataset::kept_bytes() const {
    const std::lock_guard lock(memory_->mutex);
    return memory_->used;
}

void Dataset::expect(int index) const {
    const auto at = static_cast<std::size_t>(raw_index(index));
    {
        const std::lock_guard lock(memory_->mutex);
        if (memory_->pictures[at].defined()) {
            return;
        }
    }
    store_->expect(store_->names()[at]);
}

void Dataset::copy_image(int index, std::uint8_t* into) const {
    const Item& item = items_.at(static_cast<std::size_t>(index));
    const at::Tensor whole = picture(item.raw);
    const auto* from = whole.const_data_ptr<std::uint8_t>();
    const std::ptrdiff_t plane = static_cast<std::ptrdiff_t>(width()) * height();
    for (int c = 0; c < channels_; ++c) {
        copy_plane(from + c * plane, width(), height(), item.xflip, item.yflip, into + c * plane);
    }
}

at::Tensor Dataset::image(int index) const {
    at::Tensor result = at::empty({channels_, height(), width()}, at::kByte);
    copy_image(index, result.mutable_data_ptr<std::uint8_t>());
    return result;
}

void Dataset::copy_label(int index, float* into) const {
    if (used_label_dim() > 0) {
        labels_.copy(static_cast<std::size_t>(raw_index(index)), into);
    }
}

at::Tensor Dataset::label(int index) const {
    at::Tensor result = at::empty({used_label_dim()}, at::kFloat);
    copy_label(index, result.mutable_data_ptr<float>());
    return result;
}

} // namespace atelier::train
