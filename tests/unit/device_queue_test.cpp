// SPDX-License-Identifier: Apache-2.0
// Queues, marks and hand-over on a stand-in for a device that keeps a list of what it is asked.
#include <string>
#include <thread>
#include <vector>

#include <ATen/ATen.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/device_queue.h"

namespace {

using namespace atelier;
using testing::ElementsAre;

constexpr auto stand_in = c10::DeviceType::PrivateUse1;
std::vector<std::string> asked;

struct StandInGuard final : c10::impl::DeviceGuardImplInterface {
    static inline thread_local c10::StreamId current = 0;
    static inline int marks = 0;

    c10::DeviceType type() const override { return stand_in; }
    c10::Device exchangeDevice(c10::Device d) const override { return d; }
    c10::Device getDevice() const override { return {stand_in, 0}; }
    void setDevice(c10::Device) const override {}
    void uncheckedSetDevice(c10::Device) const noexcept override {}
    c10::Stream getStream(c10::Device d) const noexcept override {
        return c10::Stream(c10::Stream::UNSAFE, d, current);
    }
    c10::Stream getStreamFromGlobalPool(c10::Device d, bool high) const override {
        return c10::Stream(c10::Stream::UNSAFE, d, high ? 100 : 7);
    }
    c10::Stream exchangeStream(c10::Stream s) const noexcept override {
        return c10::Stream(c10::Stream::UNSAFE, s.device(), std::exchange(current, s.id()));
    }
    c10::DeviceIndex deviceCount() const noexcept override { return 1; }
    void record(void** event, const c10::Stream& s, c10::DeviceIndex, c10::EventFlag) const override {
        *event = reinterpret_cast<void*>(static_cast<std::intptr_t>(++marks));
        asked.push_back(fmt::format("mark {} in {}", marks, s.id()));
    }
    void block(void* event, const c10::Stream& s) const override {
        asked.push_back(fmt::format("{} waits for {}", s.id(), reinterpret_cast<std::intptr_t>(event)));
    }
    bool queryEvent(void*) const override { return true; }
    void destroyEvent(void*, c10::DeviceIndex) const noexcept override {}
    void synchronizeEvent(void* event) const override {
        asked.push_back(fmt::format("thread waits for {}", reinterpret_cast<std::intptr_t>(event)));
    }
    void recordDataPtrOnStream(const c10::DataPtr&, const c10::Stream& s) const override {
        asked.push_back(fmt::format("kept for {}", s.id()));
    }
};
C10_REGISTER_GUARD_IMPL(PrivateUse1, StandInGuard);

const c10::Device device{stand_in, 0};

class DeviceQueues : public testing::Test {
protected:
    DeviceQueues() {
        asked.clear();
        StandInGuard::marks = 0;
    }
};

TEST_F(DeviceQueues, TheViewersGoesFirst) {
    EXPECT_EQ(ops::DeviceQueue(device, ops::Urgency::viewer).stream()->id(), 100);
    EXPECT_EQ(ops::DeviceQueue(device, ops::Urgency::training).stream()->id(), 7);
}

TEST_F(DeviceQueues, AQueueIsCurrentForAsLongAsItsGuardLives) {
    const ops::DeviceQueue queue(device, ops::Urgency::viewer);
    {
        const ops::OnQueue on(queue);
        EXPECT_EQ(StandInGuard::current, 100);
    }
    EXPECT_EQ(StandInGuard::current, 0);
}

TEST_F(DeviceQueues, OneQueueWaitsForAnotherAndTheThreadForNone) {
    ops::DeviceMark mark;
    std::jthread([&] {
        const ops::OnQueue on(ops::DeviceQueue(device, ops::Urgency::training));
        mark = ops::DeviceMark::of(device);
    }).join();
    const ops::OnQueue on(ops::DeviceQueue(device, ops::Urgency::viewer));
    mark.wait();
    EXPECT_THAT(asked, ElementsAre("mark 1 in 7", "100 waits for 1"));
    mark.finish();
    EXPECT_EQ(asked.back(), "thread waits for 1");
}

TEST_F(DeviceQueues, MemoryIsKeptForTheQueueThatReadsIt) {
    float number = 0;
    c10::Storage storage(c10::Storage::use_byte_size_t(), sizeof number, c10::DataPtr(&number, device), nullptr, false);
    const at::Tensor tensor = at::detail::make_tensor<c10::TensorImpl>(
        std::move(storage), c10::DispatchKeySet(c10::DispatchKey::PrivateUse1), caffe2::TypeMeta::Make<float>());
    const ops::OnQueue on(ops::DeviceQueue(device, ops::Urgency::viewer));
    ops::keep_for_queue(tensor);
    EXPECT_THAT(asked, ElementsAre("kept for 100"));
}

TEST_F(DeviceQueues, TheCpuNeedsNothing) {
    const ops::DeviceQueue queue(at::kCPU, ops::Urgency::viewer);
    EXPECT_FALSE(queue.stream());
    const ops::OnQueue on(queue);
    const ops::DeviceMark mark = ops::DeviceMark::of(at::kCPU);
    mark.wait();
    mark.finish();
    ops::keep_for_queue(at::ones({3}));
    ops::keep_for_queue({});
    ops::restart_peak(at::kCPU);
    ops::give_back_memory(at::kCPU);
    EXPECT_EQ(ops::device_memory_use(at::kCPU).peak, 0);
    EXPECT_THAT(asked, ElementsAre());
}

} // namespace
