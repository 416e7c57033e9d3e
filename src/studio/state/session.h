// SPDX-License-Identifier: Apache-2.0
// Session: all that is on the screen, as one readable JSON file. docs/files.md has the format.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/train_values.h"
#include "studio/state/animation.h"
#include "studio/state/live_state.h"

namespace atelier::studio {

inline constexpr int session_version = 1;
inline constexpr const char* session_extension = ".atelier";

struct Session {
    std::string model;                      // file; empty: none was open
    Precision precision = Precision::model; // in which the viewer showed it; model: nothing was shown
    StudioState state;
    AnimatedValues animated;
    Tab tab = Tab::perform;
    std::optional<SeedMap> map;        // shown in the middle of the window
    std::vector<std::string> pictures; // files and folders in the Data panel, while it is open
    TrainOptions train;                // what the Train panel says
    LiveState live{};                  // what is connected from outside
    std::string saved_as{};            // of an autosave: the session's own file; empty: it has none yet
    bool operator==(const Session&) const = default;
};

// The model's path is written relative to the session's folder, too, so that both can move together; likewise that of a
// song that lies in this folder or beneath it.
std::string session_text(const Session& session, const std::filesystem::path& file);

// Throws Error, which begins with the file's name. Where the model or the song isn't found under the relative path,
// the absolute one counts.
Session read_session(const std::string& text, const std::filesystem::path& file);
Session load_session(const std::filesystem::path& file);

bool is_session_file(const std::filesystem::path& path);

// XDG_DATA_HOME/atelier/sessions, or ~/.local/share/atelier/sessions; else a folder "sessions" here.
std::filesystem::path standard_sessions_folder();

} // namespace atelier::studio
