// SPDX-License-Identifier: Apache-2.0
// OutputNames: names for what is written - recordings, pictures, exports - that nothing has yet.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace atelier::studio {

struct Settings;

class OutputNames {
public:
    explicit OutputNames(const Settings& settings) : settings_(settings) {}

    void set_model(const std::string& name) { model_ = name; } // begins each name; empty: none plays

    // Where a new recording or picture goes: the folder (empty: of videos), model and time, a number if anything there
    // has that name, whatever its ending, or it has been taken.
    std::filesystem::path new_file(const std::string& extension, const std::filesystem::path& folder = {}) const;
    // The same, and nobody else gets it, though nothing may be there yet.
    std::filesystem::path take_file(const std::string& extension, const std::filesystem::path& folder = {});

private:
    const Settings& settings_;
    std::string model_;
    std::vector<std::string> taken_; // without endings
};

} // namespace atelier::studio
