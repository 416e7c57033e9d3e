// SPDX-License-Identifier: Apache-2.0
// RunningStudio: the real program in a real window (under Xvfb), driven by xdotool and watched through its
// state dump. Waits are for conditions, never for times. For tests only.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

namespace atelier::testing {

// For what the program does in seconds on a machine of its own.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr std::chrono::minutes patience{10};
#else
constexpr std::chrono::minutes patience{2};
#endif

class RunningStudio {
public:
    // `folder` takes screenshot, dump and all that the program would put into the user's folders. It ends with this
    // program, and after `seconds`, 3600 at most, by itself; 0: never.
    RunningStudio(const std::filesystem::path& program, std::vector<std::string> arguments,
                  std::filesystem::path folder, int seconds = 3000)
        : folder_(std::move(folder)) {
        arguments.insert(arguments.begin(), program.string());
        arguments.insert(arguments.end(), {"--state-dump", dump().string()});
        if (seconds > 0)
            arguments.insert(arguments.end(),
                             {"--screenshot", screenshot().string(), "--after", std::to_string(seconds)});
        std::vector<char*> words;
        for (std::string& argument : arguments) {
            words.push_back(argument.data());
        }
        words.push_back(nullptr);
        std::filesystem::remove(dump()); // of one before it
        child_ = fork();
        if (child_ == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            setenv("XDG_STATE_HOME", folder_.c_str(), 1);
            setenv("XDG_VIDEOS_DIR", folder_.c_str(), 1);
            dup2(open((folder_ / "messages").c_str(), O_WRONLY | O_CREAT, 0600), 2);
            execv(words[0], words.data());
            _exit(127);
        }
    }
    ~RunningStudio() {
        if (child_ > 0) {
            kill(child_, SIGKILL);
            waitpid(child_, nullptr, 0);
        }
    }
    RunningStudio(const RunningStudio&) = delete;
    RunningStudio& operator=(const RunningStudio&) = delete;

    pid_t pid() const { return child_; } // -1: it has ended
    std::filesystem::path screenshot() const { return folder_ / "window.png"; }

    // The newest state; null before the first.
    nlohmann::json state() const {
        std::ifstream in(dump());
        return in ? nlohmann::json::parse(in, nullptr, false) : nlohmann::json();
    }

