// SPDX-License-Identifier: Apache-2.0
// Reading performance logs.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/path_text.h"
#include "studio/performance/performance_log.h"
#include "studio/state/parameters.h"
#include "studio/state/serialization.h"

namespace atelier::studio {
namespace {

using nlohmann::json;

constexpr double turns_tolerance = 1e-6; // seconds, of sums by other hands

// Applies each line to what was there before it, so that a damaged one is told with its number.
class PerformanceFile {
public:
    explicit PerformanceFile(std::filesystem::path file) : file_(std::move(file)) {}

    Performance read() {
        std::ifstream in(file_);
        if (!in)
            fail("{}: the performance log can't be read: {}.", file_.string(), std::strerror(errno));
        std::string text;
        int number = 0;
        while (std::getline(in, text)) {
            where_ = fmt::format("{}, line {}", file_.string(), ++number);
            const json line = json::parse(text, nullptr, false);
            if (line.is_discarded() && in.eof() && number > 1)
                break; // cut off in the middle of a write
            if (!line.is_object())
                fail("{} is no line of a performance log, which has JSON objects.", where_);
            number == 1 ? read_head(line) : read_event(line);
        }
        if (number == 0)
            fail("{}: this is no performance log of Atelier: the file is empty.", file_.string());
        return std::move(out_);
    }

private:
    void read_head(const json& line) {
        if (line.value("atelier", json()) != json("performance") || !line.value("version", json()).is_number_integer())
            fail("{}: this is no performance log of Atelier.", file_.string());
        if (line["version"] > performance_version)
            fail("{}: this performance log is of a newer Atelier (version {}; this one reads up to {}).",
                 file_.string(), line["version"].dump(), performance_version);
        edits_ = line["version"] >= 2;
        out_.noise_numbers = line["version"] >= 3 ? NoiseNumbers::counter : NoiseNumbers::mersenne;
        const json model = line.value("model", json()),
                   glide = line.value("glide_seconds", json(default_glide_seconds));
        if (!model.is_string() || !glide.is_number())
            fail("{}: the model's file or the glide's seconds are missing.", file_.string());
        out_.model = bytes_of_text(model.get<std::string>());
        out_.glide_seconds = clamped(parameter("performance.glide"), glide.get<double>());
        read_latents(line);
        read_state(line.value("state", json::object()), out_.state);
        read_motion(line.value("motion", json::object()), out_.animated);
        now_ = out_.state;
    }

    void read_event(const json& line) {
        const json time = line.value("t", json()), model = line.value("model", json(""));
        if (!time.is_number() || !(time.get<double>() >= out_.seconds && time.get<double>() < 1e7))
            fail("{}: t must be a number of seconds that never goes back.", where_);
        if (!model.is_string())
            fail("{}: the model must be a file's name.", where_);
        read_turns(line.value("turns", json::array()), time.get<double>());
        out_.seconds = time.get<double>();
        PerformanceEvent event{out_.seconds, {}, {}, bytes_of_text(model.get<std::string>()), -1};
        if (line.contains("glide_seconds")) {
            if (!line["glide_seconds"].is_number())
                fail("{}: glide_seconds must be a number.", where_);
            event.glide_seconds = clamped(parameter("performance.glide"), line["glide_seconds"].get<double>());
        }
        if (line.contains("noise")) {
            const json& seed = line["noise"];
            if (!seed.is_number_unsigned() || seed.get<std::uint64_t>() > 0xffffffffU)
                fail("{}: noise must be a seed from 0 to 4294967295.", where_);
            out_.noise.push_back({out_.seconds, seed.get<std::uint32_t>()});
        }
        read_latents(line);
        if (line.contains("state")) {
            read_state(line["state"], now_);
            event.state = line["state"].dump();
        }
        if (line.contains("motion")) {
            AnimatedValues checked; // for the kinds and ranges of its fields
            read_motion(line["motion"], checked);
            event.animated = line["motion"].dump();
        }
        if (!event.state.empty() || !event.animated.empty() || !event.model.empty() || event.glide_seconds >= 0)
            out_.events.push_back(std::move(event));
    }

    // From the line before to `end`. The sums are those of the writer, to the bit.
    void read_turns(const json& turns, double end) {
        if (!turns.is_array())
            fail("{}: turns must be a list of seconds.", where_);
        double at = out_.seconds;
        for (const json& each : turns) {
            const double seconds = each.is_number() ? each.get<double>() : -1;
            if (!(seconds >= 0 && at + seconds <= end + turns_tolerance))
                fail("{}: turns must be seconds from 0 that don't go beyond t.", where_);
            out_.turns.push_back({at, at + seconds, seconds});
            at += seconds;
        }
    }

    // Those that this line and later ones name by their numbers.
    void read_latents(const json& line) {
        if (!edits_ || !line.contains("latents"))
            return;
        if (!line["latents"].is_array())
            fail("{}: latents must be a list.", where_);
        for (const json& each : line["latents"]) {
            ExplicitLatent latent;
            latent_from_json(each, where_ + ", latents", latent);
            out_.latents.push_back(std::make_shared<const ExplicitLatent>(std::move(latent)));
        }
    }

    // Version 1 has lists and latents whole.
    void read_state(const json& from, StudioState& state) const {
        edits_ ? state_from_patch(from, where_, out_.latents, state) : state_from_json(from, where_, state);
    }
    void read_motion(const json& from, AnimatedValues& values) const {
        edits_ ? animated_from_patch(from, where_, out_.latents, values) : animated_from_json(from, where_, values);
    }

    std::filesystem::path file_;
    std::string where_;
    bool edits_ = false;
    Performance out_;
    StudioState now_; // after the events so far
};

} // namespace

Performance load_performance(const std::filesystem::path& file) {
    return PerformanceFile(file).read();
}

Performance performance_of_timeline(const StudioState& state, const std::string& model) {
    Performance out;
    out.model = model;
    out.state.timeline = state.timeline;
    out.state.timeline.on = out.state.timeline.playing = true;
    out.seconds = length_of(state.timeline.curve) / timeline_rate(state);
    return out;
}

} // namespace atelier::studio
