// SPDX-License-Identifier: Apache-2.0
// Whole runs on ranks that are threads: pictures made together, random numbers of each rank's own, networks that part,
// a slow rank, and shards that each rank checks its share of.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "base/error.h"
#include "io/checkpoint.h"
#include "io/shard_set.h"
#include "io/zip_writer.h"
#include "support/scratch.h"
#include "support/thread_ranks.h"
#include "support/training_pictures.h"
#include "train/grid.h"
#include "train/guard.h"
#include "train/run.h"
#include "train/shared_pictures.h"

namespace {

using namespace atelier;
using namespace atelier::train;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
namespace fs = std::filesystem;

model::Generator small_generator(int labels) {
    model::GeneratorConfig g;
    g.mapping.z_dim = 8;
    g.mapping.c_dim = labels;
    g.mapping.num_layers = 2;
    g.synthesis.w_dim = 8;
    g.synthesis.img_resolution = 64;
    g.synthesis.channels = {64, 8, {}};
    model::DiscriminatorConfig d;
    d.img_resolution = 64;
    d.c_dim = labels;
    d.channels = {64, 8, {}};
    return fresh_networks(g, d, 3, at::kCPU).g;
}

class SharedPictures : public ::testing::TestWithParam<int> {};

TEST_P(SharedPictures, AreThoseOfOneProcess) {
    const model::Generator plain = small_generator(0), labelled = small_generator(3);
    const at::Tensor labels = at::eye(3).repeat({14, 1}).slice(0, 0, 41);
    const at::Tensor alone = seed_pictures(plain, 41, {}), with_labels = seed_pictures(labelled, 41, labels);
    const double diversity = diversity_of(plain);
    ASSERT_GT(diversity, 0.001);
    const bool whole_rounds = GetParam() <= 5; // six rounds of eight, the last of one picture
    const auto near = [&](const at::Tensor& a, const at::Tensor& b) {
        return a.sizes() == b.sizes() &&
               (whole_rounds ? at::equal(a, b) : (a.to(at::kInt) - b.to(at::kInt)).abs().max().item<int>() <= 1);
    };
    const auto work = [&](Ranks& ranks) {
        const at::Tensor together = seed_pictures(plain, 41, {}, ranks);
        const at::Tensor together_labelled = seed_pictures(labelled, 41, labels, ranks);
        const double theirs = diversity_of(plain, ranks);
        if (ranks.first()) {
            EXPECT_TRUE(near(together, alone));
            EXPECT_TRUE(near(together_labelled, with_labels));
            EXPECT_NEAR(theirs, diversity, 1e-5 * diversity);
        } else {
            EXPECT_FALSE(together.defined());
            EXPECT_FALSE(together_labelled.defined());
        }
    };
    EXPECT_THAT(test::on_ranks(GetParam(), work), ElementsAre());
}

INSTANTIATE_TEST_SUITE_P(Ranks, SharedPictures, ::testing::Values(2, 3, 5, 11));

class RunOnRanks : public ::testing::Test {
protected:
    RunOnRanks() { test::write_pictures(folder_ / "pictures", 24); }
    TrainOptions options() const {
        TrainOptions options;
        options.data = folder_ / "pictures";
        options.out = folder_ / "run";
        options.batch = 16;
        options.channel_base = 64;
        options.channel_max = 8;
        options.z_dim = 16;
        options.map_depth = 2;
        options.fp32 = true;
        options.aug = AugmentMode::off;
        options.kimg = 1000;
        options.tick = 0.016;
        options.snap = 0;
        return options;
    }
    // One process, up to the first checkpoint: fresh networks come from one generator, which threads would share.
    void begin(const TrainOptions& options) const { const TrainRun run(options, {}); }
    TrainOptions again() const {
        TrainOptions options;
        options.resume = folder_ / "run";
        options.tick = 0.016;
        options.snap = 0;
        return options;
    }
    io::CheckpointFile checkpoint() const { return io::read_checkpoint(folder_ / "run" / "checkpoint.safetensors"); }
    std::string log() const {
        std::ifstream in(folder_ / "run" / "log.txt");
        return {std::istreambuf_iterator<char>(in), {}};
    }
    test::Scratch folder_;
};

at::Tensor trainer_tensor(const io::CheckpointFile& file, const std::string& name) {
    for (const auto& [known, tensor] : file.trainer) {
        if (known == name) {
            return tensor;
        }
    }
    return {};
}

// Memory that forgets, or two kinds of processors: whatever parts on one rank is named, and not saved.
TEST_F(RunOnRanks, NetworksThatPartAreNotSaved) {
    begin(options());
    const std::int64_t images = checkpoint().metadata["run"]["images"];
    const std::vector<std::pair<std::string, std::function<void(Trainer&)>>> faults{
        {"G", [](Trainer& t) { at::Tensor(t.networks.g.parameters.all()[2].value).data().add_(1e-6); }},
        {"G_ema", [](Trainer& t) { at::Tensor(t.networks.g_ema.parameters.all()[2].value).data().add_(1e-6); }},
        {"D", [](Trainer& t) { at::Tensor(t.networks.d.parameters.all()[0].value).data().add_(1e-6); }},
        {"the moments of G", [](Trainer& t) { t.g_adam.second.back().add_(1e-6); }},
        {"the moments of D", [](Trainer& t) { t.d_adam.first.front().add_(1e-6); }},
        {"the counters", [](Trainer& t) { t.p += 1e-3F; }}};
    for (const auto& [what, spoil] : faults) {
        std::mutex mutex;
        std::vector<std::string> told;
        const auto work = [&](Ranks& ranks) {
            TrainRun run(again(), {}, ranks);
            run.step();
            if (ranks.rank() == 1) {
                spoil(run.trainer());
            }
            try {
                run.save();
            } catch (const AgreedError& error) {
                const std::lock_guard lock(mutex);
                told.emplace_back(error.what());
            }
        };
        EXPECT_THAT(test::on_ranks(2, work), ElementsAre());
        ASSERT_EQ(told.size(), 2U) << what;
        EXPECT_EQ(told[0], told[1]);
        EXPECT_THAT(told[0], StartsWith(what + " of rank 1 (on host1) is no longer that of rank 0 (on host0), so what "
                                               "they have learnt is not saved; the checkpoint of before is kept in"));
        EXPECT_EQ(checkpoint().metadata["run"]["images"], images) << what;
    }
}

TEST_F(RunOnRanks, ASlowRankIsNamed) {
    begin(options());
    const auto work = [&](Ranks& ranks) {
        TrainRun run(again(), {}, ranks);
        if (ranks.rank() == 2) {
            run.trainer().before_round = [](int) { std::this_thread::sleep_for(std::chrono::milliseconds(700)); };
        }
        run.step(); // a tick
    };
    EXPECT_THAT(test::on_ranks(4, work), ElementsAre());
    EXPECT_THAT(log(), AllOf(HasSubstr("rank 2 (on host2) is slow: it computed for "),
                             HasSubstr(" s in this tick, and half of the others for "),
                             Not(HasSubstr("rank 0 (on host0) is"))));
}

// Each rank goes on with its own numbers; ranks that are new begin with a seed of their own, and those that are left
// out leave nothing behind.
TEST_F(RunOnRanks, RandomNumbersOfEachRanksOwnGoOnWithOtherRanks) {
    auto published = options();
    published.rank_random = "published";
    begin(published);
    std::int64_t images = 0;
    std::vector<at::Tensor> before{trainer_tensor(checkpoint(), "random")};
    for (const int count : {2, 4, 2, 1}) {
        std::vector<at::Tensor> at_start(static_cast<std::size_t>(count)), at_end = at_start;
        const auto work = [&](Ranks& ranks) {
            TrainRun run(again(), {}, ranks);
            const auto rank = static_cast<std::size_t>(ranks.rank());
            at_start[rank] = run.trainer().random.state().clone();
            EXPECT_EQ(run.trainer().images, images);
            run.step();
            at_end[rank] = run.trainer().random.state().clone();
            run.save();
        };
        if (count == 1) {
            work(one_rank());
        } else {
            EXPECT_THAT(test::on_ranks(count, work), ElementsAre());
        }
        images += 16;
        const io::CheckpointFile now = checkpoint();
        EXPECT_EQ(now.metadata["run"]["images"], images);
        EXPECT_EQ(now.metadata["run"]["options"]["rank_random"], "published");
        for (std::size_t rank = 0; rank < at_start.size(); ++rank) {
            const std::string name = rank == 0 ? "random" : "random." + std::to_string(rank);
            if (rank < before.size()) {
                EXPECT_TRUE(at::equal(at_start[rank], before[rank])) << count << " ranks, " << rank;
            }
            for (std::size_t other = 0; other < rank; ++other) {
                EXPECT_FALSE(at::equal(at_start[rank], at_start[other])) << rank << " draws what " << other << " does";
            }
            const at::Tensor kept = trainer_tensor(now, name);
            ASSERT_TRUE(kept.defined()) << name;
            EXPECT_TRUE(at::equal(kept, at_end[rank])) << name;
        }
        EXPECT_FALSE(trainer_tensor(now, "random." + std::to_string(count)).defined());
        before = at_end;
    }
}

// Rank 0 checks the first and the third, rank 1 the second.
TEST_F(RunOnRanks, EachRankChecksSomeShardsAndAllLearnWhatIsWrong) {
    const fs::path set = folder_ / "set";
    fs::create_directory(set);
    io::ShardIndex index;
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder_ / "pictures")) {
        files.push_back(entry.path());
    }
    std::ranges::sort(files);
    for (int shard = 0; shard < 3; ++shard) {
        const std::string name = io::shard_name(static_cast<std::size_t>(shard), 3);
        io::ZipWriter zip(set / name);
        for (std::size_t i = static_cast<std::size_t>(shard); i < files.size(); i += 3) {
            zip.add(files[i].filename().string(), test::file_bytes(files[i]));
        }
        zip.finish();
        index.shards.push_back(io::shard_facts(set / name, name));
        index.shards.back().pictures = 8;
    }
    const std::string text = io::to_text(index);
    test::put_bytes(set / "shards.json", {text.begin(), text.end()});
    for (std::size_t shard = 0; shard < 3; ++shard) {
        const fs::path file = set / index.shards[shard].file;
        const auto whole = test::file_bytes(file);
        for (const bool missing : {false, true}) {
            auto bytes = whole;
            const std::string end = "IEND"; // before which, behind length and checksum, pixels end
            *(std::search(bytes.begin(), bytes.end(), end.begin(), end.end()) - 20) ^= 1U;
            test::put_bytes(file, bytes);
            if (missing) {
                fs::remove(file);
            }
            std::mutex mutex;
            std::vector<std::string> told;
            const auto work = [&](Ranks& ranks) {
                TrainOptions fresh = options();
                fresh.data = set;
                try {
                    const TrainRun run(fresh, {}, ranks);
                } catch (const AgreedError& error) {
                    const std::lock_guard lock(mutex);
                    told.emplace_back(error.what());
                }
            };
            EXPECT_THAT(test::on_ranks(2, work), ElementsAre());
            ASSERT_EQ(told.size(), 2U) << shard;
            EXPECT_EQ(told[0], told[1]);
            const std::string by = missing ? "" : shard == 1 ? "Of rank 1 (on host1): " : "Of rank 0 (on host0): ";
            EXPECT_THAT(told[0], StartsWith(by + fs::weakly_canonical(file).string() +
                                            (missing ? ": is missing" : ": is damaged")));
            EXPECT_FALSE(fs::exists(folder_ / "run" / "log.txt")) << "it began";
        }
        test::put_bytes(file, whole);
    }
}

} // namespace
