// SPDX-License-Identifier: Apache-2.0
// The order of work on a device: a queue (a CUDA stream) for the viewer and one for training, hand-over between them,
// and what memory is in use. On the CPU, where work is done when the call returns, all of it does nothing. Never met a
// GPU so far: docs/gpu.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include <ATen/core/Tensor.h>
#include <c10/core/Event.h>
#include <c10/core/StreamGuard.h>

namespace atelier::ops {

enum class Urgency { viewer, training }; // the device does the viewer's work first

class DeviceQueue {
public:
    DeviceQueue(c10::Device device, Urgency urgency);
    const std::optional<c10::Stream>& stream() const { return stream_; }

private:
    std::optional<c10::Stream> stream_; // none: the CPU
};

// While it lives, what the calling thread asks of the queue's device goes to the queue.
class OnQueue {
public:
    explicit OnQueue(const DeviceQueue& queue) {
        if (queue.stream())
            guard_.emplace(*queue.stream());
    }

private:
    std::optional<c10::StreamGuard> guard_;
};

// A point in the calling thread's queue of a device: all that it asked for before.
class DeviceMark {
public:
    DeviceMark() = default; // nothing to wait for
    static DeviceMark of(c10::Device device);
    void wait() const;   // in the queue: what the calling thread asks for next comes after it
    void finish() const; // the calling thread itself waits

private:
    std::shared_ptr<const c10::Event> event_;
};

// When the tensor is gone, its memory is given to nobody before the calling thread's queue has done what it was asked
// for until then: for a tensor that another queue made.
void keep_for_queue(const at::Tensor& tensor);

struct DeviceMemoryUse {
    std::int64_t now = 0, peak = 0; // bytes of tensors; 0 of the CPU
};
DeviceMemoryUse device_memory_use(c10::Device device);
void restart_peak(c10::Device device);
void give_back_memory(c10::Device device); // what no tensor uses, to the driver

} // namespace atelier::ops
