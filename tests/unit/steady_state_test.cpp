// SPDX-License-Identifier: Apache-2.0
// In the steady state no picture asks the kernel for memory: each page that it gives is zeroed first.
#include <sys/resource.h>

#include <gtest/gtest.h>

#include "bench/bench_model.h"
#include "engine/renderer.h"
#include "ops/cpu_features.h"
#include "ops/tensor_memory.h"
#include "ops/winograd_conv.h"

namespace atelier {
namespace {

long page_faults() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
}

#ifndef __SANITIZE_ADDRESS__
TEST(SteadyState, APictureNeedsNoFreshMemory) {
    if (!ops::winograd_is_fast())
        GTEST_SKIP() << "without AVX2 oneDNN takes memory of its own for each convolution";
    keep_tensor_memory();
    const auto model = bench::in_memory(bench::bench_generator(bench::bench_config(256)));
    std::vector<Precision> precisions{Precision::fp32};
    if (ops::cpu_has_fast_bf16())
        precisions.push_back(Precision::bf16);
    for (const Precision precision : precisions) {
        Renderer renderer(model);
        RenderParams params;
        params.walk.seeds = {1, 2};
        params.precision = precision;
        PixelBuffer picture;
        const auto render = [&](int count) {
            for (int i = 0; i < count; ++i) {
                params.position += 0.013;
                renderer.render(params, picture);
            }
        };
        render(4);
        const long before = page_faults();
        constexpr int pictures = 12;
        render(pictures);
        // A layer of 256 px alone would be 2,000 pages; a stray small block may come and go.
        EXPECT_LT((page_faults() - before) / pictures, 20) << "pages a picture";
    }
}
#endif

} // namespace
} // namespace atelier
