// SPDX-License-Identifier: Apache-2.0
// The studio's real writer of models: each kind of file that there is, with licence and origin in it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "io/checkpoint_write.h"
#include "io/model_formats.h"
#include "model/load.h"
#include "studio/adapters/disk_model_files.h"
#include "support/scratch.h"

namespace atelier::studio {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

class DiskModelFilesTest : public ::testing::Test {
protected:
    // A small model that fits every kind of file.
    DiskModelFilesTest() {
        at::manual_seed(4);
        model::GeneratorConfig g;
        g.mapping.z_dim = g.mapping.w_dim = g.synthesis.w_dim = 16;
        g.mapping.num_layers = 2;
        g.synthesis.img_resolution = 16;
        g.synthesis.channels = {256, 32, {}};
        model::DiscriminatorConfig d;
        d.img_resolution = 16;
        d.channels = g.synthesis.channels;
        io::CheckpointFile file;
        file.metadata = {{"license", "an older one"}, {"dataset", "cats"}};
        for (const char* name : {"G", "G_ema"})
            file.networks[name] = model::to_network_data(model::Generator(g, model::random_source()));
        file.networks["D"] = model::to_network_data(model::Discriminator(d, model::random_source()));
        io::write_checkpoint(model_, file);
    }
    ModelCopy copy_to(const std::string& name, const std::string& kind) {
        return {model_, folder_ / name, kind, StoredNumbers::f32, true, "CC0 1.0", "Ann, example.org"};
    }
    ModelCopied write(const ModelCopy& copy) {
        return files_.write(copy, [](const auto&) {}, {});
    }

    test::Scratch folder_;
    DiskModelFiles files_;
    const fs::path model_ = folder_ / "model.safetensors";
};

TEST_F(DiskModelFilesTest, EachKindIsWrittenWithLicenceAndOrigin) {
    ASSERT_GE(files_.kinds().size(), 5U);
    for (const ModelFileKind& kind : files_.kinds()) {
        SCOPED_TRACE(kind.id);
        const ModelCopy copy = copy_to("a" + kind.ending, kind.id);
        EXPECT_FALSE(write(copy).stopped);
        const auto bytes = test::file_bytes(copy.file);
        const std::string text(bytes.begin(), bytes.end());
        EXPECT_THAT(text, HasSubstr("CC0 1.0"));
        EXPECT_THAT(text, HasSubstr("Ann, example.org"));
        if (io::written_format(kind.id)->read == nullptr)
            continue;
        const io::CheckpointFile read = io::read_checkpoint(copy.file);
        EXPECT_EQ(read.metadata.value("license", ""), "CC0 1.0");
        EXPECT_EQ(read.metadata.value("origin", ""), "Ann, example.org");
        EXPECT_EQ(read.metadata.value("dataset", ""), "cats") << "what the dialog doesn't ask for stays";
        EXPECT_TRUE(read.networks.contains("G_ema"));
    }
}

TEST_F(DiskModelFilesTest, WhatIsEmptyIsNotSaid) {
    ModelCopy copy = copy_to("a.safetensors", "atelier");
    copy.license.clear();
    copy.origin.clear();
    write(copy);
    const auto metadata = io::read_checkpoint(copy.file).metadata;
    EXPECT_FALSE(metadata.contains("license"));
    EXPECT_FALSE(metadata.contains("origin"));
}

TEST_F(DiskModelFilesTest, AllNetworksGoAlongUnlessOneIsEnough) {
    ModelCopy copy = copy_to("alone.safetensors", "atelier");
    write(copy);
    EXPECT_EQ(io::read_checkpoint(copy.file).networks.size(), 1U);
    copy.file = folder_ / "all.safetensors";
    copy.only_g_ema = false;
    write(copy);
    EXPECT_EQ(io::read_checkpoint(copy.file).networks.size(), 3U);
}

TEST_F(DiskModelFilesTest, HalvesAreSmallerWhereTheKindHasThem) {
    for (const ModelFileKind& kind : files_.kinds()) {
        SCOPED_TRACE(kind.id);
        ModelCopy copy = copy_to("whole" + kind.ending, kind.id);
        write(copy);
        const auto whole = fs::file_size(copy.file);
        copy.file = folder_ / ("half" + kind.ending);
        copy.numbers = StoredNumbers::f16;
        if (kind.halves) {
            write(copy);
            EXPECT_LT(fs::file_size(copy.file), whole * 2 / 3);
        } else {
            EXPECT_THROW(write(copy), Error);
            EXPECT_FALSE(fs::exists(copy.file));
        }
    }
}

TEST_F(DiskModelFilesTest, TellsHowFarItIsAndStopsBetweenTwoNetworks) {
    std::vector<ModelCopyProgress> told;
    std::stop_source stop;
    const ModelCopy copy = copy_to("a.safetensors", "atelier");
    files_.write(
        copy, [&](const auto& progress) { told.push_back(progress); }, stop.get_token());
    ASSERT_GE(told.size(), 4U);
    EXPECT_EQ(told.front().doing, "Reading");
    for (std::size_t i = 1; i < told.size(); ++i)
        EXPECT_GE(told[i].done, told[i - 1].done);
    EXPECT_EQ(told.back().done, told.back().steps);
    fs::remove(copy.file);
    const ModelCopied end = files_.write(
        copy, [&](const ModelCopyProgress& progress) { progress.done > 0 ? (void)stop.request_stop() : (void)0; },
        stop.get_token());
    EXPECT_TRUE(end.stopped);
    EXPECT_FALSE(fs::exists(copy.file));
}

TEST_F(DiskModelFilesTest, TheModelItselfAndUnknownKindsAreRefused) {
    const fs::path own = folder_ / "own.safetensors";
    fs::copy_file(model_, own);
    ModelCopy copy = copy_to("x", "atelier");
    copy.model = own;
    copy.file = folder_ / "." / "own.safetensors";
    EXPECT_THAT(test::message_from<Error>([&] { write(copy); }), HasSubstr("is the model itself"));
    EXPECT_EQ(test::file_bytes(own), test::file_bytes(model_));
    EXPECT_THROW(write(copy_to("a.h5", "keras")), Error);
    copy.model = folder_ / "gone.pkl";
    copy.file = folder_ / "b.safetensors";
    EXPECT_THAT(test::message_from<Error>([&] { write(copy); }), HasSubstr("gone.pkl"));
}

} // namespace
} // namespace atelier::studio
