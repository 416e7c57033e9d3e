// SPDX-License-Identifier: Apache-2.0
// What happens to the pictures and to the run folder while it trains: a sentence names the file, the state is saved,
// and once all is right again the run goes on as if nothing had been.
#include <cerrno>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "faults/failing_disk.h"
#include "faults/kept_files.h"
#include "support/scratch.h"
#include "support/tiny_run.h"
#include "support/training_pictures.h"
#include "train/run.h"

namespace atelier::faults {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int pictures = 400; // so many that the first steps haven't seen them all

class TrainFaults : public ::testing::Test {
protected:
    TrainFaults() { test::write_pictures(data(), pictures); }
    fs::path data() const { return scratch_ / "data"; }
    fs::path away() const { return scratch_ / "away"; }
    TrainOptions options(const char* name = "run", const fs::path& data = {}) const {
        TrainOptions options;
        options.data = data.empty() ? this->data().string() : data.string();
        options.out = (scratch_ / name).string();
        options.batch = 8;
        options.channel_base = 64;
        options.channel_max = 8;
        options.threads = 1;
        options.z_dim = 16;
        options.map_depth = 2;
        options.aug = AugmentMode::off;
        options.kimg = 0.1;
        options.tick = 0.016; // two steps
        options.snap = 5;
        return options;
    }
    // Steps until it fails; what is said then.
    static std::string said_by(train::TrainRun& run) {
        try {
            while (!run.done())
                run.step();
        } catch (const Error& error) {
            return error.what();
        }
        return "";
    }
    // Three steps, then what `happens`; it is told, and what was trained is saved. Once it `unhappens` the run ends as
    // one that saw nothing of it.
    void costs_nothing(const fs::path& set, const std::function<void()>& happens,
                       const std::function<void()>& unhappens) {
        {
            train::TrainRun whole(options("whole", set), {});
            EXPECT_EQ(said_by(whole), "");
            whole.save();
        }
        {
            train::TrainRun run(options("run", set), {});
            for (int i = 0; i < 3; ++i)
                run.step();
            happens();
            const std::string said = said_by(run);
            EXPECT_THAT(said, AllOf(HasSubstr(set.string()), HasSubstr("its state is saved in"), Not(HasSubstr("\n"))));
        }
        unhappens();
        TrainOptions again;
        again.resume = (scratch_ / "run").string();
        train::TrainRun run(again, {});
        EXPECT_EQ(said_by(run), "");
        run.save();
        test::expect_same(scratch_ / "whole/checkpoint.safetensors", scratch_ / "run/checkpoint.safetensors");
    }
    void each_picture(const std::function<void(const fs::path&)>& change) const {
        for (const auto& each : fs::directory_iterator(data()))
            change(each.path());
    }
    // As a zip whose pictures aren't packed.
    fs::path zipped() const {
        const fs::path zip = scratch_ / "data.zip";
        const std::string command = "cd '" + data().string() + "' && python3 -m zipfile -c '" + zip.string() + "' *";
        EXPECT_EQ(std::system(command.c_str()), 0);
        return zip;
    }

