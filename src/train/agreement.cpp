// SPDX-License-Identifier: Apache-2.0
#include "train/agreement.h"

#include <algorithm>
#include <array>

#include <ATen/ATen.h>

namespace atelier::train {

// Whether some rank is out of memory.
bool Agreement::exchange(std::span<double> values, State mine, const std::string& sentence) {
    if (values.size() > most) {
        fail("Inside: {} values are too many for the ranks to agree on.", values.size());
    }
    std::array<double, most + 2> frame{};
    frame[0] = mine == State::out_of_memory ? 1 : 0;
    frame[1] = mine == State::failed ? 1 : 0;
    std::copy(values.begin(), values.end(), frame.begin() + 2);
    ranks_.sum({at::from_blob(frame.data(), {static_cast<std::int64_t>(frame.size())}, at::kDouble)});
    if (frame[1] > 0) {
        const std::vector<std::string> all = ranks_.gather(sentence);
        const auto first = std::find_if(all.begin(), all.end(), [](const std::string& s) { return !s.empty(); });
        const int rank = static_cast<int>(first - all.begin());
        const bool everywhere = std::count(all.begin(), all.end(), *first) == ranks_.size();
        throw AgreedError(everywhere ? *first : fmt::format("Of {}: {}", ranks_.name_of(rank), *first));
    }
    std::copy(frame.begin() + 2, frame.begin() + 2 + static_cast<std::ptrdiff_t>(values.size()), values.begin());
    return frame[0] > 0;
}

void Agreement::sum(std::span<double> values) {
    if (ranks_.size() > 1 && exchange(values, State::well, "")) {
        throw OutOfMemoryElsewhere();
    }
}

void Agreement::out_of_memory() {
    if (ranks_.size() > 1) {
        exchange({}, State::out_of_memory, "");
    }
}

void Agreement::failed(const std::string& sentence) {
    if (ranks_.size() > 1) {
        exchange({}, State::failed, sentence.empty() ? "Something went wrong." : sentence);
    }
    throw AgreedError(sentence);
}

} // namespace atelier::train
