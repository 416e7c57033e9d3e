// SPDX-License-Identifier: Apache-2.0
// SettingsFile: keeps the settings on the disk as they change, on another thread. Of several programs that run each
// writes what it has changed, and leaves what the others have.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/job_queue.h"
#include "studio/core/settings.h"

namespace atelier::studio {

class SettingsFile {
public:
    // Reads them if the file is there; empty: nothing is remembered.
    SettingsFile(Settings& settings, std::filesystem::path file);

    std::string problem; // a sentence, if some of them could not be read

    void tick(double seconds); // once a tick: saves them a second after a change
    void save_soon();          // failure: a line in the log
    void save_now();           // the same, and waits for it

private:
    void tell_failures();
    bool told_ = false; // that they can't be saved; once a run is enough

    Settings& settings_;
    std::filesystem::path file_;
    Settings saved_;                                                      // or being saved
    std::shared_ptr<std::string> text_ = std::make_shared<std::string>(); // the file's, as this program knows it
    double unsaved_seconds_ = 0;
    JobQueue<Nothing> saving_;
};

} // namespace atelier::studio
