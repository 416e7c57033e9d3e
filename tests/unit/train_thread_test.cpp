// SPDX-License-Identifier: Apache-2.0
// A tiny model trains on its thread while others render its weights and give commands; also run under the sanitizers.
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include <ATen/ops/equal.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "engine/engine.h"
#include "engine/loaded_model.h"
#include "support/scratch.h"
#include "support/soon.h"
#include "support/training_pictures.h"
#include "train/networks.h"
#include "train/train_thread.h"

namespace {

using namespace atelier;
using namespace std::chrono_literals;
using test::soon;
using test::write_pictures;
using train::PublishedWeights;

bool same_weights(const model::Generator& a, const model::Generator& b) {
    const auto &all_a = a.parameters.all(), &all_b = b.parameters.all();
    return std::equal(all_a.begin(), all_a.end(), all_b.begin(), all_b.end(),
                      [](const auto& x, const auto& y) { return at::equal(x.value, y.value); });
}

// Renders whatever was published last, always another seed, and watches that nothing goes backwards.
class Player {
public:
    void take(PublishedWeights published) {
        engine_.show(make_loaded_model(*published.generator, "in training", published.number));
        const std::lock_guard lock(mutex_);
        newest_ = std::move(published);
    }
    // Until the thread that comes back is ended; that has to be before `training` goes.
    std::jthread watch(const train::TrainThread& training) {
        return std::jthread([this, &training](const std::stop_token& stop) {
            TrainStatus before;
            for (std::uint32_t seed = 0; !stop.stop_requested(); ++seed) {
                RenderParams params;
                params.walk.seeds = {seed};
                params.precision = Precision::fp32;
                engine_.set_params(params);
                if (const auto frame = engine_.take_frame()) {
                    frames_ += frame->pixels && frame->pixels->width == 16 ? 1 : 0;
                    errors_ += frame->error.empty() ? 0 : 1;
                    epoch_ = frame->weights_epoch;
                }
                TrainStatus now = training.status();
                backwards_ += now.run_dir == before.run_dir && now.kimg < before.kimg ? 1 : 0;
                backwards_ += now.weights < before.weights ? 1 : 0;
                before = std::move(now);
                std::this_thread::sleep_for(2ms);
            }
        });
    }
    PublishedWeights newest() const {
        const std::lock_guard lock(mutex_);
        return newest_;
    }
    std::uint64_t epoch() const { return epoch_; }
    int frames() const { return frames_; }
    int errors() const { return errors_; }
    int backwards() const { return backwards_; }

private:
    Engine engine_{{"cpu", 1}};
    mutable std::mutex mutex_;
    PublishedWeights newest_;
    std::atomic<std::uint64_t> epoch_ = 0;
    std::atomic<int> frames_ = 0, errors_ = 0, backwards_ = 0;
};

class TrainThreadTest : public testing::Test {
protected:
    TrainThreadTest() { write_pictures(folder_ / "pictures", 12); }

    TrainOptions options() const {
        TrainOptions options;
        options.data = (folder_ / "pictures").string();
        options.out = (folder_ / "run").string();
        options.kimg = 100;
        options.tick = 0.024;
        options.snap = 3;
        options.keep = 2;
        options.threads = 1; // the sanitizers can't see what OpenMP's threads do
        options.batch = 4;
        options.z_dim = 16;
        options.channel_base = 64;
        options.channel_max = 8;
        return options;
    }
    train::TrainThreadOptions publishing() {
        train::TrainThreadOptions options;
        options.publish = [this](PublishedWeights weights) { player_.take(std::move(weights)); };
        options.publish_seconds = 0;
        return options;
    }
    static bool comes_to(const train::TrainThread& training, TrainState state) {
        const bool there = soon([&] { return training.status().state == state || !training.status().active(); });
        const TrainStatus now = training.status();
        EXPECT_EQ(now.state, state) << now.stage << " " << now.message;
        return there && now.state == state;
    }
    static bool goes_on(const train::TrainThread& training) {
        const TrainStatus from = training.status();
        return soon([&] {
                   const TrainStatus now = training.status();
                   return !now.active() || (now.kimg > from.kimg + 0.008 && now.weights > from.weights + 1);
               }) &&
               training.status().active();
    }

