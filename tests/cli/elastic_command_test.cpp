// SPDX-License-Identifier: Apache-2.0
// atelier train --ranks N --elastic: ranks are lost and the run goes on with those that are left, but not where what is
// wrong would come again.
#include <csignal>
#include <fstream>
#include <random>
#include <sstream>

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
using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;
using test::text_of;

std::size_t count(const std::string& text, const std::string& what) {
    std::size_t found = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
        ++found;
    }
    return found;
}

nlohmann::json state_of(const fs::path& run) {
    return io::read_checkpoint(run / "checkpoint.safetensors").metadata["run"];
}

class ElasticCommand : public test::MpiCommand {
protected:
    // 24 pictures a step, in groups of 4: one, two or three ranks.
    std::vector<std::string> words(const std::string& run, const std::string& kimg, const std::string& ranks,
                                   const std::string& mpirun = "--oversubscribe --mca btl 'vader,self'") const {
        std::vector<std::string> all{"train", "--data", data().string()};
        for (const std::string& word : {std::string("--out"), out(run).string(), std::string("--kimg"), kimg,
                                        std::string("--ranks"), ranks, std::string("--mpirun"), mpirun}) {
            all.push_back(word);
        }
        for (const char* word : {"--batch", "24", "--tick", "0.048", "--snap", "1", "--fp32", "--augpipe", "blit",
                                 "--verbose", "--elastic"}) {
            all.emplace_back(word);
        }
        return test::with_tiny_networks(all);
    }
};

pid_t rank_of(pid_t wrapper, int rank) {
    const pid_t mpirun = test::child_of(wrapper, "mpirun");
    return mpirun < 0 ? -1 : test::process_of(mpirun, rank);
}

// Twice a random one of those that are left.
TEST_F(ElasticCommand, RanksThatAreKilledAreDoneWithout) {
    std::mt19937 random(5);
    test::ProgramSettings settings;
    settings.interrupt_after = "tick 2 ";
    settings.instead = [&](pid_t wrapper) {
        for (const int left : {3, 2}) {
            pid_t process = -1;
            const int rank = static_cast<int>(random() % static_cast<unsigned>(left));
            ASSERT_TRUE(test::soon([&] { return (process = rank_of(wrapper, rank)) > 0; }));
            ::kill(process, SIGKILL);
            const std::string on = "Going on at kimg";
            ASSERT_TRUE(test::soon([&] {
                const std::string log = text_of(out("run") / "log.txt");
                return count(log, on) == static_cast<std::size_t>(4 - left) &&
                       log.find("tick ", log.rfind(on)) != std::string::npos;
            })) << text_of(out("run") / "log.txt");
        }
    };
    const auto end = test::run_program(words("run", "0.72", "3"), settings);
    ASSERT_EQ(end.exit_code, 0) << end.err;
    EXPECT_THAT(end.err,
                AllOf(HasSubstr("atelier: A rank was ended by signal 9 (SIGKILL). Going on from the checkpoint"),
                      HasSubstr("with 2 ranks; there were 3."), HasSubstr("with one rank; there were 2."),
                      HasSubstr("Finished at 0.72 kimg")));
    EXPECT_EQ(state_of(out("run"))["images"], 720);
    EXPECT_EQ(state_of(out("run"))["iterations"], 30);
    // Its lines follow one another as if nothing had been, and every picture is counted once.
    std::istringstream lines(text_of(out("run") / "stats.jsonl"));
    std::int64_t ticks = 0, pictures = 0;
    for (std::string line; std::getline(lines, line); ++ticks) {
        const auto tick = nlohmann::json::parse(line);
        EXPECT_EQ(tick["Progress/tick"]["mean"], ticks);
        pictures += tick["Loss/D/loss"]["num"].get<std::int64_t>();
    }
    EXPECT_EQ(pictures, 720);
    EXPECT_EQ(ticks, state_of(out("run"))["ticks"]);
    const std::string log = text_of(out("run") / "log.txt");
    EXPECT_THAT(log, AllOf(HasSubstr("3 ranks, each with 8 pictures of every batch of 24"),
                           HasSubstr("2 ranks, each with 12 pictures of every batch of 24"),
                           HasSubstr("with 2 ranks; there were 3.")));
}

TEST_F(ElasticCommand, ARankThatHangsIsDoneWithout) {
    test::ProgramSettings settings;
    settings.interrupt_after = "tick 2 ";
    settings.instead = [&](pid_t wrapper) {
        const pid_t process = rank_of(wrapper, 1);
        ASSERT_GT(process, 0);
        ::kill(process, SIGSTOP);
    };
    auto all = words("run", "0.48", "2");
    all.insert(all.end(), {"--rank-timeout", "3"});
    const auto end = test::run_program(all, settings);
    ASSERT_EQ(end.exit_code, 0) << end.err;
    EXPECT_THAT(end.err, AllOf(HasSubstr("Rank 1 (on "), HasSubstr("has not answered for 3 s"),
                               HasSubstr("with one rank; there were 2."), HasSubstr("Finished at 0.48 kimg")));
    EXPECT_EQ(state_of(out("run"))["images"], 480);
}

