// SPDX-License-Identifier: Apache-2.0
// The directions of a loaded model as plain values, and the files that PCA's are kept in. No torch here.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "base/direction_values.h"
#include "engine/loaded_model.h"

namespace atelier {

// See latent/directions.h. SeFa takes some 50 ms, PCA seconds. Throw Error for requests out of range. The rest of a
// request of the other method doesn't count.
DirectionSet sefa_directions(const LoadedModel& model, const DirectionRequest& request);
// Empty when stopped. progress(done, samples). Reads and writes the request's folder, if it has one: what is kept there
// for the same weights, samples and seed is used if it has as many directions as are asked for. Models in memory, as
// in training, leave no files. A file that can't be written is a warning in the log.
std::optional<DirectionSet> pca_directions(const LoadedModel& model, const DirectionRequest& request,
                                           const std::function<void(std::int64_t, std::int64_t)>& progress = {},
                                           std::stop_token stop = {});

// <folder>/<hash>-<method>.safetensors: vectors [N,w_dim] and eigenvalues [N] float64, the rest as metadata. Atomic;
// makes the folder. Throws Error when it can't be written.
void save_directions(const std::filesystem::path& folder, const DirectionSet& set);
// Empty if there is no such file; and with a warning in the log if it is damaged or of another model.
std::optional<DirectionSet> load_directions(const std::filesystem::path& folder, const std::string& hash,
                                            DirectionMethod method = DirectionMethod::pca);

} // namespace atelier
