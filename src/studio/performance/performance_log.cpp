// SPDX-License-Identifier: Apache-2.0
#include "studio/performance/performance_log.h"

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <mutex>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "studio/state/serialization.h"

namespace atelier::studio {
namespace {

using nlohmann::json;
constexpr int version = 1;
constexpr double longest_glide = 10; // seconds, as in the settings
constexpr double heartbeat = 1;      // seconds: how much of a quiet end a killed program may lose

// What can be seen: how the window looks at the picture is nobody's performance, nor are presets until recalled.
StudioState seen_part(StudioState state) {
    const ViewState& view = state.view;
    ViewState kept;
    kept.blackout = view.blackout;
    kept.frozen = view.frozen;
    state.view = kept;
    state.stars.clear();
    state.presets = {};
    state.morph_seconds = StudioState{}.morph_seconds;
    state.next_id = 1;
    return state;
}

json seen_json(const StudioState& state) {
    json out = state_to_json(state);
    for (const char* unseen : {"stars", "presets", "morph_seconds", "next_id"})
        out.erase(unseen);
    out["view"] = {{"blackout", state.view.blackout}, {"frozen", state.view.frozen}};
    return out;
}

} // namespace

struct PerformanceLog::Disk {
    explicit Disk(std::filesystem::path file)
        : path(std::move(file)), thread([this](const std::stop_token& stop) { write_all(stop); }) {}

    void add(std::string line) {
        const std::lock_guard lock(mutex);
        waiting += line + "\n";
        wake.notify_one();
    }

    void write_all(const std::stop_token& stop) {
        std::FILE* out = std::fopen(path.c_str(), "wx"); // never over a file that is there
        if (!out) {
            fail_with(errno);
        }
        std::string now;
        while (true) {
            {
                std::unique_lock lock(mutex);
                wake.wait(lock, stop, [this] { return !waiting.empty(); });
                now.swap(waiting);
            }
            if (now.empty())
                break; // stopped, and all is written
            if (out && (std::fwrite(now.data(), 1, now.size(), out) != now.size() || std::fflush(out) != 0))
                fail_with(errno);
            now.clear();
        }
        if (out && std::fclose(out) != 0)
            fail_with(errno);
    }

    void fail_with(int number) {
        const std::lock_guard lock(mutex);
        if (error.empty())
            error = fmt::format("{}: the performance can't be logged: {}.", path.string(), std::strerror(number));
    }

