// SPDX-License-Identifier: Apache-2.0
// Data sets, their order and their sheets against reference/dataset and reference/rng.
#include <algorithm>
#include <set>

#include "io/image.h"
#include "reference/golden.h"
#include "train/dataset.h"
#include "train/grid.h"
#include "train/sampler.h"

namespace atelier::test {
namespace {

using namespace atelier::train;

TEST(Dataset, HoldsTheArraysOfTheReference) {
    if (!have_reference("dataset")) {
        GTEST_SKIP();
    }
    const auto folder = reference_dir() / "dataset";
    const Golden golden(folder / "arrays.safetensors");
    std::size_t cases = 0;
    for (const auto& info : read_json(folder / "arrays.json")) {
        const std::string key = info["key"];
        const auto& kwargs = info["kwargs"];
        DatasetOptions options;
        options.use_labels = kwargs.value("use_labels", false);
        options.max_size = kwargs.value("max_size", 0);
        options.seed = kwargs.value("random_seed", 0U);
        options.xflip = kwargs.value("xflip", false);
        const Dataset data(folder / info["file"].get<std::string>(), options);
        ASSERT_EQ(data.size(), info["len"].get<int>()) << key;
        EXPECT_EQ(data.resolution(), info["resolution"].get<int>()) << key;
        EXPECT_EQ(data.channels(), info["num_channels"].get<int>()) << key;
        EXPECT_EQ(data.names(), info["image_fnames"].get<std::vector<std::string>>()) << key;
        if (options.use_labels) {
            EXPECT_EQ(data.label_dim(), info["label_dim"].get<int>()) << key;
            EXPECT_EQ(data.one_hot(), info["has_onehot_labels"].get<bool>()) << key;
        }
        for (int i = 0; i < data.size(); ++i) {
            EXPECT_TRUE(data.image(i).equal(golden.at(key + "/images_nchw_u8")[i])) << key << " " << i;
            EXPECT_TRUE(data.label(i).equal(golden.at(key + "/labels")[i])) << key << " " << i;
            EXPECT_EQ(data.raw_index(i), golden.at(key + "/raw_idx")[i].item<std::int64_t>()) << key << " " << i;
            EXPECT_EQ(data.x_flipped(i), golden.at(key + "/xflip")[i].item<int>() != 0) << key << " " << i;
        }
        ++cases;
    }
    report_cases("data sets", cases);
}

TEST(Dataset, SamplerAndGrids) {
    const auto file = reference_dir() / "rng" / "sampler_grid.json";
    if (!std::filesystem::is_regular_file(file)) {
        GTEST_SKIP();
    }
    const Golden golden(reference_dir() / "rng" / "sampler_grid.safetensors");
    std::size_t samplers = 0, grids = 0;
    for (const auto& info : read_json(file)) {
        const std::string name = info["name"];
        if (info.contains("window_size")) {
            Sampler::Options options;
            options.rank = info["rank"];
            options.num_replicas = info["num_replicas"];
            options.shuffle = info["shuffle"];
            options.window = info["window_size"];
            const at::Tensor expected = golden.at(name);
            Sampler whole(info["n"], info["seed"], options), late(info["n"], info["seed"], options);
            const std::int64_t half = expected.numel() / 2;
            late.skip(half);
            for (std::int64_t i = 0; i < expected.numel(); ++i) {
                ASSERT_EQ(whole.next(), expected[i].item<std::int64_t>()) << name << " " << i;
                if (i >= half) {
                    ASSERT_EQ(late.next(), expected[i].item<std::int64_t>()) << name << " after a skip, " << i;
                }
            }
            ++samplers;
        } else {
            std::vector<std::int64_t> labels;
            if (!info["labels"].is_null()) {
                labels = info["labels"].get<std::vector<std::int64_t>>();
            }
            const SnapshotGrid grid =
                snapshot_grid(info["n"], info["resolution"], info["resolution"], labels, info["random_seed"]);
            EXPECT_EQ(grid.columns, golden.at(name + "/grid_wh")[0].item<int>()) << name;
            EXPECT_EQ(grid.rows, golden.at(name + "/grid_wh")[1].item<int>()) << name;
            const at::Tensor expected = golden.at(name + "/indices");
            ASSERT_EQ(static_cast<std::int64_t>(grid.indices.size()), expected.numel()) << name;
            for (std::int64_t i = 0; i < expected.numel(); ++i) {
                ASSERT_EQ(grid.indices[static_cast<std::size_t>(i)], expected[i].item<int>()) << name << " " << i;
            }
            // The same as the networks get them.
            if (!labels.empty()) {
                const std::int64_t classes = *std::max_element(labels.begin(), labels.end()) + 1;
                std::vector<std::vector<float>> one_hot(labels.size(),
                                                        std::vector<float>(static_cast<std::size_t>(classes)));
                for (std::size_t i = 0; i < labels.size(); ++i) {
                    one_hot[i][static_cast<std::size_t>(labels[i])] = 1;
                }
                EXPECT_EQ(labelled_grid(one_hot, grid.columns, grid.rows, info["random_seed"]).indices, grid.indices);
            }
            ++grids;
        }
    }
    report_cases("samplers", samplers);
    report_cases("snapshot grids", grids);
}

// The public code orders vectors by their last numbers first.
TEST(Dataset, AGridOfVectorsHasARowForEach) {
    const SnapshotGrid grid = labelled_grid({{9, 0, 1}, {0, 5, 0}, {1, 0, 1}, {9, 0, 1}}, 3, 4, 0);
    ASSERT_EQ(grid.indices.size(), 12U);
    EXPECT_EQ(std::vector<int>(grid.indices.begin(), grid.indices.begin() + 6), (std::vector<int>{1, 1, 1, 2, 2, 2}));
    const std::set<int> third(grid.indices.begin() + 6, grid.indices.begin() + 9);
    EXPECT_EQ(third, (std::set<int>{0, 3}));
    EXPECT_EQ(grid.indices[9], 1) << "the first label again";
}

// Of a set of many labels only those that are shown are remembered, and the grid is the one of these alone.
TEST(Dataset, AGridNeedsNoMoreThanTheLabelsItShows) {
    constexpr int n = 30000, labels = 1000, rows = 5;
    const auto label_of = [](int picture) { return picture * 7919 % labels; };
    int asked = 0;
    const SnapshotGrid grid = labelled_grid(
        n,
        [&](int picture, std::vector<float>& into) {
            into = {static_cast<float>(label_of(picture)), 1};
            ++asked;
        },
        4, rows, 3);
    EXPECT_EQ(asked, n);
    std::vector<std::vector<float>> few;
    std::vector<int> numbers;
    for (int picture = 0; picture < n; ++picture) {
        if (label_of(picture) < rows) {
            few.push_back({static_cast<float>(label_of(picture)), 1});
            numbers.push_back(picture);
        }
    }
    std::vector<int> expected;
    for (const int index : labelled_grid(few, 4, rows, 3).indices) {
        expected.push_back(numbers[static_cast<std::size_t>(index)]);
    }
    EXPECT_EQ(grid.indices, expected);
    EXPECT_EQ(std::set<int>(expected.begin(), expected.end()).size(), expected.size()) << "30 pictures of each label";
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ(label_of(grid.indices[i]), static_cast<int>(i) / 4);
    }
}

TEST(Dataset, ConversionsOfPictures) {
    const auto folder = reference_dir() / "dataset";
    if (!std::filesystem::is_regular_file(folder / "image_conversions.safetensors")) {
        GTEST_SKIP();
    }
    const Golden golden(folder / "image_conversions.safetensors");
    EXPECT_TRUE(to_floats(golden.at("real_u8")).equal(golden.at("real_f32")));
    const at::Tensor images = golden.at("images"), grid = golden.at("grid_png_hwc_u8").contiguous();
    const io::Image8 made = sheet(to_bytes(images), static_cast<int>(grid.size(1) / images.size(3)));
    EXPECT_EQ(made.width, grid.size(1));
    EXPECT_EQ(made.height, grid.size(0));
    const auto* bytes = grid.const_data_ptr<std::uint8_t>();
    EXPECT_EQ(made.pixels, std::vector<std::uint8_t>(bytes, bytes + grid.numel()));
    std::size_t sheets = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".png") {
            EXPECT_EQ(io::read_image(entry.path()).pixels, made.pixels) << entry.path();
            ++sheets;
        }
    }
    report_cases("sheets of pictures", sheets);
}

} // namespace
} // namespace atelier::test