    test::Scratch folder_;
    Player player_;
};

TEST_F(TrainThreadTest, ObeysWhileItsWeightsArePlayed) {
    train::TrainThread training(publishing());
    EXPECT_TRUE(training.status().can_start());
    for (const TrainCommand nothing :
         {TrainCommand::pause, TrainCommand::resume, TrainCommand::save, TrainCommand::stop, TrainCommand::show_raw}) {
        training.command(nothing);
    }
    EXPECT_EQ(training.status().state, TrainState::idle) << "there is nothing to command";
    std::jthread watching = player_.watch(training);

    training.start(options());
    EXPECT_FALSE(training.status().can_start());
    EXPECT_TRUE(training.status().can_stop());
    ASSERT_TRUE(comes_to(training, TrainState::running));
    EXPECT_TRUE(training.status().can_pause());
    EXPECT_FALSE(training.status().can_resume());
    training.start({}); // one at a time
    ASSERT_TRUE(goes_on(training));
    EXPECT_TRUE(player_.newest().ema);
    const std::uint64_t shown = player_.epoch();
    EXPECT_TRUE(soon([&] { return player_.epoch() > shown; })) << "newer weights are not played";

    training.command(TrainCommand::pause);
    EXPECT_FALSE(training.status().can_pause());
    ASSERT_TRUE(comes_to(training, TrainState::paused));
    EXPECT_TRUE(training.status().can_resume());
    EXPECT_TRUE(std::filesystem::exists(folder_ / "run/checkpoint.safetensors")) << "a pause saves";
    const double still = training.status().kimg;
    const PublishedWeights average = player_.newest();
    training.command(TrainCommand::show_raw);
    ASSERT_TRUE(soon([&] { return !player_.newest().ema; }));
    EXPECT_FALSE(same_weights(*average.generator, *player_.newest().generator));
    training.command(TrainCommand::show_ema);
    ASSERT_TRUE(soon([&] { return player_.newest().ema; }));
    EXPECT_TRUE(same_weights(*average.generator, *player_.newest().generator));
    EXPECT_EQ(training.status().kimg, still);

    training.command(TrainCommand::resume);
    ASSERT_TRUE(comes_to(training, TrainState::running));
    EXPECT_TRUE(goes_on(training));
    training.command(TrainCommand::stop);
    EXPECT_FALSE(training.status().can_pause());
    EXPECT_FALSE(training.status().can_stop());
    ASSERT_TRUE(comes_to(training, TrainState::finished));
    EXPECT_TRUE(training.status().can_start());
    EXPECT_THAT(training.status().message, testing::HasSubstr("Stopped"));
    ASSERT_NE(training.status().history, nullptr);
    EXPECT_THAT(training.status().snapshots, testing::SizeIs(testing::Le(2U)));
    watching = {};
    EXPECT_GT(player_.frames(), 10);
    EXPECT_EQ(player_.errors(), 0);
    EXPECT_EQ(player_.backwards(), 0);
}

TEST_F(TrainThreadTest, CommandsFromManyThreadsLeaveItRunning) {
    train::TrainThread training(publishing());
    std::jthread watching = player_.watch(training);
    training.start(options());
    ASSERT_TRUE(comes_to(training, TrainState::running));
    const auto give = [&training](std::vector<TrainCommand> commands) {
        return std::jthread([&training, commands = std::move(commands)] {
            for (int i = 0; i < 30; ++i) {
                training.command(commands[static_cast<std::size_t>(i) % commands.size()]);
                std::this_thread::sleep_for(11ms);
            }
        });
    };
    {
        const std::jthread threads[] = {give({TrainCommand::show_raw, TrainCommand::show_ema}),
                                        give({TrainCommand::save}), give({TrainCommand::pause, TrainCommand::resume}),
                                        give({TrainCommand::resume})};
    }
    // A pause may have been the last: a command that doesn't fit the state any more is ignored.
    EXPECT_TRUE(soon([&] {
        training.command(TrainCommand::resume);
        return training.status().state == TrainState::running;
    }));
    EXPECT_TRUE(goes_on(training));

    training.command(TrainCommand::pause);
    training.command(TrainCommand::stop);
    bool odd = false;
    EXPECT_TRUE(soon([&] {
        const TrainState now = training.status().state;
        odd |= now != TrainState::stopping && now != TrainState::finished;
        return now == TrainState::finished;
    }));
    EXPECT_FALSE(odd) << "a stop is not taken back by the pause before it";
    watching = {};
    EXPECT_EQ(player_.errors(), 0);
    EXPECT_EQ(player_.backwards(), 0);
}

TEST_F(TrainThreadTest, AStoppedRunGoesOnWhereItWas) {
    double stopped = 0;
    std::uint64_t weights = 0;
    {
        train::TrainThread training(publishing());
        training.start(options());
        ASSERT_TRUE(comes_to(training, TrainState::running));
        ASSERT_TRUE(goes_on(training));
        training.command(TrainCommand::stop);
        ASSERT_TRUE(comes_to(training, TrainState::finished));
        stopped = training.status().kimg;
        weights = training.status().weights;

        TrainOptions again = options();
        again.out.clear();
        again.resume = training.status().run_dir;
        training.start(again);
        ASSERT_TRUE(comes_to(training, TrainState::running));
        EXPECT_GE(training.status().kimg, stopped);
        EXPECT_GT(training.status().weights, weights) << "a number must never come twice";
        ASSERT_TRUE(goes_on(training));
        stopped = training.status().kimg;
    } // stops and saves
    train::TrainThread training({});
    TrainOptions rest = options();
    rest.resume = std::exchange(rest.out, {});
    rest.kimg = stopped + 0.02;
    training.start(rest);
    training.wait();
    const TrainStatus end = training.status();
    EXPECT_EQ(end.state, TrainState::finished) << end.message;
    EXPECT_THAT(end.message, testing::HasSubstr("Finished"));
    EXPECT_GE(end.kimg, *rest.kimg);
    EXPECT_LT(end.kimg, *rest.kimg + 0.02) << "it does not train the old part again";
}

// A copy of all weights each second is made for somebody, or not at all.
TEST_F(TrainThreadTest, WeightsThatNobodyWantsAreNotPublished) {
    std::atomic<std::uint64_t> published = 0;
    std::atomic<double> at_kimg = 0;
    train::TrainThreadOptions how;
    how.publish_seconds = 0;
    how.publish = [&](const PublishedWeights& weights) {
        at_kimg = weights.kimg;
        ++published;
    };
    train::TrainThread training(how);
    training.want(false, false);
    training.start(options());
    ASSERT_TRUE(comes_to(training, TrainState::running));
    const auto some_steps = [&] {
        const double from = training.status().kimg;
        return soon([&] { return training.status().kimg > from + 0.02; });
    };
    ASSERT_TRUE(some_steps());
    EXPECT_EQ(published, 1U) << "the first of a run, which others are compared with";
    EXPECT_EQ(training.status().weights, 1U);
    EXPECT_TRUE(soon([&] { return training.status().augmented != nullptr; }))
        << "the first says that there is something";
    const auto first_seen = training.status().augmented;
    ASSERT_TRUE(some_steps());
    EXPECT_EQ(training.status().augmented, first_seen);

    training.want(false, true);
    EXPECT_TRUE(soon([&] { return training.status().augmented != first_seen; }));
    EXPECT_EQ(published, 1U);
    training.want(true, false);
    ASSERT_TRUE(soon([&] { return published >= 3; })) << "now they are looked at";

    training.want(false, false);
    training.command(TrainCommand::pause);
    ASSERT_TRUE(comes_to(training, TrainState::paused));
    training.command(TrainCommand::resume);
    ASSERT_TRUE(comes_to(training, TrainState::running));
    ASSERT_TRUE(some_steps());
    training.command(TrainCommand::pause);
    ASSERT_TRUE(comes_to(training, TrainState::paused));
    const std::uint64_t before = published;
    EXPECT_LT(at_kimg, training.status().kimg);
    training.want(true, false);
    EXPECT_TRUE(soon([&] { return published == before + 1; })) << "at once while paused";
    EXPECT_EQ(at_kimg, training.status().kimg);
    training.want(false, false);
    training.want(true, false);
    training.command(TrainCommand::save); // comes after
    training.command(TrainCommand::stop);
    ASSERT_TRUE(comes_to(training, TrainState::finished));
    EXPECT_EQ(published, before + 2) << "the same weights are not copied twice; the last of a run are";
}

TEST_F(TrainThreadTest, ATroubleIsToldAndAnotherStartIsPossible) {
    train::TrainThread training(publishing());
    TrainOptions wrong = options();
    wrong.data = (folder_ / "nothing").string();
    training.start(wrong);
    ASSERT_TRUE(comes_to(training, TrainState::failed));
    EXPECT_THAT(training.status().message, testing::HasSubstr("nothing"));
    EXPECT_TRUE(training.status().can_start());
    training.start(options());
    training.command(TrainCommand::stop); // most likely while it prepares
    EXPECT_TRUE(soon([&] { return training.status().can_start(); }));
    EXPECT_NE(training.status().state, TrainState::idle);
}

} // namespace
