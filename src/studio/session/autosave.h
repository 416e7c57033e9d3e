// SPDX-License-Identifier: Apache-2.0
// The autosaves in the state folder: the name of this program's own, and what programs that are gone have left.
#pragma once

#include <filesystem>
#include <optional>

#include "base/frame.h"
#include "io/file_lock.h"
#include "studio/state/session.h"

namespace atelier::studio {

// An autosave, and the lock beside it ("NAME.lock") that tells other programs that somebody works on it.
struct Autosave {
    std::filesystem::path file;
    std::optional<io::FileLock> lock; // none where it can't be made
};

// autosave-PID.atelier; autosave-PID-2.atelier, ... where another process of that number has left one.
Autosave free_autosave(const std::filesystem::path& folder);

// Writes it; the one before stays beside it ("NAME.before") for the case that the newest can't be read. `picture`,
// where there is one, is kept as "NAME.png", small. Throws Error.
void write_autosave(const std::filesystem::path& file, const std::string& text, const PixelBuffer* picture);
// With all that lies beside it.
void remove_autosave(const std::filesystem::path& file);

// The newest that no running program works on; none: nothing was left. As long as the lock is kept no other program
// finds it. Older ones wait for a later start; one that can't be read is put aside under another name.
struct LeftBehind {
    std::optional<Session> session;
    Autosave of;
    std::filesystem::file_time_type time{};
    std::optional<PixelBuffer> picture; // what was shown
    bool unclean_end = false;           // a run was killed or crashed: its lock lies there, and nobody holds it
};
LeftBehind left_behind(const std::filesystem::path& folder);

} // namespace atelier::studio
