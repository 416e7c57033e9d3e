// SPDX-License-Identifier: Apache-2.0
// Dataset: pictures with optional labels, as the public dataset tool writes them; mirrored variants are numbered
// after the originals. Safe from any thread once made.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>
#include <nlohmann/json_fwd.hpp>

#include "base/network_shape.h"
#include "base/picture_ratio.h"
#include "train/dataset_labels.h"
#include "train/dataset_options.h"

namespace atelier::train {

class Dataset {
public:
    // A folder (with those inside), zip or sharded set (io/shard_index.h) of PNG or JPEG pictures, all of one size that
    // a network has (see base/network_shape.h) and one kind (gray or RGB, with alpha or without), taken as a person
    // sees them: turned by EXIF, in sRGB. Headers of all are read. Throws Error with one sentence that names the first
    // file that can't be used, what would mend it, and how many others have the same trouble; or that there is no such
    // folder or zip, or no picture in it; or what is wrong with labels that are asked for; or which shard is missing or
    // damaged. `stage` is told what takes long, by the caller's thread, and may throw to give up.
    Dataset(const std::filesystem::path& path, const DatasetOptions& options,
            const std::function<void(const std::string& what)>& stage = {});
    ~Dataset();
    Dataset(const Dataset&) = delete;
    Dataset& operator=(const Dataset&) = delete;

    int size() const { return static_cast<int>(items_.size()); } // with mirrored variants
    int raw_size() const;                                        // files
    const NetworkShape& shape() const { return shape_; }
    int resolution() const { return shape_.resolution; } // of square pictures px a side
    int width() const { return shape_.width(); }         // px
    int height() const { return shape_.height(); }
    int channels() const { return channels_; }
    // Of dataset.json, whether used or not; 0: it has none, or none that can be read and they are not used.
    int label_dim() const { return labels_.width(); }
    bool one_hot() const { return labels_.one_hot(); } // the labels were whole numbers
    // Of whole-number labels: how many files there are of each class, and the names that the set gives them.
    const ClassFacts& classes() const { return labels_.classes; }
    // Why there are no labels, though there is something like them and they are not asked for: a sentence, or empty.
    const std::string& label_trouble() const { return label_trouble_; }
    const std::vector<std::string>& linked_folders() const; // within the set; not followed
    // That its pictures were squashed from, as `atelier dataset prepare` writes it into dataset.json: {"atelier":
    // {"ratio": [5,4]}}; 1:1 for all others. ratio_trouble: the sentence on one that makes no sense, or empty.
    PictureRatio ratio() const { return ratio_; }
    const std::string& ratio_trouble() const { return ratio_trouble_; }

    // uint8 [C,H,W]. What is decoded stays in memory until DatasetOptions::keep bytes are there; the rest of a larger
    // set is read and decoded each time. Throws Error if the file has vanished or changed.
    at::Tensor image(int index) const;
    // float32 [label_dim] if labels are used, else [0].
    at::Tensor label(int index) const;
    // The same into memory of the caller's: C*H*W bytes, or used_label_dim() floats.
    void copy_image(int index, std::uint8_t* into) const;
    void copy_label(int index, float* into) const;
    // Says that a picture is needed soon: the disk begins to read it, if it isn't in memory. Returns at once.
    void expect(int index) const;
    std::uint64_t kept_bytes() const; // of decoded pictures, in memory at the moment
    int used_label_dim() const { return use_labels_ ? label_dim() : 0; }
    int raw_index(int index) const { return items_.at(static_cast<std::size_t>(index)).raw; }
    bool x_flipped(int index) const { return items_.at(static_cast<std::size_t>(index)).xflip; }
    bool y_flipped(int index) const { return items_.at(static_cast<std::size_t>(index)).yflip; }
    const std::vector<std::string>& names() const; // of all files, by raw index

private:
    struct Item {
        int raw = 0;
        bool xflip = false, yflip = false;
    };
    struct Memory;
    void read_description();
    void read_ratio(const nlohmann::json& description, const std::string& name);
    void choose(const DatasetOptions& options);
    at::Tensor decode(int raw) const;
    at::Tensor picture(int raw) const; // from memory, or decoded and kept

    std::string path_;
    std::unique_ptr<class PictureStore> store_;
    std::unique_ptr<Memory> memory_;
    std::vector<Item> items_;
    Labels labels_; // of the files
    NetworkShape shape_;
    int channels_ = 0;
    bool use_labels_ = false;
    std::string label_trouble_;
    PictureRatio ratio_;
    std::string ratio_trouble_;
};

} // namespace atelier::train
