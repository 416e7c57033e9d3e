// SPDX-License-Identifier: Apache-2.0
// atelier train as a person runs it: a run folder with all its files, refusals in one sentence, and runs that are
// killed at any moment and go on as if never stopped.
#include <chrono>
#include <fstream>
#include <map>
#include <random>
#include <thread>
#include <tuple>

#include <ATen/ops/equal.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "io/atomic_file.h"
#include "io/checkpoint.h"
#include "support/program.h"
#include "support/scratch.h"
#include "support/soon.h"
#include "support/tiny_run.h"
#include "support/training_pictures.h"

namespace {

using namespace atelier;
using namespace std::chrono_literals;
using test::count_lines;
using test::expect_same;
using test::tiny;
using test::write_pictures;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class Train : public ::testing::Test {
protected:
    void SetUp() override {
        if (test::program().empty()) {
            GTEST_SKIP() << "the program is not built";
        }
        write_pictures(folder_.path() / "data", 24);
    }
    test::Scratch folder_;
    fs::path data() const { return folder_.path() / "data"; }
    fs::path out(const std::string& name = "run") const { return folder_.path() / name; }
};

TEST_F(Train, LeavesARunFolder) {
    const auto end = test::run_program(tiny(data(), out(), "0.3"));
    ASSERT_EQ(end.exit_code, 0) << end.err;
    EXPECT_THAT(end.err, HasSubstr("Finished at 0.30 kimg"));
    for (const char* name : {"options.json", "log.txt", "stats.jsonl", "checkpoint.safetensors", "reals.png",
                             "fakes-init.png", "snapshot-000000.safetensors", "snapshot-000000.png"}) {
        EXPECT_TRUE(fs::is_regular_file(out() / name)) << name;
    }
    EXPECT_EQ(count_lines(out() / "stats.jsonl"), 4U) << "one after the first step, then each 0.1 kimg";
    const io::CheckpointFile file = io::read_checkpoint(out() / "checkpoint.safetensors");
    EXPECT_TRUE(file.networks.contains("G") && file.networks.contains("D") && file.networks.contains("G_ema"));
    // A snapshot and a checkpoint are models to play.
    for (const char* name : {"checkpoint.safetensors", "snapshot-000000.safetensors"}) {
        const auto info = test::run_program({"info", (out() / name).string()});
        EXPECT_EQ(info.exit_code, 0) << info.err;
    }
    // Fine-tuning begins from it, with Freeze-D and Freeze-G.
    auto words = tiny(data(), out("fine"), "0.02");
    for (const char* word : {"--freeze-d", "2", "--freeze-g", "1"}) {
        words.emplace_back(word);
    }
    words.erase(std::find(words.begin(), words.end(), "--z-dim"), std::find(words.begin(), words.end(), "--threads"));
    words.insert(words.end(), {"--resume", (out() / "checkpoint.safetensors").string()});
    const auto fine = test::run_program(words);
    ASSERT_EQ(fine.exit_code, 0) << fine.err;
    const io::CheckpointFile after = io::read_checkpoint(out("fine") / "checkpoint.safetensors");
    const auto find = [](const io::CheckpointFile& f, const std::string& net, const std::string& name) {
        for (const auto& tensor : f.networks.at(net).tensors) {
            if (tensor.name == name) {
                return tensor.value;
            }
        }
        ADD_FAILURE() << name;
        return at::Tensor();
    };
    for (const char* fixed : {"synthesis.b4.conv1.weight", "synthesis.b4.torgb.bias"}) {
        EXPECT_TRUE(at::equal(find(file, "G", fixed), find(after, "G", fixed))) << fixed;
    }
    EXPECT_FALSE(
        at::equal(find(file, "G", "synthesis.b8.conv1.weight"), find(after, "G", "synthesis.b8.conv1.weight")));
    EXPECT_FALSE(at::equal(find(file, "G", "mapping.fc0.bias"), find(after, "G", "mapping.fc0.bias")));
    EXPECT_TRUE(at::equal(find(file, "D", "b16.conv0.weight"), find(after, "D", "b16.conv0.weight")));
    EXPECT_FALSE(at::equal(find(file, "D", "b8.conv0.weight"), find(after, "D", "b8.conv0.weight")));
}

TEST_F(Train, RefusesInOneSentence) {
    const auto refused = [&](std::vector<std::string> words, const std::string& text) {
        const auto end = test::run_program(std::move(words));
        EXPECT_EQ(end.exit_code, 2) << end.err;
        EXPECT_THAT(end.err, HasSubstr(text));
        EXPECT_FALSE(fs::exists(out() / "checkpoint.safetensors")) << text;
    };
    refused({"train", "--out", out().string()}, "--data");
    refused({"train", "--data", data().string()}, "--out");
    refused({"train", "--data", "/no/such", "--out", out().string()}, "/no/such");
    fs::create_directories(folder_.path() / "empty");
    refused({"train", "--data", (folder_.path() / "empty").string(), "--out", out().string()}, "no pictures");
    refused({"train", "--data", data().string(), "--out", out().string(), "--resume", "/no/model.pkl"},
            "/no/model.pkl");
    refused({"train", "--resume", data().string()}, "holds no run");
    write_pictures(folder_.path() / "odd", 3);
    write_pictures(folder_.path() / "odd" / "more", 2, 32);
    refused({"train", "--data", (folder_.path() / "odd").string(), "--out", out().string()}, "picture");
    for (const auto& [option, value] : std::map<std::string, std::string>{{"--aug", "some"},
                                                                          {"--mirror", "z"},
                                                                          {"--augpipe", "xyz"},
                                                                          {"--cfg", "best"},
                                                                          {"--batch", "0"},
                                                                          {"--kimg", "-1"},
                                                                          {"--ada-max", "much"},
                                                                          {"--initstrength", "2"}}) {
        auto words = tiny(data(), out(), "0.1");
        words.insert(words.end(), {option, value});
        if (option == "--mirror" || option == "--batch" || option == "--kimg") {
            const auto first = std::find(words.begin(), words.end(), option);
            words.erase(first, first + 2);
        }
        refused(words, option == "--augpipe" ? value : option);
    }
}

// Waits for a moment to kill the program at: any one, or every other time one at which a checkpoint is being written.
// False if the program ended first.
bool moment_comes(test::RunningProgram& running, const fs::path& folder, std::mt19937& random, int& while_writing) {
    std::this_thread::sleep_for(std::chrono::milliseconds(300 + random() % 1200));
    if (random() % 2 == 0) {
        return running.alive();
    }
    for (int i = 0; i < 20000 && running.alive(); ++i) {
        std::error_code error;
        for (const auto& entry : fs::directory_iterator(folder, error)) {
            if (entry.path().string().find("checkpoint.safetensors.part-") != std::string::npos) {
                ++while_writing;
                return running.alive();
            }
        }
        std::this_thread::sleep_for(200us);
    }
    return running.alive();
}

TEST_F(Train, KilledAtAnyMomentItGoesOnAsIfNeverStopped) {
    const std::string kimg = "1.2";
    const auto whole = test::run_program(tiny(data(), out("whole"), kimg));
    ASSERT_EQ(whole.exit_code, 0) << whole.err;

    std::mt19937 random(20);
    int kills = 0, while_writing = 0;
    // A run may end before it was killed often enough: then another one is broken off, and each is compared.
    for (int attempt = 0; kills < 20; ++attempt) {
        ASSERT_LT(attempt, 12) << "runs end before they can be killed";
        const fs::path folder = out("broken" + std::to_string(attempt));
        bool ended = false;
        while (!ended) {
            const bool begun = fs::exists(folder / "checkpoint.safetensors");
            test::RunningProgram running(begun ? std::vector<std::string>{"train", "--resume", folder.string()}
                                               : tiny(data(), folder, kimg));
            if (kills < 20 && moment_comes(running, folder, random, while_writing)) {
                running.kill();
                ++kills;
            } else {
                ASSERT_EQ(running.wait(), 0) << "attempt " << attempt;
                ended = true;
            }
        }
        expect_same(out("whole") / "checkpoint.safetensors", folder / "checkpoint.safetensors");
        EXPECT_EQ(count_lines(out("whole") / "stats.jsonl"), count_lines(folder / "stats.jsonl"));
        for (const auto& entry : fs::directory_iterator(folder)) {
            EXPECT_EQ(entry.path().string().find(".part-"), std::string::npos) << entry.path();
        }
    }
    std::cout << "killed " << kills << " times, " << while_writing << " while a checkpoint was written" << std::endl;
    EXPECT_GE(while_writing, 1);
}

TEST_F(Train, AFullDiskKeepsTheLastCheckpoint) {
#ifdef __SANITIZE_THREAD__
    GTEST_SKIP() << "a limit on file sizes hits the sanitizer's own mappings first";
#endif
    ASSERT_EQ(test::run_program(tiny(data(), out(), "0.1")).exit_code, 0);
    const auto before = test::file_bytes(out() / "checkpoint.safetensors");
    test::ProgramSettings settings;
    settings.largest_file = 20000; // statistics fit, a checkpoint doesn't
    const auto end =
        test::run_program({"train", "--resume", out().string(), "--kimg", "0.4", "--threads", "1"}, settings);
    EXPECT_EQ(end.exit_code, 2) << end.err;
    EXPECT_THAT(end.err, HasSubstr("full"));
    EXPECT_EQ(test::file_bytes(out() / "checkpoint.safetensors"), before);
    EXPECT_EQ(test::run_program({"train", "--resume", out().string(), "--kimg", "0.2", "--threads", "1"}).exit_code, 0);
}

TEST_F(Train, AVanishedDataFolderIsTold) {
    ASSERT_EQ(test::run_program(tiny(data(), out(), "0.1")).exit_code, 0);
    fs::rename(data(), folder_.path() / "elsewhere");
    const auto end = test::run_program({"train", "--resume", out().string(), "--kimg", "0.2"});
    EXPECT_EQ(end.exit_code, 2);
    EXPECT_THAT(end.err, HasSubstr(data().string()));
    fs::rename(folder_.path() / "elsewhere", data());
    EXPECT_EQ(test::run_program({"train", "--resume", out().string(), "--kimg", "0.2"}).exit_code, 0);
}

TEST_F(Train, CtrlCSavesAndStops) {
    test::ProgramSettings settings;
    settings.interrupt_after = "tick 1 ";
    auto words = tiny(data(), out(), "100");
    words.emplace_back("--verbose");
    const auto end = test::run_program(words, settings);
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_THAT(end.err, HasSubstr("Stopped at"));
    EXPECT_TRUE(fs::exists(out() / "checkpoint.safetensors"));
}

TEST_F(Train, ARunKeepsItsThreadsUnlessToldOtherwise) {
    const auto threads_after = [&](std::vector<std::string> words) {
        const auto end = test::run_program(std::move(words));
        EXPECT_EQ(end.exit_code, 0) << end.err;
        return io::read_checkpoint(out() / "checkpoint.safetensors").metadata["run"]["options"]["threads"];
    };
    EXPECT_EQ(threads_after(tiny(data(), out(), "0.1")), 1);
    EXPECT_EQ(threads_after({"train", "--resume", out().string(), "--kimg", "0.2"}), 1);
    EXPECT_EQ(threads_after({"train", "--resume", out().string(), "--kimg", "0.3", "--threads", "2"}), 2);
    EXPECT_EQ(threads_after({"train", "--resume", out().string(), "--kimg", "0.4", "--threads", "0"}), 0);
}

TEST_F(Train, TwoProgramsNeverShareARunFolder) {
    test::RunningProgram first(tiny(data(), out(), "1000"));
    ASSERT_TRUE(test::soon([&] { return fs::exists(out() / "checkpoint.safetensors") || !first.alive(); }));
    ASSERT_TRUE(first.alive());
    io::AtomicFile alive(out() / "mine"); // stands for what the other one is writing just then
    for (const auto& words :
         {std::vector<std::string>{"train", "--resume", out().string()}, tiny(data(), out(), "0.1")}) {
        const auto second = test::run_program(words);
        EXPECT_EQ(second.exit_code, 2) << second.err;
        EXPECT_THAT(second.err, HasSubstr(out().string()));
    }
    EXPECT_THAT(test::run_program({"train", "--resume", out().string()}).err,
                HasSubstr("another program trains in this"));
    EXPECT_TRUE(fs::exists(alive.temporary()));
    EXPECT_TRUE(first.alive());
    first.kill();
    test::put_bytes(out() / "left.part-1-0", {1});
    const auto after = test::run_program({"train", "--resume", out().string(), "--kimg", "0.1"});
    EXPECT_EQ(after.exit_code, 0) << after.err << "; a kill leaves nobody there";
    EXPECT_FALSE(fs::exists(out() / "left.part-1-0"));
    EXPECT_TRUE(fs::exists(alive.temporary())) << "it is alive";
    EXPECT_FALSE(fs::exists(out() / "lock"));
}

TEST_F(Train, AShortRunAveragesOverATenthOfItAndSaysSo) {
    const auto half_life = [&](const std::string& run) {
        std::ifstream in(out(run) / "options.json");
        return nlohmann::json::parse(in)["ema_kimg"].get<double>();
    };
    const auto words = [&](const std::string& run, const std::vector<std::string>& more) {
        auto all = tiny(data(), out(run), "0.1");
        all.insert(all.end(), more.begin(), more.end());
        return all;
    };
    const auto shortened = test::run_program(words("a", {}));
    ASSERT_EQ(shortened.exit_code, 0) << shortened.err;
    EXPECT_DOUBLE_EQ(half_life("a"), 0.01);
    EXPECT_THAT(shortened.err, HasSubstr("half-life of 0.01 kimg here, a tenth of the length, in place of 10"));
    const auto longer = test::run_program({"train", "--resume", out("a").string(), "--kimg", "0.2"});
    ASSERT_EQ(longer.exit_code, 0) << longer.err;
    EXPECT_EQ(io::read_checkpoint(out("a") / "checkpoint.safetensors").metadata["run"]["options"]["ema_kimg"], 0.01)
        << "a run goes on with its own";
    for (const auto& [run, word, value] : {std::tuple{"b", "published", 10.0}, std::tuple{"c", "3", 3.0}}) {
        const auto end = test::run_program(words(run, {"--ema-kimg", word}));
        ASSERT_EQ(end.exit_code, 0) << end.err;
        EXPECT_DOUBLE_EQ(half_life(run), value);
        EXPECT_THAT(end.err, ::testing::Not(HasSubstr("half-life")));
    }
    const auto wrong = test::run_program(words("d", {"--ema-kimg", "long"}));
    EXPECT_EQ(wrong.exit_code, 2);
    EXPECT_THAT(wrong.err, HasSubstr("--ema-kimg"));
}

TEST_F(Train, FoldersNamedInAnyEncoding) {
    const fs::path folder = folder_.path() / "b\xe4ume",
                   set = folder / "bil\xff"
                                  "der",
                   run = folder / "\xfc"
                                  "bung";
    write_pictures(set, 24);
    const auto end = test::run_program(tiny(set, run, "0.1"));
    ASSERT_EQ(end.exit_code, 0) << end.err;
    const auto more = test::run_program({"train", "--resume", run.string(), "--kimg", "0.2"});
    ASSERT_EQ(more.exit_code, 0) << more.err;
    EXPECT_THAT(more.err, HasSubstr("b\uFFFDume")) << "a terminal gets UTF-8";
    EXPECT_EQ(more.err.find('\xe4'), std::string::npos);
    const auto missing = test::run_program({"info", (folder / "none.pkl").string()});
    EXPECT_EQ(missing.exit_code, 2);
    EXPECT_THAT(missing.err, HasSubstr("b\uFFFDume/none.pkl"));
    const fs::path pictures = folder / "pictures";
    const auto render = test::run_program(
        {"render", (run / "snapshot-000000.20.safetensors").string(), "--seeds", "1", "--out", pictures.string()});
    EXPECT_EQ(render.exit_code, 0) << render.err;
    EXPECT_TRUE(fs::exists(pictures));
}

} // namespace
