// SPDX-License-Identifier: Apache-2.0
// Settings: what the studio remembers between two runs, in one JSON file of the user's state folder.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/flash_meter.h"
#include "studio/core/dataset_settings.h"
#include "studio/core/network_settings.h"
#include "studio/core/projector_settings.h"
#include "studio/core/video_settings.h"
#include "studio/state/state.h"

namespace atelier::studio {

// Of the interface, where one is chosen.
inline constexpr double least_scale = 0.75, most_scale = 3;

struct Settings {
    std::vector<std::string> recent;   // model files, the newest first, at most 12
    std::string last_opened;           // the session or model that played last
    std::string sessions_folder;       // empty: the standard one
    std::string last_folder;           // of the open dialog
    std::string videos_folder;         // empty: the system's
    std::map<std::string, bool> folds; // section title -> open
    bool panel_folded = false;         // the left one
    bool live_page = false;            // which of its pages is seen: Live, else Play
    bool train_folded = false;         // the right one
    std::string runs_folder;           // of training; empty: the user's data folder
    std::string train_data;            // pictures of the last run
    std::string unfinished_run;        // a run's folder that can be gone on with; empty: none
    bool train_expert = false;
    double glide_seconds = default_glide_seconds; // 0..10
    double frame_budget_ms = 33;                  // a moving picture's time before a preview is shown; 0: no previews
    bool save_recipes = true;                     // saved pictures carry what made them
    std::string language;                         // code of the interface's; empty: the system's
    double interface_scale = 0;                   // 1: 96 dpi; least_scale..most_scale; 0: by the monitor
    bool light = false;                           // colours for daylight
    bool calm = false;                            // nothing of the interface fades or moves by itself
    FlashLimit flash;                             // what is done about pictures that flash
    bool show_performance = false;                // the overlay of F2
    std::string output_monitor;   // label of the one that the output window goes to; empty: see output.h
    bool pipewire_out = false;    // what is shown is a source of PipeWire
    std::string video_device_out; // file of the video device that what is shown is written to; empty: none
    Projectors projectors;        // how the output window fits each monitor
    VideoSettings recording, exporting;
    VideoSettings saving;                  // of saved pictures: the size alone
    DatasetSettings data;                  // how pictures are prepared
    NetworkSettings network;               // OSC, OSCQuery, Art-Net
    std::vector<std::string> work_folders; // in which sets were begun, the newest first; at most 12
    bool operator==(const Settings&) const = default;

    bool is_open(const std::string& section, bool standard = true) const;
    void add_recent(const std::filesystem::path& path);
};

// What a window begins with for which nobody has named anything: what played last, or before that, as far as it is
// still there, else `bundled`.
std::filesystem::path first_to_open(const Settings& settings, const std::filesystem::path& bundled);

// XDG_VIDEOS_DIR (also from user-dirs.dirs), or the current folder.
std::filesystem::path videos_folder(const Settings& settings);

// A field that is missing or damaged has its default; a damaged file is kept beside, as "NAME.damaged", and one
// sentence says so in the log and in `problem` (else empty).
Settings load_settings(const std::filesystem::path& file, std::string* problem = nullptr);
// Atomic. Throws Error when it can't be written.
void save_settings(const std::filesystem::path& file, const Settings& settings);

} // namespace atelier::studio
