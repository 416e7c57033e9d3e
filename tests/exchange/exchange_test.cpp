// SPDX-License-Identifier: Apache-2.0
// Written models as other programs open them: a stand-in of the public code's loader with networks of our own in plain
// PyTorch, torch.load(weights_only=True), and onnxruntime; their pictures against ours. Each needs a Python with the
// packages it uses: the one that ATELIER_PYTHON names, else python3. Without them it is skipped.
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <ATen/Functions.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "io/checkpoint.h"
#include "io/model_formats.h"
#include "io/npy.h"
#include "model/load.h"
#include "support/paths.h"
#include "support/scratch.h"

namespace atelier {
namespace {

namespace fs = std::filesystem;

struct Ended {
    int code = -1;
    std::string said;
};

Ended python(const std::string& arguments) {
    const char* named = std::getenv("ATELIER_PYTHON");
    const std::string command =
        std::string(named != nullptr && *named != '\0' ? named : "python3") + " " + arguments + " 2>&1";
    Ended end;
    FILE* pipe = popen(command.c_str(), "r");
    for (char buffer[4096]; pipe != nullptr && std::fgets(buffer, sizeof(buffer), pipe) != nullptr;) {
        end.said += buffer;
    }
    const int status = pipe == nullptr ? -1 : pclose(pipe);
    end.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return end;
}

std::vector<fs::path> pickles() {
    std::vector<fs::path> result;
    for (const auto& folder : {test::reference_dir() / "networks", test::formats_dir() / "stylegan3_code"}) {
        if (!fs::is_directory(folder)) {
            continue;
        }
        for (const auto& entry : fs::recursive_directory_iterator(folder)) {
            if (entry.path().extension() == ".pkl") {
                result.push_back(entry.path());
            }
        }
    }
    return result;
}

class Exchange : public testing::Test {
protected:
    // Skips where Python lacks these packages.
    static bool has(const char* packages) { return python(std::string("-c 'import ") + packages + "'").code == 0; }

    // The networks of `path` with licence, and in a folder of its own what they make of three z: z, c, image, half
    // (psi 0.5), logits (of image), const.
    void compute(const fs::path& path) {
        folder_ = scratch_ / std::to_string(folders_++);
        fs::create_directory(folder_);
        all_ += " " + folder_.string();
        const io::CheckpointFile file = io::read_checkpoint(path);
        std::vector<std::string> warnings;
        const auto g = model::load_generator(file.networks.at("G_ema"), "G_ema", warnings);
        const auto d = model::load_discriminator(file.networks.at("D"), "D", warnings);
        file_ = {};
        file_.metadata = {{"license", "CC0"}};
        file_.networks["G_ema"] = model::to_network_data(g);
        file_.networks["D"] = model::to_network_data(d);
        file_.networks["G"] = model::to_network_data(model::load_generator(file.networks.at("G"), "G", warnings));

        at::manual_seed(7);
        const at::Tensor z = at::randn({3, g.config.mapping.z_dim});
        const auto classes = g.config.mapping.c_dim;
        at::Tensor c;
        if (classes > 0) {
            c = at::zeros({3, classes});
            c.select(1, 0).select(0, 0).fill_(1);
            c.select(1, classes - 1).select(0, 1).fill_(1);
            c.select(0, 2).fill_(0.5);
            put("c", c);
        }
        const at::Tensor w = g.mapping.forward(z, c);
        const auto picture = [&](double psi) {
            model::SynthesisOptions how;
            how.force_fp32 = true;
            return g.synthesis.forward(g.mapping.truncate(w, psi, -1), how);
        };
        const at::Tensor image = picture(1);
        model::DiscriminatorOptions how;
        how.force_fp32 = true;
        put("z", z);
        put("image", image);
        if (g.mapping.w_avg.defined()) {
            put("half", picture(0.5));
        }
        // Groups of the batch's statistics may not fit three pictures.
        if (!d.config.mbstd_group_size || 3 % std::min(*d.config.mbstd_group_size, 3) == 0) {
            put("logits", d.forward(image, c, how));
        }
        put("const", g.synthesis.blocks.front().const_input);
    }

    void put(const char* what, const at::Tensor& value) {
        io::write_npy(folder_ / (std::string(what) + ".npy"), value.to(at::kFloat).contiguous());
    }

    void write(const char* id, const char* name) {
        for (const io::ModelFormat& format : io::model_formats()) {
            if (format.id == id) {
                format.write(folder_ / name, file_, {});
                return;
            }
        }
        FAIL() << "no format " << id;
    }

    void expect_ok(const std::string& script, const std::string& arguments) {
        const Ended end = python((test::source_dir() / "tests" / "exchange" / script).string() + " " + arguments);
        EXPECT_EQ(end.code, 0) << end.said;
        EXPECT_THAT(end.said, testing::EndsWith("ok\n"));
    }

    test::Scratch scratch_;
    io::CheckpointFile file_;
    fs::path folder_; // of what was computed last
    int folders_ = 0;
    std::string all_; // folders, for the command line: starting Python takes longer than all else
};

TEST_F(Exchange, PicklesAreLoadedByThePublicCode) {
    if (!has("torch, numpy")) {
        GTEST_SKIP() << "ATELIER_PYTHON names no Python with torch and numpy";
    }
    ASSERT_FALSE(pickles().empty());
    for (const auto& path : pickles()) {
        SCOPED_TRACE(path.string());
        compute(path);
        write("nvidia", "model.pkl");
    }
    compute(pickles().front()); // G_ema alone
    file_.networks.erase("D");
    file_.networks.erase("G");
    fs::remove(folder_ / "logits.npy");
    write("nvidia", "model.pkl");
    expect_ok("load_pickle.py", "ada" + all_);
    expect_ok("load_pickle.py", "stylegan3" + all_);
}

TEST_F(Exchange, StateDictsAreOpenedByWeightsOnly) {
    if (!has("torch, numpy")) {
        GTEST_SKIP() << "ATELIER_PYTHON names no Python with torch and numpy";
    }
    ASSERT_FALSE(pickles().empty());
    compute(pickles().front());
    write("torch", "model.pt");
    expect_ok("open_weights.py", all_);
}

TEST_F(Exchange, GraphsArePlayedByOnnxruntime) {
    if (!has("onnxruntime, numpy")) {
        GTEST_SKIP() << "ATELIER_PYTHON names no Python with onnxruntime and numpy";
    }
    ASSERT_FALSE(pickles().empty());
    for (const auto& path : pickles()) {
        SCOPED_TRACE(path.string());
        compute(path);
        write("onnx", "model.onnx");
    }
    expect_ok("run_onnx.py", all_);
}

} // namespace
} // namespace atelier
