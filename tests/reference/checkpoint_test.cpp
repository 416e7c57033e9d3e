// SPDX-License-Identifier: Apache-2.0
// Model files against their known content: every pickle of the reference tree, of the other formats' tree and the
// sample model. Cases are found by listing folders.
#include <cstring>
#include <fstream>
#include <map>

#include <ATen/Functions.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "io/checkpoint.h"
#include "io/safetensors.h"
#include "support/paths.h"

namespace atelier {
namespace {

using io::CheckpointFile;
using io::NetworkData;

std::vector<std::filesystem::path> folders_of(const std::filesystem::path& parent) {
    std::vector<std::filesystem::path> result;
    if (std::filesystem::is_directory(parent)) {
        for (const auto& entry : std::filesystem::directory_iterator(parent)) {
            if (entry.is_directory()) {
                result.push_back(entry.path());
            }
        }
    }
    std::sort(result.begin(), result.end());
    return result;
}

std::vector<std::filesystem::path> files_of(const std::filesystem::path& folder, const std::string& extension) {
    std::vector<std::filesystem::path> result;
    if (std::filesystem::is_directory(folder)) {
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            if (entry.path().extension() == extension) {
                result.push_back(entry.path());
            }
        }
    }
    std::sort(result.begin(), result.end());
    return result;
}

bool same_bits(const at::Tensor& a, const at::Tensor& b) {
    if (a.scalar_type() != b.scalar_type() || a.sizes() != b.sizes()) {
        return false;
    }
    const at::Tensor x = a.contiguous();
    const at::Tensor y = b.contiguous();
    return x.numel() == 0 || std::memcmp(x.data_ptr(), y.data_ptr(), x.nbytes()) == 0;
}

std::map<std::string, at::Tensor> all_tensors(const CheckpointFile& file) {
    std::map<std::string, at::Tensor> result;
    for (const auto& [name, network] : file.networks) {
        for (const auto& tensor : network.tensors) {
            EXPECT_TRUE(result.emplace(name + "." + tensor.name, tensor.value).second) << tensor.name;
        }
    }
    return result;
}

// Names, dtypes, shapes and bits, nothing more and nothing less.
void expect_equal(const CheckpointFile& file, const std::filesystem::path& state) {
    const auto expected = io::read_safetensors(state);
    const auto got = all_tensors(file);
    EXPECT_EQ(got.size(), expected.tensors.size());
    for (const auto& [name, value] : expected.tensors) {
        const auto found = got.find(name);
        ASSERT_NE(found, got.end()) << name << " is missing";
        EXPECT_TRUE(same_bits(found->second, value)) << name;
    }
}

nlohmann::json read_json(const std::filesystem::path& path) {
    std::ifstream in(path);
    return nlohmann::json::parse(in);
}

int count_buffers(const NetworkData& network) {
    return static_cast<int>(std::count_if(network.tensors.begin(), network.tensors.end(),
                                          [](const auto& tensor) { return tensor.buffer; }));
}

// Parameters of the generator as torch lists them: those of a module, then its children's.
void expect_order(const NetworkData& network, const nlohmann::json& order) {
    std::vector<std::string> names;
    for (const auto& tensor : network.tensors) {
        if (!tensor.buffer) {
            names.push_back(tensor.name);
        }
    }
    EXPECT_EQ(names, order.get<std::vector<std::string>>());
}

// What the config says must be among the stored options.
void expect_kwargs(const nlohmann::json& stored, const nlohmann::json& expected) {
    for (const auto& [key, value] : expected.items()) {
        if (key != "class_name") {
            EXPECT_EQ(stored.value(key, nlohmann::json()), value) << key;
        }
    }
}

TEST(Checkpoint, ReferenceNetworksAreReadExactly) {
    const auto root = test::reference_dir() / "networks";
    const auto cases = folders_of(root);
    int run = 0;
    for (const auto& folder : cases) {
        SCOPED_TRACE(folder.filename().string());
        const auto config = read_json(folder / "config.json");
        for (const auto& pickle : files_of(folder, ".pkl")) {
            const CheckpointFile file = io::read_checkpoint(pickle);
            expect_equal(file, folder / "state.safetensors");
            EXPECT_EQ(file.kind, io::FileKind::nvidia_pickle);
            EXPECT_TRUE(file.warnings.empty());
            EXPECT_EQ(file.networks.contains("augment_pipe"), !config["augment"].is_null());
            EXPECT_EQ(file.metadata["training_set_kwargs"], config["training_set_kwargs"]);
            for (const char* name : {"G", "G_ema", "D"}) {
                const NetworkData& network = file.networks.at(name);
                EXPECT_EQ(network.class_name, name[0] == 'D' ? "Discriminator" : "Generator");
                expect_kwargs(network.init_kwargs, config[name[0] == 'D' ? "D_kwargs" : "G_kwargs"]);
                expect_kwargs(network.init_kwargs, config["common_kwargs"]);
                EXPECT_GT(count_buffers(network), 0);
            }
            expect_order(file.networks.at("G_ema"), config["G_param_order"]);
            const auto& attributes = file.networks.at("G_ema").attributes;
            EXPECT_EQ(attributes[""]["num_ws"], config["num_ws"]);
            EXPECT_EQ(attributes[""]["z_dim"], config["G_kwargs"]["z_dim"]);
            ASSERT_TRUE(attributes.contains("synthesis.b4.conv1"));
            EXPECT_TRUE(attributes["synthesis.b4.conv1"].contains("conv_clamp"));
            EXPECT_TRUE(attributes["synthesis.b4.conv1"]["act_gain"].is_number()); // a numpy scalar
            ++run;
        }
    }
    std::cout << "networks read: " << run << " from " << root.string() << "\n";
    if (std::filesystem::is_directory(root)) {
        EXPECT_GT(run, 0) << root << " holds no case";
    } else {
        GTEST_SKIP() << "no folder " << root;
    }
}

TEST(Checkpoint, ChannelsLastStridesAreKept) {
    int found = 0;
    for (const auto& folder : folders_of(test::reference_dir() / "networks")) {
        const auto config = read_json(folder / "config.json");
        if (!config["G_kwargs"]["synthesis_kwargs"].value("fp16_channels_last", false)) {
            continue;
        }
        const CheckpointFile file = io::read_checkpoint(files_of(folder, ".pkl").front());
        for (const auto& tensor : file.networks.at("G_ema").tensors) {
            // Only blocks in half precision are stored that way, and those begin at 8x8.
            if (tensor.name.ends_with("conv1.weight") && !tensor.name.starts_with("synthesis.b4.")) {
                EXPECT_FALSE(tensor.value.is_contiguous()) << tensor.name;
                EXPECT_TRUE(tensor.value.is_contiguous(at::MemoryFormat::ChannelsLast)) << tensor.name;
                ++found;
            }
        }
    }
    if (found == 0) {
        GTEST_SKIP() << "no case with channels-last weights in " << test::reference_dir();
    }
}

TEST(Checkpoint, TrainingSnapshotsAreRead) {
    const auto folder = test::reference_dir() / "training" / "reference_run";
    const auto pickles = files_of(folder, ".pkl");
    if (pickles.empty()) {
        GTEST_SKIP() << "no pickle in " << folder;
    }
    for (const auto& pickle : pickles) {
        const CheckpointFile file = io::read_checkpoint(pickle);
        EXPECT_TRUE(file.networks.contains("G") && file.networks.contains("D") && file.networks.contains("G_ema"));
        EXPECT_GT(file.networks.at("G_ema").tensors.size(), 10U);
    }
}

TEST(Checkpoint, SampleModelsAreRead) {
    auto files = files_of(test::shared_dir() / "models", ".pkl");
    for (const auto& bundled : files_of(test::source_dir() / "assets", ".safetensors")) {
        files.push_back(bundled);
    }
    ASSERT_FALSE(files.empty()) << "no model in " << test::shared_dir() / "models"
                                << " nor in assets";
    for (const auto& path : files) {
        const CheckpointFile file = io::read_checkpoint(path);
        std::int64_t parameters = 0;
        for (const auto& tensor : file.networks.at("G_ema").tensors) {
            parameters += tensor.buffer ? 0 : tensor.value.numel();
        }
        std::cout << path.filename().string() << ": G_ema has " << parameters << " parameters\n";
        if (path.stem() == "emoji64") {
            EXPECT_EQ(parameters, 1127544);
        }
        EXPECT_TRUE(file.warnings.empty());
    }
}

// Plain state dicts in every container and precision hold the same network.
TEST(Checkpoint, PlainStateDictsAreRead) {
    const auto folder = test::formats_dir() / "plain";
    if (!std::filesystem::is_directory(folder)) {
        GTEST_SKIP() << "no folder " << folder;
    }
    const auto files = read_json(folder / "config.json")["files"];
    const CheckpointFile full = io::read_checkpoint(folder / "g_ema_f32.safetensors");
    const auto expected = all_tensors(full);
    int run = 0;
    for (const auto& [name, description] : files.items()) {
        SCOPED_TRACE(name);
        const CheckpointFile file = io::read_checkpoint(folder / name);
        const bool pt = name.ends_with(".pt");
        EXPECT_EQ(file.kind, pt ? io::FileKind::plain_pt : io::FileKind::plain_safetensors);
        ASSERT_TRUE(file.networks.contains("G_ema"));
        EXPECT_EQ(file.networks.contains("D"), name.find("nested") == 0 || name.find("prefixed") != std::string::npos);
        const NetworkData& network = file.networks.at("G_ema");
        EXPECT_EQ(network.tensors.size(), full.networks.at("G_ema").tensors.size());
        for (const auto& tensor : network.tensors) {
            const auto& reference = expected.at("G_ema." + tensor.name);
            const auto dtype = tensor.value.scalar_type();
            if (name.find("f32") != std::string::npos) {
                EXPECT_EQ(dtype, at::kFloat);
            } else if (name.find("bf16") != std::string::npos) {
                EXPECT_EQ(dtype, at::kBFloat16);
            }
            EXPECT_TRUE(same_bits(tensor.value, reference.to(dtype))) << tensor.name;
            EXPECT_EQ(tensor.buffer, tensor.name.ends_with("resample_filter") || tensor.name.ends_with("noise_const") ||
                                         tensor.name.ends_with("w_avg"));
        }
        ++run;
    }
    std::cout << "plain state dicts read: " << run << " from " << folder.string() << "\n";
    EXPECT_GT(run, 0);
}

// The same container and names, other options: StyleGAN2 networks of the StyleGAN3 code.
TEST(Checkpoint, NetworksOfTheStyleGan3CodeAreReadExactly) {
    int run = 0;
    for (const auto& folder : folders_of(test::formats_dir() / "stylegan3_code")) {
        SCOPED_TRACE(folder.filename().string());
        for (const auto& pickle : files_of(folder, ".pkl")) {
            expect_equal(io::read_checkpoint(pickle), folder / "state.safetensors");
            ++run;
        }
    }
    if (run == 0) {
        GTEST_SKIP() << "no case in " << test::formats_dir() / "stylegan3_code";
    }
}

TEST(Checkpoint, OtherFamiliesAreNamed) {
    int run = 0;
    for (const auto& [family, word] : {std::pair{"tf", "TensorFlow StyleGAN2"}, {"rosinality", "rosinality"}}) {
        for (const auto& folder : folders_of(test::formats_dir() / family)) {
            for (const char* name : {"network.pkl", "checkpoint.pt"}) {
                if (std::filesystem::exists(folder / name)) {
                    SCOPED_TRACE((folder / name).string());
                    const io::CheckpointFile file = io::read_checkpoint(folder / name);
                    EXPECT_NE(file.description.find(word), std::string::npos) << file.description;
                    EXPECT_TRUE(file.networks.contains("G_ema"));
                    ++run;
                }
            }
        }
    }
    if (run == 0) {
        GTEST_SKIP() << "no case in " << test::formats_dir();
    }
}

} // namespace
} // namespace atelier
