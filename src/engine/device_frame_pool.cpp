// SPDX-License-Identifier: Apache-2.0
#include "engine/device_frame_pool.h"

#include <mutex>
#include <vector>

#ifdef ATELIER_WITH_CUDA
#include <cuda_runtime_api.h>
#endif

namespace atelier {

struct DeviceFramePool::Block {
    explicit Block(std::shared_ptr<DeviceMemory> m) : memory(std::move(m)) {}
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;
    ~Block() {
        if (was_read)
            memory->finish(read);
        if (data != nullptr)
            memory->release(data);
        for (void* event : {ready, read}) {
            if (event != nullptr)
                memory->destroy_event(event);
        }
    }
    bool acquire(std::size_t wanted) {
        if (memory->allocate(data, wanted) != 0)
            return false;
        bytes = wanted;
        return memory->create_event(ready) == 0 && memory->create_event(read) == 0;
    }

    std::shared_ptr<DeviceMemory> memory;
    void* data = nullptr;
    std::size_t bytes = 0;
    int device = 0;
    void* ready = nullptr;
    void* read = nullptr;
    bool was_read = false;
    bool unsafe = false; // a reader could not say when it will be done: not to be written again
    DeviceBuffer view;
};

struct DeviceFramePool::Shelf {
    mutable std::mutex mutex;
    std::shared_ptr<DeviceMemory> memory;
    std::vector<std::unique_ptr<Block>> blocks;
    std::size_t spare = 0;
};

DeviceFramePool::DeviceFramePool(std::shared_ptr<DeviceMemory> memory, std::size_t spare)
    : shelf_(std::make_shared<Shelf>()) {
    shelf_->memory = std::move(memory);
    shelf_->spare = spare;
    shelf_->blocks.reserve(spare);
}

DeviceFramePool::Lease DeviceFramePool::take(int width, int height, int device, void* stream) {
    if (!shelf_->memory)
        return nullptr;
    const std::size_t bytes = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4;
    std::unique_ptr<Block> block;
    {
        const std::lock_guard lock(shelf_->mutex);
        if (!shelf_->blocks.empty()) {
            block = std::move(shelf_->blocks.back());
            shelf_->blocks.pop_back();
        }
    }
    if (block && (block->bytes < bytes || block->device != device))
        block.reset(); // of an older size
    if (!block) {
        block = std::make_unique<Block>(shelf_->memory);
        block->device = device;
        if (!block->acquire(bytes))
            return nullptr;
    } else if (block->was_read && shelf_->memory->wait(stream, block->read) != 0) {
        return nullptr;
    }
    block->view = {block->data, static_cast<std::size_t>(width) * 4, width, height, device, block->ready, {}};
    // The deleter holds the shelf, so frames may outlive the engine.
    return {block.release(), [shelf = shelf_](Block* returned) {
                std::unique_ptr<Block> owned(returned);
                const std::lock_guard lock(shelf->mutex);
                if (!owned->unsafe && shelf->blocks.size() < shelf->spare)
                    shelf->blocks.push_back(std::move(owned));
            }};
}

std::uint8_t* DeviceFramePool::data(const Lease& lease) {
    return static_cast<std::uint8_t*>(lease->data);
}

std::shared_ptr<const DeviceBuffer> DeviceFramePool::publish(Lease lease, void* stream) {
    if (shelf_->memory->record(lease->ready, stream) != 0)
        return nullptr;
    lease->view.consumed = [block = lease.get()](void* reader) { // lives in the block itself
        if (block->memory->record(block->read, reader) == 0) {
            block->was_read = true;
        } else {
            block->unsafe = true;
        }
    };
    const DeviceBuffer* view = &lease->view;
    return {std::move(lease), view};
}

std::size_t DeviceFramePool::unused() const {
    const std::lock_guard lock(shelf_->mutex);
    return shelf_->blocks.size();
}

#ifdef ATELIER_WITH_CUDA
namespace {

// Never run on a device so far. A failure's trace is taken out of CUDA, else torch would report it as its own.
class CudaMemory final : public DeviceMemory {
public:
    int allocate(void*& memory, std::size_t bytes) override {
        void* made = nullptr;
        const int status = settle(cudaMalloc(&made, bytes));
        if (status == 0)
            memory = made;
        return status;
    }
    void release(void* memory) override { settle(cudaFree(memory)); }
    int create_event(void*& event) override {
        cudaEvent_t made = nullptr;
        const int status = settle(cudaEventCreateWithFlags(&made, cudaEventDisableTiming));
        if (status == 0)
            event = made;
        return status;
    }
    void destroy_event(void* event) override { settle(cudaEventDestroy(static_cast<cudaEvent_t>(event))); }
    int record(void* event, void* stream) override {
        return settle(cudaEventRecord(static_cast<cudaEvent_t>(event), static_cast<cudaStream_t>(stream)));
    }
    int wait(void* stream, void* event) override {
        return settle(cudaStreamWaitEvent(static_cast<cudaStream_t>(stream), static_cast<cudaEvent_t>(event), 0));
    }
    void finish(void* event) override { settle(cudaEventSynchronize(static_cast<cudaEvent_t>(event))); }

private:
    static int settle(cudaError_t status) {
        if (status != cudaSuccess)
            cudaGetLastError();
        return status;
    }
};

} // namespace

std::shared_ptr<DeviceMemory> make_device_memory() {
    return std::make_shared<CudaMemory>();
}
#else
std::shared_ptr<DeviceMemory> make_device_memory() {
    return nullptr;
}
#endif

} // namespace atelier
