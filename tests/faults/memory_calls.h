// SPDX-License-Identifier: Apache-2.0
// The allocations of a piece of work, failing one after the other. For tests only.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>

#include "faults/failing_memory.h"

namespace atelier::faults {

// Calls `work` without a fault, to count its allocations, and then once for each that fails; of very many the first
// hundred, and so many between there and the last that all is over in some seconds. What `work` returns is called when
// there is memory again.
template <typename Work>
void each_failing_call(WhoseMemory whose, std::size_t bytes, const Work& work, std::size_t most = 300) {
    const auto once = [&](std::size_t nth) {
        using Look = decltype(work(std::declval<const FailingMemory&>()));
        std::optional<Look> look;
        std::size_t count = 0;
        {
            const FailingMemory memory(nth, bytes, whose);
            look.emplace(work(memory));
            count = memory.count();
        }
        (*look)();
        return count;
    };
    const std::size_t count = once(0), first = std::min<std::size_t>(count, most / 3);
    for (std::size_t n = 1; n <= first; ++n)
        once(n);
    const std::size_t rest = count - first, step = std::max<std::size_t>(1, rest / (most - most / 3));
    for (std::size_t n = first + step; n <= count; n += step)
        once(n);
}

} // namespace atelier::faults
