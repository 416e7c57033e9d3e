// SPDX-License-Identifier: Apache-2.0
// Questions that take a while: whoever asks never waits, and never gets the answer to another question.
#include <atomic>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "studio/services/async_query.h"

namespace {

using atelier::studio::AsyncQuery;

class Answers : public ::testing::Test {
protected:
    // Takes until it is released.
    auto slowly() {
        return [this](const std::string& question) {
            ++asked_;
            while (!released_)
                std::this_thread::yield();
            return static_cast<int>(question.size());
        };
    }
    int wait_for(const std::string& question, double again = 0) {
        for (int i = 0; i < 2000; ++i) {
            if (const int* result = answer_.ask(question, slowly(), again))
                return *result;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return -1;
    }
    ~Answers() override { released_ = true; }

    std::atomic<int> asked_ = 0;
    std::atomic<bool> released_ = false;
    AsyncQuery<std::string, int> answer_;
};

TEST_F(Answers, ComeLaterAndOnce) {
    EXPECT_EQ(answer_.ask("four", slowly(), 0), nullptr);
    EXPECT_EQ(answer_.ask("four", slowly(), 0), nullptr);
    released_ = true;
    EXPECT_EQ(wait_for("four"), 4);
    for (int i = 0; i < 100; ++i)
        EXPECT_NE(answer_.ask("four", slowly(), 0), nullptr);
    EXPECT_EQ(asked_, 1);
}

TEST_F(Answers, BelongToTheirQuestion) {
    EXPECT_EQ(answer_.ask("four", slowly(), 0), nullptr);
    EXPECT_EQ(answer_.ask("eleven", slowly(), 0), nullptr) << "while the first is being looked for";
    released_ = true;
    EXPECT_EQ(wait_for("eleven"), 6);
    EXPECT_EQ(answer_.ask("four", slowly(), 0), nullptr);
}

TEST_F(Answers, GrowOld) {
    released_ = true;
    EXPECT_EQ(wait_for("four", 0.02), 4);
    for (int i = 0; i < 2000 && asked_ < 3; ++i) {
        EXPECT_NE(answer_.ask("four", slowly(), 0.02), nullptr) << "the old one stands meanwhile";
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    EXPECT_GE(asked_, 3);
}

} // namespace
