// SPDX-License-Identifier: Apache-2.0
// Safetensors and Atelier's own model files: round trips, malformed headers, a full disk.
#include <cmath>
#include <cstring>

#include <ATen/Functions.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "fuzz/child.h"
#include "io/checkpoint_write.h"
#include "io/safetensors.h"
#include "support/scratch.h"

namespace atelier::io {
namespace {

using test::message_from;
using testing::HasSubstr;
using testing::StartsWith;

std::string file_of(const std::string& header, std::size_t data) {
    const auto length = static_cast<std::uint64_t>(header.size());
    return std::string(reinterpret_cast<const char*>(&length), 8) + header + std::string(data, '\1');
}

class SafetensorsFile : public testing::Test {
protected:
    std::string refusal(const std::string& header, std::size_t data) { return refusal_of(file_of(header, data)); }
    std::string refusal_of(const std::string& content) {
        test::put_bytes(path_, test::bytes_of(content));
        const std::string message = message_from<Error>([&] { read_safetensors(path_); });
        if (!message.empty()) {
            EXPECT_THAT(message, StartsWith(path_.string() + ": "));
        }
        return message;
    }

    test::Scratch scratch_;
    std::filesystem::path path_ = scratch_ / "a.safetensors";
};

TEST_F(SafetensorsFile, EveryDtypeComesBackExactly) {
    std::vector<std::pair<std::string, at::Tensor>> tensors;
    int n = 0;
    for (const auto dtype : {at::kDouble, at::kFloat, at::kHalf, at::kBFloat16, at::kLong, at::kInt, at::kShort,
                             at::kChar, at::kByte, at::kBool}) {
        tensors.emplace_back("t" + std::to_string(n++), at::randn({3, 5}).mul(40).to(dtype));
    }
    tensors.emplace_back("scalar", at::scalar_tensor(0.5));
    tensors.emplace_back("empty", at::empty({0, 4}));
    tensors.emplace_back("view", at::randn({4, 6}).t()); // not contiguous
    tensors.emplace_back("ünï \"q\"", at::ones({1}));
    write_safetensors(path_, tensors, {{"k", "v"}, {"json", "{\"a\": 1}"}});
    const Safetensors back = read_safetensors(path_);
    ASSERT_EQ(back.tensors.size(), tensors.size());
    EXPECT_EQ(back.metadata.at("json"), "{\"a\": 1}");
    for (const auto& [name, value] : tensors) {
        const at::Tensor* found = back.find(name);
        ASSERT_NE(found, nullptr) << name;
        EXPECT_EQ(found->scalar_type(), value.scalar_type());
        EXPECT_TRUE(at::equal(*found, value)) << name;
    }
    EXPECT_EQ(back.find("none"), nullptr);
    EXPECT_EQ(scratch_.files().size(), 1U);
}

TEST_F(SafetensorsFile, MalformedHeadersAreRefused) {
    const auto entry = [](const std::string& dtype, const std::string& shape, const std::string& offsets) {
        return R"({"a":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
    };
    EXPECT_EQ(refusal(entry(R"("F32")", "[2]", "[0,8]"), 8), "");
    EXPECT_EQ(refusal("{}", 0), "");
    EXPECT_THAT(refusal(entry(R"("F32")", "[2]", "[0,8]"), 7), HasSubstr("truncated"));
    EXPECT_THAT(refusal(entry(R"("F32")", "[2]", "[0,8]"), 9), HasSubstr("trailing"));
    EXPECT_THAT(refusal(entry(R"("F32")", "[2]", "[1,9]"), 9), HasSubstr("gap"));
    EXPECT_THAT(refusal(entry(R"("F32")", "[2]", "[8,0]"), 8), HasSubstr("need 8 bytes"));
    EXPECT_THAT(refusal(entry(R"("F32")", "[3]", "[0,8]"), 8), HasSubstr("need 12 bytes"));
    EXPECT_THAT(refusal(entry(R"("F8_E4M3")", "[8]", "[0,8]"), 8), HasSubstr("F8_E4M3"));
    EXPECT_THAT(refusal(entry("32", "[2]", "[0,8]"), 8), HasSubstr("32"));
    EXPECT_THAT(refusal(entry(R"("F32")", "[-2]", "[0,8]"), 8), HasSubstr("negative"));
    EXPECT_THAT(refusal(entry(R"("F32")", "[2.0]", "[0,8]"), 8), HasSubstr("2.0"));
    EXPECT_THAT(refusal(entry(R"("F32")", "[1e400]", "[0,8]"), 8), HasSubstr("out of range"));
    EXPECT_THAT(refusal(entry(R"("F32")", "[4611686018427387904,4]", "[0,8]"), 8), HasSubstr("no file"));
    EXPECT_THAT(refusal(entry(R"("F32")", "[0,4611686018427387904,4]", "[0,0]"), 0), HasSubstr("no file"));
    EXPECT_THAT(refusal(entry(R"("F32")", "[[2]]", "[0,8]"), 8), HasSubstr("array"));
    EXPECT_THAT(refusal(entry(R"("F32")", "[1,1,1,1,1,1,1,1,2]", "[0,8]"), 8), HasSubstr("dimensions"));
    EXPECT_THAT(refusal(entry(R"("F32")", "[2]", "[0]"), 8), HasSubstr("offsets"));
    EXPECT_THAT(refusal(entry(R"("F32")", "[2]", "[0,8,9]"), 8), HasSubstr("9"));
    EXPECT_THAT(refusal(entry(R"("F32")", "[2]", "[0,99999999999999999999]"), 8), HasSubstr("99999"));
    EXPECT_THAT(refusal(R"({"a":{"shape":[2],"data_offsets":[0,8]}})", 8), HasSubstr("lacks"));
    EXPECT_THAT(refusal(R"({"a":{"dtype":"F32","dtype":"F32"}})", 8), HasSubstr("duplicate dtype"));
    EXPECT_THAT(refusal(R"({"a":1})", 8), HasSubstr("number 1"));
    EXPECT_THAT(refusal(R"({"__metadata__":{"a":1}})", 0), HasSubstr("number 1"));
    EXPECT_THAT(refusal(R"({"__metadata__":{"a":{}}})", 0), HasSubstr("object"));
    EXPECT_THAT(refusal("[]", 0), HasSubstr("not an object"));
    EXPECT_THAT(refusal("{} {}", 0), HasSubstr("JSON"));
    EXPECT_THAT(refusal("{\"a\xff\":1}", 0), HasSubstr("JSON"));
    EXPECT_THAT(refusal(std::string(100'000, '['), 0), HasSubstr("array"));
    EXPECT_THAT(refusal(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],)"
                        R"("data_offsets":[4,12]}})",
                        12),
                HasSubstr("overlap"));
    EXPECT_THAT(refusal(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],)"
                        R"("data_offsets":[1,2]}})",
                        2),
                HasSubstr("duplicate"));
    EXPECT_THAT(refusal_of("{"), HasSubstr("too short"));
    EXPECT_THAT(refusal_of(std::string(8, '\xff') + "{}"), HasSubstr("only 2 follow"));
    EXPECT_THAT(refusal_of(std::string(8, '\0') + "{}"), HasSubstr("header of 0 bytes"));
}

TEST_F(SafetensorsFile, AFullDiskLeavesNothing) {
    // No torch operation may run before the fork (see child.h), so the parent makes nothing.
    const auto end = test::in_child([&](std::string& message) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{100'000, 100'000};
        setrlimit(RLIMIT_FSIZE, &limit);
        message = message_from<Error>([&] { write_safetensors(path_, {{"a", at::zeros({100, 1000})}}); });
        return 0;
    });
    EXPECT_EQ(end.exit_code, 0);
    EXPECT_THAT(end.output, StartsWith(path_.string() + ": can't be written"));
    EXPECT_TRUE(scratch_.files().empty());
}

CheckpointFile sample() {
    CheckpointFile file;
    NetworkData g;
    g.class_name = "Generator";
    g.init_kwargs = {{"z_dim", 8}, {"mapping_kwargs", {{"num_layers", 2}}}};
    g.attributes = {{"synthesis.b4.conv1", {{"conv_clamp", 256}, {"act_gain", 1.4142135623730951}}}};
    g.tensors = {{"synthesis.b4.const", at::randn({8, 4, 4}), false},
                 {"synthesis.b4.resample_filter", at::randn({4, 4}), true},
                 {"mapping.fc0.weight", at::randn({8, 8}).mul(100), false},
                 {"mapping.w_avg", at::randn({8}), true}};
    file.networks["G_ema"] = g;
    NetworkData d;
    d.class_name = "Discriminator";
    d.tensors = {{"b4.out.weight", at::full({1, 8}, 1e6), false}};
    file.networks["D"] = d;
    file.metadata = {{"license", "CC0"}, {"training", {{"kimg", 29.5}}}};
    return file;
}

TEST(OwnFormat, ComesBackExactly) {
    const test::Scratch scratch;
    const CheckpointFile file = sample();
    write_checkpoint(scratch / "m.safetensors", file);
    const CheckpointFile back = read_checkpoint(scratch / "m.safetensors");
    EXPECT_EQ(back.kind, FileKind::atelier_safetensors);
    EXPECT_EQ(back.metadata, file.metadata);
    EXPECT_TRUE(back.warnings.empty());
    ASSERT_EQ(back.networks.size(), 2U);
    for (const auto& [name, network] : file.networks) {
        const NetworkData& other = back.networks.at(name);
        EXPECT_EQ(other.class_name, network.class_name);
        EXPECT_EQ(other.init_kwargs, network.init_kwargs);
        EXPECT_EQ(other.attributes, network.attributes);
        ASSERT_EQ(other.tensors.size(), network.tensors.size());
        for (std::size_t i = 0; i < network.tensors.size(); ++i) {
            EXPECT_EQ(other.tensors[i].name, network.tensors[i].name);
            EXPECT_EQ(other.tensors[i].buffer, network.tensors[i].buffer);
            EXPECT_TRUE(at::equal(other.tensors[i].value, network.tensors[i].value));
        }
    }
}

TEST(OwnFormat, HalfPrecisionIsForParametersThatFit) {
    const test::Scratch scratch;
    write_checkpoint(scratch / "m.safetensors", sample(), {.stored = Stored::f16});
    const CheckpointFile back = read_checkpoint(scratch / "m.safetensors");
    for (const NamedTensor& tensor : back.networks.at("G_ema").tensors) {
        EXPECT_EQ(tensor.value.scalar_type(), tensor.buffer ? at::kFloat : at::kHalf) << tensor.name;
    }
    EXPECT_EQ(back.networks.at("D").tensors[0].value.scalar_type(), at::kFloat); // 1e6 is beyond F16
}

TEST(OwnFormat, ContradictionsAreRefused) {
    const test::Scratch scratch;
    const auto path = scratch / "m.safetensors";
    const auto refusal = [&](const std::string& description, const std::string& tensor = "G_ema.a") {
        write_safetensors(path, {{tensor, at::ones({1})}}, {{"atelier", description}});
        return message_from<Error>([&] { read_checkpoint(path); });
    };
    EXPECT_EQ(refusal(R"({"format":1,"networks":{"G_ema":{}}})"), "");
    EXPECT_THAT(refusal("nonsense"), HasSubstr("no JSON object"));
    EXPECT_THAT(refusal("[]"), HasSubstr("no JSON object"));
    EXPECT_THAT(refusal(R"({"format":2,"networks":{"G_ema":{}}})"), HasSubstr("version 2"));
    EXPECT_THAT(refusal(R"({"format":1})"), HasSubstr("no networks"));
    EXPECT_THAT(refusal(R"({"format":1,"networks":{"H":{}}})"), HasSubstr("unknown network H"));
    EXPECT_THAT(refusal(R"({"format":1,"networks":{"G_ema":[]}})"), HasSubstr("no object"));
    EXPECT_THAT(refusal(R"({"format":1,"networks":{"G_ema":{"class_name":3}}})"), HasSubstr("wrong type"));
    EXPECT_THAT(refusal(R"({"format":1,"networks":{"G_ema":{"buffers":[1]}}})"), HasSubstr("no name"));
    EXPECT_THAT(refusal(R"({"format":1,"networks":{"G_ema":{}}})", "D.a"), HasSubstr("D.a belongs to none"));
    EXPECT_THAT(refusal(R"({"format":1,"networks":{"G_ema":{}}})", "a"), HasSubstr("belongs to none"));
}

TEST(OwnFormat, ValuesThatAreNotFiniteAreReported) {
    const test::Scratch scratch;
    CheckpointFile file = sample();
    file.networks["G_ema"].tensors[2].value[3][4] = std::nan("");
    write_checkpoint(scratch / "m.safetensors", file);
    const CheckpointFile back = read_checkpoint(scratch / "m.safetensors");
    ASSERT_EQ(back.warnings.size(), 1U);
    EXPECT_THAT(back.warnings[0], StartsWith((scratch / "m.safetensors").string() +
                                             ": G_ema.mapping.fc0.weight holds values that are not finite"));
}

} // namespace
} // namespace atelier::io
