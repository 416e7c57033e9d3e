// SPDX-License-Identifier: Apache-2.0
// Models whose pictures are shown at another ratio: what their files say, what is warned of, and what pictures carry.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "base/small_picture.h"
#include "engine/renderer.h"
#include "engine/thumbnails.h"
#include "io/checkpoint.h"
#include "io/checkpoint_write.h"
#include "model/load.h"
#include "support/media_fixture.h"
#include "support/model_file.h"

namespace atelier {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ModelRatio : public test::MediaTest {
protected:
    void SetUp() override {
        if (test::bundled_model().empty()) {
            GTEST_SKIP() << "no model file";
        }
        file_ = io::read_checkpoint(test::bundled_model());
        for (const char* name : {"G", "D"}) {
            file_.networks.erase(name);
        }
    }
    // Of the model with that metadata.
    std::shared_ptr<const LoadedModel> with(const json& ratio) {
        file_.metadata["ratio"] = ratio;
        const auto path = in_folder("model.safetensors");
        io::write_checkpoint(path, file_);
        return load_model(path, "cpu");
    }
    io::CheckpointFile file_;
};

TEST_F(ModelRatio, IsReadFromTheFile) {
    const auto model = with({5, 4});
    EXPECT_EQ(model->info().ratio, (PictureRatio{5, 4}));
    EXPECT_EQ(model->info().resolution, 64);
    EXPECT_THAT(model->info().warnings, IsEmpty());
    EXPECT_EQ(load_model(test::bundled_model(), "cpu")->info().ratio, PictureRatio{}) << "none: square";
}

TEST_F(ModelRatio, WhatMakesNoSenseIsSquareAndWarnedOf) {
    for (const char* text : {"[0,4]", "[-5,4]", "[1,1000]", "\"5:4\"", "[5]", "{\"width\":5}", "null"}) {
        std::vector<std::string> warnings;
        file_.metadata["ratio"] = json::parse(text);
        EXPECT_EQ(model::picture_ratio(file_, "m.safetensors", warnings), PictureRatio{}) << text;
        EXPECT_THAT(warnings, ElementsAre(HasSubstr("m.safetensors: its ratio is not two whole numbers")));
    }
    const auto model = with({5, 65});
    EXPECT_EQ(model->info().ratio, PictureRatio{});
    EXPECT_THAT(model->info().warnings, ElementsAre(HasSubstr("model.safetensors: its ratio is not two whole")));
}

// Any program can write an entry of that name.
TEST_F(ModelRatio, OtherFormatsHaveNone) {
    std::vector<std::string> warnings;
    file_.metadata["ratio"] = "unrelated";
    file_.kind = io::FileKind::plain_safetensors;
    EXPECT_EQ(model::picture_ratio(file_, "m.safetensors", warnings), PictureRatio{});
    EXPECT_THAT(warnings, IsEmpty());
}

TEST_F(ModelRatio, PicturesCarryItAndSquareOnesAreTheSame) {
    const auto model = with({5, 4});
    RenderParams params;
    params.walk.seeds = {7};
    params.precision = Precision::fp32; // each renderer would choose by its own measurement
    PixelBuffer squashed, square;
    Renderer(model).render(params, squashed);
    EXPECT_EQ(squashed.ratio, (PictureRatio{5, 4}));
    EXPECT_EQ(squashed.width, 64);
    Renderer renderer(model->at_ratio({}));
    renderer.render(params, square);
    EXPECT_EQ(square.ratio, PictureRatio{});
    EXPECT_EQ(square.rgba, squashed.rgba);
    EXPECT_EQ(&renderer.model().weights(), &model->weights()) << "not a second copy in memory";
    renderer.render(params, squashed); // buffers of a pool are used again
    EXPECT_EQ(squashed.ratio, PictureRatio{});
}

TEST(ThumbnailRatio, TilesShowTheMiddleUnsquashed) {
    PixelBuffer wide = test::noise_picture(64, 64, 1);
    EXPECT_EQ(square_part(wide).rgba, wide.rgba);
    // A bar over the middle quarter of the square is wider by a quarter in the tile.
    wide = test::plain_picture(64, 64, 0, 0, 0);
    for (std::size_t i = 0; i < wide.rgba.size(); i += 4) {
        wide.rgba[i] = i / 4 % 64 >= 24 && i / 4 % 64 < 40 ? 255 : 0;
    }
    for (const PictureRatio ratio : {PictureRatio{5, 4}, PictureRatio{4, 5}}) {
        wide.ratio = ratio;
        const PixelBuffer tile = square_part(shrink(wide, 64));
        EXPECT_EQ(std::pair(tile.width, tile.height), std::pair(64, 64));
        EXPECT_EQ(tile.ratio, PictureRatio{});
        ASSERT_EQ(tile.rgba.size(), 64U * 64 * 4);
        int bright = 0;
        for (std::size_t x = 0; x < 64; ++x) {
            bright += tile.rgba[(32 * 64 + x) * 4] > 127;
        }
        EXPECT_EQ(bright, ratio.width == 5 ? 20 : 16) << text_of(ratio);
        EXPECT_EQ(tile.rgba[(32 * 64 + 32) * 4], 255);
    }
}

} // namespace
} // namespace atelier
