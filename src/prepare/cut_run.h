// SPDX-License-Identifier: Apache-2.0
// CutRun: sources through worker threads into a work folder, as items that can be looked at, judged and overruled while
// it runs. What the command line and the studio's Data panel both drive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "prepare/options.h"
#include "prepare/sources.h"
#include "prepare/verdict.h"

namespace atelier::prepare {

class WorkFolder;

struct CutProgress {
    std::size_t done = 0, total = 0; // sources
    std::size_t reused = 0;          // of those done: found in the work folder
    bool finished = false;           // no worker runs any more: all done, cancelled or failed
};

class CutRun {
public:
    // Throws Error: options out of range, the work folder can't be made, faces are wanted and their model is missing.
    CutRun(Sources sources, const CutOptions& options, const std::filesystem::path& work_folder);
    ~CutRun(); // cancels and waits
    CutRun(const CutRun&) = delete;
    CutRun& operator=(const CutRun&) = delete;

    void start(int threads); // 0: one per core; once
    void cancel();           // workers end after the picture at hand; what is done stays in the work folder
    // Until finished or `seconds` have passed; true if finished. Throws what ended a worker (a full disk).
    bool wait(double seconds);
    CutProgress progress() const;

    // Of the sources done so far, in the order of the sources, however the threads took them. Not judged.
    std::vector<Item> items() const;
    // JPEG of the item's source; its crop as PNG. Throws Error if the work folder no longer holds them.
    std::vector<std::uint8_t> thumbnail(const Item& item) const;
    std::vector<std::uint8_t> crop_png(const Item& item) const;

    const Sources& sources() const;
    const CutOptions& options() const;
    const WorkFolder& work() const;
    void remove_work_folder(); // when the set is written

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// The share of up to 40 of the pictures, spread over all, that have a face of at least this confidence. Unreadable ones
// count as without. Throws Error as CutRun.
double share_with_faces(const Sources& sources, double confidence);

} // namespace atelier::prepare
