// SPDX-License-Identifier: Apache-2.0
// Ranks that add up, agree, and notice who doesn't come; how a process learns that it is one of several.
#include <atomic>
#include <map>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "base/error.h"
#include "ranks/launch.h"
#include "support/soon.h"
#include "support/thread_ranks.h"
#include "train/agreement.h"
#include "train/random.h"
#include "train/slow_ranks.h"

namespace {

using namespace atelier;
using namespace atelier::train;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(WatchedRanks, AddUpTensorsOfAllSizes) {
    const auto work = [](Ranks& ranks) {
        const double mine = ranks.rank() + 1;
        // More than a bucket together, one that is larger than a bucket, one of another kind and one without
        // dimensions.
        std::vector<at::Tensor> tensors{at::full({3, 5}, mine),      at::full({}, mine),
                                        at::full({1500000}, mine),   at::full({700000}, mine),
                                        at::full({600000, 2}, mine), at::full({7}, mine, at::kDouble),
                                        at::full({4, 6}, mine).t()};
        ranks.sum(tensors);
        for (const at::Tensor& tensor : tensors) {
            EXPECT_TRUE(tensor.eq(6).all().item<bool>()) << tensor.sizes();
        }
        EXPECT_THAT(ranks.gather(std::string(static_cast<std::size_t>(2 - ranks.rank()), 'x')),
                    ElementsAre("xx", "x", ""));
        EXPECT_EQ(ranks.name_of(1), "rank 1 (on host1)");
    };
    EXPECT_THAT(test::on_ranks(3, work), ElementsAre());
}

// Which of four ranks stays away, and what is said then: one sentence, by one of the others.
class Missing : public ::testing::TestWithParam<int> {};

TEST_P(Missing, IsNamed) {
    const int missing = GetParam();
    const auto work = [&](Ranks& ranks) {
        ranks.gather("");
        if (ranks.rank() != missing) {
            ranks.gather("");
        }
    };
    const std::vector<std::string> said = test::on_ranks(4, work, 0.4);
    ASSERT_EQ(said.size(), 1U);
    EXPECT_THAT(said[0], AllOf(HasSubstr(fmt::format("Rank {} (on host{}) of 4 has not answered", missing, missing)),
                               HasSubstr("--rank-timeout")));
}

INSTANTIATE_TEST_SUITE_P(Each, Missing, ::testing::Values(0, 1, 2, 3));

TEST(WatchedRanks, SeveralThatStayAwayAreNamedTogether) {
    const auto work = [&](Ranks& ranks) {
        if (ranks.rank() < 2) {
            ranks.gather("");
        }
    };
    EXPECT_THAT(test::on_ranks(4, work, 0.4),
                ElementsAre(HasSubstr("Rank 2 (on host2), rank 3 (on host3) of 4 have not")));
}

TEST(WatchedRanks, WaitForASlowOneWithinTheLimit) {
    std::atomic<int> waiting{0};
    const auto work = [&](Ranks& ranks) {
        if (ranks.rank() == 1) {
            test::soon([&] { return waiting == 2; });
            std::this_thread::sleep_for(std::chrono::milliseconds(50)); // long enough to be noted, see below
        }
        ++waiting;
        ranks.gather("");
        if (ranks.rank() != 1) {
            EXPECT_GT(ranks.waited(), 0);
        }
    };
    EXPECT_THAT(test::on_ranks(3, work), ElementsAre());
}

TEST(Agreement, AddsUpAndTellsOfTroubleWhereverTheOthersAre) {
    const auto work = [](Ranks& ranks) {
        Agreement agreement(ranks);
        std::vector<double> values{1.0 * ranks.rank(), 2};
        agreement.sum(values);
        EXPECT_THAT(values, ElementsAre(3, 6));
        // One has no memory: the others learn of it at whichever sum they come to.
        if (ranks.rank() == 2) {
            agreement.out_of_memory();
        } else {
            EXPECT_THROW(agreement.sum(values), OutOfMemoryElsewhere);
        }
        try {
            if (ranks.rank() == 1) {
                agreement.failed("The picture x.png has vanished.");
            }
            agreement.sum(values);
            FAIL();
        } catch (const AgreedError& error) {
            EXPECT_STREQ(error.what(), "Of rank 1 (on host1): The picture x.png has vanished.");
        }
        EXPECT_THROW(
            try { agreement.failed("No such folder."); } catch (const AgreedError& error) {
                EXPECT_STREQ(error.what(), "No such folder.") << "all say the same";
                throw;
            },
            AgreedError);
    };
    EXPECT_THAT(test::on_ranks(3, work), ElementsAre());
}

TEST(ShareOfRandom, SharesHaveTheRowsOfTheWhole) {
    SeededRandom whole(4);
    const at::Tensor uniform = whole.uniform({8, 3}), normal = whole.normal({8, 5, 2}), one = whole.uniform({});
    const std::int64_t number = whole.integer(0, 1000);
    for (int rank = 0; rank < 4; ++rank) {
        SeededRandom mine(4);
        ShareOfRandom share(mine, rank, 4);
        EXPECT_TRUE(at::equal(share.uniform({2, 3}), at::stack({uniform[rank], uniform[rank + 4]})));
        EXPECT_TRUE(at::equal(share.normal({2, 5, 2}), at::stack({normal[rank], normal[rank + 4]})));
        EXPECT_TRUE(at::equal(share.uniform({}), one));
        EXPECT_EQ(share.integer(0, 1000), number);
        EXPECT_TRUE(at::equal(mine.state(), whole.state()));
    }
}

TEST(SlowRanks, AreThoseFarAboveTheOthers) {
    EXPECT_THAT(slow_ranks({1}), ElementsAre());
    EXPECT_THAT(slow_ranks({1, 1.2, 1.1, 1.3}), ElementsAre());
    EXPECT_THAT(slow_ranks({1, 1.2, 2.4, 1.3}), ElementsAre(2));
    EXPECT_THAT(slow_ranks({4, 1}), ElementsAre(0));
    EXPECT_THAT(slow_ranks({0.01, 0.03, 0.01}), ElementsAre()) << "too little to matter";
    EXPECT_DOUBLE_EQ(median_of_others({1, 9, 2, 3}, 1), 2);
    EXPECT_DOUBLE_EQ(median_of_others({1, 9, 2}, 1), 1.5);
}

ranks::Environment environment(const std::map<std::string, const char*>& values) {
    return [values](const char* name) -> const char* {
        const auto found = values.find(name);
        return found == values.end() ? nullptr : found->second;
    };
}

TEST(Launch, TheEnvironmentTellsOfOthers) {
    const auto by = [](const std::map<std::string, const char*>& values) {
        const auto launch = ranks::launched(environment(values));
        return launch ? fmt::format("{} {}", launch->by, launch->size) : "alone";
    };
    EXPECT_EQ(by({}), "alone");
    EXPECT_EQ(by({{"OMPI_COMM_WORLD_SIZE", "4"}, {"OMPI_COMM_WORLD_RANK", "2"}}), "mpirun 4");
    EXPECT_EQ(by({{"OMPI_COMM_WORLD_SIZE", "1"}}), "alone");
    EXPECT_EQ(by({{"SLURM_STEP_NUM_TASKS", "8"}, {"SLURM_PROCID", "0"}}), "srun 8");
    EXPECT_EQ(by({{"SLURM_NTASKS", "8"}, {"SLURM_PROCID", "0"}}), "alone") << "a batch script, not a step of it";
    EXPECT_EQ(by({{"PMI_SIZE", "2"}}), "mpiexec 2");
    EXPECT_EQ(by({{"PMIX_RANK", "0"}}), "mpirun 0") << "MPI will say how many";
    EXPECT_TRUE(ranks::speaks_for_all(environment({})));
    EXPECT_TRUE(ranks::speaks_for_all(environment({{"OMPI_COMM_WORLD_SIZE", "4"}, {"OMPI_COMM_WORLD_RANK", "0"}})));
    EXPECT_FALSE(ranks::speaks_for_all(environment({{"OMPI_COMM_WORLD_SIZE", "4"}, {"OMPI_COMM_WORLD_RANK", "3"}})));
    EXPECT_TRUE(ranks::speaks_for_all(environment({{"SLURM_PROCID", "3"}}))) << "alone, whatever is left over";
}

TEST(Launch, EachRankOfAMachineHasADevice) {
    EXPECT_EQ(ranks::own_device(nullptr, 0, 1, 2), "") << "no GPU: the CPU";
    EXPECT_EQ(ranks::own_device(nullptr, 4, 3, 4), "3");
    EXPECT_EQ(ranks::own_device("2,5", 8, 1, 2), "5");
    EXPECT_EQ(ranks::own_device("GPU-8932f937", 8, 1, 2), "") << "srun has given it one";
    EXPECT_EQ(ranks::own_device("", 8, 1, 2), "") << "none are to be used";
    try {
        ranks::own_device(nullptr, 2, 0, 4);
        FAIL();
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), AllOf(HasSubstr("4 processes"), HasSubstr("has 2 GPUs")));
    }
}

} // namespace
