// SPDX-License-Identifier: Apache-2.0
// DeviceFramePool: pictures in a CUDA device's memory that come back when their last reader lets go, and are written
// again only after its reads. Shared by a renderer and its frames. No CUDA types, so that it is tested without a
// device.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/frame.h"

namespace atelier {

// The CUDA calls of the pool, from any thread. A status of 0 is success; results are written only then.
class DeviceMemory {
public:
    virtual ~DeviceMemory() = default;
    virtual int allocate(void*& memory, std::size_t bytes) = 0; // of the current device
    virtual void release(void* memory) = 0;
    virtual int create_event(void*& event) = 0;
    virtual void destroy_event(void* event) = 0;
    virtual int record(void* event, void* stream) = 0;
    virtual int wait(void* stream, void* event) = 0; // what comes on the stream waits; an event never recorded is past
    virtual void finish(void* event) = 0;            // the calling thread waits
};

// CUDA's; null in a build without it.
std::shared_ptr<DeviceMemory> make_device_memory();

class DeviceFramePool {
public:
    // Keeps at most `spare` unused buffers.
    explicit DeviceFramePool(std::shared_ptr<DeviceMemory> memory, std::size_t spare = 4);

    struct Block;
    using Lease =
        std::shared_ptr<Block>; // returns to the pool when it and all its copies are gone, also after the pool
    // width * height * 4 bytes for writing on `stream`, which waits for their last reader. Null when the device has no
    // memory left or a call fails.
    Lease take(int width, int height, int device, void* stream);
    static std::uint8_t* data(const Lease& lease);
    // After all of it has been put on `stream`: for publication; null if that fails.
    std::shared_ptr<const DeviceBuffer> publish(Lease lease, void* stream);
    std::size_t unused() const;

private:
    struct Shelf;
    std::shared_ptr<Shelf> shelf_;
};

} // namespace atelier
