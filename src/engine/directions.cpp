// SPDX-License-Identifier: Apache-2.0
#include "engine/directions.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/error.h"
#include "base/log.h"
#include "engine/content_hash.h"
#include "engine/weights.h"
#include "io/safetensors.h"
#include "latent/directions.h"

namespace atelier {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t largest_dim = 1 << 16;
constexpr int most_samples = 10'000'000;

void check_count(const DirectionRequest& request) {
    if (request.count < 1) {
        fail("{} directions were asked for; at least 1 makes sense.", request.count);
    }
}

DirectionSet set_of(const char* method, const at::Tensor& vectors, const at::Tensor& eigenvalues) {
    DirectionSet set;
    set.method = method;
    const at::Tensor rows = vectors.to(at::kFloat).contiguous();
    const at::Tensor values = eigenvalues.to(at::kDouble).contiguous();
    const bool one = set.method == "sefa";
    const std::int64_t dim = rows.size(1);
    for (std::int64_t i = 0; i < rows.size(0); ++i) {
        ExplicitLatent vector;
        const float* row = rows.data_ptr<float>() + i * dim;
        vector.values.assign(row, row + dim);
        set.vectors.push_back({std::make_shared<const ExplicitLatent>(std::move(vector))});
        set.eigenvalues.push_back(values.data_ptr<double>()[i]);
        set.sigma.push_back(one ? 1.0F : static_cast<float>(std::sqrt(set.eigenvalues.back())));
    }
    return set;
}

fs::path file_of(const fs::path& folder, const std::string& hash, const std::string& method) {
    return folder / fmt::format("{}-{}.safetensors", hash, method);
}

template <typename Number> Number number_of(const io::Safetensors& file, const char* key) {
    Number value = 0;
    const auto found = file.metadata.find(key);
    const std::string text = found == file.metadata.end() ? "" : found->second;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc() || end != text.data() + text.size()) {
        fail("its entry {} is no number", key);
    }
    return value;
}

DirectionSet checked(const io::Safetensors& file, const std::string& hash, const char* method) {
    const at::Tensor* vectors = file.find("vectors");
    const at::Tensor* values = file.find("eigenvalues");
    if (vectors == nullptr || vectors->dim() != 2 || vectors->scalar_type() != at::kFloat || vectors->size(0) < 1 ||
        vectors->size(0) > vectors->size(1) || vectors->size(1) > largest_dim) {
        fail("it holds no vectors [N,w_dim] of float32");
    }
    if (values == nullptr || values->dim() != 1 || values->scalar_type() != at::kDouble ||
        values->size(0) != vectors->size(0)) {
        fail("it holds no eigenvalues [N] of float64");
    }
    const bool good = (vectors->norm(2, 1) - 1).abs().le(1e-3).all().item<bool>() &&
                      at::isfinite(*values).all().item<bool>() && values->ge(0).all().item<bool>();
    if (!good) {
        fail("its vectors are not of length 1, or an eigenvalue is no positive number");
    }
    const auto text = [&](const char* key) {
        const auto found = file.metadata.find(key);
        return found == file.metadata.end() ? std::string() : found->second;
    };
    if (text("model") != hash || text("method") != method) {
        fail("it says that it belongs to another model or method");
    }
    DirectionSet set = set_of(method, *vectors, *values);
    set.first = number_of<int>(file, "first");
    set.last = number_of<int>(file, "last");
    set.samples = number_of<int>(file, "samples");
    set.seed = number_of<std::uint32_t>(file, "seed");
    set.model_hash = hash;
    return set;
}

std::optional<DirectionSet> kept(const LoadedModel& model, const DirectionRequest& request, const std::string& hash) {
    auto set = load_directions(request.folder, hash);
    const auto dim = static_cast<std::size_t>(model.info().w_dim);
    const auto count = std::min(static_cast<std::size_t>(request.count), dim);
    if (!set || set->samples != request.samples || set->seed != request.seed || set->vectors.size() < count ||
        set->vectors.front()->values.size() != dim) {
        return std::nullopt;
    }
    set->vectors.resize(count);
    set->eigenvalues.resize(count);
    set->sigma.resize(count);
    return set;
}

} // namespace

DirectionSet sefa_directions(const LoadedModel& model, const DirectionRequest& request) {
    check_count(request);
    const at::NoGradGuard no_grad;
    const Components found = sefa(model.weights().generator, request.first, request.last, request.count);
    DirectionSet set = set_of("sefa", found.vectors, found.values);
    set.first = std::max(request.first, 0);
    set.last = std::min(request.last, model.info().num_ws);
    set.model_hash = content_hash(model);
    return set;
}

std::optional<DirectionSet> pca_directions(const LoadedModel& model, const DirectionRequest& request,
                                           const std::function<void(std::int64_t, std::int64_t)>& progress,
                                           std::stop_token stop) {
    check_count(request);
    if (request.samples < 2 || request.samples > most_samples) {
        fail("{} samples were asked for; 2 to {} make sense.", request.samples, most_samples);
    }
    const at::NoGradGuard no_grad;
    const std::string hash = content_hash(model);
    const bool keep = !request.folder.empty() && !model.info().path.empty();
    if (keep) {
        if (auto set = kept(model, request, hash)) {
            return set;
        }
    }
    const auto found =
        pca(model.weights().generator, request.samples, request.seed, request.count, progress, std::move(stop));
    if (!found) {
        return std::nullopt;
    }
    DirectionSet set = set_of("pca", found->vectors, found->values);
    set.last = model.info().num_ws;
    set.samples = request.samples;
    set.seed = request.seed;
    set.model_hash = hash;
    if (keep) {
        try {
            save_directions(request.folder, set);
        } catch (const std::exception& error) {
            log_warning("The directions can't be kept: {}", message_of(error));
        }
    }
    return set;
}

void save_directions(const fs::path& folder, const DirectionSet& set) {
    const fs::path path = file_of(folder, set.model_hash, set.method);
    if (set.vectors.empty() || set.eigenvalues.size() != set.vectors.size()) {
        fail("{}: can't be written: there are no directions to keep", path.string());
    }
    std::vector<float> numbers;
    for (const ExplicitRef& vector : set.vectors) {
        numbers.insert(numbers.end(), vector->values.begin(), vector->values.end());
    }
    const auto count = static_cast<std::int64_t>(set.vectors.size());
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (problem) {
        fail("{}: the folder can't be made ({})", folder.string(), problem.message());
    }
    io::write_safetensors(path,
                          {{"vectors", at::tensor(numbers, at::kFloat).view({count, -1})},
                           {"eigenvalues", at::tensor(at::ArrayRef<double>(set.eigenvalues), at::kDouble)}},
                          {{"model", set.model_hash},
                           {"method", set.method},
                           {"first", std::to_string(set.first)},
                           {"last", std::to_string(set.last)},
                           {"samples", std::to_string(set.samples)},
                           {"seed", std::to_string(set.seed)}});
}

std::optional<DirectionSet> load_directions(const fs::path& folder, const std::string& hash, DirectionMethod method) {
    const fs::path path = file_of(folder, hash, method_name(method));
    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
        return std::nullopt;
    }
    try {
        return checked(io::read_safetensors(path), hash, method_name(method));
    } catch (const std::exception& error) {
        const std::string text = message_of(error);
        const bool named = text.starts_with(path.string());
        log_warning("Directions kept from before are not used: {}{}{}", named ? "" : path.string(), named ? "" : ": ",
                    text);
        return std::nullopt;
    }
}

} // namespace atelier
