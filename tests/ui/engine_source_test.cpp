// SPDX-License-Identifier: Apache-2.0
// The studio's source over a real engine: which model plays while one trains, and snapshots read beside.

#include <gtest/gtest.h>

#include "engine/loaded_model.h"
#include "studio/engine_source.h"
#include "support/model_file.h"
#include "support/soon.h"

namespace {

using namespace atelier;
using studio::Showing;
using test::soon;

// A model of its own name, with the weights of the test's file.
std::shared_ptr<const LoadedModel> named(const std::string& name) {
    const auto loaded = load_model(test::model_file(), "cpu");
    ModelInfo info = loaded->info();
    info.name = name;
    return std::make_shared<LoadedModel>(info, std::shared_ptr<const LoadedModel::Weights>(loaded, &loaded->weights()));
}

class EngineSourceTest : public testing::Test {
protected:
    EngineSourceTest() : source_({"cpu", 1}) {}
    std::string playing() const {
        const LoadStatus status = source_.load_status();
        return status.info ? status.info->name : "";
    }
    studio::EngineSource source_;
};

TEST_F(EngineSourceTest, FollowsTheWeightsThatArePublished) {
    source_.publish(named("first"), true);
    EXPECT_EQ(source_.show_status().runs, 1U);
    EXPECT_EQ(playing(), "") << "only what is asked for plays";
    source_.show(Showing::training, {});
    EXPECT_EQ(playing(), "first");
    source_.publish(named("second"), false);
    EXPECT_EQ(playing(), "second");
    source_.show(Showing::start, {});
    EXPECT_EQ(playing(), "first");
    source_.publish(named("third"), false);
    EXPECT_EQ(playing(), "first");
    source_.show(Showing::training, {});
    EXPECT_EQ(playing(), "third");
    source_.publish(named("another run"), true);
    EXPECT_EQ(source_.show_status().runs, 2U);
    source_.show(Showing::start, {});
    EXPECT_EQ(playing(), "another run");
}

TEST_F(EngineSourceTest, ReadsSnapshotsBeside) {
    source_.publish(named("training"), true);
    source_.show(Showing::training, {});
    source_.show(Showing::snapshot, test::model_file());
    EXPECT_TRUE(source_.show_status().loading);
    EXPECT_EQ(playing(), "training") << "what played before plays on";
    ASSERT_TRUE(soon([&] { return !source_.show_status().loading; }));
    EXPECT_EQ(playing(), test::model_file().filename().string());
    EXPECT_EQ(source_.show_status().message, "");
    source_.show(Showing::training, {});
    source_.show(Showing::snapshot, test::model_file());
    EXPECT_FALSE(source_.show_status().loading) << "kept from before";
    EXPECT_EQ(playing(), test::model_file().filename().string());
}

TEST_F(EngineSourceTest, ASnapshotThatIsGoneSaysSo) {
    source_.publish(named("training"), true);
    source_.show(Showing::training, {});
    source_.show(Showing::snapshot, "/nowhere/snapshot-000001.safetensors");
    ASSERT_TRUE(soon([&] { return !source_.show_status().loading; }));
    EXPECT_NE(source_.show_status().message.find("/nowhere/snapshot-000001.safetensors"), std::string::npos);
    EXPECT_EQ(playing(), "training");
    source_.show(Showing::training, {});
    EXPECT_EQ(source_.show_status().message, "");
}

TEST_F(EngineSourceTest, ComparesWithTheStartModel) {
    source_.compare(true); // before there is one
    source_.publish(named("start"), true);
    source_.show(Showing::training, {});
    source_.set_params({}, false);
    ASSERT_TRUE(soon([&] {
        const auto frame = source_.take_frame();
        return frame && frame->compare;
    }));
    source_.compare(false);
    ASSERT_TRUE(soon([&] {
        const auto frame = source_.take_frame();
        return frame && !frame->compare;
    }));
}

} // namespace
