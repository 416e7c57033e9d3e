// SPDX-License-Identifier: Apache-2.0
// Work in the background: progress, cancelling, replacing, results and sentences.
#include <atomic>
#include <chrono>
#include <latch>

#include <gtest/gtest.h>

#include "base/job.h"
#include "support/soon.h"

namespace {

using namespace atelier;
using test::soon;
using Counting = Job<int, std::string>;

// Works until it is stopped, and says how often it has looked.
std::string until_stopped(const Counting::Report& report, const std::stop_token& stop) {
    for (int i = 1; !stop.stop_requested(); ++i) {
        report(i);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return "stopped";
}

TEST(Job, TellsHowFarItIsAndEndsWithAResult) {
    Counting job;
    EXPECT_EQ(job.status().state, JobState::idle);
    EXPECT_FALSE(job.take_result());
    std::latch told(1), go_on(1);
    job.start(
        [&](const Counting::Report& report, const std::stop_token&) {
            report(7);
            told.count_down();
            go_on.wait();
            return std::string("ready");
        },
        3);
    told.wait();
    EXPECT_EQ(job.status().state, JobState::running);
    EXPECT_EQ(job.status().progress, 7);
    EXPECT_FALSE(job.take_result());
    go_on.count_down();
    job.wait();
    EXPECT_EQ(job.status().state, JobState::done);
    EXPECT_EQ(job.take_result(), "ready");
    EXPECT_FALSE(job.take_result()) << "handed out once";
    EXPECT_EQ(job.status().state, JobState::done);
}

TEST(Job, StartsFromTheProgressThatIsGiven) {
    Counting job;
    std::latch go_on(1);
    job.start(
        [&](const Counting::Report&, const std::stop_token&) {
            go_on.wait();
            return std::string();
        },
        -1);
    EXPECT_EQ(job.status().progress, -1);
    go_on.count_down();
}

TEST(Job, WhatItThrowsIsTheSentence) {
    Counting job;
    job.start([](const Counting::Report&, const std::stop_token&) -> std::string { fail("The disk is full."); });
    job.wait();
    EXPECT_EQ(job.status().state, JobState::failed);
    EXPECT_EQ(job.status().message, "The disk is full.");
    EXPECT_FALSE(job.take_result());
    job.start([](const Counting::Report&, const std::stop_token&) { return std::string("again"); });
    job.wait();
    EXPECT_EQ(job.status().message, "");
    EXPECT_EQ(job.take_result(), "again");
}

TEST(Job, CancelledItKeepsWhatItHas) {
    Counting job;
    job.cancel();
    EXPECT_EQ(job.status().state, JobState::idle);
    job.start(until_stopped);
    ASSERT_TRUE(soon([&] { return job.status().progress > 0; }));
    job.cancel();
    job.wait();
    EXPECT_EQ(job.status().state, JobState::cancelled);
    EXPECT_EQ(job.take_result(), "stopped");
}

TEST(Job, ForgottenItSaysNothing) {
    Counting job;
    std::atomic<bool> ended = false;
    job.start([&](const Counting::Report& report, const std::stop_token& stop) {
        std::string end = until_stopped(report, stop);
        report(99);
        ended = true;
        return end;
    });
    ASSERT_TRUE(soon([&] { return job.status().progress > 0; }));
    job.forget();
    EXPECT_EQ(job.status().state, JobState::idle);
    ASSERT_TRUE(soon([&] { return ended.load(); }));
    EXPECT_EQ(job.status().progress, 0);
    EXPECT_FALSE(job.take_result());
}

// Of any number asked for while one is at work, the newest alone is carried out; nothing piles up.
TEST(Job, TheNewestTakesThePlaceOfAllBefore) {
    Counting job;
    std::atomic<int> begun = 0, at_work = 0, most = 0;
    std::latch first(1), go_on(1);
    const auto work = [&](const Counting::Report&, const std::stop_token& stop) {
        most = std::max(most.load(), ++at_work);
        if (++begun == 1) {
            first.count_down();
            go_on.wait(); // as work that can't look at `stop` just now
        }
        --at_work;
        return std::string(stop.stop_requested() ? "old" : "newest");
    };
    job.start(work);
    first.wait();
    for (int i = 0; i < 50; ++i) {
        job.start(work);
        EXPECT_EQ(job.status().state, JobState::running);
    }
    go_on.count_down();
    job.wait();
    EXPECT_EQ(begun, 2);
    EXPECT_EQ(most, 1);
    EXPECT_EQ(job.status().state, JobState::done);
    EXPECT_EQ(job.take_result(), "newest");
}

TEST(Job, OneThatWaitedAndWasCancelledNeverBegins) {
    Counting job;
    std::atomic<int> begun = 0;
    std::latch first(1), go_on(1);
    job.start([&](const Counting::Report&, const std::stop_token&) {
        ++begun;
        first.count_down();
        go_on.wait();
        return std::string();
    });
    first.wait();
    job.start([&](const Counting::Report&, const std::stop_token&) {
        ++begun;
        return std::string();
    });
    job.cancel();
    EXPECT_EQ(job.status().state, JobState::cancelled);
    go_on.count_down();
    job.start([](const Counting::Report&, const std::stop_token&) { return std::string("third"); });
    job.wait();
    EXPECT_EQ(job.take_result(), "third");
    EXPECT_EQ(begun, 1);
}

TEST(Job, ItsThreadIsAsNiceAsAskedAndPrepared) {
    std::atomic<int> prepared = 0;
    Counting job({.niceness = 7, .begin = [&] { ++prepared; }});
    for (int i = 0; i < 2; ++i) {
        job.start([](const Counting::Report&, const std::stop_token&) {
            return std::to_string(::getpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid))));
        });
        job.wait();
        EXPECT_EQ(job.take_result(), "7");
    }
    EXPECT_EQ(prepared, 1) << "one thread for all";
}

TEST(Job, ItsEndStopsItAndWaits) {
    std::atomic<bool> ended = false;
    {
        Counting job;
        std::latch begun(1);
        job.start([&](const Counting::Report& report, const std::stop_token& stop) {
            begun.count_down();
            std::string end = until_stopped(report, stop);
            ended = true;
            return end;
        });
        begun.wait();
    }
    EXPECT_TRUE(ended);
}

TEST(Job, ItsEndIsTakenOnce) {
    Counting job;
    EXPECT_FALSE(job.pending());
    job.start([](const Counting::Report&, const std::stop_token&) { return std::string("ready"); });
    job.wait();
    EXPECT_TRUE(job.pending());
    auto outcome = job.take_outcome();
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->result, "ready");
    EXPECT_FALSE(job.pending());
    EXPECT_FALSE(job.take_outcome());
    job.start([](const Counting::Report&, const std::stop_token&) -> std::string { throw Error("no such file"); });
    job.wait();
    outcome = job.take_outcome();
    ASSERT_TRUE(outcome);
    EXPECT_FALSE(outcome->result);
    EXPECT_EQ(outcome->message, "no such file");
    EXPECT_EQ(job.status().state, JobState::idle);
}

} // namespace
