// SPDX-License-Identifier: Apache-2.0
// Networks for other labels than they were made with: what stays, what is new, and that this is said.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "train/grid.h"
#include "train/relabel.h"

namespace {

using namespace atelier;
using namespace atelier::train;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int z_dim = 12;

Networks networks_with(int c_dim) {
    model::GeneratorConfig g;
    g.mapping.z_dim = z_dim;
    g.mapping.w_dim = g.synthesis.w_dim = 16;
    g.mapping.c_dim = c_dim;
    g.mapping.num_layers = 2;
    g.mapping.num_ws = 4;
    g.synthesis.img_resolution = 8;
    g.synthesis.channels = {64, 8, {}};
    model::DiscriminatorConfig d;
    d.c_dim = c_dim;
    d.img_resolution = 8;
    d.channels = {64, 8, {}};
    return fresh_networks(g, d, 3, at::kCPU);
}

at::Tensor one_hot(int count, int index, int c_dim) {
    at::Tensor labels = at::zeros({count, c_dim});
    labels.select(1, index).fill_(1);
    return labels;
}

at::Tensor pictures(const model::Generator& g, const at::Tensor& labels = {}) {
    return made_by_seeds(g, 0, 4, labels);
}

TEST(Relabel, FittingLabelsChangeNothing) {
    std::vector<std::string> notes;
    const Networks before = networks_with(3);
    const Networks after = with_labels(networks_with(3), 3, 1, notes);
    EXPECT_THAT(notes, IsEmpty());
    EXPECT_TRUE(at::equal(pictures(before.g, one_hot(4, 1, 3)), pictures(after.g, one_hot(4, 1, 3))));
}

TEST(Relabel, AModelWithoutClassesGetsSomeAndShowsTheSameAtFirst) {
    std::vector<std::string> notes;
    const at::Tensor before = pictures(networks_with(0).g_ema);
    const Networks after = with_labels(networks_with(0), 3, 1, notes);
    EXPECT_EQ(after.g.config.mapping.c_dim, 3);
    EXPECT_EQ(after.d.config.c_dim, 3);
    for (int index = 0; index < 3; ++index) {
        const at::Tensor now = pictures(after.g_ema, one_hot(4, index, 3));
        EXPECT_TRUE(at::allclose(now, before, 1e-4, 1e-5)) << (now - before).abs().max().item<double>();
    }
    ASSERT_THAT(notes, SizeIs(1));
    EXPECT_THAT(notes[0], AllOf(HasSubstr("made without labels and the training set is used with 3 classes"),
                                HasSubstr("the discriminator's last layer is new")));
    // And it can learn: the label's weights into the mapping network have a gradient.
    const model::Generator& g = after.g;
    for (const model::Parameter& each : g.parameters.all()) {
        each.value.set_requires_grad(!each.buffer);
    }
    const at::Tensor w = g.mapping.forward(at::randn({4, z_dim}), one_hot(4, 1, 3));
    w.sum().backward();
    const at::Tensor grad = g.parameters.find("mapping.fc0.weight")->grad();
    EXPECT_GT(grad.slice(1, z_dim).abs().sum().item<double>(), 0);
}

TEST(Relabel, AnotherNumberOfClassesIsANewEmbeddingAlone) {
    std::vector<std::string> notes;
    const Networks before = networks_with(5), after = with_labels(networks_with(5), 3, 1, notes);
    EXPECT_EQ(after.g.config.mapping.c_dim, 3);
    std::size_t same = 0, fresh = 0;
    for (const auto& [old, made] :
         {std::pair{&before.g.parameters, &after.g.parameters}, std::pair{&before.d.parameters, &after.d.parameters}}) {
        for (const model::Parameter& each : made->all()) {
            const bool kept =
                old->find(each.name)->sizes() == each.value.sizes() && at::equal(*old->find(each.name), each.value);
            EXPECT_EQ(kept, each.name != "mapping.embed.weight") << each.name;
            ++(kept ? same : fresh);
        }
    }
    EXPECT_EQ(fresh, 2U) << "of both networks";
    EXPECT_GT(same, 40U);
    ASSERT_THAT(notes, SizeIs(1));
    EXPECT_THAT(notes[0],
                HasSubstr("made with 5 classes and the training set is used with 3 classes, so a new embedding"));
    // G and its average begin with the same embedding.
    EXPECT_TRUE(at::equal(*after.g.parameters.find("mapping.embed.weight"),
                          *after.g_ema.parameters.find("mapping.embed.weight")));
}

TEST(Relabel, WithoutClassesTheEmbeddingIsLeftOut) {
    std::vector<std::string> notes;
    const Networks after = with_labels(networks_with(5), 0, 1, notes);
    EXPECT_EQ(after.g.config.mapping.c_dim, 0);
    EXPECT_EQ(after.g.parameters.find("mapping.embed.weight"), nullptr);
    EXPECT_EQ(after.g.parameters.find("mapping.fc0.weight")->size(1), z_dim);
    EXPECT_EQ(pictures(after.g).size(0), 4);
    const at::Tensor logits = after.d.forward(at::zeros({4, 3, 8, 8}), at::zeros({4, 0}));
    EXPECT_EQ(logits.size(0), 4);
    EXPECT_THAT(notes[0], HasSubstr("used without labels, so the embedding of its labels is left out"));
}

} // namespace
