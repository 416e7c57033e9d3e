// SPDX-License-Identifier: Apache-2.0
// Directions in W as plain values: what is asked for, what comes back, how far it is. No torch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/render_params.h"

namespace atelier {

enum class DirectionMethod { sefa, pca };

inline const char* method_name(DirectionMethod method) {
    return method == DirectionMethod::sefa ? "sefa" : "pca";
}

struct DirectionRequest {
    DirectionMethod method = DirectionMethod::sefa;
    int count = 20;         // 1 up; never more than w_dim come back
    int first = 0;          // SeFa: w layers [first, last) whose weights decide
    int last = 1 << 20;     // beyond the model's: all
    int samples = 20000;    // PCA: 2 up
    std::uint32_t seed = 0; // PCA
    // Where PCA's results are kept from run to run, one file for each model; empty: nowhere.
    std::filesystem::path folder;
    bool operator==(const DirectionRequest&) const = default;
};

struct DirectionSet {
    std::string method; // "sefa" or "pca"
    int first = 0;      // SeFa: the w layers [first, last) it was made of; PCA: all of the model's
    int last = 0;
    int samples = 0; // PCA
    std::uint32_t seed = 0;
    std::vector<ExplicitRef> vectors; // w_dim numbers each, of length 1, the strongest first
    std::vector<float> sigma;         // one step along each: PCA's standard deviation of w; 1 for SeFa
    std::vector<double> eigenvalues;
    std::string model_hash; // content_hash of the model
    bool operator==(const DirectionSet&) const = default;
};

enum class DirectionState { idle, working, ready, failed };

struct DirectionStatus {
    DirectionState state = DirectionState::idle; // of the newest request
    std::int64_t done = 0, total = 0;            // samples, while PCA works
    double seconds_left = -1;                    // negative: unknown
    std::string message;                         // failed: why, in one sentence
    std::optional<DirectionSet> result;          // handed out once
};

} // namespace atelier
