// SPDX-License-Identifier: Apache-2.0
// `atelier eval` and `atelier info` on every reference network, judged by the golden activations.
#include <fmt/format.h>

#include "reference/golden.h"
#include "support/program.h"
#include "support/scratch.h"

namespace {

using namespace atelier;
using namespace atelier::test;
using nlohmann::json;

std::string current_case;

struct Network {
    std::filesystem::path folder, file;
    json config;
    Golden acts;
};

std::vector<Network> networks() {
    std::vector<Network> result;
    for (const auto& entry : std::filesystem::directory_iterator(reference_dir() / "networks")) {
        for (const auto& inner : std::filesystem::directory_iterator(entry.path())) {
            if (inner.path().extension() == ".pkl") {
                result.push_back({entry.path(), inner.path(), read_json(entry.path() / "config.json"),
                                  Golden(entry.path() / "acts.safetensors")});
            }
        }
    }
    return result;
}

class Eval {
public:
    explicit Eval(const Network& network) : network_(network) {}

    // Runs eval with these inputs and options; the outputs are those of the file written.
    Golden run(std::vector<std::pair<std::string, at::Tensor>> inputs, std::vector<std::string> options) {
        if (network_.acts.has("c_onehot")) {
            inputs.emplace_back("c", network_.acts.at("c_onehot"));
        }
        io::write_safetensors(scratch_ / "in.safetensors", inputs);
        std::vector<std::string> arguments{"eval",  network_.file,
                                           "--in",  (scratch_ / "in.safetensors").string(),
                                           "--out", (scratch_ / "out.safetensors").string()};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const ProgramEnd end = run_program(arguments);
        EXPECT_EQ(end.exit_code, 0) << end.err;
        return Golden(scratch_ / "out.safetensors");
    }

private:
    const Network& network_;
    Scratch scratch_;
};

TEST(EvalCommand, EveryReferenceNetwork) {
    if (!have_reference("networks")) {
        GTEST_SKIP();
    }
    std::size_t count = 0;
    for (const Network& network : networks()) {
        current_case = network.folder.filename();
        Eval eval(network);
        const at::Tensor z = network.acts.at("z");
        for (const std::string noise : {"const", "none"}) {
            const Golden out = eval.run({{"z", z}}, {"--fp32", "--blocks", "--noise", noise});
            EXPECT_CLOSE(out.at("w"), network.acts.at("w/psi1"), 1e-5);
            EXPECT_CLOSE(out.at("img"), network.acts.at("img/" + noise), 5e-5);
            std::size_t blocks = 0;
            for (const auto& [name, golden] : network.acts.file.tensors) {
                if (name.starts_with("G_block/" + noise + "/")) {
                    EXPECT_CLOSE(out.at(name), golden, 5e-5) << name;
                    ++blocks;
                }
            }
            EXPECT_GT(blocks, 0U);
        }
        const int cutoff = network.config["truncation_cutoff"];
        const Golden cut = eval.run({{"z", z}}, {"--fp32", "--psi", "0.7", "--cutoff", std::to_string(cutoff)});
        EXPECT_CLOSE(cut.at("w"), network.acts.at(fmt::format("w/psi0.7_cutoff{}", cutoff)), 1e-5);
        EXPECT_CLOSE(cut.at("img"), network.acts.at(fmt::format("img/psi0.7_cutoff{}_const", cutoff)), 5e-5);
        const Golden from_ws = eval.run({{"ws", network.acts.at("mix/w")}}, {"--fp32"});
        EXPECT_CLOSE(from_ws.at("img"), network.acts.at("mix/img_const"), 5e-5);
        const Golden d = eval.run({{"img", network.acts.at("real")}}, {"--net", "D", "--fp32", "--blocks"});
        EXPECT_CLOSE(d.at("logits"), network.acts.at("D/logits_real"), 1e-4);
        for (const auto& [name, golden] : network.acts.file.tensors) {
            if (name.starts_with("D_block/real/")) {
                EXPECT_CLOSE(d.at(name), golden, 5e-5) << name;
            }
        }
        if (network.acts.has("fp16/img_const")) {
            EXPECT_CLOSE(eval.run({{"z", z}}, {}).at("img"), network.acts.at("fp16/img_const"), 1e-2);
            EXPECT_CLOSE(eval.run({{"img", network.acts.at("real")}}, {"--net", "D"}).at("logits"),
                         network.acts.at("fp16/logits_real"), 1e-2);
        }
        ++count;
    }
    report_cases("eval", count);
}

TEST(EvalCommand, RefusesWhatDoesNotFit) {
    if (!have_reference("networks")) {
        GTEST_SKIP();
    }
    const Network network = networks().front();
    const Scratch scratch;
    const auto in = (scratch / "in.safetensors").string(), out = (scratch / "out.safetensors").string();
    const auto refuse = [&](const std::vector<std::pair<std::string, at::Tensor>>& inputs,
                            std::vector<std::string> options, const std::string& hint) {
        io::write_safetensors(in, inputs);
        std::vector<std::string> arguments{"eval", network.file, "--in", in, "--out", out};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const ProgramEnd end = run_program(arguments);
        EXPECT_EQ(end.exit_code, 2) << end.err;
        EXPECT_NE(end.err.find(hint), std::string::npos) << end.err;
        EXPECT_EQ(std::count(end.err.begin(), end.err.end(), '\n'), 1) << end.err;
        EXPECT_FALSE(std::filesystem::exists(out));
    };
    refuse({{"z", at::zeros({1, 3})}}, {}, "z has to be of shape");
    refuse({{"ws", at::zeros({1, 1, 1})}}, {}, "ws has to be of shape");
    refuse({{"other", at::zeros({1})}}, {}, "holds neither z");
    refuse({{"z", at::zeros({1, 3}, at::kLong)}}, {}, "whole numbers");
    refuse({{"img", at::zeros({1, 3, 5, 5})}}, {"--net", "D"}, "img has to be of shape");
    refuse({{"z", at::zeros({1, 3})}}, {"--net", "E"}, "--net");
    refuse({{"z", at::zeros({1, 3})}}, {"--psi", "nan"}, "--psi");
}

TEST(InfoCommand, EveryReferenceNetwork) {
    if (!have_reference("networks")) {
        GTEST_SKIP();
    }
    std::size_t count = 0;
    for (const Network& network : networks()) {
        const ProgramEnd end = run_program({"info", network.file, "--json"});
        ASSERT_EQ(end.exit_code, 0) << end.err;
        const json info = json::parse(end.out);
        for (const auto& [mine, golden] : {std::pair{"G_ema", "G"}, std::pair{"D", "D"}}) {
            EXPECT_EQ(info["networks"][mine]["parameters"], network.config["state_stats"][golden]["params"]);
            EXPECT_EQ(info["networks"][mine]["buffers"], network.config["state_stats"][golden]["buffers"]);
        }
        std::int64_t sum = 0;
        for (const json& row : info["networks"]["G_ema"]["layers"]) {
            sum += row["parameters"].get<std::int64_t>();
        }
        EXPECT_EQ(sum, info["networks"]["G_ema"]["parameters"].get<std::int64_t>());
        const ProgramEnd text = run_program({"info", network.file});
        EXPECT_EQ(text.exit_code, 0);
        EXPECT_NE(text.out.find("synthesis.b4.conv1"), std::string::npos);
        ++count;
    }
    report_cases("info", count);
}

} // namespace
