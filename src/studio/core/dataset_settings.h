// SPDX-License-Identifier: Apache-2.0
// DatasetSettings: what the Data panel sets and the settings keep, as one plain value, and what becomes of it. Pure but
// for looking at files.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "studio/services/dataset_service.h"

namespace atelier::studio {

// Limits by LimitSpec::id; what is not there is as the mode's standard says, so that it follows size and mode.
using LimitChanges = std::map<std::string, double>;

struct DatasetSettings {
    prepare::CutOptions cut;
    bool size_chosen = false; // else it follows the model that plays
    double every = 1;         // seconds between the pictures taken from a video
    bool labels = false;
    LimitChanges plain, faces; // of each mode
    bool operator==(const DatasetSettings&) const = default;
    LimitChanges& changes() { return cut.mode == prepare::Mode::faces ? faces : plain; }
    const LimitChanges& changes() const { return cut.mode == prepare::Mode::faces ? faces : plain; }
};

struct LimitSpec {
    const char* id;
    const char* label;
    const char* tooltip;
    double min, max, step;
    const char* format;
    bool faces; // of faces alone
    double prepare::Thresholds::*member;
};
std::span<const LimitSpec> limit_specs();
inline constexpr const char* near_limit = "near-alike"; // prepare::Thresholds::near; -1: they are kept
inline constexpr const char* equal_limit = "equal";     // prepare::Thresholds::duplicates: 0 or 1

prepare::Thresholds limits_of(const DatasetSettings& settings, prepare::Thresholds standard);

struct ScoreSpec {
    Score score;
    const char* name;
    const char* format;
    bool faces; // measured on faces alone
};
std::span<const ScoreSpec> score_specs();

// What can be added: pictures, zips, videos, by the ending of the name; folders always can.
bool is_picture_source(const std::filesystem::path& path);

// Where the set goes unless a person says otherwise: beside what was added, in a folder that is no input and can be
// written to, else in `elsewhere`; "NAME-set.zip", or with a number where that is taken.
std::filesystem::path propose_set(const std::vector<std::filesystem::path>& inputs,
                                  const std::filesystem::path& elsewhere);
// Where the work on them is kept: beside the first such set.
std::filesystem::path work_folder_of(const std::vector<std::filesystem::path>& inputs,
                                     const std::filesystem::path& elsewhere);
// XDG_DATA_HOME/atelier/sets, or ~/.local/share/atelier/sets; else a folder "sets" here.
std::filesystem::path standard_sets_folder();

// Why no set can be written there, in one sentence that says what to do; empty: it can.
std::string why_no_set(const std::string& target, const std::vector<std::filesystem::path>& inputs);

// The change, so that a crop that lies inside the picture stays inside and any other keeps its middle there. `width`
// and `height`: of the source in px; no crop gets smaller than 16 px.
CropChange kept_inside(const std::array<prepare::Point, 4>& automatic, CropChange change, int width, int height);

nlohmann::json to_json(const DatasetSettings& settings);
// What is missing or makes no sense keeps its default.
DatasetSettings dataset_settings_of(const nlohmann::json& json, std::vector<std::string>* wrong = nullptr);

} // namespace atelier::studio