    // True once the condition holds; false if the program has ended or the time is up.
    bool wait(const std::function<bool(const nlohmann::json&)>& condition, std::chrono::milliseconds time = patience) {
        for (auto waited = std::chrono::milliseconds(0); waited < time; waited += std::chrono::milliseconds(50)) {
            const nlohmann::json now = state();
            if (now.is_object() && condition(now)) {
                return true;
            }
            if (ended()) {
                return false;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        return false;
    }

    // The middle of a control, or a part of its width. Of several of one name, in the order of drawing, the second is
    // called name#2.
    std::array<int, 2> place(const std::string& control, double part = 0.5) {
        std::array<int, 2> at{-1, -1};
        wait([&](const nlohmann::json& now) {
            if (!now.contains("controls") || !now["controls"].contains(control)) {
                return false;
            }
            const auto box = now["controls"][control];
            at = {static_cast<int>(box[0].get<double>() + part * (box[2].get<double>() - box[0].get<double>())),
                  static_cast<int>((box[1].get<double>() + box[3].get<double>()) / 2)};
            return true;
        });
        return at;
    }

    // Waits until what the state says now has been drawn, and what that leads to.
    void drawn_anew() {
        const std::int64_t before = drawn(state());
        wait([&](const nlohmann::json& now) { return now["still"] == true || drawn(now) > before + 1; }, long_enough);
    }
    void focus() { xdotool("search --onlyvisible --class atelier windowfocus"); }
    void move(std::array<int, 2> at) {
        if (at == mouse_) {
            return; // no event would come
        }
        mouse_ = at;
        xdotool("search --onlyvisible --class atelier mousemove --window %1 " + std::to_string(at[0]) + " " +
                std::to_string(at[1]));
        wait([&](const nlohmann::json& now) { return now["input"]["mouse"] == nlohmann::json(at); }, long_enough);
    }
    // The mouse over the middle of a control where it stays: what went before may be about to move it.
    void rest_on(const std::string& control) {
        for (std::array<int, 2> last{-1, -1}; last != place(control) && !ended();) {
            last = place(control);
            move(last);
            drawn_anew();
        }
    }
    void click(const std::string& control, const char* button = "1") {
        rest_on(control);
        std::this_thread::sleep_for(std::chrono::milliseconds(150)); // two clicks are no double click
        press(button);
        let_go(button);
    }
    void drag(std::array<int, 2> from, std::array<int, 2> to) {
        move(from);
        press("1");
        for (int i = 1; i <= 4; ++i) {
            move({from[0] + (to[0] - from[0]) * i / 4, from[1] + (to[1] - from[1]) * i / 4});
        }
        let_go("1");
    }
    // From one part of its width to another.
    void slide(const std::string& control, double from, double to) {
        rest_on(control);
        drag(place(control, from), place(control, to));
    }
    // A key of the studio's own, with xdotool's options before its name. It has been seen when this returns, but where
    // it returns false: then the studio has seen none of it, or not all, for long enough.
    bool key(const std::string& name) {
        const std::string keys = name.substr(name.rfind(' ') + 1);
        return send("key " + name, "keys", 1 + static_cast<int>(std::count(keys.begin(), keys.end(), '+')));
    }
    // Keys seen so far, by either of its windows.
    std::int64_t keys_seen() const {
        const nlohmann::json now = state();
        return now.is_object() ? now["input"]["keys"].get<std::int64_t>() : 0;
    }

    // A key for a text field: held until it is seen, and pressed again until the condition holds.
    bool key_until(const std::string& name, const std::function<bool(const nlohmann::json&)>& condition,
                   std::chrono::milliseconds each = std::chrono::seconds(10)) {
        for (int i = 0; i < 20 && !ended(); ++i) {
            send("keydown " + name, "keys", 1);
            std::this_thread::sleep_for(std::chrono::milliseconds(250));
            xdotool("keyup " + name);
            if (wait(condition, each)) {
                return true;
            }
        }
        return false;
    }
    // Replaces what the text field with the keyboard holds. No quotes in `text`.
    bool type(const std::string& text) {
        const auto typed = [&text](const nlohmann::json& now) { return now["field"] == text; };
        wait([](const nlohmann::json& now) { return now["field"].is_string(); });
        for (int i = 0; i < 10 && !ended(); ++i) {
            send("keydown ctrl+a", "keys", 2);
            std::this_thread::sleep_for(std::chrono::milliseconds(250)); // a text field looks at keys once a frame
            xdotool("keyup ctrl+a");
            send("type --delay 60 '" + text + "'", "keys", static_cast<int>(text.size()));
            if (wait(typed, std::chrono::seconds(10))) {
                return true;
            }
        }
        return false;
    }

    // Asks the program to end as Ctrl-C does; its exit code, -1 when it was killed.
    int end() {
        if (child_ > 0 && !ended()) {
            kill(child_, SIGINT);
            for (int i = 0; i < 1200 && !ended(); ++i) {
                std::this_thread::sleep_for(std::chrono::milliseconds(50));
            }
        }
        return exit_code_;
    }
    // Ends it as a crash or the system would, at once.
    void end_by(int signal) {
        if (child_ > 0) {
            kill(child_, signal);
            waitpid(child_, nullptr, 0);
            child_ = -1;
        }
    }
    // How it ended by itself, which is waited for: its exit code, -1 when it was killed or goes on.
    int exit_code(std::chrono::seconds time) {
        for (const auto until = std::chrono::steady_clock::now() + time;
             !ended() && std::chrono::steady_clock::now() < until;) {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        return exit_code_;
    }
    std::string messages() const {
        std::ifstream in(folder_ / "messages");
        return {std::istreambuf_iterator<char>(in), {}};
    }

private:
    // For an event to be seen, which may never be where no control is.
    static constexpr std::chrono::seconds long_enough{20};

    std::filesystem::path dump() const { return folder_ / "state.json"; }
    static void xdotool(const std::string& what) {
        if (std::system(("xdotool " + what + " >/dev/null 2>&1").c_str()) != 0) {
            std::fprintf(stderr, "xdotool failed: %s\n", what.c_str());
        }
    }
    static std::int64_t drawn(const nlohmann::json& now) {
        return now.is_object() ? now["counters"]["drawn"].get<std::int64_t>() : 0;
    }
    void press(const std::string& button) {
        send("mousedown " + button, "buttons", 1);
        std::this_thread::sleep_for(std::chrono::milliseconds(250)); // as long as a hand takes
    }
    void let_go(const std::string& button) { send("mouseup " + button, "buttons", 1); }
    // Waits until a frame has been drawn that took in `count` more events of this kind, however slow the machine is.
    // Mouse buttons over the second window are not counted; so it goes on after a while.
    bool send(const std::string& what, const char* kind, int count) {
        const auto seen = [kind](const nlohmann::json& now) { return now["input"][kind].get<std::int64_t>(); };
        const nlohmann::json before = state();
        xdotool(what);
        return !before.is_object() ||
               wait([&](const nlohmann::json& now) { return seen(now) >= seen(before) + count; }, long_enough);
    }
    bool ended() {
        int status = 0;
        if (child_ > 0 && waitpid(child_, &status, WNOHANG) == child_) {
            child_ = -1;
            exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        }
        return child_ < 0;
    }

    std::filesystem::path folder_;
    std::array<int, 2> mouse_{-1, -1};
    pid_t child_ = -1;
    int exit_code_ = -1;
};

} // namespace atelier::testing
