// SPDX-License-Identifier: Apache-2.0
// Whole networks from their checkpoint files: w, blocks, pictures, logits, mixing, truncation, half precision.
#include <fmt/format.h>

#include "io/checkpoint.h"
#include "latent/numpy_random.h"
#include "model/load.h"
#include "reference/golden.h"

namespace {

using namespace atelier;
using namespace atelier::test;
using nlohmann::json;

std::string current_case;

constexpr double bound_w = 1e-5, bound_image = 5e-5, bound_logits = 1e-4, bound_half = 1e-2;

struct Case {
    std::string name;
    json config;
    Golden acts;
    std::vector<std::string> warnings;
    model::Generator g;
    std::optional<model::Discriminator> d;
};

Case open_case(const std::filesystem::path& folder) {
    std::filesystem::path file;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".pkl") {
            file = entry.path();
        }
    }
    io::CheckpointFile checkpoint = io::read_checkpoint(file);
    std::vector<std::string> warnings;
    model::Generator g = model::load_generator(checkpoint.networks.at("G_ema"), "G_ema", warnings);
    model::Discriminator d = model::load_discriminator(checkpoint.networks.at("D"), "D", warnings);
    return {folder.filename(),
            read_json(folder / "config.json"),
            Golden(folder / "acts.safetensors"),
            warnings,
            std::move(g),
            std::move(d)};
}

at::Tensor condition(const Case& c, const char* name) {
    return c.acts.has(name) ? c.acts.at(name) : at::Tensor();
}

// Rounds one value in a thousand may land on the other side of a step.
void expect_same_bytes(const at::Tensor& mine, const at::Tensor& golden) {
    ASSERT_EQ(mine.sizes(), golden.sizes()) << current_case;
    const at::Tensor difference = (mine.to(at::kInt) - golden.to(at::kInt)).abs();
    EXPECT_LE(difference.max().item<int>(), 1) << current_case;
    EXPECT_LE(difference.ne(0).sum().item<double>(), 1e-3 * static_cast<double>(mine.numel())) << current_case;
}

void check_mapping(const Case& c) {
    const at::Tensor z = c.acts.at("z"), onehot = condition(c, "c_onehot");
    const at::Tensor w = c.g.mapping.forward(z, onehot);
    std::size_t count = 0;
    for (const auto& [name, golden] : c.acts.file.tensors) {
        if (!name.starts_with("w/psi")) {
            continue;
        }
        const std::string options = name.substr(5);
        const double psi = std::stod(options);
        const auto at = options.find("_cutoff");
        const int cutoff = at == std::string::npos ? -1 : std::stoi(options.substr(at + 7));
        EXPECT_CLOSE(c.g.mapping.truncate(w, psi, cutoff), golden, bound_w) << name;
        ++count;
    }
    report_cases(c.name + " truncations", count);
    EXPECT_CLOSE(c.g.mapping.w_avg, c.acts.at("w_avg"), 0.0);
    if (c.acts.has("c_soft")) {
        const at::Tensor soft = c.g.mapping.forward(z, c.acts.at("c_soft"));
        EXPECT_CLOSE(c.g.mapping.truncate(soft, 1, -1), c.acts.at("w_csoft/psi1"), bound_w);
    }
}

void check_pictures(const Case& c, bool channels_last) {
    const at::Tensor ws = c.acts.at("w/psi1");
    for (const auto& [mode, noise] : {std::pair{"const", NoiseMode::constant}, std::pair{"none", NoiseMode::none}}) {
        model::SynthesisOptions options;
        options.force_fp32 = true;
        options.channels_last = channels_last;
        options.noise = noise;
        options.on_block = [&, mode = std::string(mode)](int res, const at::Tensor& x, const at::Tensor& img) {
            const std::string name = fmt::format("G_block/{}/b{}/", mode, res);
            EXPECT_CLOSE(x, c.acts.at(name + "x"), bound_image) << name;
            EXPECT_EQ(img.defined(), c.acts.has(name + "img")) << name;
            if (img.defined() && c.acts.has(name + "img")) {
                EXPECT_CLOSE(img, c.acts.at(name + "img"), bound_image) << name;
            }
        };
        EXPECT_CLOSE(c.g.synthesis.forward(ws, options), c.acts.at(std::string("img/") + mode), bound_image);
    }
    model::SynthesisOptions fp32;
    fp32.force_fp32 = true;
    fp32.channels_last = channels_last;
    const at::Tensor img = c.g.synthesis.forward(ws, fp32);
    expect_same_bytes((img * 127.5 + 128).clamp(0, 255).to(at::kByte).permute({0, 2, 3, 1}),
                      c.acts.at("img_uint8_nhwc/const"));
    const at::Tensor w = c.g.mapping.forward(c.acts.at("z"), condition(c, "c_onehot"));
    for (const auto& [name, golden] : c.acts.file.tensors) {
        if (name.starts_with("img/psi")) {
            const std::string text = name.substr(7);
            const auto at = text.find("_cutoff");
            const int cutoff = at == std::string::npos ? -1 : std::stoi(text.substr(at + 7));
            const at::Tensor truncated = c.g.mapping.truncate(w, std::stod(text), cutoff);
            EXPECT_CLOSE(c.g.synthesis.forward(truncated, fp32), golden, bound_image) << name;
        }
    }
}

