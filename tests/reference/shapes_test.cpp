// SPDX-License-Identifier: Apache-2.0
// Models of pictures that aren't square RGB, from reports: what the public code makes of them, by both ways through the
// network.
#include <cstdlib>

#include <c10/core/InferenceMode.h>

#include "engine/renderer.h"
#include "io/image.h"
#include "latent/latent_ops.h"
#include "model/load.h"
#include "reference/golden.h"

namespace {

using namespace atelier;
using namespace atelier::test;
namespace fs = std::filesystem;

struct Case {
    fs::path model, picture;
    std::uint32_t seed = 0;
    double psi = 0.7;
};

double number_after(const std::string& name, const std::string& word, double otherwise) {
    const std::size_t at = name.find(word);
    return at == std::string::npos ? otherwise : std::strtod(name.c_str() + at + word.size(), nullptr);
}

// Each model of the folder with each of its pictures, whose names tell the seed, and psi where it isn't 0.7.
std::vector<Case> cases_in(const char* folder) {
    std::vector<Case> cases;
    std::error_code none;
    for (const auto& model : fs::directory_iterator(reports_dir() / folder, none)) {
        for (const auto& picture : fs::directory_iterator(reports_dir() / folder, none)) {
            const std::string name = picture.path().stem().string();
            if (model.path().extension() == ".pkl" && name.starts_with("reference-")) {
                cases.push_back({model.path(), picture.path(),
                                 static_cast<std::uint32_t>(number_after(name, "seed", 0)),
                                 number_after(name, "psi", 0.7)});
            }
        }
    }
    return cases;
}

void expect_like(const io::Image8& golden, const PixelBuffer& mine, const fs::path& file) {
    ASSERT_EQ(std::pair(golden.width, golden.height), std::pair(mine.width, mine.height)) << file;
    EXPECT_EQ(golden.channels == 4, mine.alpha) << file;
    std::size_t off = 0;
    for (std::size_t i = 0; i < golden.pixels.size(); ++i) {
        const auto channels = static_cast<std::size_t>(golden.channels);
        const int difference = std::abs(golden.pixels[i] - mine.rgba[i / channels * 4 + i % channels]);
        ASSERT_LE(difference, 1) << file << ", value " << i;
        off += difference > 0 ? 1 : 0;
    }
    EXPECT_LE(static_cast<double>(off), 1e-3 * static_cast<double>(golden.pixels.size())) << file;
}

void check_cases(const char* folder) {
    const std::vector<Case> cases = cases_in(folder);
    ASSERT_FALSE(cases.empty()) << reports_dir() / folder << " holds no case";
    for (const Case& c : cases) {
        const io::Image8 golden = io::read_image(c.picture);
        const auto model = load_model(c.model, "cpu");
        EXPECT_EQ(std::pair(model->info().width, model->info().height), std::pair(golden.width, golden.height));
        Renderer renderer(model);
        RenderParams params;
        params.walk.seeds = {c.seed};
        params.psi = c.psi;
        params.precision = Precision::fp32;
        PixelBuffer out;
        renderer.render(params, out);
        expect_like(golden, out, c.picture);
        // The plain network, without the renderer's shortcuts.
        const c10::InferenceMode inference;
        std::vector<std::string> warnings;
        const io::CheckpointFile file = io::read_checkpoint(c.model);
        const model::Generator g = model::load_generator(file.networks.at("G_ema"), "G_ema", warnings);
        const at::Tensor z = z_of_seed(c.seed, g.config.mapping.z_dim).to(at::kFloat);
        model::SynthesisOptions options;
        options.force_fp32 = true;
        const at::Tensor img = g.synthesis.forward(g.mapping.truncate(g.mapping.forward(z, {}), c.psi, -1), options);
        const at::Tensor bytes =
            (img * 127.5 + 128).clamp(0, 255).to(at::kByte).squeeze(0).permute({1, 2, 0}).contiguous();
        PixelBuffer plain{golden.width, golden.height, {}};
        plain.alpha = golden.channels == 4;
        for (std::int64_t i = 0; i < bytes.numel(); ++i) {
            plain.rgba.push_back(bytes.const_data_ptr<std::uint8_t>()[i]);
            if (bytes.size(2) == 3 && i % 3 == 2) {
                plain.rgba.push_back(255);
            }
        }
        expect_like(golden, plain, c.picture);
        if (file.networks.contains("D")) {
            EXPECT_EQ(model::load_discriminator(file, c.model.string(), warnings).forward(img, {}).numel(), 1);
        }
        EXPECT_TRUE(warnings.empty()) << c.model << ": " << warnings.front();
    }
    report_cases(folder, cases.size());
}

TEST(Shapes, PicturesThatAreNotSquare) {
    check_cases("04-non-square");
}

TEST(Shapes, PicturesWithAlpha) {
    check_cases("09-rgba");
}

} // namespace
