// SPDX-License-Identifier: Apache-2.0
// The pool of device pictures over a fake of CUDA's memory: reuse only after the reader, nothing leaked.
#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/device_frame_pool.h"

namespace {

using namespace atelier;
using testing::ElementsAre;

class FakeMemory final : public DeviceMemory {
public:
    int allocate(void*& memory, std::size_t) override { return make("allocate", memory); }
    void release(void* memory) override { drop("release", memory); }
    int create_event(void*& event) override { return make("create_event", event); }
    void destroy_event(void* event) override { drop("destroy_event", event); }
    int record(void* event, void*) override { return use("record", event); }
    int wait(void*, void* event) override { return use("wait", event); }
    void finish(void* event) override { use("finish", event); }

    std::vector<std::string> calls;
    std::set<void*> held;
    bool misuse = false;
    std::string failing;

private:
    int make(const std::string& name, void*& made) {
        calls.push_back(name);
        if (name == failing)
            return 2;
        held.insert(made = reinterpret_cast<void*>(next_ += 16));
        return 0;
    }
    int use(const std::string& name, void* object) {
        calls.push_back(name);
        misuse = misuse || !held.contains(object);
        return name == failing ? 2 : 0;
    }
    void drop(const std::string& name, void* object) {
        calls.push_back(name);
        misuse = misuse || held.erase(object) != 1;
    }
    std::uintptr_t next_ = 0x1000;
};

class DeviceFrames : public testing::Test {
protected:
    ~DeviceFrames() override {
        pool_.reset();
        EXPECT_TRUE(memory_->held.empty());
        EXPECT_FALSE(memory_->misuse);
    }
    std::shared_ptr<const DeviceBuffer> make(int size) {
        auto lease = pool_->take(size, size, 0, stream_);
        return lease ? pool_->publish(lease, stream_) : nullptr;
    }
    std::shared_ptr<FakeMemory> memory_ = std::make_shared<FakeMemory>();
    std::unique_ptr<DeviceFramePool> pool_ = std::make_unique<DeviceFramePool>(memory_, 2);
    int here_ = 0, there_ = 0;
    void* stream_ = &here_;
    void* reader_ = &there_;
};

TEST_F(DeviceFrames, SayWhatTheyAre) {
    const auto frame = make(8);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->width, 8);
    EXPECT_EQ(frame->height, 8);
    EXPECT_EQ(frame->pitch, 32U);
    EXPECT_TRUE(memory_->held.contains(const_cast<void*>(frame->data)));
    EXPECT_TRUE(memory_->held.contains(frame->ready));
    EXPECT_THAT(memory_->calls, ElementsAre("allocate", "create_event", "create_event", "record"));
}

TEST_F(DeviceFrames, AreWrittenAgainAfterTheirReader) {
    auto frame = make(8);
    const void* data = frame->data;
    frame->consumed(reader_);
    EXPECT_EQ(pool_->unused(), 0U);
    frame.reset();
    EXPECT_EQ(pool_->unused(), 1U);
    memory_->calls.clear();
    frame = make(4); // fits into it
    EXPECT_EQ(frame->data, data);
    EXPECT_EQ(frame->pitch, 16U);
    EXPECT_THAT(memory_->calls, ElementsAre("wait", "record"));
}

TEST_F(DeviceFrames, AreNotWrittenAgainIfTheReaderCannotSayWhenItIsDone) {
    auto frame = make(8);
    memory_->failing = "record";
    frame->consumed(reader_);
    frame.reset();
    EXPECT_EQ(pool_->unused(), 0U);
    EXPECT_TRUE(memory_->held.empty());
}

TEST_F(DeviceFrames, OfAnotherSizeOrDeviceAreNew) {
    make(8);
    memory_->calls.clear();
    EXPECT_TRUE(make(16));
    EXPECT_EQ(std::count(memory_->calls.begin(), memory_->calls.end(), "allocate"), 1);
    EXPECT_EQ(std::count(memory_->calls.begin(), memory_->calls.end(), "release"), 1);
    EXPECT_TRUE(pool_->take(4, 4, 1, stream_));
    EXPECT_EQ(std::count(memory_->calls.begin(), memory_->calls.end(), "allocate"), 2);
}

TEST_F(DeviceFrames, MoreThanTheSpareOnesAreFreedWhenReadToTheEnd) {
    auto a = make(8), b = make(8), c = make(8);
    c->consumed(reader_);
    a.reset();
    b.reset();
    memory_->calls.clear();
    c.reset();
    EXPECT_EQ(pool_->unused(), 2U);
    EXPECT_THAT(memory_->calls, ElementsAre("finish", "release", "destroy_event", "destroy_event"));
}

TEST_F(DeviceFrames, OutliveTheirPool) {
    auto frame = make(8);
    pool_.reset();
    frame->consumed(reader_);
    EXPECT_FALSE(memory_->held.empty());
    frame.reset();
    EXPECT_TRUE(memory_->held.empty());
}

TEST_F(DeviceFrames, AreAbsentWhenACallFails) {
    for (const char* call : {"allocate", "create_event", "record"}) {
        memory_->failing = call;
        EXPECT_FALSE(make(8)) << call;
    }
    memory_->failing.clear();
    make(8)->consumed(reader_);
    memory_->failing = "wait";
    EXPECT_FALSE(make(8));
    memory_->failing.clear();
    EXPECT_TRUE(make(8));
}

TEST(DeviceFramesWithoutCuda, AreAbsent) {
    DeviceFramePool pool(nullptr);
    EXPECT_FALSE(pool.take(8, 8, 0, nullptr));
}

} // namespace
