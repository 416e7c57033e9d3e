// SPDX-License-Identifier: Apache-2.0
// PictureSaver: saves what is shown as a PNG with its recipe, and makes of such a PNG what is shown. Part of the
// Studio, in the UI thread; files are read and written on other threads.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/job_queue.h"
#include "studio/state/recipe.h"

namespace atelier::studio {

struct StudioContext;

// By its name alone: .png.
bool is_picture_file(const std::filesystem::path& path);

class PictureSaver {
public:
    explicit PictureSaver(StudioContext& context) : context_(context) {}

    // Of a preview, the full picture is saved when it comes.
    void save();
    bool owed() const { return owed_; }
    // Reads the picture's recipe and glides to its look, with its model where that can be opened.
    void open(const std::filesystem::path& file);

    // Once a tick. True if something has changed.
    bool tick();
    bool busy() const { return saves_.pending() || reading_.pending() || waiting_.has_value(); }
    void wait_for_saves(std::chrono::steady_clock::time_point deadline);

private:
    struct Read {
        std::filesystem::path file;
        std::optional<Recipe> recipe; // none: the picture has none
    };
    struct Waiting { // for its model
        std::uint64_t ticket = 0;
        Read read;
    };
    Recipe recipe_now() const;
    void follow_saves();
    void take(JobOutcome<Read> outcome);
    void follow_model();
    // after_opening: the model is new, so there is nothing to glide from.
    void apply(const Read& read, bool after_opening);

    StudioContext& context_;
    bool owed_ = false; // a save was asked for while a preview was shown
    std::optional<Waiting> waiting_;
    Job<Nothing, Read> reading_;
    JobQueue<std::filesystem::path> saves_;
};

} // namespace atelier::studio
