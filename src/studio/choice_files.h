// SPDX-License-Identifier: Apache-2.0
// ChoiceFiles: what a person chose by hand about the pictures of a set, kept in a file of its own from one day to the
// next. Used by the UI thread; reading and writing happen on others, in turn, and nothing here waits but finish().
#pragma once

#include <filesystem>
#include <future>
#include <optional>
#include <string>

#include "studio/data_source.h"

namespace atelier::studio {

class ChoiceFiles {
public:
    explicit ChoiceFiles(std::filesystem::path folder); // empty: nothing is kept
    // Of the pictures that are worked on there from now on; empty: of none. What was kept of them comes with take().
    void open(const std::filesystem::path& work_folder);
    std::optional<HandChoices> take(); // once, as soon as it is read; none: there is nothing
    // Once a tick, with what is chosen now: written when it has stood for a second.
    void tick(const HandChoices& now, double seconds);
    void finish(); // writes what is not written yet, and is closed

    std::string take_error(); // once, in one sentence; empty: none

private:
    struct Read {
        HandChoices choices;
        std::string error;
    };
    void put_away();
    void save();

    std::filesystem::path folder_, of_;
    std::future<Read> reading_;
    std::shared_future<std::string> writing_; // error
    HandChoices now_, kept_;                  // kept_: as the file has it
    double since_change_ = 0;                 // seconds
    std::string error_;
};

// Throws Error naming the file and what to do: damaged, or of a newer version.
HandChoices load_choices(const std::filesystem::path& file);
// Atomic. `of`: for people who read it.
void save_choices(const std::filesystem::path& file, const std::filesystem::path& of, const HandChoices& choices);

} // namespace atelier::studio
