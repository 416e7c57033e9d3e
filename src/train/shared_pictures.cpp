// SPDX-License-Identifier: Apache-2.0
#include "train/shared_pictures.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "train/grid.h"
#include "train/guard.h"

namespace atelier::train {
namespace {

// What each rank has made, at the first, in the order of ranks; those that made nothing are left out. All ranks learn
// of one that can't before anybody waits for it.
std::vector<at::Tensor> gathered(Ranks& ranks, const std::function<at::Tensor()>& make) {
    Agreement agreement(ranks);
    at::Tensor mine;
    try {
        mine = make();
    } catch (const std::exception& error) {
        agreement.failed(message_of(error));
    }
    agreement.sum({});
    std::string bytes;
    if (mine.defined()) {
        mine = mine.to(at::kCPU).contiguous();
        bytes.assign(static_cast<const char*>(mine.const_data_ptr()), mine.nbytes());
    }
    std::vector<at::Tensor> all;
    for (const std::string& one : ranks.gather_at_first(bytes)) {
        if (one.empty()) {
            continue;
        }
        // The first rank has always made something, of the same kind.
        std::vector<std::int64_t> shape = mine.sizes().vec();
        shape.front() = static_cast<std::int64_t>(one.size()) / static_cast<std::int64_t>(mine[0].nbytes());
        all.push_back(at::empty(shape, mine.options()));
        std::memcpy(all.back().mutable_data_ptr(), one.data(), one.size());
    }
    return all;
}

} // namespace

at::Tensor seed_pictures(const model::Generator& generator, int count, const at::Tensor& labels, Ranks& ranks) {
    const int size = ranks.size();
    const int round = std::clamp((count + size - 1) / size, 1, pictures_at_once);
    std::vector<at::Tensor> all;
    for (int begin = 0; begin < count; begin += round * size) {
        const int first = begin + round * ranks.rank(), n = std::min(round, count - first);
        const std::vector<at::Tensor> made = gathered(ranks, [&] {
            return n > 0 ? to_bytes(made_by_seeds(generator, first, n,
                                                  labels.defined() ? labels.slice(0, first, first + n) : labels))
                         : at::Tensor();
        });
        all.insert(all.end(), made.begin(), made.end());
    }
    return ranks.first() ? at::cat(all) : at::Tensor();
}

double diversity_of(const model::Generator& generator, Ranks& ranks) {
    const int share = (diverse_seeds + ranks.size() - 1) / ranks.size();
    const int first = std::min(diverse_seeds, share * ranks.rank()), behind = std::min(diverse_seeds, first + share);
    const std::vector<at::Tensor> all = gathered(ranks, [&] {
        return behind > first ? small_for_distance(made_by_seeds(generator, first, behind - first, {}).clamp(-1, 1))
                              : at::Tensor();
    });
    return ranks.first() ? mean_pairwise_distance(at::cat(all)) : 0;
}

} // namespace atelier::train
