// SPDX-License-Identifier: Apache-2.0
// atelier watch: follows a run of another program through its folder, in the studio's window or as lines.
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include <fmt/format.h>

#include "base/error.h"
#include "base/progress.h"
#include "cli/commands.h"
#include "cli/interrupt_guard.h"
#include "cli/studio_arguments.h"
#include "studio/adapters/watch_training_service.h"
#include "train/run_watch.h"

namespace atelier {
namespace {

constexpr std::size_t first_lines = 3; // of what the log has already

struct WatchArguments {
    StudioArguments studio;
    std::string run;
    bool lines = false, stop = false, snapshot = false;
    double patience = 600;
};

bool has_display() {
    const auto set = [](const char* name) {
        const char* value = std::getenv(name);
        return value != nullptr && *value != '\0';
    };
    return set("DISPLAY") || set("WAYLAND_DISPLAY");
}

double seconds_now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

class Follower {
public:
    explicit Follower(const WatchArguments& given) : given_(given), watch_(given.run) {
        watch_.look(seconds_now());
        answered_ = watch_.status().answered;
        if (watch_.status().ended() && (given.stop || given.snapshot)) {
            fail("{}: the run has ended, so it can't be asked for anything. {}", given.run, watch_.status().message);
        }
    }

    void follow() {
        const InterruptGuard guard;
        ask();
        tell(first_lines);
        while (!done()) {
            std::this_thread::sleep_for(std::chrono::milliseconds(300));
            if (guard.interrupted()) {
                fmt::print(stderr, "No longer watched; the run goes on.\n");
                return;
            }
            watch_.look(seconds_now());
            tell(std::string::npos);
            if (watch_.silent_seconds() > given_.patience) {
                fail("{}: no sign of life for {}; it stood at {:.2f} kimg. Its program may have been killed: 'atelier "
                     "train "
                     "--resume {}' goes on from the last checkpoint.",
                     given_.run, duration_text(watch_.silent_seconds()), watch_.status().kimg, given_.run);
            }
        }
        const TrainStatus& status = watch_.status();
        if (!status.ended()) {
            fmt::print(stderr, "{}\n", status.message);
        } else if (status.state == TrainState::failed) {
            fail("The run has failed: {}", status.message);
        } else {
            fmt::print(stderr, "{}\n", status.message);
        }
    }

private:
    void ask() const {
        if (given_.snapshot) {
            train::ask_of_run(given_.run, train::RunRequest::snapshot);
        }
        if (given_.stop) {
            train::ask_of_run(given_.run, train::RunRequest::stop);
        }
    }
    bool done() const {
        const TrainStatus& status = watch_.status();
        const bool answered = given_.snapshot && !given_.stop && status.answered > answered_;
        return status.ended() || answered;
    }
    void tell(std::size_t most) {
        const std::vector<std::string>& lines = watch_.new_lines();
        for (std::size_t i = lines.size() - std::min(most, lines.size()); i < lines.size(); ++i) {
            fmt::print("{}\n", lines[i]);
        }
        std::fflush(stdout);
    }

    const WatchArguments& given_;
    train::RunWatch watch_;
    std::uint64_t answered_ = 0;
};

void run_watch(WatchArguments& given) {
    if (given.lines || given.stop || given.snapshot || !has_display()) {
        Follower(given).follow();
        return;
    }
    const train::RunWatch there(given.run); // says what is wrong with the folder before there is a window
    open_studio(given.studio, [&](studio::EngineRenderService& viewer) {
        return std::make_unique<studio::WatchTrainingService>(viewer, given.run, given.studio.engine);
    });
}

} // namespace

void add_watch_command(CLI::App& app) {
    auto arguments = std::make_shared<WatchArguments>();
    CLI::App* command =
        app.add_subcommand("watch", "Watch a run of another machine through its folder, and play what it learns");
    command->add_option("run", arguments->run, "The run's folder, on a disk that both machines see")->required();
    command->add_flag("--lines", arguments->lines,
                      "Print the lines of its log until it ends, without a window; so it is where there is no display");
    command->add_flag("--stop", arguments->stop, "Ask it to save and stop, and follow it to its end");
    command->add_flag("--snapshot", arguments->snapshot, "Ask it for a snapshot, and wait until it is written");
    command
        ->add_option("--patience", arguments->patience,
                     "As lines: seconds without a sign of life before it counts as dead")
        ->check(CLI::Range(1.0, 1e6))
        ->capture_default_str();
    command->add_option("--model", arguments->studio.app.model,
                        "In the window: what to open besides, as for 'atelier studio'");
    add_window_options(*command, arguments->studio);
    command->footer(
        "The run is asked by files in its folder, request-stop and request-snapshot; it looks for them once a "
        "second, between two steps.");
    command->callback([arguments] { run_watch(*arguments); });
}

} // namespace atelier
