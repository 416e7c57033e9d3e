// SPDX-License-Identifier: Apache-2.0
#include "metrics/distances.h"

#include <algorithm>
#include <numeric>
#include <random>

#include <ATen/ATen.h>

#include "base/error.h"

namespace atelier::metrics {
namespace {

constexpr std::int64_t rows_at_once = 1024; // of a matrix of distances

at::Tensor as_double(const at::Tensor& features) {
    if (features.dim() != 2 || features.size(0) < 1 || features.size(1) < 1) {
        fail("Features have to be a matrix with a row for each picture.");
    }
    return features.to(at::kCPU, at::kDouble);
}

void check_alike(const at::Tensor& a, const at::Tensor& b) {
    if (a.size(1) != b.size(1)) {
        fail("Features of {} and of {} numbers can't be compared.", a.size(1), b.size(1));
    }
}

// Of a symmetric matrix without negative eigenvalues but for rounding.
at::Tensor square_root(const at::Tensor& matrix) {
    const auto [values, vectors] = at::linalg_eigh(matrix);
    return at::matmul(vectors * values.clamp_min(0).sqrt(), vectors.t());
}

at::Tensor kernel(const at::Tensor& a, const at::Tensor& b) {
    return (at::matmul(a, b.t()) / static_cast<double>(a.size(1)) + 1).pow(3);
}

// Of pairs of different rows, each counted twice.
double sum_of_pairs(const at::Tensor& rows) {
    const at::Tensor k = kernel(rows, rows);
    return (k.sum() - k.diagonal().sum()).item<double>();
}

// Squared, [rows of a, rows of b].
at::Tensor distances(const at::Tensor& a, const at::Tensor& b) {
    return (a.square().sum(1, true) + b.square().sum(1) - 2 * at::matmul(a, b.t())).clamp_min(0);
}

// The squared distance from each row to its n-th neighbour among the others. [N]
at::Tensor reaches(const at::Tensor& rows, int n) {
    std::vector<at::Tensor> parts;
    for (const at::Tensor& part : rows.split(rows_at_once)) {
        parts.push_back(std::get<0>(distances(part, rows).kthvalue(n + 1, 1))); // itself is the nearest
    }
    return at::cat(parts);
}

double share_among(const at::Tensor& some, const at::Tensor& others, int neighbours) {
    const at::Tensor reach = reaches(others, neighbours);
    std::int64_t inside = 0;
    for (const at::Tensor& part : some.split(rows_at_once)) {
        inside += (distances(part, others) <= reach).any(1).sum().item<std::int64_t>();
    }
    return static_cast<double>(inside) / static_cast<double>(some.size(0));
}

} // namespace

Moments moments_of(const at::Tensor& features) {
    const at::Tensor rows = as_double(features);
    Moments moments{rows.mean(0), {}};
    const at::Tensor centred = rows - moments.mean;
    moments.covariance = at::matmul(centred.t(), centred) / static_cast<double>(rows.size(0));
    return moments;
}

double frechet_distance(const Moments& a, const Moments& b) {
    if (a.mean.size(0) != b.mean.size(0)) {
        fail("Features of {} and of {} numbers can't be compared.", a.mean.size(0), b.mean.size(0));
    }
    // The eigenvalues of C1 C2 are those of the symmetric C1^(1/2) C2 C1^(1/2).
    const at::Tensor root = square_root(a.covariance);
    const at::Tensor product = at::matmul(at::matmul(root, b.covariance), root);
    const at::Tensor values = at::linalg_eigvalsh((product + product.t()) / 2).clamp_min(0);
    const at::Tensor distance =
        (a.mean - b.mean).square().sum() + a.covariance.trace() + b.covariance.trace() - 2 * values.sqrt().sum();
    return std::max(0.0, distance.item<double>());
}

double kernel_distance(const at::Tensor& a, const at::Tensor& b, const at::Tensor& subsets_a,
                       const at::Tensor& subsets_b) {
    const at::Tensor x = as_double(a), y = as_double(b);
    check_alike(x, y);
    if (subsets_a.dim() != 2 || subsets_a.sizes() != subsets_b.sizes() || subsets_a.size(0) < 1 ||
        subsets_a.size(1) < 2) {
        fail("Subsets have to be as many on both sides, of two pictures at least.");
    }
    const auto m = static_cast<double>(subsets_a.size(1));
    double sum = 0;
    for (std::int64_t i = 0; i < subsets_a.size(0); ++i) {
        const at::Tensor some = x.index_select(0, subsets_a[i]), others = y.index_select(0, subsets_b[i]);
        sum += (sum_of_pairs(some) + sum_of_pairs(others)) / (m * (m - 1)) -
               2 * kernel(some, others).mean().item<double>();
    }
    return sum / static_cast<double>(subsets_a.size(0));
}

at::Tensor drawn_subsets(std::int64_t count, std::int64_t size, std::int64_t subsets, std::uint32_t seed) {
    std::mt19937 random(seed);
    std::vector<std::int64_t> all(static_cast<std::size_t>(count));
    std::iota(all.begin(), all.end(), 0);
    at::Tensor drawn = at::empty({subsets, size}, at::kLong);
    for (std::int64_t i = 0; i < subsets; ++i) {
        // The first `size` of a Fisher-Yates shuffle; std::shuffle differs between libraries.
        for (std::int64_t j = 0; j < size; ++j) {
            const auto left = static_cast<std::uint64_t>(count - j);
            std::swap(all[static_cast<std::size_t>(j)], all[static_cast<std::size_t>(j) + (random() * left >> 32U)]);
            drawn[i][j] = all[static_cast<std::size_t>(j)];
        }
    }
    return drawn;
}

PrecisionRecall precision_recall(const at::Tensor& real, const at::Tensor& made, int neighbours) {
    const at::Tensor x = as_double(real), y = as_double(made);
    check_alike(x, y);
    if (neighbours < 1 || std::min(x.size(0), y.size(0)) <= neighbours) {
        fail("Precision and recall need more than {} pictures on both sides; there are {} and {}.", neighbours,
             x.size(0), y.size(0));
    }
    return {share_among(y, x, neighbours), share_among(x, y, neighbours)};
}

InceptionScore inception_score(const at::Tensor& probabilities, int splits) {
    const at::Tensor rows = as_double(probabilities);
    if (splits < 1 || rows.size(0) < splits) {
        fail("{} pictures can't be cut into {} parts.", rows.size(0), splits);
    }
    std::vector<double> scores;
    for (int i = 0; i < splits; ++i) {
        const at::Tensor part = rows.slice(0, i * rows.size(0) / splits, (i + 1) * rows.size(0) / splits);
        const at::Tensor divergence = (part * (part.log() - part.mean(0, true).log())).sum(1);
        scores.push_back(divergence.mean().exp().item<double>());
    }
    const at::Tensor all = at::tensor(scores, at::kDouble);
    return {all.mean().item<double>(), all.std(false).item<double>()};
}

} // namespace atelier::metrics
