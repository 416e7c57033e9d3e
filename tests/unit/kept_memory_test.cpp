// SPDX-License-Identifier: Apache-2.0
// KeptMemory: what was used comes back, what nobody uses any more goes, nothing is handed out twice.
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <thread>
#include <vector>

#include <malloc.h>

#include <ATen/ops/full.h>
#include <gtest/gtest.h>

#include "ops/kept_memory.h"
#include "ops/tensor_memory.h"

namespace atelier::testing {
namespace {

using std::chrono::seconds;
constexpr std::size_t large = std::size_t{3'000'000};

TEST(KeptMemory, ABlockComesBackForATensorOfAboutItsSize) {
    KeptMemory memory;
    const void* first = memory.allocate(large).get();
    EXPECT_GE(memory.kept(), large);
    const c10::DataPtr again = memory.allocate(large - 100);
    EXPECT_EQ(again.get(), first);
    EXPECT_EQ(memory.kept(), 0);
    EXPECT_NE(memory.allocate(large).get(), first) << "it is in use";
    EXPECT_NE(memory.allocate(2 * large).get(), first) << "it is too small";
}

TEST(KeptMemory, IsAlignedForEverySizeAndSmallBlocksAreNotKept) {
    KeptMemory memory;
    for (const std::size_t bytes : {std::size_t{1}, std::size_t{100}, KeptMemory::smallest_kept - 1,
                                    KeptMemory::smallest_kept, KeptMemory::smallest_kept + 1, large, large + 1}) {
        const c10::DataPtr data = memory.allocate(bytes);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(data.get()) % 64, 0) << bytes;
        std::memset(data.get(), 1, bytes);
    }
    memory.release();
    memory.allocate(KeptMemory::smallest_kept - 1).clear();
    EXPECT_EQ(memory.kept(), 0);
    EXPECT_EQ(memory.allocate(0).get(), nullptr);
}

TEST(KeptMemory, WhatNobodyUsesForTwoPeriodsGoesBack) {
    KeptMemory memory;
    const auto start = KeptMemory::Clock::now();
    const std::size_t much = std::size_t{500} << 20;
    memory.allocate(much, start).clear();
    memory.allocate(large, start + seconds(1)).clear();
    EXPECT_GT(memory.kept(), much) << "an iteration later it is wanted again";
    for (int second = 2; second < 40; ++second)
        memory.allocate(large, start + seconds(second)).clear();
    EXPECT_LT(memory.kept(), std::size_t{80} << 20);
    const c10::DataPtr small = memory.allocate(large, start + seconds(41));
    EXPECT_NE(small.get(), nullptr);
}

TEST(KeptMemory, NoMoreIsKeptThanAboutWhatWasUsedAtOnce) {
    KeptMemory memory;
    const auto now = KeptMemory::Clock::now();
    for (int i = 0; i < 40; ++i) // each of another size, so none can be used again
        memory.allocate((std::size_t{100} + 13 * static_cast<std::size_t>(i)) << 20, now).clear();
    const std::size_t largest = (std::size_t{100} + 13 * 39) << 20;
    EXPECT_LT(memory.kept(), 2 * largest);
}

TEST(KeptMemory, WhatIsTooMuchIsRefusedAndWhatWasKeptIsGivenBackFirst) {
    KeptMemory memory;
    memory.allocate(large).clear();
    EXPECT_THROW(memory.allocate(std::size_t{1} << 60), c10::OutOfMemoryError);
    EXPECT_EQ(memory.kept(), 0);
    EXPECT_THROW(memory.allocate(SIZE_MAX - 10), c10::Error);
    memory.allocate(large).clear();
    EXPECT_GE(memory.kept(), large);
}

TEST(KeptMemory, ThreadsNeverShareABlock) {
    KeptMemory memory;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&memory, t] {
            for (int i = 0; i < 300; ++i) {
                const std::size_t bytes = KeptMemory::smallest_kept + static_cast<std::size_t>(i % 3) * 100'000;
                const c10::DataPtr data = memory.allocate(bytes);
                std::memset(data.get(), t, bytes);
                const auto* read = static_cast<const char*>(data.get());
                for (std::size_t at = 0; at < bytes; at += 4096)
                    ASSERT_EQ(read[at], t);
            }
        });
    }
    for (std::thread& each : threads)
        each.join();
}

#ifndef __SANITIZE_ADDRESS__
TEST(TensorMemory, TensorsTakeAndLeaveIt) {
    keep_tensor_memory();
    keep_tensor_memory();
    release_tensor_memory();
    const void* first = at::full({1 << 20}, 1.0F).data_ptr();
    EXPECT_GE(kept_tensor_memory(), std::size_t{4} << 20);
    at::Tensor again = at::empty({1 << 20});
    EXPECT_EQ(again.data_ptr(), first);
    again.resize_({1 << 21}).fill_(2);
    EXPECT_EQ(again.sum().item<float>(), 4194304.0F);
    again.reset();
    release_tensor_memory();
    EXPECT_EQ(kept_tensor_memory(), 0);
}
#endif

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) // these bring a malloc of their own
// So they go back to the system whatever lies beside them.
TEST(TensorMemory, LargeBlocksLieApartFromTheHeaps) {
    keep_tensor_memory();
    const auto apart = [] { return mallinfo2().hblkhd; };
    const auto block = [](std::size_t bytes) {
        volatile auto* memory = static_cast<char*>(std::malloc(bytes));
        memory[0] = 1;
        return const_cast<char*>(memory);
    };
    std::free(block(std::size_t{31} << 20)); // after which malloc would keep all smaller ones in its heaps
    const std::size_t before = apart();
    char* memory = block(std::size_t{24} << 20); // more than any piece that is free in a heap
    EXPECT_GE(apart(), before + (std::size_t{24} << 20));
    std::free(memory);
    EXPECT_EQ(apart(), before);
}

double resident_mib() {
    std::ifstream in("/proc/self/statm");
    std::size_t size = 0, resident = 0;
    in >> size >> resident;
    return static_cast<double>(resident) * 4096 / (1 << 20);
}

// As each training leaves them: pieces that stay, in the heap of a thread that has ended.
TEST(TensorMemory, WhatLiesFreeBetweenPiecesThatStayIsGivenBack) {
    keep_tensor_memory();
    std::vector<std::unique_ptr<char[]>> staying;
    std::thread([&] {
        std::vector<std::unique_ptr<char[]>> passing;
        for (int i = 0; i < 2000; ++i) {
            auto& pieces = i % 20 == 0 ? staying : passing;
            pieces.emplace_back(new char[48 << 10]);
            std::memset(pieces.back().get(), 1, 48 << 10);
        }
    }).join();
    const double before = resident_mib();
    release_tensor_memory();
    EXPECT_LT(resident_mib(), before - 70); // of 89 MiB
}
#endif

} // namespace
} // namespace atelier::testing
