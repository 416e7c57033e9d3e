// SPDX-License-Identifier: Apache-2.0
// FastSynthesis: the CPU's way from ws to a picture. Weights prepared once and shared, styles on activations, one fused
// pass after each convolution, and blocks whose inputs did not change are not computed again. Owned by one Renderer.
#pragma once

#include <memory>
#include <vector>

#include <ATen/core/Tensor.h>

#include "base/render_params.h"
#include "model/synthesis.h"

namespace atelier {

struct PreparedSynthesis; // engine/prepared_synthesis.h

class FastSynthesis {
public:
    // Whether it can play this network: skip architecture on the CPU, leaky ReLU, demodulated 3x3 convolutions and a
    // four-tap resampling filter. dtype kFloat or kBFloat16.
    static bool supports(const model::Generator& generator);

    explicit FastSynthesis(std::shared_ptr<const PreparedSynthesis> weights);
    FastSynthesis(const model::Generator& generator, at::ScalarType dtype); // prepares weights of its own
    ~FastSynthesis();

    struct Noise {
        NoiseMode mode = NoiseMode::constant;
        float strength = 1;
        std::uint32_t seed = 0;        // NoiseMode::random
        std::vector<float> by_layer{}; // as RenderParams::layer_noise
        NoiseNumbers numbers = NoiseNumbers::counter;
        float of_layer(int layer) const {
            const auto i = static_cast<std::size_t>(layer);
            return i < by_layer.size() ? strength * by_layer[i] : strength;
        }
    };

    // ws [1,num_ws,w_dim] float32 -> [1,channels,height,width] float32 (strided view of memory that the next call may
    // reuse), of the last block whose name, its resolution, is at most max_resolution.
    at::Tensor forward(const at::Tensor& ws, const Noise& noise, int max_resolution = 1 << 20);

    // Uses the other's memory for what lives during one call, where both have layers of the same size. Both belong to
    // one thread from then on, one after the other.
    void share_memory_of(const FastSynthesis& other);

    // Blocks computed by the last forward(), for tests and for the cost of a picture.
    int blocks_computed() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// The N(0,1) noise of one layer for a seed: [1,1,height,width] float32. Layers are counted in drawing order.
at::Tensor seeded_noise(std::uint32_t seed, int layer, int height, int width,
                        NoiseNumbers numbers = NoiseNumbers::counter);

} // namespace atelier
