// SPDX-License-Identifier: Apache-2.0
#include "studio/performance/performance_log.h"

#include <fmt/format.h>

#include "studio/performance/latent_book.h"
#include "studio/performance/log_file.h"
#include "studio/state/patch_writer.h"
#include "studio/state/schema.h"

namespace atelier::studio {
namespace {

constexpr double heartbeat = 1; // seconds: how much of a quiet end a killed program may lose

// What can be seen: how the window looks at the picture is nobody's performance, nor are presets until recalled.
constexpr auto seen_fields = [](auto& visitor, StudioState& state) {
    performed_fields(visitor, state);
    visitor.object("view", state.view, [](auto& in, ViewState& view) {
        in.flag("blackout", view.blackout);
        ranged(in, "master", view.master, "view.master");
        in.flag("frozen", view.frozen);
    });
};
constexpr auto motion_fields = [](auto& visitor, AnimatedValues& values) { fields(visitor, values); };

// Random noise that follows the pictures, not the clock: how often a tick came can't be computed again. A timeline and
// a preset that fades may have another kind than the panels.
bool may_draw_noise(const StudioState& state, const AnimatedValues& animated) {
    return state.noise.speed <= 0 && (state.noise.mode == NoiseMode::random || state.timeline.on || animated.morphing);
}

std::string json_of(const std::string& text) {
    return PatchWriter::json_text(text);
}
std::string json_of(double value) {
    return PatchWriter::json_text(value);
}

} // namespace

struct PerformanceLog::Kept {
    explicit Kept(const std::filesystem::path& path) : file(path) {}
    LogFile file;
    LatentBook latents;
    NumberOfLatent number_of = [this](const LatentBook::Latent& latent) { return latents.number_of(latent); };
    // As in the log; of the state what is seen alone.
    StudioState state;
    AnimatedValues animated;

    void add(std::string text) { file.add({std::move(text), latents.take_new()}); }
};

PerformanceLog::PerformanceLog(std::filesystem::path file, const std::string& model, double glide_seconds,
                               const StudioState& state, const AnimatedValues& animated)
    : file_(std::move(file)), kept_(std::make_unique<Kept>(file_)), model_(model), glide_seconds_(glide_seconds) {
    kept_->add(
        fmt::format(R"({{"atelier":"performance","version":{},"model":{},"glide_seconds":{},"state":{},"motion":{}}})",
                    performance_version, json_of(model), json_of(glide_seconds),
                    PatchWriter::whole(kept_->state, state, kept_->number_of, seen_fields),
                    PatchWriter::whole(kept_->animated, animated, kept_->number_of, motion_fields)));
}

PerformanceLog::~PerformanceLog() {
    add_line(R"(,"end":true)");
}

void PerformanceLog::add_line(const std::string& rest) {
    kept_->add(fmt::format(R"({{"t":{}{}{}}})", json_of(seconds_),
                           turns_.empty() ? "" : fmt::format(R"(,"turns":[{}])", turns_), rest));
    turns_.clear();
}

void PerformanceLog::before(const StudioState& state, const AnimatedValues& animated, const std::string& model,
                            double glide_seconds) {
    std::string line;
    if (glide_seconds != glide_seconds_)
        line += ",\"glide_seconds\":" + json_of(glide_seconds_ = glide_seconds);
    if (model != model_)
        line += ",\"model\":" + json_of(model_ = model);
    if (const std::string patch =
            PatchWriter::follow(kept_->state, state, kept_->number_of, PatchLists::edited, seen_fields);
        !patch.empty())
        line += ",\"state\":" + patch;
    // A list of the motion may be another one when it is played again, so there is nothing to edit.
    if (const std::string patch =
            PatchWriter::follow(kept_->animated, animated, kept_->number_of, PatchLists::whole, motion_fields);
        !patch.empty())
        line += ",\"motion\":" + patch;
    if (line.empty() && seconds_ - told_ < heartbeat)
        return;
    told_ = seconds_;
    add_line(line);
}

void PerformanceLog::after(const AnimatedValues& animated, double seconds) {
    kept_->animated = animated;
    seconds_ += seconds;
    turns_ += (turns_.empty() ? "" : ",") + json_of(seconds);
    if (may_draw_noise(kept_->state, animated) && noise_told_ != animated.noise_seed) {
        noise_told_ = animated.noise_seed;
        add_line(fmt::format(R"(,"noise":{})", animated.noise_seed));
    }
}

// As if it had been frozen meanwhile. What people did then shows after it.
void PerformanceLog::stand_still(double seconds) {
    const bool was_frozen = kept_->state.view.frozen;
    const auto freeze = [&](bool frozen) { // the turns end where the one line says, and go on where the other does
        add_line(was_frozen ? "" : fmt::format(R"(,"state":{{"view":{{"frozen":{}}}}})", frozen));
    };
    freeze(true);
    seconds_ += seconds;
    freeze(false);
    told_ = seconds_;
}

std::string PerformanceLog::error() const {
    return kept_->file.error();
}

std::size_t PerformanceLog::bytes_waiting() const {
    return kept_->file.bytes_waiting();
}

} // namespace atelier::studio
