// SPDX-License-Identifier: Apache-2.0
#include "engine/content_hash.h"

#include <fmt/ranges.h>

#include "base/sha256.h"
#include "engine/weights.h"

namespace atelier {
namespace {

std::string hash_of(const model::Parameters& parameters) {
    const at::NoGradGuard no_grad;
    Sha256 hash;
    for (const model::Parameter& parameter : parameters.all()) {
        const at::Tensor plain = parameter.value.to(at::kCPU, at::kFloat).contiguous();
        hash.add(fmt::format("{} [{}]\n", parameter.name, fmt::join(plain.sizes(), ",")));
        hash.add(plain.data_ptr(), static_cast<std::size_t>(plain.numel()) * sizeof(float));
    }
    return hash.finish();
}

} // namespace

std::string content_hash(const LoadedModel& model) {
    std::call_once(model.hashed_, [&] { model.hash_ = hash_of(model.weights().generator.parameters); });
    return model.hash_;
}

} // namespace atelier
