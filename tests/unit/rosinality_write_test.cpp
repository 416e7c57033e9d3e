// SPDX-License-Identifier: Apache-2.0
// Written rosinality checkpoints beside those that its own code wrote: the same names, shapes and numbers.
#include <map>

#include <ATen/Functions.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "io/checkpoint.h"
#include "io/input_file.h"
#include "io/model_source.h"
#include "io/rosinality_write.h"
#include "model/load.h"
#include "support/paths.h"
#include "support/scratch.h"

namespace atelier {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

using Tensors = std::map<std::string, at::Tensor>;

// "g_ema/convs.0.conv.weight" and the like, as they lie in the file.
Tensors raw(const fs::path& path) {
    const io::InputFile input(path);
    const auto source = io::open_model_source(input);
    Tensors result;
    const auto& top = source->root->items;
    for (std::size_t i = 0; i + 1 < top.size(); i += 2) {
        const std::string key(top[i]->text);
        if (io::TensorReader::is_tensor(*top[i + 1])) {
            result[key] = source->tensors->read(*top[i + 1], key);
        } else if (key == "g_ema" || key == "g" || key == "d") {
            const auto& items = top[i + 1]->items;
            for (std::size_t j = 0; j + 1 < items.size(); j += 2) {
                const std::string name = key + "/" + std::string(items[j]->text);
                result[name] = source->tensors->read(*items[j + 1], name);
            }
        }
    }
    return result;
}

io::CheckpointFile complete(const fs::path& path) {
    const io::CheckpointFile file = io::read_checkpoint(path);
    std::vector<std::string> warnings;
    io::CheckpointFile out;
    for (const auto& [name, data] : file.networks) {
        if (name == "D") {
            out.networks[name] = model::to_network_data(model::load_discriminator(data, name, warnings));
        } else if (name != "augment_pipe") {
            out.networks[name] = model::to_network_data(model::load_generator(data, name, warnings));
        }
    }
    return out;
}

TEST(RosinalityWriter, WritesWhatItsOwnCodeWrites) {
    const fs::path folder = test::formats_dir() / "rosinality";
    if (!fs::is_directory(folder)) {
        GTEST_SKIP() << "there is no " << folder;
    }
    const test::Scratch scratch;
    for (const auto& entry : fs::directory_iterator(folder)) {
        SCOPED_TRACE(entry.path().string());
        io::write_rosinality(scratch / "m.pt", complete(entry.path() / "state_nvidia_names.safetensors"), {});
        const Tensors theirs = raw(entry.path() / "checkpoint.pt"), ours = raw(scratch / "m.pt");
        for (const auto& [name, value] : ours) {
            ASSERT_TRUE(theirs.contains(name)) << name;
            EXPECT_EQ(value.sizes(), theirs.at(name).sizes()) << name;
            EXPECT_TRUE(at::equal(value, theirs.at(name))) << name;
        }
        for (const auto& [name, value] : theirs) {
            const bool kept = name != "latent_avg" || ours.contains("latent_avg");
            EXPECT_TRUE(ours.contains(name) || !kept) << name << " is missing";
        }
    }
}

TEST(RosinalityWriter, RefusesWhatThatCodeCantHold) {
    const test::Scratch scratch;
    const auto refusal = [&](const fs::path& path) -> std::string {
        try {
            io::write_rosinality(scratch / "m.pt", complete(path), {});
        } catch (const Error& error) {
            return error.what();
        }
        return "written";
    };
    const fs::path networks = test::reference_dir() / "networks", formats = test::formats_dir() / "stylegan3_code";
    EXPECT_THAT(refusal(networks / "f_gray_freezed_r16" / "network-snapshot-001000.pkl"), HasSubstr("three channels"));
    EXPECT_THAT(refusal(formats / "b_cond3_r16_fp32opts" / "network-snapshot-000000.pkl"),
                HasSubstr("without classes"));
    EXPECT_THAT(scratch.files(), testing::IsEmpty());
}

} // namespace
} // namespace atelier
