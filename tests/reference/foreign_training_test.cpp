// SPDX-License-Identifier: Apache-2.0
// Training starts from another program's file with its own discriminator.
#include "io/checkpoint.h"
#include "reference/golden.h"
#include "train/networks.h"

namespace {

using namespace atelier;
using namespace atelier::test;

std::string current_case;

TEST(ForeignTraining, StartsWithTheFilesOwnDiscriminator) {
    const at::NoGradGuard no_grad;
    const model::DiscriminatorConfig usual; // of a new one, which none of these needs
    std::size_t count = 0;
    for (const char* family : {"tf", "rosinality"}) {
        std::error_code none;
        for (const auto& entry : std::filesystem::directory_iterator(formats_dir() / family, none)) {
            const auto path = entry.path() / (std::string_view(family) == "tf" ? "network.pkl" : "checkpoint.pt");
            const Golden acts(entry.path() / "acts.safetensors");
            if (!acts.has("D/logits_real")) {
                continue;
            }
            current_case = entry.path().filename();
            std::vector<std::string> said;
            const train::Networks networks =
                train::networks_from(io::read_checkpoint(path), path, usual, 0, 0, c10::Device(c10::kCPU), said);
            EXPECT_EQ(said, std::vector<std::string>()) << current_case;
            model::DiscriminatorOptions options;
            options.force_fp32 = true;
            const at::Tensor c = acts.has("c") ? acts.at("c") : at::Tensor();
            EXPECT_CLOSE(networks.d.forward(acts.at("real"), c, options), acts.at("D/logits_real"), 1e-4);
            const auto weights = train::trainable(networks.g, 0);
            EXPECT_GT(weights.size(), 0U);
            for (const at::Tensor& weight : weights) {
                EXPECT_TRUE(weight.isfinite().all().item<bool>());
            }
            ++count;
        }
    }
    if (count == 0) {
        GTEST_SKIP() << "no models in " << formats_dir();
    }
    report_cases("foreign models to train on", count);
}

} // namespace
