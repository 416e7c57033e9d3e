// SPDX-License-Identifier: Apache-2.0
#include "ops/parallel.h"

#include <ATen/Parallel.h>

namespace atelier::ops {

void parallel_for(std::int64_t begin, std::int64_t end, std::int64_t grain,
                  const std::function<void(std::int64_t, std::int64_t)>& work) {
    at::parallel_for(begin, end, grain, [&](std::int64_t first, std::int64_t last) { work(first, last); });
}

} // namespace atelier::ops