    test::Scratch scratch_;
};

TEST_F(TrainFaults, ASetThatIsRemoved) {
    costs_nothing(
        data(), [&] { fs::rename(data(), away()); }, [&] { fs::rename(away(), data()); });
}

TEST_F(TrainFaults, PicturesThatAreCutShort) {
    fs::copy(data(), away());
    costs_nothing(
        data(), [&] { each_picture([](const fs::path& each) { fs::resize_file(each, fs::file_size(each) / 2); }); },
        [&] {
            fs::remove_all(data());
            fs::rename(away(), data());
        });
}

TEST_F(TrainFaults, PicturesThatAreReplacedByOthers) {
    fs::copy(data(), away());
    costs_nothing(
        data(),
        [&] {
            each_picture([](const fs::path& each) {
                io::write_png(each, {8, 8, 3, std::vector<std::uint8_t>(8 * 8 * 3)}); // too small
            });
        },
        [&] {
            fs::remove_all(data());
            fs::rename(away(), data());
        });
}

TEST_F(TrainFaults, AZipThatIsCutShort) {
    const fs::path zip = zipped();
    fs::copy_file(zip, away());
    costs_nothing(
        zip, [&] { fs::resize_file(zip, fs::file_size(zip) / 10); }, [&] { fs::rename(away(), zip); });
}

// It is open: another one under its name is for the next run.
TEST_F(TrainFaults, AZipThatIsReplacedIsReadToTheEnd) {
    const fs::path zip = zipped();
    {
        train::TrainRun whole(options("whole", zip), {});
        EXPECT_EQ(said_by(whole), "");
        whole.save();
    }
    train::TrainRun run(options("run", zip), {});
    for (int i = 0; i < 3; ++i)
        run.step();
    std::ofstream(scratch_ / "other") << "no zip";
    fs::rename(scratch_ / "other", zip);
    EXPECT_EQ(said_by(run), "");
    run.save();
    test::expect_same(scratch_ / "whole/checkpoint.safetensors", scratch_ / "run/checkpoint.safetensors");
}

// The first calls to the disk of a checkpoint, and ever fewer of the many writes that follow.
TEST_F(TrainFaults, ACheckpointThatFailsLeavesTheOneBefore) {
    for (const int error : {ENOSPC, EROFS, EIO}) {
        const std::string name = "run" + std::to_string(error);
        TrainOptions wanted = options(name.c_str());
        wanted.kimg = wanted.tick = 100; // nothing but what is asked for is written
        train::TrainRun run(wanted, {});
        run.step();
        run.save();
        FolderContent before = content_of(run.folder().path());
        int failures = 0;
        for (std::size_t n = 1;; n += 1 + n / 8) {
            run.step();
            std::string said;
            FailingDisk disk(run.folder().path());
            disk.fail(n, error, error != EIO);
            try {
                run.save();
            } catch (const Error& problem) {
                said = problem.what();
            }
            const bool failed = disk.failed();
            const std::string call = disk.failed_call();
            disk.forgive();
            FolderContent now = content_of(run.folder().path());
            for (const auto& [file, text] : now)
                EXPECT_EQ(file.find(".part-"), std::string::npos) << file;
            if (!failed)
                break;
            ++failures;
            const std::string checkpoint = run.folder().checkpoint().filename().string();
            if (!said.empty()) {
                EXPECT_EQ(now[checkpoint], before[checkpoint]) << call << ": " << said;
                EXPECT_THAT(said, HasSubstr(run.folder().path().string())) << call;
            } else {
                EXPECT_NE(now[checkpoint], before[checkpoint]) << call << ": nothing was said";
                before = now;
            }
            ASSERT_LT(n, 100000U);
        }
        EXPECT_GE(failures, 5);
    }
}

TEST_F(TrainFaults, ARunFolderThatTurnsReadOnlyIsToldAndTrainingGoesOn) {
    std::vector<std::string> told;
    train::RunHooks hooks;
    hooks.warn = [&told](const std::string& sentence) { told.push_back(sentence); };
    train::TrainRun run(options(), std::move(hooks));
    for (int i = 0; i < 3; ++i)
        run.step();
    const FolderContent before = content_of(run.folder().path());
    told.clear();
    {
        FailingDisk disk(run.folder().path());
        disk.fail(1, EROFS, true);
        for (int i = 0; i < 8; ++i) // not to the run's end, which has to be written
            EXPECT_NO_THROW(run.step());
        EXPECT_FALSE(run.save_if_possible());
    }
    EXPECT_EQ(content_of(run.folder().path()), before);
    ASSERT_FALSE(told.empty());
    for (const std::string& each : told)
        EXPECT_THAT(each, AllOf(HasSubstr(run.folder().path().string()), HasSubstr("Training goes on")));
    EXPECT_EQ(said_by(run), "") << "it can be written again";
    EXPECT_EQ(test::count_lines(run.folder().path() / "stats.jsonl"), static_cast<std::size_t>(run.progress().ticks))
        << "no line is missing";
}

} // namespace
} // namespace atelier::faults
