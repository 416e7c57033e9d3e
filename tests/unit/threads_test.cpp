// SPDX-License-Identifier: Apache-2.0
// Each thread has the cores that it asked for, whatever others ask for before it computes.
#include <atomic>
#include <latch>
#include <thread>

#include <dlfcn.h>

#include <gtest/gtest.h>

#include "ops/parallel.h"
#include "ops/threads.h"

namespace {

using namespace atelier;

// Into how many shares a loop that could be divided at will is divided.
int shares() {
    std::atomic<int> count = 0;
    ops::parallel_for(0, 64, 1, [&](std::int64_t, std::int64_t) { ++count; });
    return count;
}

// How many threads torch's products of matrices take, where they are MKL's.
int product_threads() {
    static const auto ask = reinterpret_cast<int (*)()>(::dlsym(RTLD_DEFAULT, "MKL_Get_Max_Threads"));
    return ask ? ask() : -1;
}

int shares_of(int threads) {
#if defined(__SANITIZE_THREAD__)
    return threads > 0 ? 1 : 0; // loops have one share there
#else
    return threads;
#endif
}

void expect_threads(int threads) {
    EXPECT_EQ(operation_threads(), threads);
    EXPECT_EQ(shares(), shares_of(threads));
    if (product_threads() >= 0) {
        EXPECT_EQ(product_threads(), threads);
    }
}

TEST(OperationThreads, OfOneThreadAreItsOwn) {
    std::latch first_has_said(1), second_has_said(1), first_has_computed(1);
    std::thread first([&] {
        set_operation_threads(3);
        first_has_said.count_down();
        second_has_said.wait();
        EXPECT_EQ(shares(), shares_of(3)) << "its first loop comes after another thread asked for 1";
        expect_threads(3);
        first_has_computed.count_down();
    });
    std::thread second([&] {
        first_has_said.wait();
        set_operation_threads(1);
        second_has_said.count_down();
        first_has_computed.wait();
        expect_threads(1);
    });
    first.join();
    second.join();
}

TEST(OperationThreads, ForAWhile) {
    std::thread thread([] {
        set_operation_threads(2);
        {
            const OperationThreads more(4);
            expect_threads(4);
        }
        expect_threads(2);
    });
    thread.join();
}

TEST(OperationThreads, ZeroIsAllCores) {
    std::thread thread([] {
        set_operation_threads(0);
        expect_threads(static_cast<int>(std::thread::hardware_concurrency()));
    });
    thread.join();
}

} // namespace
