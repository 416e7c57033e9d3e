// SPDX-License-Identifier: Apache-2.0
#include "inputs/jack_users.h"

#include <mutex>
#include <set>

namespace atelier::inputs {
namespace {

// Of the process, as the library's clients are.
struct Users {
    std::mutex mutex;
    std::set<std::uint64_t> numbers;
    std::uint64_t next = 1;
};
Users users;

} // namespace

JackUser::JackUser() {
    const std::lock_guard lock(users.mutex);
    number_ = users.next++;
    users.numbers.insert(number_);
}

JackUser::~JackUser() {
    const std::lock_guard lock(users.mutex);
    users.numbers.erase(number_);
}

std::uint64_t JackUser::next() {
    const std::lock_guard lock(users.mutex);
    return users.next;
}

bool JackUser::any_before(std::uint64_t number) {
    const std::lock_guard lock(users.mutex);
    return !users.numbers.empty() && *users.numbers.begin() < number;
}

} // namespace atelier::inputs
