// SPDX-License-Identifier: Apache-2.0
// Looking after work on another thread without waiting for it.
#pragma once

#include <chrono>
#include <future>

namespace atelier {

// Of a future or shared_future: there is one, and get() would not wait.
template <class Future> bool is_ready(const Future& future) {
    return future.valid() && future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

} // namespace atelier
