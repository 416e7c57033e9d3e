// SPDX-License-Identifier: Apache-2.0
#include "cli/picture_ranks.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <thread>

#include "base/error.h"
#include "ranks/launch.h"
#include "train/agreement.h"

namespace atelier {

PictureRanks::PictureRanks(double timeout) : communicator_(ranks::join()) {
    if (communicator_) {
        watched_.emplace(*communicator_, train::WatchedRanks::Options{timeout, {}});
    }
}

train::Ranks& PictureRanks::ranks() const {
    return watched_ ? static_cast<train::Ranks&>(*watched_) : train::one_rank();
}

std::vector<int> PictureRanks::mine(int count) const {
    std::vector<int> numbers;
    for (int i = ranks().rank(); i < count; i += ranks().size()) {
        numbers.push_back(i);
    }
    return numbers;
}

int PictureRanks::threads(int wanted) const {
    const int cores = static_cast<int>(std::thread::hardware_concurrency());
    return wanted > 0 || !watched_ ? wanted : std::max(1, cores / ranks().local_size());
}

void PictureRanks::together(const std::function<void()>& work) {
    if (!watched_) {
        work();
        return;
    }
    train::Agreement agreement(ranks());
    try {
        work();
    } catch (const train::AgreedError&) {
        throw;
    } catch (const std::exception& error) {
        agreement.failed(message_of(error));
    }
}

void PictureRanks::meet() {
    if (watched_) {
        train::Agreement(ranks()).sum({});
    }
}

void PictureRanks::gather(std::vector<PixelBuffer> pictures, int count,
                          const std::function<void(int, const PixelBuffer&)>& take) {
    meet(); // those who can't come tell it here
    std::string bytes;
    for (PixelBuffer& picture : pictures) {
        bytes.append(reinterpret_cast<const char*>(picture.rgba.data()), picture.rgba.size());
        if (&picture != &pictures.front()) {
            picture.rgba = {};
        }
    }
    const std::vector<std::string> all = ranks().gather_at_first(bytes);
    if (!first()) {
        return;
    }
    PixelBuffer picture = pictures.front(); // the first has made one if anybody has, and all are alike
    const std::size_t size = picture.rgba.size(), ranks_count = all.size();
    for (int i = 0; i < count; ++i) {
        const auto number = static_cast<std::size_t>(i);
        std::memcpy(picture.rgba.data(), all[number % ranks_count].data() + number / ranks_count * size, size);
        take(i, picture);
    }
}

} // namespace atelier
