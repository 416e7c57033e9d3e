// SPDX-License-Identifier: Apache-2.0
#include "ops/kept_memory.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <new>

#include <malloc.h>
#include <sys/mman.h>

#include <c10/core/CPUAllocator.h>
#include <c10/util/Exception.h>

#include "ops/tensor_memory.h"

namespace atelier {
namespace {

constexpr std::size_t alignment = 64;
constexpr std::size_t huge_page = std::size_t{2} << 20;
// What was used at once within this time may be used at once again.
constexpr auto period = std::chrono::seconds(10);
constexpr std::size_t always_kept = std::size_t{64} << 20;

// Eight sizes between powers of two: a block may be an eighth larger than what is asked for.
std::size_t rounded(std::size_t bytes) {
    const std::size_t step = std::max(std::bit_floor(bytes) / 8, std::size_t{4096});
    return (bytes + step - 1) / step * step;
}

} // namespace

// In front of the data; as long as the alignment.
struct alignas(alignment) KeptMemory::Header {
    KeptMemory* owner; // null: malloc's
    std::size_t size;  // of the whole block
};

c10::DataPtr KeptMemory::allocate(std::size_t bytes, Clock::time_point now) {
    if (bytes == 0)
        return {nullptr, nullptr, &give_back, c10::Device(c10::DeviceType::CPU)};
    TORCH_CHECK(bytes < SIZE_MAX / 2, "There is no memory for a tensor of ", bytes, " bytes.");
    const bool large = bytes >= smallest_kept;
    const std::size_t size = large ? rounded(bytes + sizeof(Header)) : bytes + sizeof(Header);
    Header* block = nullptr;
    if (large) {
        const std::lock_guard lock(mutex_);
        trim(now);
        used_ += size;
        peak_ = std::max(peak_, used_);
        if (const auto found = free_.find(size); found != free_.end() && !found->second.empty()) {
            block = found->second.back().block;
            found->second.pop_back();
            kept_ -= size;
        }
    }
    if (block == nullptr) {
        const std::size_t align = size >= huge_page ? huge_page : alignment;
        void* memory = nullptr;
        if (posix_memalign(&memory, align, size) != 0) {
            release();
            if (posix_memalign(&memory, align, size) != 0) {
                if (large) {
                    const std::lock_guard lock(mutex_);
                    used_ -= size;
                }
                TORCH_CHECK_WITH(OutOfMemoryError, false, "There is no memory for a tensor of ", bytes, " bytes.");
            }
        }
        if (size >= huge_page)
            madvise(memory, size, MADV_HUGEPAGE); // a hint; one fault for 512 pages where it is heard
        block = ::new (memory) Header{large ? this : nullptr, size};
    }
    void* data = block + 1;
    return {data, data, &give_back, c10::Device(c10::DeviceType::CPU)};
}

void KeptMemory::give_back(void* data) {
    if (data == nullptr)
        return;
    Header* block = static_cast<Header*>(data) - 1;
    if (block->owner != nullptr)
        block->owner->keep(block);
    else
        std::free(block);
}

void KeptMemory::keep(Header* block) {
    const std::lock_guard lock(mutex_);
    used_ -= block->size;
    kept_ += block->size;
    try {
        free_[block->size].push_back({block, now_});
    } catch (const std::bad_alloc&) { // in a destructor, when memory is short: then it is not kept
        free_block(block);
    }
}

void KeptMemory::trim(Clock::time_point now) {
    now_ = now;
    if (now - period_begin_ >= period) {
        peak_before_ = now - period_begin_ < 2 * period ? peak_ : used_;
        peak_ = used_;
        period_begin_ = now;
    }
    // More than was ever used at once: blocks of other sizes lie between.
    const std::size_t most = std::max(peak_, peak_before_);
    while (kept_ > always_kept && used_ + kept_ > most + most / 2 + always_kept)
        drop_oldest();
}

void KeptMemory::drop_oldest() {
    auto oldest = free_.end();
    for (auto each = free_.begin(); each != free_.end(); ++each) {
        if (!each->second.empty() &&
            (oldest == free_.end() || each->second.front().since < oldest->second.front().since))
            oldest = each;
    }
    if (oldest == free_.end())
        return;
    free_block(oldest->second.front().block);
    oldest->second.erase(oldest->second.begin());
}

void KeptMemory::free_block(Header* block) {
    kept_ -= block->size;
    std::free(block);
}

void KeptMemory::release() {
    const std::lock_guard lock(mutex_);
    for (auto& [size, blocks] : free_) {
        for (const Free& each : blocks)
            free_block(each.block);
    }
    free_.clear();
}

std::size_t KeptMemory::kept() const {
    const std::lock_guard lock(mutex_);
    return kept_;
}

namespace {

// Never destroyed: tensors of other statics may outlive it.
KeptMemory& of_process() {
    static auto* memory = new KeptMemory;
    return *memory;
}

} // namespace

void keep_tensor_memory() {
#ifndef __SANITIZE_ADDRESS__
    // Left alone, malloc puts blocks into its heaps that are as large as any that was freed before, up to 32 MiB, and a
    // heap goes back to the system only from its end: each run of training left some hundred MiB behind.
    constexpr int apart = 128 << 10, spare = 2 << 20;
    mallopt(M_MMAP_THRESHOLD, apart);
    mallopt(M_TRIM_THRESHOLD, spare);
    if (c10::GetCPUAllocator() != &of_process())
        c10::SetCPUAllocator(&of_process());
#endif
}

std::size_t kept_tensor_memory() {
    return of_process().kept();
}

void release_tensor_memory() {
    of_process().release();
#ifndef __SANITIZE_ADDRESS__
    // A heap shrinks from its end alone: what a training freed below one block that stays would be held for good.
    malloc_trim(0);
#endif
}

} // namespace atelier
