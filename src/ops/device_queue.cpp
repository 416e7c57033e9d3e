// SPDX-License-Identifier: Apache-2.0
#include "ops/device_queue.h"

#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/impl/VirtualGuardImpl.h>

namespace atelier::ops {
namespace {

c10::Stream current(c10::Device device) {
    return c10::impl::VirtualGuardImpl(device.type()).getStream(device);
}

// None where nothing of the kind is there: the CPU, or a device whose part of torch isn't loaded.
c10::DeviceAllocator* allocator_of(c10::Device device) {
    return device.is_cpu() ? nullptr : dynamic_cast<c10::DeviceAllocator*>(c10::GetAllocator(device.type()));
}

constexpr auto all_pools = static_cast<std::size_t>(c10::CachingAllocator::StatType::AGGREGATE);

} // namespace

DeviceQueue::DeviceQueue(c10::Device device, Urgency urgency) {
    if (!device.is_cpu())
        stream_ =
            c10::impl::VirtualGuardImpl(device.type()).getStreamFromGlobalPool(device, urgency == Urgency::viewer);
}

DeviceMark DeviceMark::of(c10::Device device) {
    DeviceMark mark;
    if (!device.is_cpu()) {
        const auto event = std::make_shared<c10::Event>(device.type());
        event->record(current(device));
        mark.event_ = event;
    }
    return mark;
}

void DeviceMark::wait() const {
    if (event_)
        event_->block(current(event_->device()));
}

void DeviceMark::finish() const {
    if (event_)
        event_->synchronize();
}

void keep_for_queue(const at::Tensor& tensor) {
    if (tensor.defined() && !tensor.device().is_cpu())
        c10::impl::VirtualGuardImpl(tensor.device().type())
            .recordDataPtrOnStream(tensor.storage().data_ptr(), current(tensor.device()));
}

DeviceMemoryUse device_memory_use(c10::Device device) {
    c10::DeviceAllocator* allocator = allocator_of(device);
    if (allocator == nullptr)
        return {};
    const auto bytes = allocator->getDeviceStats(device.index()).allocated_bytes[all_pools];
    return {bytes.current, bytes.peak};
}

void restart_peak(c10::Device device) {
    if (c10::DeviceAllocator* allocator = allocator_of(device))
        allocator->resetPeakStats(device.index());
}

void give_back_memory(c10::Device device) {
    if (c10::DeviceAllocator* allocator = allocator_of(device))
        allocator->emptyCache();
}

} // namespace atelier::ops
