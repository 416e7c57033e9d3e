// SPDX-License-Identifier: Apache-2.0
#include "train/relabel.h"

#include <cmath>

#include <ATen/ATen.h>
#include <fmt/format.h>

namespace atelier::train {
namespace {

// What an embedding learns is of its labels alone.
bool is_embedding(const std::string& name) {
    return name.starts_with("mapping.embed.");
}

// The first layer takes z and, with labels, their embedding behind it. Weights are multiplied by 1 / sqrt(inputs) when
// they are used, so that what is kept has to grow or shrink with these.
at::Tensor fitted_inputs(const at::Tensor& before, at::IntArrayRef shape, std::int64_t kept) {
    at::Tensor after = at::zeros(shape, before.options());
    const double scale = std::sqrt(static_cast<double>(shape[1]) / static_cast<double>(before.size(1)));
    after.slice(1, 0, kept).copy_(before.slice(1, 0, kept) * scale);
    return after;
}

// `kept`: inputs of the first layer of the mapping network that are none of the embedding's.
model::TensorSource taken_over(const model::Parameters& parameters, std::int64_t kept, c10::Device device) {
    return [&parameters, kept, device, fresh = model::random_source()](const std::string& name, at::IntArrayRef shape,
                                                                       bool buffer, const model::Init& init) {
        const at::Tensor* before = parameters.find(name);
        if (before != nullptr && before->sizes() == shape && !is_embedding(name)) {
            return model::Parameter{name, before->detach().to(device, at::kFloat).clone(), buffer};
        }
        if (before != nullptr && name == "mapping.fc0.weight" && before->dim() == 2 && before->size(0) == shape[0] &&
            kept > 0) {
            return model::Parameter{name, fitted_inputs(before->detach().to(device, at::kFloat), shape, kept), buffer};
        }
        model::Parameter made = fresh(name, shape, buffer, init);
        made.value = made.value.to(device);
        return made;
    };
}

model::Generator relabelled(const model::Generator& generator, int label_dim, c10::Device device) {
    model::GeneratorConfig config = generator.config;
    config.mapping.c_dim = label_dim;
    return {config, taken_over(generator.parameters, config.mapping.z_dim, device)};
}

model::Discriminator relabelled(const model::Discriminator& discriminator, int label_dim, c10::Device device) {
    model::DiscriminatorConfig config = discriminator.config;
    if ((config.c_dim == 0) != (label_dim == 0)) {
        config.cmap_dim = -1; // as it is made for a new run
    }
    config.c_dim = label_dim;
    return {config, taken_over(discriminator.parameters, 0, device)};
}

std::string described(int label_dim) {
    return label_dim == 0 ? "without labels"
                          : fmt::format("with {}", label_dim == 1 ? "1 class" : fmt::format("{} classes", label_dim));
}

} // namespace

Networks with_labels(Networks networks, int label_dim, std::uint64_t seed, std::vector<std::string>& notes) {
    const int of_g = networks.g.config.mapping.c_dim, of_d = networks.d.config.c_dim;
    if (of_g == label_dim && of_d == label_dim) {
        return networks;
    }
    const c10::Device device = networks.g.parameters.device();
    const auto generator = [&](const model::Generator& g) {
        at::manual_seed(seed); // G and its average begin with the same embedding
        return g.config.mapping.c_dim == label_dim ? copy_of(g, device) : relabelled(g, label_dim, device);
    };
    const auto discriminator = [&](const model::Discriminator& d) {
        return d.config.c_dim == label_dim ? copy_of(d, device) : relabelled(d, label_dim, device);
    };
    const char* what = label_dim == 0 ? "so the embedding of its labels is left out"
                       : of_g == 0 ? "so an embedding of them is made, and its pictures are the same for all at first"
                                   : "so a new embedding of them is made, to be learnt from the beginning";
    const bool head = (of_d == 0) != (label_dim == 0);
    notes.push_back(fmt::format("The model was made {} and the training set is used {}, {}{}; everything else "
                                "is taken over.",
                                described(of_g), described(label_dim), what,
                                head ? ", and the discriminator's last layer is new" : ""));
    return {generator(networks.g), generator(networks.g_ema), discriminator(networks.d)};
}

} // namespace atelier::train
