// SPDX-License-Identifier: Apache-2.0
// Runs and those who watch them: what is asked through files, what status.json tells, what is read of a folder that
// anybody may have written in; and a run that is asked while it trains.
#include <chrono>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include "base/error.h"
#include "support/scratch.h"
#include "support/soon.h"
#include "support/training_pictures.h"
#include "train/appended_lines.h"
#include "train/run_requests.h"
#include "train/run_status.h"
#include "train/run_watch.h"
#include "train/train_thread.h"

namespace {

using namespace atelier;
using namespace atelier::train;
namespace fs = std::filesystem;
using nlohmann::json;
using test::message_from;
using test::Scratch;
using test::soon;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

void write(const fs::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
}

void append(const fs::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary | std::ios::app) << text;
}

std::vector<RunRequest> taken(const fs::path& run) {
    std::vector<std::string> troubles;
    auto requests = take_requests(run, troubles);
    EXPECT_THAT(troubles, IsEmpty());
    return requests;
}

TEST(RunRequests, AreTakenOnce) {
    const Scratch run;
    EXPECT_THAT(taken(run.path()), IsEmpty());
    ask_of_run(run.path(), RunRequest::stop);
    ask_of_run(run.path(), RunRequest::stop); // asked by another as well
    ask_of_run(run.path(), RunRequest::snapshot);
    EXPECT_TRUE(is_asked(run.path(), RunRequest::stop));
    EXPECT_THAT(taken(run.path()), ElementsAre(RunRequest::snapshot, RunRequest::stop));
    EXPECT_FALSE(is_asked(run.path(), RunRequest::stop));
    EXPECT_THAT(taken(run.path()), IsEmpty());
    EXPECT_THAT(run.files(), IsEmpty());
}

TEST(RunRequests, OnlyPlainFilesOfTheKnownNamesCount) {
    const Scratch run, elsewhere;
    write(elsewhere / "precious", "kept");
    fs::create_symlink(elsewhere / "precious", run / "request-stop");
    fs::create_directory(run / "request-snapshot");
    write(run / "request-delete", "");
    write(run / "request-stop.json", "rm -rf /");
    std::vector<std::string> troubles;
    EXPECT_THAT(take_requests(run.path(), troubles), IsEmpty());
    EXPECT_THAT(troubles, ElementsAre(HasSubstr("request-snapshot: is no plain file"),
                                      HasSubstr("request-stop: is no plain file")));
    EXPECT_EQ(run.files().size(), 4U) << "nothing of others is touched";
    ask_of_run(run.path(), RunRequest::stop); // through a link nothing is written
    EXPECT_EQ(test::file_bytes(elsewhere / "precious"), test::bytes_of("kept"));
}

TEST(RunRequests, WhatIsInTheFileDoesNotMatter) {
    const Scratch run;
    write(run / "request-snapshot", std::string(1 << 20, '\n'));
    EXPECT_THAT(taken(run.path()), ElementsAre(RunRequest::snapshot));
}

TEST(RunRequests, AFolderThatCantBeWrittenToIsNamed) {
    const Scratch run;
    EXPECT_THAT(message_from<Error>([&] { ask_of_run(run / "none", RunRequest::stop); }),
                AllOf(HasSubstr("none/request-stop: can't be made"), HasSubstr("right to write")));
}

TEST(RunStatusFile, TellsWhatWasWritten) {
    const Scratch run;
    EXPECT_FALSE(read_sign(run.path()));
    TrainStatus status;
    status.state = TrainState::paused;
    status.stage = "saving";
    status.kimg = 1.5;
    status.total_kimg = 25000;
    status.sec_per_kimg = 72.5;
    status.rt = std::nan("");
    status.pictures = 70000;
    status.width = status.height = 1024;
    status.warnings = {"one", "two"};
    status.answered = 3;
    status.message = "snapshot-000001.safetensors\nis written.";
    write_sign(run.path(), {status, 42});
    const RunSign sign = read_sign(run.path()).value();
    EXPECT_EQ(sign.next_within, 42);
    EXPECT_EQ(sign.status.state, TrainState::paused);
    EXPECT_EQ(sign.status.stage, "saving");
    EXPECT_EQ(sign.status.kimg, 1.5);
    EXPECT_EQ(sign.status.total_kimg, 25000);
    EXPECT_EQ(sign.status.sec_per_kimg, 72.5);
    EXPECT_EQ(sign.status.rt, 0); // JSON has no NaN
    EXPECT_EQ(sign.status.pictures, 70000);
    EXPECT_EQ(sign.status.width, 1024);
    EXPECT_THAT(sign.status.warnings, ElementsAre("one", "two"));
    EXPECT_EQ(sign.status.answered, 3U);
    EXPECT_EQ(sign.status.message, "snapshot-000001.safetensors is written.");
}

