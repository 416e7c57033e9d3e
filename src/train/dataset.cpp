// SPDX-License-Identifier: Apache-2.0
#include "train/dataset.h"

#include <algorithm>
#include <bit>
#include <mutex>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "base/error.h"
#include "io/image.h"
#include "latent/numpy_random.h"
#include "train/dataset_labels.h"
#include "train/picture_store.h"

namespace atelier::train {
namespace {

constexpr std::size_t memory_limit = 1U << 30;

// What keeps a picture out; empty: nothing. Reads no more than its header, unless it has an alpha channel.
std::string trouble(const io::ImageFacts& facts, const std::vector<std::uint8_t>& bytes, const std::string& name) {
    if (facts.width != facts.height) {
        return fmt::format("is {} x {} px, not square; crop or pad it", facts.width, facts.height);
    }
    if (facts.width < 4 || facts.width > 1024 || !std::has_single_bit(static_cast<unsigned>(facts.width))) {
        return fmt::format("is {} px a side; scale it to 4, 8, 16, ... or 1024", facts.width);
    }
    if (facts.deep) {
        return "has 16 bits a channel; save it with 8";
    }
    if (facts.channels == 2 || facts.channels == 4) {
        const io::Image8 image = io::decode_image(bytes, name);
        const auto step = static_cast<std::size_t>(image.channels);
        for (std::size_t i = step - 1; i < image.pixels.size(); i += step) {
            if (image.pixels[i] != 255) {
                return "has transparent parts; flatten it on a background";
            }
        }
    }
    return {};
}

int colours(int channels) {
    return channels <= 2 ? 1 : 3;
}

} // namespace

struct Dataset::Memory {
    mutable std::mutex mutex;
    std::vector<at::Tensor> pictures; // by raw index; empty: not kept
};

Dataset::Dataset(const std::filesystem::path& path, const DatasetOptions& options)
    : store_(open_pictures(path)), memory_(std::make_unique<Memory>()), use_labels_(options.use_labels) {
    check_headers();
    read_labels();
    use_labels_ = use_labels_ && label_dim_ > 0; // whether classes are needed is for the configuration to say
    choose(options);
    const auto side = static_cast<std::size_t>(resolution_);
    if (side * side * static_cast<std::size_t>(channels_) * store_->names().size() <= memory_limit) {
        memory_->pictures.resize(store_->names().size());
    }
}

Dataset::~Dataset() = default;

int Dataset::raw_size() const {
    return static_cast<int>(store_->names().size());
}

const std::vector<std::string>& Dataset::names() const {
    return store_->names();
}

void Dataset::check_headers() {
    std::string first_trouble, first_name;
    int others = 0;
    const auto note = [&](const std::string& name, const std::string& what) {
        if (first_trouble.empty()) {
            first_name = name;
            first_trouble = what;
        } else {
            ++others;
        }
    };
    std::string model_name;
    for (const std::string& name : store_->names()) {
        const std::string full = store_->describe(name);
        const std::vector<std::uint8_t> bytes = store_->read(name);
        std::string what;
        io::ImageFacts facts;
        try {
            facts = io::image_facts(bytes, full);
            what = trouble(facts, bytes, full);
        } catch (const Error& error) {
            const std::string text = error.what();
            what = text.starts_with(full + ": ") ? text.substr(full.size() + 2) : text;
        }
        if (what.empty() && resolution_ == 0) {
            resolution_ = facts.width;
            channels_ = colours(facts.channels);
            model_name = name;
        } else if (what.empty() && facts.width != resolution_) {
            what = fmt::format("is {} px a side, but {} is {}; scale all to one size", facts.width, model_name,
                               resolution_);
        } else if (what.empty() && colours(facts.channels) != channels_) {
            what = fmt::format("is {}, but {} is {}; save all in one kind", channels_ == 3 ? "gray" : "in colour",
                               model_name, channels_ == 3 ? "in colour" : "gray");
        }
        if (!what.empty()) {
            note(full, what);
        }
    }
    if (!first_trouble.empty()) {
        fail("{}: {}{}.", first_name, first_trouble,
             others == 0   ? ""
             : others == 1 ? " (another picture can't be used either)"
                           : fmt::format(" ({} other pictures can't be used either)", others));
    }
}

void Dataset::read_labels() {
    if (!store_->has("dataset.json")) {
        return;
    }
    const std::vector<std::uint8_t> bytes = store_->read("dataset.json");
    const Labels labels = parse_labels({bytes.begin(), bytes.end()}, store_->names(), store_->describe("dataset.json"));
    labels_ = labels.values;
    label_dim_ = labels_.defined() ? static_cast<int>(labels_.size(1)) : 0;
    one_hot_ = labels.one_hot;
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
    const io::Image8 image = io::decode_image(store_->read(name), full, channels_);
    if (image.width != resolution_ || image.height != resolution_) {
        fail("{}: has changed since the training set was opened.", full);
    }
    const at::Tensor hwc =
        at::from_blob(const_cast<std::uint8_t*>(image.pixels.data()), {resolution_, resolution_, channels_}, at::kByte);
    return hwc.permute({2, 0, 1}).clone(at::MemoryFormat::Contiguous);
}

at::Tensor Dataset::image(int index) const {
    const Item& item = items_.at(static_cast<std::size_t>(index));
    at::Tensor picture;
    const bool keep = !memory_->pictures.empty();
    if (keep) {
        const std::lock_guard lock(memory_->mutex);
        picture = memory_->pictures[static_cast<std::size_t>(item.raw)];
    }
    if (!picture.defined()) {
        picture = decode(item.raw);
        if (keep) {
            const std::lock_guard lock(memory_->mutex);
            memory_->pictures[static_cast<std::size_t>(item.raw)] = picture;
        }
    }
    if (item.xflip && item.yflip) {
        return picture.flip({1, 2});
    }
    return item.xflip ? picture.flip({2}) : item.yflip ? picture.flip({1}) : picture.clone();
}

at::Tensor Dataset::label(int index) const {
    const Item& item = items_.at(static_cast<std::size_t>(index));
    return use_labels_ ? labels_[item.raw].clone() : at::zeros({0}, at::kFloat);
}

} // namespace atelier::train
