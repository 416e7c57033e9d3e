// SPDX-License-Identifier: Apache-2.0
// Work of which nothing may be lost: its order, its results and sentences, and the end of the queue.
#include <future>
#include <memory>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "base/job_queue.h"

namespace {

using namespace atelier;

TEST(JobQueue, CarriesOutAllInTheirOrder) {
    std::vector<int> order;
    JobQueue<int> queue;
    std::promise<void> go_on;
    queue.add([&, gate = go_on.get_future().share()] {
        gate.wait();
        order.push_back(0);
        return 0;
    });
    for (int i = 1; i < 20; ++i) {
        queue.add([&order, i] {
            order.push_back(i);
            return i;
        });
    }
    EXPECT_TRUE(queue.working());
    EXPECT_FALSE(queue.take()) << "nothing has ended";
    EXPECT_FALSE(queue.wait_until(std::chrono::steady_clock::now())) << "the first waits for us";
    go_on.set_value();
    queue.wait();
    EXPECT_FALSE(queue.working());
    EXPECT_TRUE(queue.pending()) << "nothing was taken";
    for (int i = 0; i < 20; ++i) {
        const auto outcome = queue.take();
        ASSERT_TRUE(outcome && outcome->result);
        EXPECT_EQ(*outcome->result, i);
        EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
    }
    EXPECT_FALSE(queue.take());
    EXPECT_FALSE(queue.pending());
}

TEST(JobQueue, AFailureIsASentenceAndTheNextGoesOn) {
    JobQueue<int> queue;
    queue.add([]() -> int { throw std::runtime_error("the disk is full"); });
    queue.add([] { return 2; });
    queue.wait();
    const auto first = queue.take(), second = queue.take();
    ASSERT_TRUE(first && second);
    EXPECT_FALSE(first->result);
    EXPECT_EQ(first->message, "the disk is full");
    EXPECT_EQ(second->result, 2);
}

TEST(JobQueue, TheEndWaitsForAll) {
    int done = 0;
    {
        JobQueue<Nothing> queue;
        for (int i = 0; i < 50; ++i) {
            queue.add([&done] {
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
                ++done;
                return Nothing();
            });
        }
    }
    EXPECT_EQ(done, 50);
}

// What a piece holds may be large, or close files: that is no work for the thread that asked.
TEST(JobQueue, LetsGoOfWhatAPieceHoldsOnItsOwnThread) {
    std::thread::id where;
    const auto tell = [&where](int* held) {
        where = std::this_thread::get_id();
        delete held;
    };
    JobQueue<std::thread::id> queue;
    queue.add([held = std::shared_ptr<int>(new int(1), tell)] { return std::this_thread::get_id(); });
    queue.wait();
    EXPECT_EQ(queue.take()->result, where);
    EXPECT_NE(where, std::this_thread::get_id());
}

TEST(JobQueue, BeginsItsThreadAsToldTo) {
    int begun = 0;
    JobQueue<int> queue({.begin = [&begun] { ++begun; }});
    queue.add([&begun] { return begun; });
    queue.add([&begun] { return begun; });
    queue.wait();
    EXPECT_EQ(queue.take()->result, 1);
    EXPECT_EQ(queue.take()->result, 1);
}

} // namespace
