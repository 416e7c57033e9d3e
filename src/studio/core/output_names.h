// SPDX-License-Identifier: Apache-2.0
// OutputNames: names for what is written - recordings, pictures, exports - that nothing has yet.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "studio/services/async_query.h"

namespace atelier::studio {

struct Settings;

class OutputNames {
public:
    explicit OutputNames(const Settings& settings); // looks for the system's videos folder

    void set_model(const std::string& name); // begins each name; empty: none plays
    // Of settings that name none.
    const std::filesystem::path& standard_videos() const { return standard_videos_; }

    // Where a new recording or picture goes: the folder (empty: of videos), model and time, a number if anything there
    // has that name, whatever its ending, or it has been taken. Nothing waits for the disk: what is there is known from
    // the last look, on another thread; names hold the second they are given in.
    std::filesystem::path new_file(const std::string& extension, const std::filesystem::path& folder = {}) const;
    // The same, and nobody else gets it, though nothing may be there yet.
    std::filesystem::path take_file(const std::string& extension, const std::filesystem::path& folder = {});

private:
    using Listing = AsyncQuery<std::filesystem::path, std::vector<std::string>>;
    std::filesystem::path where(const std::filesystem::path& folder) const;
    bool is_there(const std::filesystem::path& folder, const std::string& name) const;

    const Settings& settings_;
    std::filesystem::path standard_videos_;
    mutable std::map<std::filesystem::path, Listing> folders_; // those that names were wanted in
    std::string model_;
    std::vector<std::string> taken_; // without endings
};

} // namespace atelier::studio