void check_random_noise(const Case& c) {
    model::SynthesisOptions options;
    options.force_fp32 = true;
    options.noise = NoiseMode::random;
    int draw = 0;
    options.random_noise = [&](std::int64_t n, int height, int width) {
        const at::Tensor noise = c.acts.at(fmt::format("noise/{:03}_randn", draw++));
        EXPECT_EQ(noise.sizes(), (at::IntArrayRef{n, 1, height, width}));
        return noise;
    };
    EXPECT_CLOSE(c.g.synthesis.forward(c.acts.at("w/psi1"), options), c.acts.at("img/random"), bound_image);
    EXPECT_FALSE(c.acts.has(fmt::format("noise/{:03}_randn", draw))) << "not all noise was drawn: " << c.name;
}

void check_mixing(const Case& c) {
    model::SynthesisOptions options;
    options.force_fp32 = true;
    const at::Tensor ws = c.acts.at("w/psi1");
    const int split = c.config["mix_split"];
    at::Tensor mixed = c.acts.at("mix/w").clone();
    at::Tensor mine = ws.slice(0, 0, mixed.size(0)).clone();
    mine[0].slice(0, split).copy_(ws[1].slice(0, split));
    mine[1].slice(0, 0, split).copy_(ws[2].slice(0, 0, split));
    EXPECT_CLOSE(mine, mixed, bound_w);
    EXPECT_CLOSE(c.g.synthesis.forward(mine, options), c.acts.at("mix/img_const"), bound_image);
    // The public style-mixing tool: both truncated by psi, then the column's layers into the row's w.
    const nlohmann::json& tool = c.config["mix_tool"];
    if (!c.acts.has("c_onehot")) {
        const at::Tensor w = c.g.mapping.truncate(c.g.mapping.forward(c.acts.at("z"), {}), tool["psi"], -1);
        at::Tensor row = w[tool["row"].get<int>()].clone();
        for (const int layer : tool["col_styles"].get<std::vector<int>>()) {
            row[layer] = w[tool["col"].get<int>()][layer];
        }
        EXPECT_CLOSE(row.unsqueeze(0), c.acts.at("mix_tool/w"), bound_w);
    }
    EXPECT_CLOSE(c.g.synthesis.forward(c.acts.at("mix_tool/w"), options), c.acts.at("mix_tool/img_const"), bound_image);
}

void check_discriminator(const Case& c, bool channels_last) {
    model::DiscriminatorOptions options;
    options.force_fp32 = true;
    options.channels_last = channels_last;
    const at::Tensor onehot = condition(c, "c_onehot");
    options.on_block = [&](int res, const at::Tensor& x, const at::Tensor& img) {
        const std::string name = fmt::format("D_block/real/b{}/", res);
        EXPECT_CLOSE(x, c.acts.at(name + "x"), bound_image) << name;
        EXPECT_EQ(img.defined(), c.acts.has(name + "img")) << name;
        if (img.defined()) {
            EXPECT_CLOSE(img, c.acts.at(name + "img"), bound_image) << name;
        }
    };
    EXPECT_CLOSE(c.d->forward(c.acts.at("real"), onehot, options), c.acts.at("D/logits_real"), bound_logits);
    options.on_block = nullptr;
    EXPECT_CLOSE(c.d->forward(c.acts.at("fake_in"), onehot, options), c.acts.at("D/logits_fake"), bound_logits);
    if (c.acts.has("D/cmap")) {
        EXPECT_CLOSE(c.d->cmap(onehot), c.acts.at("D/cmap"), bound_logits);
    }
}

