// SPDX-License-Identifier: Apache-2.0
// Files dropped on the real window: the studio runs in this process, with the engine, and the drop handler that the
// window has given to GLFW is called as GLFW would call it.
#include <atomic>
#include <csignal>
#include <mutex>
#include <thread>

#include <GLFW/glfw3.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "studio/adapters/engine_render_service.h"
#include "studio/app/app.h"
#include "support/model_file.h"
#include "support/scratch.h"

namespace {

using namespace atelier;
using nlohmann::json;
using Paths = std::vector<std::filesystem::path>;

// The engine; and the UI thread's way in, since the studio asks its source for a picture there, every tick.
class DropSource final : public studio::EngineRenderService {
public:
    DropSource() : EngineRenderService({"cpu", 1}) {}

    std::optional<Frame> take_frame() override {
        const std::lock_guard lock(mutex_);
        for (const Paths& paths : std::exchange(drops_, {})) {
            call_drop_handler(paths);
        }
        return EngineRenderService::take_frame();
    }
    std::uint64_t load(const std::filesystem::path& path) override {
        const std::lock_guard lock(mutex_);
        loaded_.push_back(path);
        return EngineRenderService::load(path);
    }
    // While `slow`, no load seems to be through.
    LoadStatus load_status() const override {
        LoadStatus status = EngineRenderService::load_status();
        if (slow && status.state != LoadState::none) {
            status.state = LoadState::loading;
            status.message.clear();
            status.info = before_.info;
            status.playing = before_.playing;
        } else {
            before_ = status;
        }
        return status;
    }

    // From any thread.
    void drop(Paths paths) {
        const std::lock_guard lock(mutex_);
        drops_.push_back(std::move(paths));
    }
    Paths loaded() {
        const std::lock_guard lock(mutex_);
        return loaded_;
    }
    std::atomic<bool> slow = false;

private:
    static void call_drop_handler(const Paths& paths) {
        GLFWwindow* window = glfwGetCurrentContext();
        const GLFWdropfun handler = glfwSetDropCallback(window, nullptr);
        glfwSetDropCallback(window, handler);
        ASSERT_NE(handler, nullptr);
        std::vector<const char*> names;
        for (const auto& path : paths) {
            names.push_back(path.c_str());
        }
        handler(window, static_cast<int>(names.size()), names.data());
    }

    std::mutex mutex_;
    std::vector<Paths> drops_;
    Paths loaded_;
    mutable LoadStatus before_; // UI thread only
};

class Drop : public testing::Test {
protected:
    void SetUp() override {
        if (test::model_file().empty()) {
            GTEST_SKIP() << "no model file";
        }
        if (std::getenv("DISPLAY") == nullptr) {
            GTEST_SKIP() << "no display";
        }
        test::put_bytes(notes_, test::bytes_of("not a model"));
        std::filesystem::copy_file(test::model_file(), other_);
    }

    // Runs the studio on this thread, as GLFW wants it, and the script beside it; the window is closed after it.
    void run(const std::function<void()>& script) {
        auto source = std::make_unique<DropSource>();
        source_ = source.get();
        studio::AppOptions options;
        options.exact_size = true;
        options.remember = false;
        options.state_dump = folder_ / "state.json";
        over_ = false;
        std::jthread beside([&] {
            if (wait([](const json&) { return true; })) {
                script();
            }
            if (!over_) {
                kill(getpid(), SIGINT); // which the studio takes as Ctrl-C
            }
        });
        try {
            run_app(std::move(source), options);
        } catch (const Error& error) {
            ADD_FAILURE() << error.what();
        }
        over_ = true;
    }
    json state() const {
        const auto bytes = std::filesystem::exists(folder_ / "state.json") ? test::file_bytes(folder_ / "state.json")
                                                                           : std::vector<std::uint8_t>();
        return json::parse(bytes.begin(), bytes.end(), nullptr, false);
    }
    bool wait(const std::function<bool(const json&)>& condition) const {
        for (int i = 0; i < 2400 && !over_; ++i) {
            if (const json now = state(); now.is_object() && condition(now)) {
                return true;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(25));
        }
        ADD_FAILURE() << "waited in vain\n" << state().dump(1);
        return false;
    }
    bool plays(const std::filesystem::path& model) const {
        return wait([&](const json& s) { return s["model"] == model.filename().string(); });
    }
    bool toasts(int count) const {
        return wait([&](const json& s) { return s["counters"]["toasts"] == count; });
    }

    test::Scratch folder_;
    std::filesystem::path model_ = test::model_file(), other_ = folder_ / ("other" + model_.extension().string()),
                          notes_ = folder_ / "notes.txt";
    DropSource* source_ = nullptr; // while the script runs
    std::atomic<bool> over_ = false;
};

TEST_F(Drop, AModelIsOpenedAndAnythingElseIsToldOnce) {
    run([&] {
        EXPECT_EQ(state()["model"], nullptr);
        source_->drop({model_});
        ASSERT_TRUE(plays(model_));
        ASSERT_TRUE(wait([](const json& s) { return s["counters"]["pictures"] >= 1; }));
        EXPECT_EQ(state()["counters"]["toasts"], 0);

        int told = 0;
        for (const auto& wrong : {notes_, folder_ / "gone.pkl"}) {
            source_->drop({wrong});
            ASSERT_TRUE(toasts(++told));
            const json toast = state()["toasts"].back();
            EXPECT_EQ(toast["text"], "The model can't be opened");
            EXPECT_THAT(toast["detail"].get<std::string>(), testing::HasSubstr(wrong.string()));
            EXPECT_EQ(state()["model"], model_.filename().string()) << "the old model plays on";
        }
    });
}

TEST_F(Drop, OfSeveralFilesTheLastIsOpened) {
    run([&] {
        source_->drop({notes_, model_, other_});
        ASSERT_TRUE(plays(other_));
        ASSERT_TRUE(toasts(1));
        const json toast = state()["toasts"].back();
        EXPECT_EQ(toast["text"], "Opening the last of 3 files");
        EXPECT_EQ(toast["detail"], other_.filename().string());
        EXPECT_EQ(source_->loaded(), Paths{other_});
    });
}

TEST_F(Drop, WhileAModelIsOpenedTheNewestDropWins) {
    run([&] {
        source_->drop({model_});
        ASSERT_TRUE(plays(model_));
        source_->slow = true;
        for (const Paths& files : {Paths{model_}, Paths{notes_}, Paths{}, Paths{other_}}) {
            const std::size_t before = source_->loaded().size();
            source_->drop(files);
            for (int i = 0; i < 2400 && !files.empty() && source_->loaded().size() == before; ++i) {
                std::this_thread::sleep_for(std::chrono::milliseconds(25));
            }
        }
        EXPECT_EQ(source_->loaded(), (Paths{model_, model_, notes_, other_}));
        EXPECT_EQ(state()["model"], model_.filename().string()) << "it plays until the new one is there";
        source_->slow = false;
        ASSERT_TRUE(plays(other_));
        const json pictures = state()["counters"]["pictures"];
        ASSERT_TRUE(wait([&](const json& s) { return s["counters"]["pictures"] >= pictures; }));
        EXPECT_EQ(state()["counters"]["toasts"], 0) << "what a newer drop has replaced isn't complained of";
    });
}

} // namespace
