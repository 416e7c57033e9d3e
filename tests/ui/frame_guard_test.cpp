// SPDX-License-Identifier: Apache-2.0
// What is thrown in the middle of a frame, in a real window: the session is kept aside, it is told, and it goes on.
#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <imgui_internal.h>
#include <nlohmann/json.hpp>

#include "studio/app/app.h"
#include "studio/state/session.h"
#include "support/scratch.h"
#include "support/soon.h"
#include "ui/synthetic_training_service.h"

namespace atelier::testing {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

// Throws where it is told to: the studio asks its source in each tick, and panels do while they are drawn.
class FaultySource final : public SyntheticSource {
public:
    std::optional<Frame> take_frame() override {
        if (tick_fails)
            throw std::runtime_error("a step has failed");
        ++ticks;
        return SyntheticSource::take_frame();
    }
    studio::ShowStatus show_status() const override {
        if (drawing_fails && ImGui::GetCurrentContext()->WithinFrameScope)
            throw std::runtime_error("a panel has failed");
        return SyntheticSource::show_status();
    }
    std::atomic<bool> tick_fails = false, drawing_fails = false;
    std::atomic<int> ticks = 0;
};

class Guard : public ::testing::Test {
protected:
    // The studio on this thread, the script beside it.
    template <class Script> void run(const Script& script) {
        if (std::getenv("DISPLAY") == nullptr)
            GTEST_SKIP() << "no display";
        setenv("XDG_STATE_HOME", scratch_.path().c_str(), 1);
        // An unfinished run: the Train tab is open, which asks the source while it is drawn.
        test::put_bytes(scratch_ / "checkpoint.safetensors", {});
        fs::create_directories(scratch_ / "atelier");
        const std::string settings = json{{"unfinished_run", scratch_.path().string()}}.dump();
        test::put_bytes(scratch_ / "atelier/studio.json", test::bytes_of(settings));
        auto source = std::make_unique<FaultySource>();
        source_ = source.get();
        studio::AppOptions options;
        options.model = "/models/test.pkl";
        options.exact_size = true;
        options.play = true;
        options.state_dump = scratch_ / "state.json";
        std::atomic<bool> over = false;
        std::jthread beside([&] {
            if (test::soon([&] { return source_->ticks > 5; }))
                script();
            if (!over)
                kill(getpid(), SIGINT); // which the studio takes as Ctrl-C
        });
        auto trainer = std::make_unique<SyntheticTrainer>(source_);
        EXPECT_NO_THROW(run_app(std::move(source), options, std::move(trainer)));
        over = true;
    }
    json state() const {
        std::ifstream in(scratch_ / "state.json");
        const json read = json::parse(in, nullptr, false);
        return read.is_object() ? read : json::object();
    }
    bool told(const std::string& text) const {
        return test::soon([&] {
            return state().dump(-1, ' ', false, json::error_handler_t::replace).find(text) != std::string::npos;
        });
    }
    std::vector<fs::path> autosaves() const {
        std::vector<fs::path> out;
        std::error_code none;
        for (const auto& each : fs::directory_iterator(scratch_ / "atelier", none)) {
            if (studio::is_session_file(each.path()))
                out.push_back(each.path());
        }
        return out;
    }

    test::Scratch scratch_;
    FaultySource* source_ = nullptr;
};

TEST_F(Guard, AStepThatFailsSavesAndGoesOn) {
    run([this] {
        source_->tick_fails = true;
        EXPECT_TRUE(test::soon([this] { return autosaves().size() == 1; }));
        source_->tick_fails = false;
        const int before = source_->ticks;
        EXPECT_TRUE(test::soon([&] { return source_->ticks > before + 10; })) << "it goes on";
        EXPECT_TRUE(told("a step has failed"));
        EXPECT_EQ(studio::load_session(autosaves().at(0)).model, "/models/test.pkl");
    });
}

TEST_F(Guard, APanelThatFailsSavesAndGoesOn) {
    run([this] {
        source_->drawing_fails = true;
        EXPECT_TRUE(test::soon([this] { return autosaves().size() == 1; }));
        const int failing = source_->ticks;
        EXPECT_TRUE(test::soon([&] { return source_->ticks > failing + 10; })) << "frame after frame";
        source_->drawing_fails = false;
        EXPECT_TRUE(told("a panel has failed"));
        const int drawn = state()["counters"]["drawn"];
        EXPECT_TRUE(test::soon([&] { return state()["counters"]["drawn"] > drawn + 5; })) << "and is drawn again";
    });
}

} // namespace
} // namespace atelier::testing
