// SPDX-License-Identifier: Apache-2.0
// Each format that is written, read back: the same tensors and options, bit for bit, with licence and origin.
#include <filesystem>
#include <map>

#include <ATen/Functions.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "io/checkpoint.h"
#include "io/model_formats.h"
#include "model/load.h"
#include "support/paths.h"
#include "support/scratch.h"

namespace atelier {
namespace {

using testing::HasSubstr;

// Models of the public code, large or small trees alike.
std::vector<std::filesystem::path> pickles() {
    std::vector<std::filesystem::path> result;
    for (const auto& folder : {test::reference_dir() / "networks", test::formats_dir() / "stylegan3_code"}) {
        if (!std::filesystem::is_directory(folder)) {
            continue;
        }
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
            if (entry.path().extension() == ".pkl") {
                result.push_back(entry.path());
            }
        }
    }
    return result;
}

// As `atelier convert` makes it: through the networks, with all options.
io::CheckpointFile complete(const std::filesystem::path& path, bool only_g_ema = false) {
    const io::CheckpointFile file = io::read_checkpoint(path);
    std::vector<std::string> warnings;
    io::CheckpointFile out;
    out.metadata = {{"license", "CC0"}, {"origin", "a test's"}};
    for (const char* name : {"G_ema", "G", "D"}) {
        if (file.networks.contains(name) && (!only_g_ema || std::string(name) == "G_ema")) {
            const auto& data = file.networks.at(name);
            out.networks[name] = std::string(name) == "D"
                                     ? model::to_network_data(model::load_discriminator(data, name, warnings))
                                     : model::to_network_data(model::load_generator(data, name, warnings));
        }
    }
    return out;
}

void expect_same(const io::NetworkData& a, const io::NetworkData& b) {
    EXPECT_EQ(a.class_name, b.class_name);
    EXPECT_EQ(a.init_kwargs, b.init_kwargs);
    std::map<std::string, const io::NamedTensor*> others;
    for (const io::NamedTensor& tensor : b.tensors) {
        others[tensor.name] = &tensor;
    }
    EXPECT_EQ(others.size(), a.tensors.size());
    for (const io::NamedTensor& tensor : a.tensors) {
        ASSERT_TRUE(others.contains(tensor.name)) << tensor.name;
        EXPECT_TRUE(at::equal(tensor.value, others.at(tensor.name)->value)) << tensor.name;
        EXPECT_EQ(tensor.buffer, others.at(tensor.name)->buffer) << tensor.name;
    }
}

const io::ModelFormat& format(const std::string& id) {
    for (const io::ModelFormat& each : io::model_formats()) {
        if (each.id == id) {
            return each;
        }
    }
    throw std::runtime_error("no format " + id);
}

class ModelWriters : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        if (pickles().empty()) {
            GTEST_SKIP() << "no models in " << test::reference_dir();
        }
    }
    test::Scratch scratch_;
};

TEST_P(ModelWriters, ComeBackBitForBit) {
    const io::ModelFormat& as = format(GetParam());
    for (const auto& path : pickles()) {
        for (const bool only_g_ema : {false, true}) {
            SCOPED_TRACE(path.string() + (only_g_ema ? ", G_ema alone" : ""));
            const io::CheckpointFile file = complete(path, only_g_ema);
            const auto written = scratch_ / ("m" + std::string(as.written_ending));
            as.write(written, file, {});
            const io::CheckpointFile back = io::read_checkpoint(written);
            EXPECT_THAT(back.warnings, testing::IsEmpty());
            EXPECT_EQ(back.metadata.at("license"), "CC0");
            EXPECT_EQ(back.metadata.at("origin"), "a test's");
            ASSERT_EQ(back.networks.size(), file.networks.size());
            for (const auto& [name, network] : file.networks) {
                SCOPED_TRACE(name);
                ASSERT_TRUE(back.networks.contains(name));
                expect_same(network, complete(written, only_g_ema).networks.at(name));
            }
        }
    }
}

