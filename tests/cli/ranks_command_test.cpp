// SPDX-License-Identifier: Apache-2.0
// atelier train as several processes: mpirun starts them, they compute what one does, go on as another number of them,
// and end with a sentence when one of them dies or hangs.
#include <csignal>
#include <fstream>
#include <random>
#include <thread>

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "io/checkpoint.h"
#include "support/mpi_fixture.h"
#include "support/soon.h"
#include "support/tiny_networks.h"

namespace {

using namespace atelier;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;
using test::text_of;

class RanksCommand : public test::MpiCommand {
protected:
    // 16 pictures a step, in groups of 4: one, two or four ranks.
    std::vector<std::string> words(const std::string& run, const char* kimg, std::vector<std::string> more = {}) const {
        std::vector<std::string> all = test::with_tiny_networks(
            {"train",   "--data", data().string(), "--out", out(run).string(), "--kimg", kimg,
             "--batch", "16",     "--tick",        "0.032", "--snap",          "1",      "--mirror",
             "x",       "--fp32", "--augpipe",     "bg",    "--initstrength",  "0.5"});
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    std::vector<std::string> again(const std::string& run, const char* kimg) const {
        return {"train", "--resume", out(run).string(), "--kimg", kimg, "--threads", "1"};
    }
};

struct Apart {
    double worst = 0; // difference of two networks, of the update from the start
    bool same = true; // bits
    std::int64_t images = 0;
};

io::CheckpointFile checkpoint(const fs::path& run) {
    return io::read_checkpoint(run / "checkpoint.safetensors");
}

Apart compare(const io::CheckpointFile& a, const io::CheckpointFile& b, const io::CheckpointFile& start) {
    Apart apart;
    for (const auto& [name, network] : a.networks) {
        for (std::size_t i = 0; i < network.tensors.size(); ++i) {
            const at::Tensor x = network.tensors[i].value.to(at::kDouble),
                             y = b.networks.at(name).tensors[i].value.to(at::kDouble);
            const double update =
                (y - start.networks.at(name).tensors[i].value.to(at::kDouble)).abs().max().item<double>();
            const double difference = (x - y).abs().max().item<double>();
            apart.same = apart.same && difference == 0;
            if (difference > 1e-7) {
                apart.worst = std::max(apart.worst, difference / std::max(update, 1e-6));
            }
        }
    }
    for (std::size_t i = 0; i < a.trainer.size(); ++i) {
        apart.same = apart.same && at::equal(a.trainer[i].second, b.trainer[i].second);
    }
    apart.images = a.metadata["run"]["images"].get<std::int64_t>();
    EXPECT_EQ(a.metadata["run"]["images"], b.metadata["run"]["images"]);
    return apart;
}

nlohmann::json first_tick(const fs::path& run) {
    const std::string lines = text_of(run / "stats.jsonl");
    return nlohmann::json::parse(lines.substr(0, lines.find('\n')));
}

TEST_F(RanksCommand, OneTwoAndFourRanksComputeTheSame) {
    ASSERT_EQ(test::run_program(words("start", "0.001")).exit_code, 0);
    const auto alone = test::run_program(words("alone", "0.08")); // five steps
    ASSERT_EQ(alone.exit_code, 0) << alone.err;
    const io::CheckpointFile start = checkpoint(out("start")), one = checkpoint(out("alone"));
    for (const int ranks : {1, 2, 4}) {
        const std::string name = "ranks" + std::to_string(ranks);
        const auto end = test::run_ranks(ranks, words(name, "0.08"));
        ASSERT_EQ(end.exit_code, 0) << end.err;
        EXPECT_THAT(end.err, HasSubstr("Finished at 0.08 kimg"));
        const Apart apart = compare(checkpoint(out(name)), one, start);
        EXPECT_EQ(apart.images, 80);
        EXPECT_LT(apart.worst, 2e-2) << ranks << " ranks";
        if (ranks == 1) {
            EXPECT_TRUE(apart.same);
        } else {
            EXPECT_THAT(text_of(out(name) / "log.txt"), HasSubstr(std::to_string(ranks) + " ranks, each with "));
        }
        // The first sheet, of the same weights, is made by all ranks and has the bytes of one process's.
        EXPECT_EQ(text_of(out(name) / "fakes-init.png"), text_of(out("alone") / "fakes-init.png"));
        EXPECT_GT(fs::file_size(out(name) / "fakes-init.png"), 1000U);
        // Statistics are those of all: of the whole batch, and the first step's the same.
        const nlohmann::json first = first_tick(out(name)), of_one = first_tick(out("alone"));
        for (const char* what :
             {"Loss/D/loss", "Loss/G/loss", "Loss/signs/real", "Loss/pl_penalty", "Loss/r1_penalty"}) {
            EXPECT_EQ(first[what]["num"], of_one[what]["num"]) << what;
            const double mean = of_one[what]["mean"].get<double>();
            EXPECT_NEAR(first[what]["mean"].get<double>(), mean, 1e-5 * std::abs(mean) + 1e-9) << what;
        }
    }
}

TEST_F(RanksCommand, TheSameRanksGiveTheSameBitsAndGoOnAsOthers) {
    for (const char* name : {"once", "again"}) {
        const auto end = test::run_ranks(4, words(name, "0.064"));
        ASSERT_EQ(end.exit_code, 0) << end.err;
    }
    const io::CheckpointFile middle = checkpoint(out("once"));
    EXPECT_TRUE(compare(middle, checkpoint(out("again")), middle).same);
    // Four steps on four ranks, then four on two, against eight alone: the same pictures in the same order.
    const auto two = test::run_ranks(2, again("once", "0.128"));
    ASSERT_EQ(two.exit_code, 0) << two.err;
    const auto alone = test::run_program(again("again", "0.128"));
    ASSERT_EQ(alone.exit_code, 0) << alone.err;
    const Apart apart = compare(checkpoint(out("once")), checkpoint(out("again")), middle);
    EXPECT_EQ(apart.images, 128);
    EXPECT_LT(apart.worst, 2e-2);
}

// Pictures of seeds, each rank its share: files and sheet are those of one process.
TEST_F(RanksCommand, RenderSharesPicturesOut) {
    ASSERT_EQ(test::run_program(words("model", "0.001")).exit_code, 0);
    const auto render = [&](const std::string& to, bool grid) {
        std::vector<std::string> all{
            "render", (out("model") / "checkpoint.safetensors").string(), "--seeds", "0-10", "--out", out(to).string()};
        if (grid) {
            all.emplace_back("--grid");
        }
        return all;
    };
    ASSERT_EQ(test::run_program(render("alone", false)).exit_code, 0);
    ASSERT_EQ(test::run_program(render("alone.png", true)).exit_code, 0);
    for (const int ranks : {2, 3}) {
        const std::string name = "together" + std::to_string(ranks);
        const auto pictures = test::run_ranks(ranks, render(name, false));
        ASSERT_EQ(pictures.exit_code, 0) << pictures.err;
        EXPECT_THAT(pictures.err, HasSubstr("Rendered 11 pictures"));
        for (int seed = 0; seed < 11; ++seed) {
            const std::string file = "seed00" + std::string(seed < 10 ? "0" : "") + std::to_string(seed) + ".png";
            EXPECT_EQ(text_of(out(name) / file), text_of(out("alone") / file)) << file;
            EXPECT_GT(text_of(out(name) / file).size(), 100U) << file;
        }
        const auto sheet = test::run_ranks(ranks, render(name + ".png", true));
        ASSERT_EQ(sheet.exit_code, 0) << sheet.err;
        EXPECT_EQ(text_of(out(name + ".png")), text_of(out("alone.png")));
    }
    // What one of them can't write is told by the first, once.
    fs::create_directories(out("blocked") / "seed0003.png" / "in the way");
    const auto blocked = test::run_ranks(2, render("blocked", false));
    EXPECT_EQ(blocked.exit_code, 2) << blocked.err;
    EXPECT_THAT(blocked.err, AllOf(HasSubstr("atelier: Of rank 1 (on "), HasSubstr("seed0003.png")));
}

TEST_F(RanksCommand, WhatIsWrongForAllIsSaidOnce) {
    const auto count = [](const std::string& text, const std::string& what) {
        std::size_t found = 0;
        for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
            ++found;
        }
        return found;
    };
    const auto uneven = test::run_ranks(3, words("uneven", "0.01"));
    EXPECT_EQ(uneven.exit_code, 2) << uneven.err;
    EXPECT_EQ(count(uneven.err, "atelier: --batch is 16, which 3 ranks can't share out evenly"), 1U) << uneven.err;
    auto nowhere = words("nowhere", "0.01");
    nowhere[2] = (folder() / "nothing").string();
    const auto missing = test::run_ranks(2, nowhere);
    EXPECT_EQ(missing.exit_code, 2) << missing.err;
    EXPECT_EQ(count(missing.err, "atelier: "), 1U) << missing.err;
    const auto option = test::run_ranks(2, words("option", "0.01", {"--aug", "some"}));
    EXPECT_EQ(option.exit_code, 2) << option.err;
    EXPECT_EQ(count(option.err, "--aug is 'some'"), 1U) << option.err;
}

TEST_F(RanksCommand, ARankThatIsKilledEndsTheRunAndLeavesACheckpoint) {
    std::mt19937 random(11);
    for (const int rank : {0, 1, 2}) {
        const std::string name = "killed" + std::to_string(rank);
        test::ProgramSettings settings;
        settings.interrupt_after = "tick 2 ";
        settings.instead = [&](pid_t mpirun) {
            std::this_thread::sleep_for(std::chrono::milliseconds(random() % 300));
            const pid_t process = test::process_of(mpirun, rank);
            EXPECT_GT(process, 0);
            ::kill(process, SIGKILL);
        };
        const auto end = test::run_ranks(rank == 2 ? 4 : 2, words(name, "1000", {"--verbose"}), settings);
        EXPECT_NE(end.exit_code, 0);
        EXPECT_THAT(end.err, HasSubstr("rank " + std::to_string(rank))) << end.err;
        const std::int64_t images = checkpoint(out(name)).metadata["run"]["images"].get<std::int64_t>();
        EXPECT_GE(images, 16);
        const auto on =
            test::run_program(again(name, std::to_string((static_cast<double>(images) + 16) / 1000).c_str()));
        EXPECT_EQ(on.exit_code, 0) << on.err;
    }
}

TEST_F(RanksCommand, ARankThatHangsIsNamed) {
    for (const int rank : {0, 1}) {
        const std::string name = "hung" + std::to_string(rank);
        test::ProgramSettings settings;
        settings.interrupt_after = "tick 1 ";
        pid_t stopped = -1;
        settings.instead = [&](pid_t mpirun) {
            stopped = test::process_of(mpirun, rank);
            EXPECT_GT(stopped, 0);
            ::kill(stopped, SIGSTOP);
        };
        const auto end = test::run_ranks(2, words(name, "1000", {"--verbose", "--rank-timeout", "2"}), settings);
        EXPECT_NE(end.exit_code, 0);
        EXPECT_THAT(end.err, HasSubstr("Rank " + std::to_string(rank) + " (on ")) << end.err;
        EXPECT_THAT(end.err, HasSubstr("of 2 has not answered for 2 s")) << end.err;
        EXPECT_TRUE(test::soon([&] { return ::kill(stopped, 0) != 0; })) << "it is still there";
        EXPECT_GE(checkpoint(out(name)).metadata["run"]["images"].get<std::int64_t>(), 16);
        if (rank == 1) {
            EXPECT_THAT(text_of(out(name) / "log.txt"), HasSubstr("has not answered"));
        }
    }
}

TEST_F(RanksCommand, OneSignalStopsAllAndSaves) {
    test::ProgramSettings settings;
    settings.interrupt_after = "tick 1 ";
    settings.instead = [](pid_t mpirun) { ::kill(mpirun, SIGUSR1); }; // which mpirun passes on
    const auto end = test::run_ranks(2, words("stopped", "1000", {"--verbose"}), settings);
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_THAT(end.err, HasSubstr("Stopped at "));
    EXPECT_GE(checkpoint(out("stopped")).metadata["run"]["images"].get<std::int64_t>(), 48);
}

TEST_F(RanksCommand, WithoutMpiThereIsASentence) {
    setenv("ATELIER_MPI", (folder() / "libatelier-mpi.so").c_str(), 1);
    const auto absent = test::run_ranks(2, words("absent", "0.01"));
    EXPECT_EQ(absent.exit_code, 2) << absent.err;
    EXPECT_THAT(absent.err, HasSubstr("atelier: mpirun started this program as several processes, which needs MPI"));
    std::ofstream(folder() / "libatelier-mpi.so") << "no library";
    const auto damaged = test::run_ranks(2, words("damaged", "0.01"));
    EXPECT_EQ(damaged.exit_code, 2) << damaged.err;
    EXPECT_THAT(damaged.err, HasSubstr("libopenmpi3"));
    // Alone nobody misses it.
    const auto alone = test::run_program(words("alone", "0.01"));
    EXPECT_EQ(alone.exit_code, 0) << alone.err;
    unsetenv("ATELIER_MPI");
}

} // namespace
