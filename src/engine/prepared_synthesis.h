// SPDX-License-Identifier: Apache-2.0
// PreparedSynthesis: a generator's synthesis weights laid out for FastSynthesis, layer by layer. Never changes once it
// is made, so that any number of renderers, on any threads, share each layer; made by the thread that hands a model
// over, because it takes as long as several pictures. Internal to engine (torch).
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/amx_layer.h"
#include "engine/packed_conv.h"
#include "engine/up_conv.h"
#include "engine/winograd_layer.h"
#include "model/synthesis.h"

namespace atelier {

// w to the styles of a layer; gains folded in. The weight is of the picture's dtype: what these small products wait for
// is memory.
struct PreparedAffine {
    at::Tensor weight, bias; // [in,w_dim], [in] float32
    PreparedAffine(const model::FullyConnected& layer, at::ScalarType dtype, double gain = 1);
};

struct PreparedLayer {
    PreparedAffine affine;
    at::Tensor energy; // [O,I] sum of squared weights over the kernel, of the picture's dtype
    // One of them. By tiles wins for every layer of every network that was measured, at float32.
    std::optional<WinogradLayer> tiled;
    std::optional<AmxLayer> amx;
    std::optional<PackedConv> packed;
    std::optional<UpConv> up_conv;
    at::Tensor bias, noise; // noise undefined without it
    float strength = 0;
    int channels = 0;
    int height = 0, width = 0; // of what it makes, px
    bool up = false;
    float gain = 1, clamp = 0;

    PreparedLayer(const model::SynthesisLayer& layer, at::ScalarType dtype, bool by_amx);
};

struct PreparedRgb {
    PreparedAffine affine;
    at::Tensor weight, bias; // [channels,in], [channels]
    float clamp = 0;

    PreparedRgb(const model::ToRgb& rgb, at::ScalarType dtype);
};

struct PreparedBlock {
    std::shared_ptr<const PreparedLayer> conv0, conv1; // conv0 null in the first block
    std::shared_ptr<const PreparedRgb> rgb;
    int resolution = 0; // its name, see model::FirstBlock
    int height = 0, width = 0;
    int convolutions = 0;
};

struct PreparedSynthesis {
    std::vector<PreparedBlock> blocks;
    at::Tensor constant;         // [height*width,C] of the first block, float32
    std::array<float, 4> taps{}; // of the resampling filter, for one axis going up
    at::ScalarType dtype = at::kFloat;
    bool by_amx = false; // all layers; activations have borders then
    int rgb_channels = 3;

    enum class Amx { where_usable, wherever_it_fits }; // the second for tests: slowly, on any processor
    // See FastSynthesis::supports. dtype kFloat or kBFloat16.
    PreparedSynthesis(const model::Generator& generator, at::ScalarType dtype, Amx amx = Amx::where_usable);
};

// What one generator's weights have been laid out as; each kind is made by whoever asks first, others wait for it.
class PreparedWeights {
public:
    std::shared_ptr<const PreparedSynthesis> get(const model::Generator& generator, at::ScalarType dtype);
    bool made(at::ScalarType dtype) const;

private:
    struct Kind {
        mutable std::mutex mutex;
        std::shared_ptr<const PreparedSynthesis> made;
    };
    Kind fp32_, bf16_;
};

} // namespace atelier