TEST_F(ElasticCommand, WhatIsNoRanksFaultIsNotTriedAgain) {
    // A batch that can't be shared out, and a set that isn't there.
    const auto uneven = test::run_program(words("uneven", "1", "5"));
    EXPECT_EQ(uneven.exit_code, 2) << uneven.err;
    EXPECT_EQ(count(uneven.err, "--batch is 24, which 5 ranks can't share out evenly"), 1U) << uneven.err;
    EXPECT_THAT(uneven.err, Not(HasSubstr("Going on")));
    // A disk that refuses the last snapshot, which the first rank alone writes.
    fs::create_directories(out("refused") / "snapshot-000000.07.safetensors" / "in the way");
    const auto refused = test::run_program(words("refused", "0.072", "2"));
    EXPECT_EQ(refused.exit_code, 2) << refused.err;
    EXPECT_EQ(count(refused.err, "snapshot-000000.07.safetensors: "), 1U) << refused.err;
    EXPECT_THAT(refused.err, Not(HasSubstr("Going on")));
    const auto whole = test::run_program(words("again", "0.048", "2"));
    ASSERT_EQ(whole.exit_code, 0) << whole.err;
    // mpirun itself fails, each time.
    const auto vain = test::run_program({"train", "--resume", out("again").string(), "--kimg", "1", "--elastic",
                                         "--ranks", "3", "--mpirun", "--no-such-word-of-mpirun"});
    EXPECT_EQ(vain.exit_code, 1) << vain.err;
    EXPECT_EQ(count(vain.err, "Going on from the checkpoint at 0.048 kimg"), 2U) << vain.err;
    EXPECT_EQ(count(vain.err, "3 starts in a row have brought no new checkpoint since the one at 0.048 kimg"), 1U)
        << vain.err;
    EXPECT_EQ(state_of(out("again"))["images"], 48);
    // Where there is no checkpoint there is nothing to go on from.
    const auto none = test::run_program(words("nothing", "1", "3", "--no-such-word-of-mpirun"));
    EXPECT_EQ(none.exit_code, 1) << none.err;
    EXPECT_THAT(none.err, HasSubstr("before there was a checkpoint"));
    // A folder that holds another run is not gone on with by mistake.
    const auto taken = test::run_program(words("again", "1", "2"));
    EXPECT_EQ(taken.exit_code, 2) << taken.err;
    EXPECT_EQ(count(taken.err, "already holds a run"), 1U) << taken.err;
}

TEST_F(ElasticCommand, ASignalStopsAllAndSaves) {
    for (const int signal : {SIGINT, SIGTERM}) {
        const std::string name = "stopped" + std::to_string(signal);
        test::ProgramSettings settings;
        settings.interrupt_after = "tick 1 ";
        settings.instead = [&](pid_t wrapper) { ::kill(wrapper, signal); };
        const auto end = test::run_program(words(name, "1000", "2"), settings);
        EXPECT_EQ(end.exit_code, 0) << end.err;
        EXPECT_THAT(end.err, AllOf(HasSubstr("Stopped at "), Not(HasSubstr("Going on"))));
        EXPECT_GE(state_of(out(name))["images"].get<std::int64_t>(), 72);
    }
}

// Whoever starts it with kill -9 does not leave ranks behind that train on.
TEST_F(ElasticCommand, RanksEndWithTheOneThatStartedThem) {
    pid_t rank = -1;
    bool gone = false;
    test::ProgramSettings settings;
    settings.interrupt_after = "tick 1 ";
    settings.instead = [&](pid_t wrapper) {
        rank = rank_of(wrapper, 0);
        const pid_t mpirun = test::child_of(wrapper, "mpirun");
        ::kill(wrapper, SIGKILL);
        gone = test::soon([&] { return ::kill(mpirun, 0) != 0; });
        if (!gone) {
            ::kill(mpirun, SIGTERM); // nothing trains on after this test
        }
    };
    const auto end = test::run_program(words("orphans", "1000", "2"), settings);
    EXPECT_EQ(end.signal, SIGKILL);
    EXPECT_TRUE(gone) << "mpirun goes on";
    ASSERT_GT(rank, 0);
    EXPECT_TRUE(test::soon([&] { return ::kill(rank, 0) != 0; })) << "it trains on";
    EXPECT_GE(state_of(out("orphans"))["images"].get<std::int64_t>(), 24);
}

TEST_F(ElasticCommand, OptionsThatDoNotFitAreTold) {
    const auto refusal = [&](std::vector<std::string> all) {
        const auto end = test::run_program(std::move(all));
        EXPECT_EQ(end.exit_code, 2) << end.err;
        return end.err;
    };
    EXPECT_THAT(refusal({"train", "--resume", out("x").string(), "--out", "y", "--data", "z", "--elastic"}),
                HasSubstr("--ranks"));
    EXPECT_THAT(refusal(words("none", "1", "0")), HasSubstr("--ranks is 0; it has to be 1 or more"));
    EXPECT_THAT(refusal(words("twice", "1", "2", "-np 3")), HasSubstr("--mpirun holds -np"));
    setenv("OMPI_COMM_WORLD_SIZE", "2", 1);
    EXPECT_THAT(refusal(words("within", "1", "2")), HasSubstr("was started by mpirun already"));
    unsetenv("OMPI_COMM_WORLD_SIZE");
    const std::string path = std::getenv("PATH");
    setenv("PATH", folder().c_str(), 1);
    EXPECT_THAT(refusal(words("absent", "1", "2")), HasSubstr("apt-get install openmpi-bin"));
    setenv("PATH", path.c_str(), 1);
}

} // namespace
