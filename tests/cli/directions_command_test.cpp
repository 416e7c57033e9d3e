// SPDX-License-Identifier: Apache-2.0
// `atelier directions` and `atelier render --latents` on a real model: files, tables, and what the sheet shows.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/content_hash.h"
#include "engine/directions.h"
#include "engine/renderer.h"
#include "io/image.h"
#include "io/npy.h"
#include "io/safetensors.h"
#include "latent/latent_files.h"
#include "support/model_file.h"
#include "support/program.h"
#include "support/scratch.h"

namespace {

using namespace atelier;
using namespace atelier::test;
using testing::HasSubstr;

std::vector<std::uint8_t> picture(const std::shared_ptr<const LoadedModel>& model, const RenderParams& params) {
    Renderer renderer(model);
    PixelBuffer buffer;
    renderer.render(params, buffer);
    std::vector<std::uint8_t> rgb;
    for (std::size_t i = 0; i < buffer.rgba.size(); i += 4) {
        rgb.insert(rgb.end(), {buffer.rgba[i], buffer.rgba[i + 1], buffer.rgba[i + 2]});
    }
    return rgb;
}

std::vector<std::uint8_t> cell(const io::Image8& sheet, int column, int row, int size) {
    std::vector<std::uint8_t> pixels;
    for (int y = 0; y < size; ++y) {
        const auto* start = sheet.pixels.data() + ((row * size + y) * sheet.width + column * size) * 3;
        pixels.insert(pixels.end(), start, start + size * 3);
    }
    return pixels;
}

// Threads may round sums differently.
void expect_same(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        ASSERT_LE(std::abs(a[i] - b[i]), 1) << i;
    }
}

RenderParams seed_params(std::uint32_t seed) {
    RenderParams params;
    params.walk.seeds = {seed};
    params.psi = 0.7;
    params.precision = Precision::fp32;
    return params;
}

class Directions : public testing::Test {
protected:
    void SetUp() override {
        if (model_file_.empty()) {
            GTEST_SKIP() << "no model file here";
        }
    }
    ProgramEnd run(const std::vector<std::string>& options) {
        std::vector<std::string> words{"directions", model_file_};
        words.insert(words.end(), options.begin(), options.end());
        return run_program(words);
    }
    std::string at(const char* name) const { return (scratch_ / name).string(); }

    std::string model_file_ = model_file().string();
    Scratch scratch_;
};

TEST_F(Directions, SefaToFileAndSheet) {
    const ProgramEnd end = run({"--count", "2", "--layers", "1-4", "--out", at("d.npz"), "--sheet", at("d.png"),
                                "--sheet-seed", "85", "--amount", "4", "--psi", "0.7"});
    ASSERT_EQ(end.exit_code, 0) << end.err;
    const auto model = load_model(model_file_, "cpu");
    DirectionRequest request;
    request.count = 2;
    request.first = 1;
    request.last = 5;
    const DirectionSet set = sefa_directions(*model, request);
    EXPECT_THAT(end.out, HasSubstr(content_hash(*model)));
    EXPECT_THAT(end.out, HasSubstr(fmt::format("{:.6g}", set.eigenvalues[1])));
    const io::NpzFile file(at("d.npz"));
    const at::Tensor vectors = file.read("vectors");
    ASSERT_EQ(vectors.sizes(), (at::IntArrayRef{2, model->info().w_dim}));
    EXPECT_EQ(file.read("sigma").sizes(), (at::IntArrayRef{2}));
    for (std::int64_t i = 0; i < 2; ++i) {
        const auto expected = at::tensor(set.vectors[static_cast<std::size_t>(i)]->values, at::kFloat);
        EXPECT_LT((vectors[i] - expected).abs().max().item<float>(), 1e-5);
    }
    const io::Image8 sheet = io::read_image(at("d.png"));
    const int size = model->info().resolution;
    ASSERT_EQ(sheet.width, 7 * size);
    ASSERT_EQ(sheet.height, 2 * size);
    RenderParams params = seed_params(85);
    expect_same(cell(sheet, 3, 0, size), picture(model, params));
    params.directions = {{set.vectors[1], 4, 1, 5}};
    expect_same(cell(sheet, 6, 1, size), picture(model, params));
    EXPECT_NE(cell(sheet, 0, 1, size), cell(sheet, 6, 1, size));
}

TEST_F(Directions, PcaIsTheSameOfEveryFormat) {
    const std::vector<std::string> options{"--method", "pca",   "--samples",         "500",       "--count",
                                           "3",        "--out", at("p.safetensors"), "--threads", "1"};
    const ProgramEnd end = run(options);
    ASSERT_EQ(end.exit_code, 0) << end.err;
    const io::Safetensors file = io::read_safetensors(at("p.safetensors"));
    ASSERT_NE(file.find("sigma"), nullptr);
    EXPECT_GT(file.find("sigma")->min().item<float>(), 0);
    ASSERT_EQ(run_program({"convert", model_file_, "--out", at("m.safetensors")}).exit_code, 0);
    model_file_ = at("m.safetensors");
    EXPECT_EQ(run(options).out, end.out) << "the hash and the numbers are the weights'";
}

TEST_F(Directions, BadOptionsAreSentences) {
    for (const std::vector<std::string>& options : {std::vector<std::string>{"--method", "svd"},
                                                    {"--count", "0"},
                                                    {"--layers", "0,3"},
                                                    {"--layers", "77"},
                                                    {"--method", "pca", "--samples", "1"},
                                                    {"--out", "d.txt"},
                                                    {"--sheet", "d.jpg"},
                                                    {"--amount", "nan"},
                                                    {"--out", "/nowhere/d.npz"}}) {
        const ProgramEnd end = run(options);
        EXPECT_EQ(end.exit_code, 2) << options.front() << " " << end.err;
        EXPECT_EQ(std::count(end.err.begin(), end.err.end(), '\n'), 1) << end.err;
    }
}

TEST_F(Directions, RenderTakesLatents) {
    const auto model = load_model(model_file_, "cpu");
    const ModelInfo& info = model->info();
    at::manual_seed(3);
    const auto tensor = at::randn({2, info.num_ws, info.w_dim});
    io::write_npy(at("w.npy"), tensor);
    const ProgramEnd end =
        run_program({"render", model_file_, "--latents", at("w.npy"), "--psi", "0.7", "--out", at("pictures")});
    ASSERT_EQ(end.exit_code, 0) << end.err;
    const auto latents = load_latents(at("w.npy"), info.z_dim, info.w_dim, info.num_ws);
    ASSERT_EQ(latents.size(), 2U);
    RenderParams params = seed_params(0);
    params.glide = 0;
    params.glide_from = {{.fixed = latents[1].latent}};
    expect_same(io::read_image(at("pictures/latent0001.png")).pixels, picture(model, params));
    EXPECT_EQ(run_program({"render", model_file_, "--latents", at("w.npy"), "--out", at("one.png")}).exit_code, 2);
    EXPECT_EQ(
        run_program({"render", model_file_, "--latents", at("w.npy"), "--seeds", "1", "--out", at("x")}).exit_code, 2);
    const ProgramEnd neither = run_program({"render", model_file_, "--out", at("x")});
    EXPECT_EQ(neither.exit_code, 2);
    EXPECT_THAT(neither.err, HasSubstr("--latents"));
}

} // namespace
