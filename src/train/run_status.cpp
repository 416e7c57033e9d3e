// SPDX-License-Identifier: Apache-2.0
#include "train/run_status.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "io/atomic_file.h"
#include "io/input_file.h"
#include "train/appended_lines.h"

namespace atelier::train {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* format_name = "atelier-run";
constexpr std::uint64_t largest = 256U << 10U; // bytes
constexpr std::size_t most_warnings = 50;
constexpr std::array names{"idle", "preparing", "running", "pausing", "paused", "stopping", "finished", "failed"};

fs::path file_of(const fs::path& run) {
    return run / "status.json";
}

// One list of all numbers serves both directions.
template <typename Status, typename Visit> void each_number(Status& s, const Visit& visit) {
    visit("kimg", s.kimg);
    visit("total_kimg", s.total_kimg);
    visit("tick_progress", s.tick_progress);
    visit("sec_per_kimg", s.sec_per_kimg);
    visit("seconds_left", s.seconds_left);
    visit("memory_gb", s.memory_gb);
    visit("device_memory_gb", s.device_memory_gb);
    visit("p", s.p);
    visit("rt", s.rt);
    visit("target", s.target);
    visit("pictures", s.pictures);
    visit("width", s.width);
    visit("height", s.height);
    visit("answered", s.answered);
}

struct Reader {
    const json& whole;
    void operator()(const char* name, double& value) const {
        if (const auto found = number(name)) {
            value = *found;
        }
    }
    void operator()(const char* name, int& value) const {
        if (const auto found = number(name)) {
            value = static_cast<int>(std::clamp(*found, 0.0, 1e9));
        }
    }
    void operator()(const char* name, std::uint32_t& value) const {
        if (const auto found = number(name)) {
            value = static_cast<std::uint32_t>(std::clamp(*found, 0.0, 1e9));
        }
    }
    std::optional<double> number(const char* name) const {
        const auto found = whole.find(name);
        const bool fine = found != whole.end() && found->is_number() && std::isfinite(found->get<double>());
        return fine ? std::optional(found->get<double>()) : std::nullopt;
    }
    std::string text(const char* name) const {
        const auto found = whole.find(name);
        return found != whole.end() && found->is_string() ? shown_line(found->get<std::string>()) : "";
    }
};

double finite(double value) {
    return std::isfinite(value) ? value : 0;
}

} // namespace

const char* name_of(TrainState state) {
    return names[static_cast<std::size_t>(state)];
}

void write_sign(const fs::path& run, const RunSign& sign) {
    const TrainStatus& status = sign.status;
    nlohmann::ordered_json whole{{"format", format_name}, {"state", name_of(status.state)}, {"stage", status.stage}};
    each_number(status, [&](const char* name, auto value) {
        if constexpr (std::is_same_v<decltype(value), double>) {
            whole[name] = finite(value);
        } else {
            whole[name] = value;
        }
    });
    whole["message"] = status.message;
    const auto kept = std::min(most_warnings, status.warnings.size());
    whole["warnings"] = std::vector<std::string>(std::prev(status.warnings.end(), static_cast<std::ptrdiff_t>(kept)),
                                                 status.warnings.end());
    whole["next_within"] = finite(sign.next_within);
    io::write_file(file_of(run), whole.dump(1, ' ', false, json::error_handler_t::replace) + "\n");
}

std::optional<RunSign> read_sign(const fs::path& run) {
    const fs::path file = file_of(run);
    std::error_code error;
    if (!fs::exists(file, error)) {
        return std::nullopt;
    }
    const io::InputFile open(file);
    const std::string trouble = fmt::format("{}: is no state of a run.", file.string());
    if (open.size() > largest) {
        throw Error(trouble);
    }
    const json whole = json::parse(open.read_all(), nullptr, false);
    if (!whole.is_object() || whole.value("format", json()) != format_name) {
        throw Error(trouble);
    }
    const Reader reader{whole};
    const auto state = std::ranges::find(names, reader.text("state"));
    if (state == names.end()) {
        throw Error(trouble);
    }
    RunSign sign;
    sign.status.state = static_cast<TrainState>(state - names.begin());
    each_number(sign.status, reader);
    reader("next_within", sign.next_within);
    sign.status.stage = reader.text("stage");
    sign.status.message = reader.text("message");
    const auto warnings = whole.find("warnings");
    for (std::size_t i = 0; warnings != whole.end() && warnings->is_array() && i < warnings->size(); ++i) {
        if ((*warnings)[i].is_string() && sign.status.warnings.size() < most_warnings) {
            sign.status.warnings.push_back(shown_line((*warnings)[i].get<std::string>()));
        }
    }
    return sign;
}

} // namespace atelier::train
