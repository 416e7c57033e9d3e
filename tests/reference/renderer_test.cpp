// SPDX-License-Identifier: Apache-2.0
// The engine's own way (fast on the CPU) from a seed to bytes, against what the public command line wrote.
#include "engine/renderer.h"
#include "reference/golden.h"

namespace {

using namespace atelier;
using namespace atelier::test;

TEST(Renderer, SeedToBytes) {
    if (!have_reference("networks")) {
        GTEST_SKIP();
    }
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(reference_dir() / "networks")) {
        const Golden acts(entry.path() / "acts.safetensors");
        const std::string name = "generate_seed85_psi0.7/uint8_nhwc";
        if (!acts.has(name)) {
            continue; // conditional models
        }
        for (const auto& file : std::filesystem::directory_iterator(entry.path())) {
            if (file.path().extension() != ".pkl") {
                continue;
            }
            Renderer renderer(load_model(file.path(), "cpu"));
            RenderParams params;
            params.walk.seeds = {85};
            params.psi = 0.7;
            params.precision = Precision::fp32;
            PixelBuffer out;
            renderer.render(params, out);
            const at::Tensor golden = acts.at(name).squeeze(0).to(at::kInt);
            ASSERT_EQ(golden.size(0), out.height);
            const at::Tensor mine = at::tensor(at::ArrayRef<std::uint8_t>(out.rgba), at::kByte)
                                        .reshape({out.height, out.width, 4})
                                        .to(at::kInt);
            const at::Tensor off = (mine.slice(2, 0, 3) - golden).abs(); // a gray golden broadcasts
            EXPECT_LE(off.max().item<int>(), 1) << file.path();
            EXPECT_LE(off.ne(0).sum().item<double>(), 1e-3 * static_cast<double>(off.numel())) << file.path();
            EXPECT_TRUE(mine.select(2, 3).eq(255).all().item<bool>());
            ++count;
        }
    }
    report_cases("seed to bytes", count);
}

} // namespace