TEST(RunStatusFile, OfAStrangerDoesNoHarm) {
    const Scratch run;
    const auto reading = [&](const std::string& text) {
        write(run / "status.json", text);
        return message_from<Error>([&] { read_sign(run.path()); });
    };
    EXPECT_THAT(reading("{"), HasSubstr("is no state of a run"));
    EXPECT_THAT(reading("[]"), HasSubstr("is no state of a run"));
    EXPECT_THAT(reading(std::string(200'000, '[')), HasSubstr("is no state of a run"));
    EXPECT_THAT(reading(std::string(300'000, ' ')), HasSubstr("is no state of a run"));
    EXPECT_THAT(reading(R"({"format": "atelier-run", "state": "exploded"})"), HasSubstr("is no state of a run"));
    EXPECT_THAT(reading(R"({"format": "atelier-run", "state": "running", "kimg": 1e999})"),
                HasSubstr("is no state of a run"));
    EXPECT_EQ(reading(R"({"format": "atelier-run", "state": "running", "kimg": "lots", "pictures": -5, "width": 1e300,
                          "stage": [1], "message": "\u001b[2Jgone\r", "warnings": [1, "w", {}], "answered": -1})"),
              "");
    const TrainStatus status = read_sign(run.path()).value().status;
    EXPECT_EQ(status.kimg, 0);
    EXPECT_EQ(status.pictures, 0);
    EXPECT_EQ(status.width, 1'000'000'000);
    EXPECT_EQ(status.stage, "");
    EXPECT_EQ(status.message, " [2Jgone ");
    EXPECT_THAT(status.warnings, ElementsAre("w"));
    fs::remove(run / "status.json");
    ASSERT_EQ(::mkfifo((run / "status.json").c_str(), 0600), 0);
    EXPECT_THAT(message_from<Error>([&] { read_sign(run.path()); }), HasSubstr("is a device or pipe"));
}

TEST(AppendedLines, AreWholeAndComeOnce) {
    const Scratch folder;
    AppendedLines lines(folder / "log");
    bool anew = true;
    EXPECT_THAT(lines.take(anew), IsEmpty());
    EXPECT_FALSE(anew);
    write(folder / "log", "one\ntwo\nthr");
    EXPECT_THAT(lines.take(anew), ElementsAre("one", "two"));
    append(folder / "log", "ee\n\n");
    EXPECT_THAT(lines.take(anew), ElementsAre("three", ""));
    EXPECT_FALSE(anew);
    EXPECT_THAT(lines.take(anew), IsEmpty());
}

TEST(AppendedLines, BeginAnewWithAnotherFile) {
    const Scratch folder;
    AppendedLines lines(folder / "log");
    bool anew = false;
    write(folder / "log", "one\ntwo\n");
    EXPECT_EQ(lines.take(anew).size(), 2U);
    write(folder / "other", "one\nother\nand more of it\n"); // longer, as after a run that was gone on with
    fs::rename(folder / "other", folder / "log");
    EXPECT_THAT(lines.take(anew), ElementsAre("one", "other", "and more of it"));
    EXPECT_TRUE(anew);
    fs::resize_file(folder / "log", 4);
    EXPECT_THAT(lines.take(anew), ElementsAre("one"));
    EXPECT_TRUE(anew);
}

TEST(AppendedLines, OfAnyLengthTakeNoMoreThanTheirShare) {
    const Scratch folder;
    AppendedLines lines(folder / "log");
    bool anew = false;
    write(folder / "log", std::string(100'000, 'x') + "\nshort\n" + std::string(20 << 20, 'y'));
    EXPECT_THAT(lines.take(anew), ElementsAre("short")); // of the first 16 MiB
    EXPECT_THAT(lines.take(anew), IsEmpty());            // no end of a line within 16 MiB: passed over
    append(folder / "log", "\nlast\n");
    std::vector<std::string> rest = lines.take(anew);
    EXPECT_EQ(rest.empty() ? "" : rest.back(), "last");
}

std::string tick(double kimg, double loss) {
    json line;
    line["Progress/kimg"]["mean"] = kimg;
    line["Loss/G/loss"]["mean"] = loss;
    line["Loss/r1_penalty"]["mean"] = nullptr;
    return line.dump() + "\n";
}

class Watched : public testing::Test {
protected:
    Watched() {
        write(run_ / "options.json", "{}");
        tell(TrainState::running, 2);
    }
    void tell(TrainState state, double kimg, double next_within = 0) const {
        TrainStatus status;
        status.state = state;
        status.kimg = kimg;
        status.total_kimg = 10;
        write_sign(run_.path(), {status, next_within});
    }
    Scratch run_;
};

TEST_F(Watched, IsShownByItsFolder) {
    write(run_ / "stats.jsonl", tick(1, 0.5) + "nonsense\n[1]\n" + tick(2, 0.25));
    write(run_ / "log.txt", "tick 0\n\x1b[2Jtick 1\n");
    write(run_ / "snapshot-000002.safetensors", "");
    write(run_ / "snapshot-000001.safetensors", "");
    write(run_ / "snapshot-000002.png", "");
    RunWatch watch(run_.path());
    watch.look(100);
    EXPECT_TRUE(watch.status().watched);
    EXPECT_EQ(watch.status().state, TrainState::running);
    EXPECT_EQ(watch.status().kimg, 2);
    EXPECT_EQ(watch.status().run_dir, run_.path().string());
    ASSERT_EQ(watch.status().history->size(), 2U);
    EXPECT_EQ(watch.status().history->back().g_loss, 0.25);
    EXPECT_TRUE(std::isnan(watch.status().history->back().r1_penalty));
    EXPECT_THAT(watch.status().snapshots,
                ElementsAre(HasSubstr("000001.safetensors"), HasSubstr("000002.safetensors")));
    EXPECT_THAT(watch.new_lines(), ElementsAre("tick 0", " [2Jtick 1"));
    const auto before = watch.status().history;
    watch.look(101);
    EXPECT_EQ(watch.status().history, before);
    EXPECT_THAT(watch.new_lines(), IsEmpty());
    append(run_ / "stats.jsonl", tick(3, 0.125));
    watch.look(102);
    EXPECT_EQ(watch.status().history->size(), 3U);
}

TEST_F(Watched, ThatWasGoneOnWithHasItsCurvesAnew) {
    write(run_ / "stats.jsonl", tick(1, 1) + tick(2, 2) + tick(3, 3));
    RunWatch watch(run_.path());
    watch.look(0);
    write(run_ / "new", tick(1, 1) + tick(2, 7) + tick(3, 8) + tick(4, 9));
    fs::rename(run_ / "new", run_ / "stats.jsonl");
    watch.look(1);
    ASSERT_EQ(watch.status().history->size(), 4U);
    EXPECT_EQ((*watch.status().history)[1].g_loss, 7);
}

TEST_F(Watched, IsOverdueWhenNoSignComes) {
    RunWatch watch(run_.path());
    watch.look(1000);
    watch.look(1029);
    EXPECT_EQ(watch.silent_seconds(), 29);
    EXPECT_FALSE(watch.overdue());
    watch.look(1031);
    EXPECT_TRUE(watch.overdue());
    tell(TrainState::running, 3, 200); // its steps take long
    fs::last_write_time(run_ / "status.json",
                        fs::file_time_type::clock::now() + std::chrono::hours(5)); // another clock
    watch.look(1040);
    EXPECT_EQ(watch.silent_seconds(), 0);
    watch.look(1239);
    EXPECT_FALSE(watch.overdue());
    watch.look(1241);
    EXPECT_TRUE(watch.overdue());
    tell(TrainState::finished, 10);
    watch.look(2000);
    EXPECT_FALSE(watch.overdue());
    EXPECT_TRUE(watch.status().ended());
}

TEST_F(Watched, KeepsWhatWasToldWhileTheFileIsDamaged) {
    RunWatch watch(run_.path());
    watch.look(0);
    write(run_ / "status.json", "{\"form");
    watch.look(1);
    EXPECT_EQ(watch.status().state, TrainState::running);
    EXPECT_EQ(watch.status().kimg, 2);
}

TEST_F(Watched, ThatIsOutOfSightIsSilentAndHasNotEnded) {
    RunWatch watch(run_.path());
    watch.look(0);
    fs::rename(run_.path(), run_.path().string() + "-away"); // a disk that is not there for a while
    watch.look(100);
    EXPECT_EQ(watch.status().state, TrainState::running);
    EXPECT_EQ(watch.silent_seconds(), 100);
    fs::rename(run_.path().string() + "-away", run_.path());
    tell(TrainState::running, 3);
    watch.look(101);
    EXPECT_EQ(watch.silent_seconds(), 0);
    EXPECT_EQ(watch.status().kimg, 3);
}

TEST_F(Watched, HasToBeARun) {
    const Scratch empty;
    EXPECT_THAT(message_from<Error>([&] { RunWatch{empty.path()}; }), HasSubstr("no run has begun in it"));
    EXPECT_THAT(message_from<Error>([&] { RunWatch{empty / "none"}; }), HasSubstr("no run has begun in it"));
    fs::remove(run_ / "status.json"); // of an older Atelier
    write(run_ / "stats.jsonl", tick(4, 1));
    RunWatch watch(run_.path());
    watch.look(0);
    EXPECT_EQ(watch.status().state, TrainState::finished);
    EXPECT_EQ(watch.status().kimg, 4);
    EXPECT_THAT(watch.status().message, HasSubstr("tells nothing of its state"));
}

class AskedRun : public testing::Test {
protected:
    AskedRun() {
        test::write_pictures(folder_ / "pictures", 12);
        options_.data = (folder_ / "pictures").string();
        options_.out = run().string();
        options_.kimg = 100;
        options_.tick = 0.024;
        options_.snap = 0;
        options_.threads = 1;
        options_.batch = 4;
        options_.z_dim = 16;
        options_.channel_base = 64;
        options_.channel_max = 8;
    }
    fs::path run() const { return folder_ / "run"; }
    TrainStatus told() const {
        const auto sign = read_sign(run());
        return sign ? sign->status : TrainStatus{};
    }
    bool answers(std::uint64_t count) const {
        return soon([&] { return told().answered >= count; });
    }
    Scratch folder_;
    TrainOptions options_;
};

TEST_F(AskedRun, WritesSnapshotsAndStops) {
    TrainThread training({});
    training.start(options_);
    ASSERT_TRUE(soon([&] { return told().state == TrainState::running; }));
    ask_of_run(run(), RunRequest::snapshot);
    ASSERT_TRUE(answers(1));
    EXPECT_FALSE(is_asked(run(), RunRequest::snapshot));
    RunWatch watch(run());
    watch.look(0);
    ASSERT_EQ(watch.status().snapshots.size(), 1U);
    EXPECT_EQ(watch.status().message, fs::path(watch.status().snapshots[0]).filename().string() + " is written.");
    EXPECT_EQ(training.status().snapshots, watch.status().snapshots);

    training.command(TrainCommand::pause); // also while it is paused
    ASSERT_TRUE(soon([&] { return told().state == TrainState::paused; }));
    ask_of_run(run(), RunRequest::snapshot);
    ASSERT_TRUE(answers(2));
    EXPECT_EQ(told().state, TrainState::paused);
    ask_of_run(run(), RunRequest::stop);
    ASSERT_TRUE(soon([&] { return training.status().ended(); }));
    EXPECT_EQ(training.status().state, TrainState::finished) << training.status().message;
    training.wait();
    EXPECT_EQ(told().state, TrainState::finished);
    EXPECT_THAT(told().message, HasSubstr("Stopped at"));
    EXPECT_FALSE(is_asked(run(), RunRequest::stop));
}

TEST_F(AskedRun, PassesOverWhatWasAskedOfTheRunBefore) {
    options_.kimg = 0.2;
    fs::create_directories(run());
    ask_of_run(run(), RunRequest::stop);
    TrainThread training({});
    training.start(options_);
    training.wait();
    EXPECT_EQ(training.status().state, TrainState::finished);
    EXPECT_THAT(training.status().message, HasSubstr("Finished at 0.20 kimg"));
    EXPECT_FALSE(is_asked(run(), RunRequest::stop));
}

TEST_F(AskedRun, SaysOnceWhatIsNoRequest) {
    TrainThread training({});
    training.start(options_);
    ASSERT_TRUE(soon([&] { return told().state == TrainState::running; }));
    fs::create_directory(run() / "request-stop");
    const auto of_it = [&] {
        const std::vector<std::string> warnings = told().warnings;
        return std::ranges::count_if(warnings, [](const std::string& warning) {
            return warning.find("request-stop: is no plain file") != std::string::npos;
        });
    };
    ASSERT_TRUE(soon([&] { return of_it() == 1; }));
    ask_of_run(run(), RunRequest::snapshot); // two looks later it still trains
    ASSERT_TRUE(answers(1));
    ask_of_run(run(), RunRequest::snapshot);
    ASSERT_TRUE(answers(2));
    EXPECT_EQ(of_it(), 1);
    EXPECT_EQ(told().state, TrainState::running);
}

TEST_F(AskedRun, TellsWhyItFailed) {
    TrainThread training({});
    training.start(options_);
    ASSERT_TRUE(soon([&] { return told().state == TrainState::running; }));
    for (const auto& entry : fs::directory_iterator(folder_ / "pictures")) {
        write(entry.path(), "no picture"); // those that were read are kept; so another set is needed
    }
    training.command(TrainCommand::stop);
    training.wait();
    TrainOptions again;
    again.resume = run().string();
    again.threads = 1;
    training.start(again);
    training.wait();
    EXPECT_EQ(training.status().state, TrainState::failed);
    EXPECT_EQ(told().state, TrainState::finished) << "of a run that did not begin nothing is told";
}

} // namespace
