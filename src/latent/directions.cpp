// SPDX-License-Identifier: Apache-2.0
#include "latent/directions.h"

#include <algorithm>

#include "base/error.h"
#include "latent/numpy_random.h"

namespace atelier {
namespace {

constexpr int batch = 256; // small enough that stopping is felt at once

// The affine layers that read w layer `index` of [first, last), in the order of the synthesis.
std::vector<at::Tensor> affine_weights(const model::Synthesis& synthesis, int first, int last) {
    std::vector<at::Tensor> weights;
    int index = 0;
    const auto take = [&](int layer, const at::Tensor& weight) {
        if (layer >= first && layer < last) {
            weights.push_back(weight.to(at::kCPU, at::kDouble));
        }
    };
    for (const model::SynthesisBlock& block : synthesis.blocks) {
        if (block.conv0) {
            take(index++, block.conv0->affine.weight);
        }
        take(index++, block.conv1.affine.weight);
        if (block.torgb) {
            take(index, block.torgb->affine.weight);
        }
    }
    return weights;
}

void fix_signs(at::Tensor& vectors) {
    const at::Tensor largest = vectors.abs().argmax(1, true);
    vectors = vectors * vectors.gather(1, largest).sign();
}

// w of one stream of samples, batch by batch.
class Sampler {
public:
    Sampler(const model::Generator& generator, std::uint32_t seed) : generator_(generator), random_(seed) {}

    at::Tensor next(std::int64_t count) { // [count,w_dim] float64, CPU
        const model::MappingConfig& config = generator_.config.mapping;
        const c10::Device device = generator_.mapping.layers.front().weight.device();
        at::Tensor z, c;
        if (config.z_dim > 0) {
            const auto values = random_.randn(static_cast<std::size_t>(count * config.z_dim));
            z = at::tensor(at::ArrayRef<double>(values), at::kDouble).view({count, config.z_dim});
            z = z.to(at::kFloat).to(device);
        }
        if (config.c_dim > 0) {
            const at::Tensor classes = at::arange(drawn_, drawn_ + count, at::kLong).remainder(config.c_dim);
            c = at::one_hot(classes, config.c_dim).to(at::kFloat).to(device);
        }
        drawn_ += count;
        return generator_.mapping.forward(z, c).to(at::kCPU, at::kDouble);
    }

private:
    const model::Generator& generator_;
    NumpyRandom random_;
    std::int64_t drawn_ = 0;
};

// Mean and scatter of all rows seen, merged batch by batch so that a large mean costs no digits (Chan et al. 1983).
struct Moments {
    std::int64_t n = 0;
    at::Tensor mean;    // [d]
    at::Tensor scatter; // [d,d], sum of (x - mean)(x - mean)^T

    void add(const at::Tensor& x) { // [m,d] float64
        const auto m = x.size(0);
        const at::Tensor part_mean = x.mean(0);
        const at::Tensor centred = x - part_mean;
        const at::Tensor part = centred.t().mm(centred);
        if (n == 0) {
            mean = part_mean;
            scatter = part;
        } else {
            const at::Tensor delta = part_mean - mean;
            const auto all = static_cast<double>(n + m);
            scatter += part + at::outer(delta, delta) * (static_cast<double>(n) * static_cast<double>(m) / all);
            mean += delta * (static_cast<double>(m) / all);
        }
        n += m;
    }
};

} // namespace

Components leading_components(const at::Tensor& matrix, int count) {
    if (!at::isfinite(matrix).all().item<bool>()) {
        fail("The model holds weights that are no numbers (NaN or infinite), so it has no directions.");
    }
    const auto [values, vectors] = at::linalg_eigh(matrix); // ascending, one vector a column
    const std::int64_t kept = std::clamp<std::int64_t>(count, 0, values.size(0));
    Components result{vectors.t().flip(0).slice(0, 0, kept).contiguous(),
                      values.flip(0).slice(0, 0, kept).clamp_min(0).contiguous()};
    fix_signs(result.vectors);
    return result;
}

Components sefa(const model::Generator& generator, int first, int last, int count) {
    const at::NoGradGuard no_grad;
    const std::vector<at::Tensor> weights = affine_weights(generator.synthesis, first, last);
    if (weights.empty()) {
        fail("There are no w layers from {} to before {}; this model has the layers 0 to {}.", first, last,
             generator.config.mapping.num_ws - 1);
    }
    const at::Tensor rows = at::cat(weights);
    const at::Tensor lengths = rows.norm(2, 1, true);
    const at::Tensor a = rows / at::where(lengths == 0, at::ones_like(lengths), lengths);
    return leading_components(a.t().mm(a), count);
}

std::optional<Components> pca(const model::Generator& generator, int samples, std::uint32_t seed, int count,
                              const std::function<void(std::int64_t, std::int64_t)>& progress, std::stop_token stop) {
    if (samples < 2) {
        fail("Principal components need at least 2 samples; {} were asked for.", samples);
    }
    const at::NoGradGuard no_grad;
    Sampler sampler(generator, seed);
    Moments moments;
    while (moments.n < samples) {
        if (stop.stop_requested()) {
            return std::nullopt;
        }
        const auto part = std::min<std::int64_t>(batch, samples - moments.n);
        moments.add(sampler.next(part));
        if (progress) {
            progress(moments.n, samples);
        }
    }
    return leading_components(moments.scatter / static_cast<double>(samples - 1), count);
}

} // namespace atelier
