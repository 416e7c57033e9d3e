// SPDX-License-Identifier: Apache-2.0
// A disk that is full for a while costs a run nothing but the files of that time.
#include <csignal>
#include <fstream>

#include <sys/resource.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "io/checkpoint.h"
#include "support/scratch.h"
#include "support/training_pictures.h"
#include "train/run.h"

namespace {

using namespace atelier;
namespace fs = std::filesystem;
using testing::HasSubstr;

// While it stands no file of this process grows beyond so many bytes, as on a full disk.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes) : signal_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FullDisk() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, signal_);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

private:
    rlimit before_{};
    void (*signal_)(int);
};

TEST(TrainFullDisk, IsToldAndTrainingGoesOn) {
#ifdef __SANITIZE_THREAD__
    GTEST_SKIP() << "a limit on file sizes hits the sanitizer's own mappings first";
#endif
    const test::Scratch folder;
    test::write_pictures(folder / "pictures", 8);
    TrainOptions options;
    options.data = folder / "pictures";
    options.out = folder / "run";
    options.batch = 8;
    options.channel_base = 64;
    options.channel_max = 8;
    options.aug = AugmentMode::off;
    options.kimg = 0.12;
    options.tick = 0.016; // two steps
    options.snap = 3;
    std::vector<std::string> told;
    train::RunHooks hooks;
    hooks.warn = [&told](const std::string& sentence) { told.push_back(sentence); };
    train::TrainRun run(options, std::move(hooks));
    const auto kimg_saved = [&] {
        return io::read_checkpoint(run.folder().checkpoint()).metadata["run"]["images"].get<double>() / 1000;
    };
    const auto lines = [&] {
        std::ifstream in(run.folder().path() / "stats.jsonl");
        std::vector<std::string> all;
        for (std::string line; std::getline(in, line);)
            all.push_back(line);
        return all;
    };
    for (int i = 0; i < 4; ++i)
        run.step();
    const std::size_t snapshots = run.folder().snapshots().size();
    const double saved = kimg_saved();
    const std::size_t whole = lines().size();
    told.clear();
    {
        const FullDisk full(whole > 0 ? fs::file_size(run.folder().path() / "stats.jsonl") + 10 : 10);
        for (int i = 0; i < 6; ++i)
            EXPECT_NO_THROW(run.step());
        EXPECT_FALSE(run.save_if_possible());
        EXPECT_THROW(run.save(), Error);
    }
    ASSERT_FALSE(told.empty());
    for (const std::string& sentence : told) {
        EXPECT_THAT(sentence, HasSubstr(run.folder().path().string()));
        EXPECT_THAT(sentence, HasSubstr("Training goes on"));
    }
    EXPECT_EQ(lines().size(), whole) << "no half line";
    EXPECT_EQ(kimg_saved(), saved) << "the last one is whole";
    EXPECT_EQ(run.folder().snapshots().size(), snapshots);
    for (const auto& entry : fs::directory_iterator(run.folder().path()))
        EXPECT_EQ(entry.path().string().find(".part-"), std::string::npos) << entry.path();

    while (!run.done()) // there is room again
        run.step();
    EXPECT_GT(run.folder().snapshots().size(), snapshots);
    EXPECT_NEAR(kimg_saved(), 0.12, 1e-9);
    double before = -1;
    for (const std::string& line : lines()) { // none is missing, and each is whole
        const double kimg = nlohmann::json::parse(line)["Progress/kimg"]["mean"].get<double>();
        EXPECT_GT(kimg, before);
        before = kimg;
    }
    EXPECT_EQ(lines().size(), static_cast<std::size_t>(run.progress().ticks));
}

} // namespace
