// SPDX-License-Identifier: Apache-2.0
// What the sanitizers of `scripts/test.sh --asan` and `--tsan` are there for, done on purpose: they have to see it.
#include <cstdlib>
#include <thread>

#include <gtest/gtest.h>

namespace {

#if defined(__SANITIZE_THREAD__)
TEST(SanitizerDeathTest, SeesARace) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const auto race = [] {
        int shared = 0;
        const auto add = [&shared] {
            for (int i = 0; i < 1000; ++i)
                *static_cast<volatile int*>(&shared) = shared + 1;
        };
        std::thread one(add), other(add);
        one.join();
        other.join();
        std::exit(0);
    };
    EXPECT_EXIT(race(), testing::ExitedWithCode(66), "ThreadSanitizer: data race");
}
#elif defined(__SANITIZE_ADDRESS__)
TEST(SanitizerDeathTest, SeesAWriteBeyondTheEnd) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const auto write = [] {
        auto* const numbers = new int[4];
        volatile int place = 4;
        numbers[place] = 1;
        std::exit(numbers[0]);
    };
    EXPECT_DEATH(write(), "heap-buffer-overflow");
}
#endif

} // namespace
