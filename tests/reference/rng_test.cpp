// SPDX-License-Identifier: Apache-2.0
// numpy's legacy random numbers, bit for bit. Every tensor of the file must be known and equal.
#include <regex>

#include "latent/numpy_random.h"
#include "reference/golden.h"

namespace {

using namespace atelier;
using namespace atelier::test;

at::Tensor from(const std::vector<double>& values) {
    return at::tensor(at::ArrayRef<double>(values), at::kDouble);
}
at::Tensor from(const std::vector<std::int64_t>& values) {
    return at::tensor(at::ArrayRef<std::int64_t>(values), at::kLong);
}

// What the tensor `name` should hold; undefined for a name this test doesn't know.
at::Tensor expected(const std::string& name, const at::Tensor& golden) {
    static const std::regex pattern(R"(([^/]+)/seed(\d+)(?:/(.+))?)");
    std::smatch match;
    if (!std::regex_match(name, match, pattern)) {
        return {};
    }
    const std::string kind = match[1], rest = match[3];
    NumpyRandom random(static_cast<std::uint32_t>(std::stoul(match[2])));
    const auto n = static_cast<std::size_t>(golden.numel());
    if (kind == "z") {
        const at::Tensor z = from(random.randn(n)).reshape({1, -1});
        return rest.ends_with("f32") ? z.to(at::kFloat) : z;
    }
    if (kind == "mt_raw32") {
        std::vector<std::int64_t> values;
        for (std::size_t i = 0; i < n; ++i) {
            values.push_back(random.next32());
        }
        return from(values);
    }
    if (kind == "random_sample") {
        std::vector<double> values(n);
        for (double& value : values) {
            value = random.random_sample();
        }
        return from(values);
    }
    if (kind == "randn_odd") {
        std::vector<double> values = random.randn(3);
        for (const double value : random.randn(n - 3)) {
            values.push_back(value);
        }
        return from(values);
    }
    if (kind == "shuffle10") {
        return from(random.permutation(10));
    }
    if (kind == "shuffle137_after") {
        random.permutation(10);
        return from(random.permutation(137));
    }
    if (kind == "choice_noreplace") {
        return from(random.choice_without_replacement(20, 8));
    }
    if (kind == "randint") {
        std::vector<std::int64_t> first(n), second(n);
        for (auto& value : first) {
            value = random.randint(0, 5);
        }
        for (auto& value : second) {
            value = random.randint(0, 1000);
        }
        return from(rest == "n5" ? first : second);
    }
    return {};
}

TEST(Rng, NumpyLegacyBitForBit) {
    if (!have_reference("rng")) {
        GTEST_SKIP();
    }
    const Golden golden(reference_dir() / "rng" / "numpy_legacy.safetensors");
    std::size_t count = 0;
    for (const auto& [name, value] : golden.file.tensors) {
        const at::Tensor mine = expected(name, value);
        ASSERT_TRUE(mine.defined()) << "unknown kind of case: " << name;
        EXPECT_TRUE(mine.scalar_type() == value.scalar_type() && at::equal(mine, value)) << name;
        ++count;
    }
    report_cases("rng", count);
}

} // namespace
