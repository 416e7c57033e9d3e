// SPDX-License-Identifier: Apache-2.0
// Loss: gradients of the four training phases (StyleGAN2, 1912.04958, sections 3.2 and B; ADA, 2006.06676, fig. 2).
#pragma once

#include <functional>
#include <string>

#include "base/render_params.h"
#include "model/discriminator.h"
#include "model/synthesis.h"
#include "train/augment.h"
#include "train/random.h"
#include "train/statistics.h"

namespace atelier::train {

struct LossOptions {
    double style_mixing_prob = 0.9; // 0: never
    double r1_gamma = 10;
    int pl_batch_shrink = 2; // path length uses N / shrink pictures
    double pl_decay = 0.01;
    double pl_weight = 2; // 0: no path length regularisation
    NoiseMode noise = NoiseMode::random;
    bool force_fp32 = true;
    at::ScalarType half = at::kHalf; // of the fp16 resolutions otherwise
    bool channels_last = false;      // memory format of the activations
};

// One round's share of a phase.
struct LossInput {
    at::Tensor real_img; // [N,C,H,W] float32, -1..1
    at::Tensor real_c;   // [N,c_dim]
    at::Tensor gen_z;    // [N,z_dim]
    at::Tensor gen_c;    // [N,c_dim]
};

class Loss {
public:
    // The networks are used, not owned. pipe may be null: no augmentation.
    Loss(model::Generator& generator, model::Discriminator& discriminator, const AugmentPipe* pipe,
         const LossOptions& options);

    // Strength and, in tests, the fixed percentile of the augmentation.
    double p = 0;
    std::optional<double> debug_percentile;

    // Non-saturating logistic loss -log sigmoid(D(G(z))), mean times gain.
    void generator_main(const LossInput& in, double gain, Random& random, Statistics& report);
    // Path length regularisation (1912.04958, eq. 4): (|J_w^T y| - a)^2 with the moving average a = pl_mean.
    void generator_regularize(const LossInput& in, double gain, Random& random, Statistics& report);
    // Logistic loss of D on fakes and reals (main), and R1 (1801.04406, eq. 9) on the reals before their augmentation
    // (r1). With both the reals pass D once; without R1 fakes and reals pass D together on the CPU, where that is
    // exact.
    void discriminator(const LossInput& in, double gain, bool main, bool r1, Random& random, Statistics& report);

    at::Tensor pl_mean; // scalar float32
    // The mean over all ranks of a number that each has of its own pictures; empty: there is one rank. The public code
    // keeps a pl_mean on each rank, of its own pictures, and saves the first one's; here it is that of the whole batch,
    // as one process has it, and so is the gradient that passes through it.
    std::function<double(double mine)> over_ranks;

    // Told every intermediate result by name; for tests.
    std::function<void(const std::string& name, const at::Tensor& value)> probe;
    // Keeps what D saw last of the reals, at most that many pictures; 0: nothing.
    int keep_augmented = 0;
    at::Tensor last_augmented;

private:
    struct Generated {
        at::Tensor img, ws;
    };
    Generated run_generator(const at::Tensor& z, const at::Tensor& c, Random& random);
    struct Judged {
        at::Tensor fake, real; // logits [N,1]
    };
    at::Tensor augmented(const at::Tensor& img, Random& random, bool real);
    at::Tensor judge(const at::Tensor& seen, const at::Tensor& c);
    at::Tensor run_discriminator(const at::Tensor& img, const at::Tensor& c, Random& random, bool real = false) {
        return judge(augmented(img, random, real), c);
    }
    bool can_judge_together(const at::Tensor& fake, const at::Tensor& real) const;
    Judged judge_together(const at::Tensor& fake, const at::Tensor& fake_c, const at::Tensor& real,
                          const at::Tensor& real_c, Random& random);
    at::Tensor main_loss(const at::Tensor& fake, const at::Tensor& real, Statistics& report);
    void tell(const char* name, const at::Tensor& value) const;

    model::Generator& generator_;
    model::Discriminator& discriminator_;
    const AugmentPipe* pipe_;
    LossOptions options_;
};

} // namespace atelier::train
