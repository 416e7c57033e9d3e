// SPDX-License-Identifier: Apache-2.0
#include "latent/class_fit.h"

#include <algorithm>

#include <fmt/format.h>

namespace atelier {
namespace {

class ClassFit {
public:
    explicit ClassFit(int c_dim) : c_dim_(c_dim) {}

    // lowest: 0, or -1 where that means the picture's class.
    void fit(int& class_index, ExplicitRef& label, int lowest) {
        const int fitted = std::clamp(class_index, lowest, c_dim_ - 1);
        if (label && label->values.size() != static_cast<std::size_t>(c_dim_)) {
            tell(fmt::format("A label of {} numbers is asked for, and those of the model have {}; class {} is shown in "
                             "its place.",
                             label->values.size(), c_dim_, std::max(fitted, 0)));
            label = {};
            class_index = std::max(fitted, 0);
        } else if (fitted != class_index) {
            tell(fmt::format("Class {} is asked for, and the model has the classes 0 to {}; class {} is shown in its "
                             "place.",
                             class_index, c_dim_ - 1, std::max(fitted, 0)));
            class_index = fitted;
        }
    }
    void fit(LatentBlend& blend) {
        for (LatentTerm& term : blend) {
            fit(term.class_index, term.label, -1);
        }
    }
    const std::string& said() const { return said_; }

private:
    void tell(std::string sentence) {
        if (said_.empty()) {
            said_ = std::move(sentence);
        }
    }

    int c_dim_;
    std::string said_;
};

} // namespace

std::string fit_classes(RenderParams& params, int c_dim) {
    if (c_dim <= 0) {
        return {};
    }
    ClassFit classes(c_dim);
    classes.fit(params.class_index, params.label, 0);
    for (LatentBlend& place : params.walk.latents) {
        classes.fit(place);
    }
    classes.fit(params.explore.home);
    classes.fit(params.glide_from);
    for (LayerMix& layer : params.mix) {
        classes.fit(layer.source);
    }
    return classes.said();
}

} // namespace atelier
