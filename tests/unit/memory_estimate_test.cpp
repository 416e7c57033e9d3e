// SPDX-License-Identifier: Apache-2.0
// Rounds that fit into pretended free memory; the estimate beside what real steps took.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "ops/free_memory.h"
#include "support/scratch.h"
#include "support/training_pictures.h"
#include "train/config.h"
#include "train/memory_estimate.h"
#include "train/run.h"

namespace {

using namespace atelier;
using namespace atelier::train;
namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr MemoryEstimate simple{100, 10}; // 100 and 10 for each picture

std::optional<int> round_in(double free, int batch = 32, int largest = 32, std::optional<int> group = 4) {
    return fitting_round(simple, batch, largest, group, free);
}

TEST(Rounds, AreTheWholeBatchWhereItFits) {
    EXPECT_EQ(round_in(420), 32);
    EXPECT_EQ(round_in(1e12), 32);
    EXPECT_EQ(round_in(1e12, 32, 8), 8) << "never more than asked for";
    EXPECT_EQ(round_in(1e12, 3, 3), 3) << "a batch smaller than a group is a group";
}

TEST(Rounds, AreTheLargestThatFits) {
    EXPECT_EQ(round_in(419), 16);
    EXPECT_EQ(round_in(259), 8);
    EXPECT_EQ(round_in(140), 4);
    EXPECT_EQ(round_in(290, 24, 24), 12) << "a divisor of the batch, no power of two";
    EXPECT_EQ(round_in(299, 36, 36, 1), 18);
}

TEST(Rounds, HoldWholeGroups) {
    EXPECT_EQ(round_in(179, 24, 24, 4), 4) << "6 would fit and divide the batch, but not hold whole groups";
    EXPECT_EQ(round_in(139), std::nullopt) << "2 would fit";
    EXPECT_EQ(round_in(139, 32, 32, 1), 2);
    EXPECT_EQ(round_in(419, 32, 32, std::nullopt), std::nullopt) << "the group is the whole round";
    EXPECT_EQ(round_in(119, 4, 2, 4), std::nullopt) << "rounds of 2 are groups of 2";
    EXPECT_EQ(smallest_round(32, 32, 4), 4);
    EXPECT_EQ(smallest_round(32, 32, 1), 1);
    EXPECT_EQ(smallest_round(32, 32, std::nullopt), 32);
}

// As the header says how.
struct Measured {
    int resolution;
    bool fp32;
    int pictures;
    double megabytes; // peak resident memory
};
constexpr Measured measured[] = {{64, false, 8, 2320}, {64, false, 32, 3700}, {64, true, 8, 2533},
                                 {64, true, 32, 4866}, {256, false, 4, 3343}, {256, false, 8, 5112},
                                 {256, true, 4, 3630}, {256, true, 8, 5458}};
constexpr double before_the_step = 770; // MB

TEST(MemoryEstimate, IsWhatRealStepsTakeOrALittleMore) {
    for (const Measured& each : measured) {
        TrainOptions options;
        options.batch = each.pictures;
        options.fp32 = each.fp32;
        TrainFacts facts;
        facts.resolution = each.resolution;
        facts.pictures = 45;
        const TrainConfig config = resolve(options, facts);
        const MemoryEstimate estimate = estimate_memory(config.g, config.d, each.fp32, true);
        const double part = estimate.round(each.pictures) / 1e6 / (each.megabytes - before_the_step);
        EXPECT_GT(part, 0.98) << each.resolution << " px, " << each.pictures << " pictures, fp32 " << each.fp32;
        EXPECT_LT(part, 1.3) << each.resolution << " px, " << each.pictures << " pictures, fp32 " << each.fp32;
    }
}

void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
}

TEST(FreeMemory, IsTheLowestOfWhatIsSaid) {
    const test::Scratch root;
    EXPECT_EQ(free_host_memory(root.path()), std::numeric_limits<double>::infinity()) << "nothing is said";
    write(root / "proc/meminfo", "MemTotal: 1000 kB\nMemFree: 10 kB\nMemAvailable: 800 kB\n");
    EXPECT_EQ(free_host_memory(root.path()), 800 * 1024);

    write(root / "proc/self/cgroup", "0::/a/b\n");
    const fs::path groups = root / "sys/fs/cgroup";
    write(groups / "a/b/memory.max", "max\n");
    write(groups / "a/b/memory.current", "300000\n");
    EXPECT_EQ(free_host_memory(root.path()), 800 * 1024);
    write(groups / "a/memory.max", "700000\n");
    write(groups / "a/memory.current", "300000\n");
    EXPECT_EQ(free_host_memory(root.path()), 400000) << "the group above";
    write(groups / "a/memory.stat", "anon 5\ninactive_file 50000\n");
    EXPECT_EQ(free_host_memory(root.path()), 450000) << "files in memory can be dropped";
}

TEST(FreeMemory, ReadsTheOldGroups) {
    const test::Scratch root;
    write(root / "proc/self/cgroup", "7:cpu,cpuacct:/x\n4:memory:/outside/here\n");
    const fs::path group = root / "sys/fs/cgroup/memory"; // within a container there is no /outside
    write(group / "memory.limit_in_bytes", "900\n");
    write(group / "memory.usage_in_bytes", "500\n");
    EXPECT_EQ(free_host_memory(root.path()), 400);
    write(group / "memory.usage_in_bytes", "1000\n");
    EXPECT_EQ(free_host_memory(root.path()), 0);
}

class FittedRun : public ::testing::Test {
protected:
    FittedRun() { test::write_pictures(folder_ / "pictures", 8); }
    // A run that has made one step with so many pretended bytes free.
    std::unique_ptr<TrainRun> run(const std::string& name, double free) {
        TrainOptions options;
        options.data = (folder_ / "pictures").string();
        options.out = (folder_ / name).string();
        options.batch = 8;
        options.channel_base = 64;
        options.channel_max = 8;
        options.aug = AugmentMode::off;
        RunHooks hooks;
        hooks.free_memory = [free] { return free; };
        hooks.line = [this](const std::string& line) { log_ += line + "\n"; };
        return std::make_unique<TrainRun>(options, std::move(hooks));
    }

    test::Scratch folder_;
    std::string log_;
};

TEST_F(FittedRun, SaysWhenItsRoundsAreSmaller) {
    const auto whole = run("whole", 1e12);
    EXPECT_EQ(whole->trainer().batch_gpu_now, 8);
    EXPECT_THAT(log_, Not(HasSubstr("at a time")));
    const MemoryEstimate need =
        estimate_memory(whole->config().g, whole->config().d, whole->config().trainer.loss.force_fp32, false);
    const auto halved = run("halved", need.round(8) - 1);
    EXPECT_EQ(halved->trainer().batch_gpu_now, 4) << "whole groups";
    EXPECT_THAT(log_, HasSubstr("rounds of 4"));
    EXPECT_EQ(halved->trainer().settings().batch_gpu, 8) << "so that the sum of the gradients stays what it was";
    halved->step();
}

TEST_F(FittedRun, IsRefusedBeforeItWritesAnything) {
    EXPECT_THAT(test::message_from<Error>([&] { run("refused", 1000); }), HasSubstr("with 4 picture(s) at a time"));
    EXPECT_FALSE(fs::exists(folder_ / "refused"));
}

} // namespace
