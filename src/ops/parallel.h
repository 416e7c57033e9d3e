// SPDX-License-Identifier: Apache-2.0
// Loops over several cores, by the threads that torch itself computes with.
#pragma once

#include <cstdint>
#include <functional>

namespace atelier::ops {

// Calls work(first, last) for shares of begin..end-1, each of at least `grain`, one a thread; waits for all. Within a
// share of another loop there is one share. An exception of a share is thrown again here. at::parallel_for divides
// nothing where OpenMP isn't switched on for the file that uses it, so all of Atelier's loops come here.
void parallel_for(std::int64_t begin, std::int64_t end, std::int64_t grain,
                  const std::function<void(std::int64_t, std::int64_t)>& work);

} // namespace atelier::ops