    std::filesystem::path path;
    std::mutex mutex;
    std::condition_variable_any wake;
    std::string waiting, error;
    std::jthread thread; // last: it uses the rest
};

PerformanceLog::PerformanceLog(std::filesystem::path file, const std::string& model, double glide_seconds,
                               const StudioState& state, const AnimatedValues& animated)
    : file_(std::move(file)), disk_(std::make_unique<Disk>(file_)), state_(seen_part(state)), animated_(animated),
      model_(model), glide_seconds_(glide_seconds) {
    disk_->add(json{{"atelier", "performance"},
                    {"version", version},
                    {"model", model},
                    {"glide_seconds", glide_seconds},
                    {"state", seen_json(state_)},
                    {"motion", animated_to_json(animated)}}
                   .dump());
}

PerformanceLog::~PerformanceLog() {
    disk_->add(json{{"t", seconds_}, {"end", true}}.dump());
}

void PerformanceLog::before(const StudioState& state, const AnimatedValues& animated, const std::string& model,
                            double glide_seconds) {
    json line;
    if (glide_seconds != glide_seconds_)
        line["glide_seconds"] = glide_seconds_ = glide_seconds;
    if (model != model_) {
        line["model"] = model;
        model_ = model;
    }
    if (const StudioState seen = seen_part(state); seen != state_) {
        line["state"] = patch_between(seen_json(state_), seen_json(seen));
        state_ = seen;
    }
    if (animated != animated_)
        line["motion"] = patch_between(animated_to_json(animated_), animated_to_json(animated));
    if (line.is_null() && seconds_ - told_ < heartbeat)
        return;
    line["t"] = seconds_;
    told_ = seconds_;
    disk_->add(line.dump());
}

void PerformanceLog::after(const AnimatedValues& animated, double seconds) {
    animated_ = animated;
    seconds_ += seconds;
}

// As if it had been frozen meanwhile. What people did then shows after it.
void PerformanceLog::stand_still(double seconds) {
    const auto freeze = [this](bool frozen) {
        disk_->add(json{{"t", seconds_}, {"state", {{"view", {{"frozen", frozen}}}}}}.dump());
    };
    if (!state_.view.frozen)
        freeze(true);
    seconds_ += seconds;
    if (!state_.view.frozen)
        freeze(false);
    told_ = seconds_;
}

std::string PerformanceLog::error() const {
    const std::lock_guard lock(disk_->mutex);
    return disk_->error;
}

std::size_t PerformanceLog::bytes_waiting() const {
    const std::lock_guard lock(disk_->mutex);
    return disk_->waiting.size();
}

Performance performance_of_timeline(const StudioState& state, const std::string& model) {
    Performance out;
    out.model = model;
    out.state.timeline = state.timeline;
    out.state.timeline.on = out.state.timeline.playing = true;
    out.seconds = length_of(state.timeline.curve);
    return out;
}

namespace {

void read_head(const json& line, const std::filesystem::path& file, Performance& out) {
    if (line.value("atelier", json()) != json("performance") || !line.value("version", json()).is_number_integer())
        fail("{}: this is no performance log of Atelier.", file.string());
    if (line["version"] > version)
        fail("{}: this performance log is of a newer Atelier (version {}; this one reads up to {}).", file.string(),
             line["version"].dump(), version);
    const json model = line.value("model", json()), glide = line.value("glide_seconds", json(default_glide_seconds));
    if (!model.is_string() || !glide.is_number())
        fail("{}: the model's file or the glide's seconds are missing.", file.string());
    out.model = model.get<std::string>();
    out.glide_seconds = std::clamp(glide.get<double>(), 0.0, longest_glide);
    const std::string where = file.string() + ", line 1";
    state_from_json(line.value("state", json::object()), where, out.state);
    animated_from_json(line.value("motion", json::object()), where, out.animated);
}

void read_event(const json& line, const std::string& where, Performance& out) {
    const json time = line.value("t", json()), model = line.value("model", json(""));
    if (!time.is_number() || !(time.get<double>() >= out.seconds && time.get<double>() < 1e7))
        fail("{}: t must be a number of seconds that never goes back.", where);
    if (!model.is_string())
        fail("{}: the model must be a file's name.", where);
    out.seconds = time.get<double>();
    PerformanceEvent event{out.seconds, {}, {}, model.get<std::string>(), -1};
    if (line.contains("glide_seconds")) {
        if (!line["glide_seconds"].is_number())
            fail("{}: glide_seconds must be a number.", where);
        event.glide_seconds = std::clamp(line["glide_seconds"].get<double>(), 0.0, longest_glide);
    }
    if (line.contains("state")) {
        StudioState checked; // for the kinds and ranges of its fields
        state_from_json(line["state"], where, checked);
        event.state = line["state"].dump();
    }
    if (line.contains("motion")) {
        AnimatedValues checked;
        animated_from_json(line["motion"], where, checked);
        event.animated = line["motion"].dump();
    }
    if (!event.state.empty() || !event.animated.empty() || !event.model.empty() || event.glide_seconds >= 0)
        out.events.push_back(std::move(event));
}

} // namespace

Performance load_performance(const std::filesystem::path& file) {
    std::ifstream in(file);
    if (!in)
        fail("{}: the performance log can't be read: {}.", file.string(), std::strerror(errno));
    Performance out;
    std::string text;
    int number = 0;
    while (std::getline(in, text)) {
        const std::string where = fmt::format("{}, line {}", file.string(), ++number);
        const json line = json::parse(text, nullptr, false);
        if (line.is_discarded() && in.eof() && number > 1)
            break; // cut off in the middle of a write
        if (!line.is_object())
            fail("{} is no line of a performance log, which has JSON objects.", where);
        number == 1 ? read_head(line, file, out) : read_event(line, where, out);
    }
    if (number == 0)
        fail("{}: this is no performance log of Atelier: the file is empty.", file.string());
    return out;
}

} // namespace atelier::studio
