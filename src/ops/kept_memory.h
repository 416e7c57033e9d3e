// SPDX-License-Identifier: Apache-2.0
// KeptMemory: tensors' memory on the CPU, kept for the next tensor of about that size. Fresh memory comes from the
// kernel page by page, each zeroed first: at 512 px that cost a seventh of a picture.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <vector>

#include <c10/core/Allocator.h>

namespace atelier {

// Thread-safe. Blocks below `smallest_kept` bytes are malloc's.
class KeptMemory final : public c10::Allocator {
public:
    static constexpr std::size_t smallest_kept = std::size_t{64} << 10;
    using Clock = std::chrono::steady_clock;

    KeptMemory() = default;
    ~KeptMemory() override { release(); }
    KeptMemory(const KeptMemory&) = delete;
    KeptMemory& operator=(const KeptMemory&) = delete;

    // Aligned to 64 bytes, not zeroed. Throws c10::Error if there is no memory, once what was kept has been given back.
    c10::DataPtr allocate(std::size_t bytes) override { return allocate(bytes, Clock::now()); }
    c10::DataPtr allocate(std::size_t bytes, Clock::time_point now);
    c10::DeleterFnPtr raw_deleter() const override { return &give_back; }
    void copy_data(void* to, const void* from, std::size_t bytes) const override { default_copy_data(to, from, bytes); }

    void release();           // all that no tensor uses, to the system
    std::size_t kept() const; // bytes that no tensor uses

private:
    struct Header;
    struct Free {
        Header* block;
        Clock::time_point since;
    };

    static void give_back(void* data);
    void keep(Header* block);
    void trim(Clock::time_point now);
    void drop_oldest();
    void free_block(Header* block);

    mutable std::mutex mutex_;
    std::map<std::size_t, std::vector<Free>> free_; // by size, the one that was used last at the end
    std::size_t used_ = 0, kept_ = 0;               // bytes
    std::size_t peak_ = 0, peak_before_ = 0;        // of used_, in this period and the one before
    Clock::time_point period_begin_{};
    Clock::time_point now_{};
};

} // namespace atelier
