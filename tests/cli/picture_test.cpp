// SPDX-License-Identifier: Apache-2.0
// `atelier render`, `mix` and `convert` on a real model: files, sheets, and that they show what the engine shows.
#include <gtest/gtest.h>

#include "engine/latent_values.h"
#include "engine/renderer.h"
#include "io/image.h"
#include "latent/latent_files.h"
#include "support/model_file.h"
#include "support/program.h"
#include "support/scratch.h"

namespace {

using namespace atelier;
using namespace atelier::test;

io::Image8 picture(const std::string& model, const RenderParams& params) {
    Renderer renderer(load_model(model, "cpu"));
    PixelBuffer buffer;
    renderer.render(params, buffer);
    io::Image8 image{buffer.width, buffer.height, 3, {}};
    for (std::size_t i = 0; i < buffer.rgba.size(); i += 4) {
        image.pixels.insert(image.pixels.end(), {buffer.rgba[i], buffer.rgba[i + 1], buffer.rgba[i + 2]});
    }
    return image;
}

io::Image8 cell(const io::Image8& sheet, int column, int row, int size) {
    io::Image8 image{size, size, 3, {}};
    for (int y = 0; y < size; ++y) {
        const auto* start = sheet.pixels.data() + ((row * size + y) * sheet.width + column * size) * 3;
        image.pixels.insert(image.pixels.end(), start, start + size * 3);
    }
    return image;
}

RenderParams seed_params(std::uint32_t seed) {
    RenderParams params;
    params.walk.seeds = {seed};
    params.psi = 0.7;
    params.precision = Precision::fp32;
    return params;
}

// Threads may round sums differently.
void expect_same(const io::Image8& a, const io::Image8& b) {
    ASSERT_EQ(a.pixels.size(), b.pixels.size());
    std::size_t off = 0;
    for (std::size_t i = 0; i < a.pixels.size(); ++i) {
        const int difference = std::abs(a.pixels[i] - b.pixels[i]);
        EXPECT_LE(difference, 1);
        off += difference > 0 ? 1 : 0;
    }
    EXPECT_LE(off, a.pixels.size() / 1000);
}

class Pictures : public testing::Test {
protected:
    std::string model_ = model_file().string();
    Scratch scratch_;
    std::string at(const char* name) const { return (scratch_ / name).string(); }
};

TEST_F(Pictures, RenderWritesOneFilePerSeed) {
    const ProgramEnd end =
        run_program({"render", model_, "--seeds", "3,85-86", "--psi", "0.7", "--out", at("pictures")});
    ASSERT_EQ(end.exit_code, 0) << end.err;
    for (const auto& [name, seed] : {std::pair{"pictures/seed0003.png", 3U}, std::pair{"pictures/seed0085.png", 85U},
                                     std::pair{"pictures/seed0086.png", 86U}}) {
        expect_same(io::read_image(at(name)), picture(model_, seed_params(seed)));
    }
}

TEST_F(Pictures, RenderShowsTheLatentsThatAreSaved) {
    RenderParams shown = seed_params(3);
    shown.mix.resize(2);
    shown.mix[1] = {1, 9, {}};
    const auto model = load_model(model_, "cpu");
    for (const auto& [form, name] : {std::pair{LatentForm::z, "z.npz"}, std::pair{LatentForm::w, "w.npy"},
                                     std::pair{LatentForm::shown, "shown.safetensors"}}) {
        save_latents(at(name), {{"three", latent_values(*model, {shown}, form).at(0)}});
        const bool all = form == LatentForm::shown;
        const ProgramEnd end =
            run_program({"render", model_, "--latents", at(name), "--psi", all ? "1" : "0.7", "--out", at("from.png")});
        ASSERT_EQ(end.exit_code, 0) << end.err;
        expect_same(io::read_image(at("from.png")), picture(model_, all ? shown : seed_params(3)));
    }
}

TEST_F(Pictures, RenderGridAndSingleFile) {
    ASSERT_EQ(
        run_program({"render", model_, "--seeds", "0-4", "--psi", "0.7", "--grid", "--out", at("g.png")}).exit_code, 0);
    const io::Image8 grid = io::read_image(at("g.png"));
    const int size = grid.width / 3;
    EXPECT_EQ(grid.height, 2 * size);
    expect_same(cell(grid, 1, 1, size), picture(model_, seed_params(4)));
    ASSERT_EQ(run_program({"render", model_, "--seeds", "4", "--psi", "0.7", "--out", at("one.png")}).exit_code, 0);
    expect_same(io::read_image(at("one.png")), picture(model_, seed_params(4)));
}

TEST_F(Pictures, OptionsReachThePicture) {
    const auto render = [&](std::vector<std::string> options) {
        std::vector<std::string> arguments{"render", model_, "--seeds", "7", "--out", at("p.png")};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const ProgramEnd end = run_program(arguments);
        EXPECT_EQ(end.exit_code, 0) << end.err;
        return io::read_image(at("p.png")).pixels;
    };
    const auto plain = render({});
    EXPECT_NE(render({"--psi", "0.5"}), plain);
    EXPECT_NE(render({"--psi", "0.5", "--cutoff", "4"}), render({"--psi", "0.5"}));
    EXPECT_NE(render({"--noise", "none"}), plain);
    EXPECT_NE(render({"--noise", "random", "--noise-seed", "1"}), render({"--noise", "random", "--noise-seed", "2"}));
    EXPECT_EQ(render({"--noise", "random", "--noise-seed", "1"}), render({"--noise", "random", "--noise-seed", "1"}));
}

TEST_F(Pictures, MixSheet) {
    const ProgramEnd end = run_program({"mix", model_, "--rows", "85,100", "--cols", "55,821,1789", "--layers",
                                        "middle", "--psi", "0.7", "--out", at("mix.png")});
    ASSERT_EQ(end.exit_code, 0) << end.err;
    const io::Image8 sheet = io::read_image(at("mix.png"));
    const int size = sheet.width / 4;
    ASSERT_EQ(sheet.height, 3 * size);
    expect_same(cell(sheet, 2, 0, size), picture(model_, seed_params(821)));
    expect_same(cell(sheet, 0, 2, size), picture(model_, seed_params(100)));
    RenderParams mixed = seed_params(100);
    mixed.mix.resize(7);
    for (std::size_t layer = 3; layer <= 6; ++layer) {
        mixed.mix[layer] = {1.0F, 821};
    }
    expect_same(cell(sheet, 2, 2, size), picture(model_, mixed));
    // An explicit list says the same; another group does not.
    ASSERT_EQ(run_program({"mix", model_, "--rows", "100", "--cols", "821", "--layers", "3-6", "--psi", "0.7", "--out",
                           at("list.png")})
                  .exit_code,
              0);
    expect_same(cell(io::read_image(at("list.png")), 1, 1, size), picture(model_, mixed));
    ASSERT_EQ(run_program({"mix", model_, "--rows", "100", "--cols", "821", "--layers", "coarse", "--psi", "0.7",
                           "--out", at("coarse.png")})
                  .exit_code,
              0);
    EXPECT_NE(cell(io::read_image(at("coarse.png")), 1, 1, size).pixels, picture(model_, mixed).pixels);
}

TEST_F(Pictures, ConvertKeepsThePicture) {
    ASSERT_EQ(run_program({"convert", model_, "--out", at("m.safetensors"), "--license", "a note"}).exit_code, 0);
    expect_same(picture(at("m.safetensors"), seed_params(5)), picture(model_, seed_params(5)));
    const ProgramEnd info = run_program({"info", at("m.safetensors")});
    EXPECT_NE(info.out.find("a note"), std::string::npos) << info.out;
    ASSERT_EQ(run_program({"convert", model_, "--half", "--only-g-ema", "--out", at("h.safetensors")}).exit_code, 0);
    EXPECT_LT(std::filesystem::file_size(at("h.safetensors")), std::filesystem::file_size(at("m.safetensors")) / 3);
    EXPECT_EQ(run_program({"render", at("h.safetensors"), "--seeds", "5", "--out", at("h.png")}).exit_code, 0);
}

} // namespace
