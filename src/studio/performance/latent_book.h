// SPDX-License-Identifier: Apache-2.0
// LatentBook: which latents with numbers of their own a performance log holds already, and under which number. No
// locks.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/render_params.h"

namespace atelier::studio {

class LatentBook {
public:
    using Latent = std::shared_ptr<const ExplicitLatent>;

    // The same for the same numbers, wherever they lie. One that is new comes with the next take_new().
    std::size_t number_of(const Latent& latent);
    std::vector<Latent> take_new() { return std::exchange(new_, {}); } // in the order of their numbers

private:
    struct Entry {
        std::weak_ptr<const ExplicitLatent> latent; // it may go before the log does
        std::size_t number = 0;
    };
    void forget_gone();

    std::unordered_map<const ExplicitLatent*, Entry> by_address_;
    std::unordered_multimap<std::uint64_t, Entry> by_content_;
    std::size_t numbers_ = 0;
    std::size_t tidy_at_ = 1024; // entries
    std::vector<Latent> new_;
};

} // namespace atelier::studio