void check_half(const Case& c) {
    if (!c.acts.has("fp16/img_const")) {
        return;
    }
    EXPECT_CLOSE(c.g.synthesis.forward(c.acts.at("w/psi1"), {}), c.acts.at("fp16/img_const"), bound_half);
    EXPECT_CLOSE(c.d->forward(c.acts.at("real"), condition(c, "c_onehot"), {}), c.acts.at("fp16/logits_real"),
                 bound_half);
    // Half precision has to have been used at all.
    EXPECT_GT(relative_error(c.g.synthesis.forward(c.acts.at("w/psi1"), {}), c.acts.at("img/const")), 1e-6) << c.name;
}

void check_training_mode(Case& c) {
    const at::Tensor w = c.g.mapping.forward(c.acts.at("z"), condition(c, "c_onehot"));
    EXPECT_CLOSE(c.g.mapping.w_avg, c.acts.at("train/w_avg_before"), 0.0);
    const at::Tensor golden_w = c.acts.at("train/w");
    EXPECT_CLOSE(golden_w.dim() == 3 ? c.g.mapping.truncate(w, 1, -1) : w, golden_w, bound_w);
    c.g.mapping.update_w_avg(w);
    EXPECT_CLOSE(c.g.mapping.w_avg, c.acts.at("train/w_avg_after"), bound_w);
}

// The whole way of the public command line: seed -> float64 z -> truncated w -> picture -> bytes.
void check_seed(const Case& c) {
    const std::string prefix = "generate_seed85_psi0.7/";
    if (!c.acts.has(prefix + "z_f64")) {
        return;
    }
    NumpyRandom random(85);
    const auto values = random.randn(static_cast<std::size_t>(c.g.config.mapping.z_dim));
    const at::Tensor z = at::tensor(at::ArrayRef<double>(values), at::kDouble).unsqueeze(0);
    EXPECT_TRUE(at::equal(z, c.acts.at(prefix + "z_f64"))) << c.name;
    model::SynthesisOptions options;
    options.force_fp32 = true;
    const at::Tensor ws = c.g.mapping.truncate(c.g.mapping.forward(z, {}), 0.7, -1);
    const at::Tensor img = c.g.synthesis.forward(ws, options);
    EXPECT_CLOSE(img, c.acts.at(prefix + "img"), bound_image);
    expect_same_bytes((img * 127.5 + 128).clamp(0, 255).to(at::kByte).permute({0, 2, 3, 1}),
                      c.acts.at(prefix + "uint8_nhwc"));
}

TEST(Networks, AllCases) {
    if (!have_reference("networks")) {
        GTEST_SKIP();
    }
    const at::NoGradGuard no_grad;
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(reference_dir() / "networks")) {
        if (!entry.is_directory()) {
            continue;
        }
        current_case = entry.path().filename();
        Case c = open_case(entry.path());
        EXPECT_EQ(c.warnings, std::vector<std::string>()) << c.name;
        EXPECT_EQ(c.g.parameters.count(false), c.config["state_stats"]["G"]["params"].get<std::int64_t>());
        EXPECT_EQ(c.g.parameters.count(true), c.config["state_stats"]["G"]["buffers"].get<std::int64_t>());
        EXPECT_EQ(c.d->parameters.count(false), c.config["state_stats"]["D"]["params"].get<std::int64_t>());
        EXPECT_EQ(c.d->parameters.count(true), c.config["state_stats"]["D"]["buffers"].get<std::int64_t>());
        check_mapping(c);
        for (const bool channels_last : {false, true}) {
            check_pictures(c, channels_last);
            check_discriminator(c, channels_last);
        }
        check_random_noise(c);
        check_mixing(c);
        check_half(c);
        check_seed(c);
        check_training_mode(c); // last: it moves w_avg
        ++count;
    }
    report_cases("networks", count);
}

// Parameters in the order in which the public checkpoints register them.
TEST(Networks, ParameterOrder) {
    if (!have_reference("networks")) {
        GTEST_SKIP();
    }
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(reference_dir() / "networks")) {
        const Case c = open_case(entry.path());
        for (const auto& [key, parameters] :
             {std::pair{"G_param_order", &c.g.parameters}, std::pair{"D_param_order", &c.d->parameters}}) {
            std::vector<std::string> mine;
            for (const model::Parameter& parameter : parameters->all()) {
                if (!parameter.buffer) {
                    mine.push_back(parameter.name);
                }
            }
            EXPECT_EQ(mine, c.config[key].get<std::vector<std::string>>()) << c.name << " " << key;
        }
        ++count;
    }
    report_cases("parameter orders", count);
}

} // namespace