TEST_P(ModelWriters, LeaveNothingWhereTheDiskFails) {
    const io::CheckpointFile file = complete(pickles().front());
    const auto nowhere = scratch_ / "no folder" / "m";
    try {
        format(GetParam()).write(nowhere, file, {});
        FAIL() << "written into a folder that isn't there";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), testing::StartsWith(nowhere.string()));
    }
    EXPECT_THAT(scratch_.files(), testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Formats, ModelWriters, testing::Values("atelier", "torch", "nvidia"),
                         [](const auto& info) { return std::string(info.param); });

// 16 bits: what comes back is what is nearest.
TEST(StoredTypes, AreKeptWhereTheyCanBe) {
    if (pickles().empty()) {
        GTEST_SKIP() << "no models in " << test::reference_dir();
    }
    const test::Scratch scratch;
    const io::CheckpointFile file = complete(pickles().front());
    for (const char* id : {"atelier", "torch"}) {
        for (const auto& [stored, type] : {std::pair(io::Stored::f16, at::kHalf), {io::Stored::bf16, at::kBFloat16}}) {
            format(id).write(scratch / "m", file, {stored});
            const io::CheckpointFile back = io::read_checkpoint(scratch / "m");
            for (const io::NamedTensor& tensor : back.networks.at("D").tensors) {
                const auto& all = file.networks.at("D").tensors;
                const auto same = std::ranges::find(all, tensor.name, &io::NamedTensor::name);
                EXPECT_EQ(tensor.value.scalar_type(), tensor.buffer ? at::kFloat : type) << tensor.name;
                EXPECT_TRUE(at::equal(tensor.value, same->value.to(tensor.value.scalar_type()))) << tensor.name;
            }
        }
    }
    EXPECT_THROW(format("nvidia").write(scratch / "m", file, {io::Stored::f16}), Error);
}

// What the public code's own files say of each module, ours say as well: its forward() asks for these values.
TEST(NvidiaWriter, SaysAllThatThePublicCodeAsksFor) {
    if (pickles().empty()) {
        GTEST_SKIP() << "no models in " << test::reference_dir();
    }
    const test::Scratch scratch;
    for (const auto& path : pickles()) {
        SCOPED_TRACE(path.string());
        format("nvidia").write(scratch / "m.pkl", complete(path), {});
        const io::CheckpointFile theirs = io::read_checkpoint(path), ours = io::read_checkpoint(scratch / "m.pkl");
        for (const char* name : {"G_ema", "D"}) {
            for (const auto& [module, values] : theirs.networks.at(name).attributes.items()) {
                for (const auto& [key, value] : values.items()) {
                    if (key == "num_fp16_res") { // only printed there; 4 of 3 blocks that there are is 3 here
                        continue;
                    }
                    ASSERT_TRUE(ours.networks.at(name).attributes.contains(module)) << name << " " << module;
                    const auto& mine = ours.networks.at(name).attributes[module];
                    ASSERT_TRUE(mine.contains(key)) << name << " " << module << " " << key;
                    EXPECT_EQ(mine[key], value) << name << " " << module << " " << key;
                }
            }
        }
    }
}

// Formats of programs whose networks make squares alone.
TEST(OtherShapes, AreRefusedWhereTheyCantBeHeld) {
    if (pickles().empty()) {
        GTEST_SKIP() << "no models in " << test::reference_dir();
    }
    const test::Scratch scratch;
    io::CheckpointFile file = complete(pickles().front(), true);
    file.networks.at("G_ema").init_kwargs["init_res"] = {4, 6};
    for (const char* id : {"nvidia", "rosinality"}) {
        try {
            format(id).write(scratch / "m", file, {});
            FAIL() << id << " was written";
        } catch (const Error& error) {
            EXPECT_THAT(error.what(), testing::AllOf(testing::StartsWith((scratch / "m").string()), HasSubstr("4 x 4")))
                << id;
        }
    }
    EXPECT_THAT(scratch.files(), testing::IsEmpty());
}

} // namespace
} // namespace atelier
